package org.ibhebb.spiking;

import java.io.Serial;
import java.io.Serializable;
import java.util.Objects;
import java.util.function.Consumer;
import org.ibhebb.internal.arithmetic.Neuron;
import org.ibhebb.spiking.SpikingDenseLayer.Learning;
import org.ibhebb.spiking.SpikingDenseLayer.Reset;
import org.jspecify.annotations.Nullable;

/**
 * How spiking neurons work, and learn; for layers of all kinds. Immutable: what begins with {@code with} gives others.
 * The fields are part of saved models.
 */
public final class SpikingSettings implements Serializable {

    @Serial
    private static final long serialVersionUID = 1;

    private static final SpikingSettings DEFAULTS = new SpikingSettings();

    /** How many time steps an input lasts that is no sequence. */
    private int timeSteps = 8;
    /** What a membrane keeps from one time step to the next. */
    private double leak = 0.9;
    /** Beyond what a neuron fires. */
    private double threshold = 1;
    /** What a spike does to the membrane. */
    private Reset reset = Reset.SUBTRACTION;
    /** How fast the slope falls with the distance from the threshold. */
    private double steepness = 5;
    /** How errors, or the signal, reach earlier time steps. */
    private Learning learning = Learning.FACTORISED;
    /** What a synaptic current keeps from one time step to the next. */
    private double synapticDecay;
    /** For how many time steps after a spike a neuron is refractory. */
    private int refractorySteps;

    /** The defaults, which JSON overwrites. */
    private SpikingSettings() {}

    SpikingSettings(int timeSteps, double leak, double threshold, Reset reset, double steepness, Learning learning,
            double synapticDecay, int refractorySteps) {
        this.timeSteps = timeSteps;
        this.leak = leak;
        this.threshold = threshold;
        this.reset = reset;
        this.steepness = steepness;
        this.learning = learning;
        this.synapticDecay = synapticDecay;
        this.refractorySteps = refractorySteps;
    }

    private SpikingSettings with(Consumer<SpikingSettings> change) {
        SpikingSettings other = new SpikingSettings(
                timeSteps, leak, threshold, reset, steepness, learning, synapticDecay, refractorySteps);
        change.accept(other);
        return other.check();
    }

    /**
     * 8 time steps, leak 0.9, threshold 1, reset by subtraction, steepness 5, factorised learning; no synaptic current,
     * and never refractory.
     *
     * @return what layers have unless said otherwise
     */
    public static SpikingSettings defaults() {
        return DEFAULTS;
    }

    /**
     * With another number of time steps for inputs that are no sequences.
     *
     * @param other at least 1
     * @return these settings but for that
     * @throws IllegalArgumentException if it is less
     */
    public SpikingSettings withTimeSteps(int other) {
        return with(settings -> settings.timeSteps = other);
    }

    /**
     * With another leak: what a membrane keeps from one time step to the next.
     *
     * @param other in [0, 1]; 1 for integrate-and-fire
     * @return these settings but for that
     * @throws IllegalArgumentException if it is not
     */
    public SpikingSettings withLeak(double other) {
        return with(settings -> settings.leak = other);
    }

    /**
     * With another threshold, beyond what a neuron fires.
     *
     * @param other above 0, and finite
     * @return these settings but for that
     * @throws IllegalArgumentException if it is not
     */
    public SpikingSettings withThreshold(double other) {
        return with(settings -> settings.threshold = other);
    }

    /**
     * With another reset.
     *
     * @param other what a spike does to the membrane
     * @return these settings but for that
     */
    public SpikingSettings withReset(Reset other) {
        Objects.requireNonNull(other, "reset");
        return with(settings -> settings.reset = other);
    }

    /**
     * With a slope of another steepness: how fast it falls with the distance from the threshold.
     *
     * @param other above 0, and finite
     * @return these settings but for that
     * @throws IllegalArgumentException if it is not
     */
    public SpikingSettings withSteepness(double other) {
        return with(settings -> settings.steepness = other);
    }

    /**
     * With another form of learning.
     *
     * @param other how errors, or the signal, reach earlier time steps
     * @return these settings but for that
     */
    public SpikingSettings withLearning(Learning other) {
        Objects.requireNonNull(other, "learning");
        return with(settings -> settings.learning = other);
    }

    /**
     * With a synaptic current: what comes in is added to a current that decays, {@code i(t) = decay i(t-1) + W p(t) +
     * b}, and that is what the membrane takes in at each time step.
     *
     * @param other what the current keeps from one time step to the next, in [0, 1); 0 for none, as it is unless said
     *     otherwise
     * @return these settings but for that
     * @throws IllegalArgumentException if it is not
     */
    public SpikingSettings withSynapticDecay(double other) {
        return with(settings -> settings.synapticDecay = other);
    }

    /**
     * With a refractory time: for so many time steps after a spike a neuron does not fire, and its membrane stays what
     * the spike left of it. What comes in meanwhile is lost to it, but for what a synaptic current keeps.
     *
     * @param other at least 0; 0 for none, as it is unless said otherwise
     * @return these settings but for that
     * @throws IllegalArgumentException if it is less
     */
    public SpikingSettings withRefractorySteps(int other) {
        return with(settings -> settings.refractorySteps = other);
    }

    /**
     * How many time steps an input lasts that is no sequence.
     *
     * @return at least 1
     */
    public int getTimeSteps() {
        return timeSteps;
    }

    /**
     * What a membrane keeps from one time step to the next.
     *
     * @return in [0, 1]; 1 for integrate-and-fire
     */
    public double getLeak() {
        return leak;
    }

    /**
     * Beyond what a neuron fires.
     *
     * @return above 0
     */
    public double getThreshold() {
        return threshold;
    }

    /**
     * What a spike does to the membrane.
     *
     * @return never null
     */
    public Reset getReset() {
        return reset;
    }

    /**
     * How fast the slope falls with the distance from the threshold.
     *
     * @return above 0
     */
    public double getSteepness() {
        return steepness;
    }

    /**
     * How errors, or the signal, reach earlier time steps.
     *
     * @return never null
     */
    public Learning getLearning() {
        return learning;
    }

    /**
     * What a synaptic current keeps from one time step to the next.
     *
     * @return in [0, 1); 0 for none
     */
    public double getSynapticDecay() {
        return synapticDecay;
    }

    /**
     * For how many time steps after a spike a neuron is refractory.
     *
     * @return at least 0
     */
    public int getRefractorySteps() {
        return refractorySteps;
    }

    /** The neurons, as arithmetic has them. */
    Neuron neuron() {
        return new Neuron(
                leak, threshold, reset == Reset.TO_ZERO, steepness, synapticDecay, refractorySteps, false);
    }

    /** Refuses settings that no neuron has. */
    SpikingSettings check() {
        if (timeSteps < 1) {
            throw new IllegalArgumentException("timeSteps (" + timeSteps + ") must be at least 1");
        }
        if (reset == null || learning == null) {
            throw new IllegalArgumentException("reset (" + reset + ") and learning (" + learning + ") must not be"
                    + " null");
        }
        neuron();
        return this;
    }

    /** The same for those of a layer, as a model's JSON may have them. */
    void check(@Nullable String layer, int index) {
        try {
            check();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("layer '" + layer + "' (index " + index + "): " + e.getMessage(), e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SpikingSettings that
                && timeSteps == that.timeSteps
                && leak == that.leak
                && threshold == that.threshold
                && reset == that.reset
                && steepness == that.steepness
                && learning == that.learning
                && synapticDecay == that.synapticDecay
                && refractorySteps == that.refractorySteps;
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                timeSteps, leak, threshold, reset, steepness, learning, synapticDecay, refractorySteps);
    }

    @Override
    public String toString() {
        return "SpikingSettings(" + values() + ")";
    }

    /** Each setting by its name; synaptic current and refractory time where there are any. */
    String values() {
        return "timeSteps=" + timeSteps + ", leak=" + leak + ", threshold=" + threshold + ", reset=" + reset
                + ", steepness=" + steepness + ", learning=" + learning
                + (synapticDecay > 0 ? ", synapticDecay=" + synapticDecay : "")
                + (refractorySteps > 0 ? ", refractorySteps=" + refractorySteps : "");
    }
}
