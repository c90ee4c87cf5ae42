package org.ibhebb.updater;

import java.util.Map;
import java.util.Objects;
import org.ibhebb.internal.learner.AverageState;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Schedule-free averaging (Defazio et al., <em>The road less scheduled</em>, 2024): the updater that conversion gives to
 * local layers, and to the output layers that read them. A point z steps by the gradient at a constant rate; a layer's
 * parameters are the average x of all that z has been, so that learning calms down by itself and needs no horizon.
 * Gradients are taken at {@code y = x + (1 - inertia) (z - x)}. So {@code output}, {@code evaluate}, saving, clones and
 * replicas see the average, and training goes on from where it was.
 *
 * <p>A layer of this library takes its gradient at y while it trains; any other layer takes it at x. The state that
 * Deeplearning4j saves, copies and averages with the network is z - x, as large as the parameters, and three numbers
 * more for each parameter array.
 *
 * <p>The configuration's own updater is kept inside: of its learning rate only the schedule counts, as a factor that
 * starts at 1, for a rate in its own units means nothing to updates of unit size. {@code IbHebb.revert} puts it back.
 */
public final class ScheduleFree implements IUpdater {

    /** The rate of hidden layers whose neurons have up to {@link #FEW_INPUTS} inputs: their updates have unit size. */
    public static final double HIDDEN_RATE = 0.1;
    /** The same of output layers. */
    public static final double READOUT_RATE = 0.3;
    /** Weights of neurons with more inputs are smaller, and so are their steps: by the square root. */
    public static final int FEW_INPUTS = 64;
    /** Of hidden layers little is known at first: how large their errors are, and what their readouts will say. */
    private static final int HIDDEN_WARM_UP = 20;
    /** Output layers have the loss itself. */
    private static final int READOUT_WARM_UP = 5;
    /**
     * How much nearer to the average than to the moving point gradients are taken. Near the moving point they see more
     * of the ground that the average is then taken over, so that what is learnt holds for other samples, too.
     */
    public static final double INERTIA = 0.2;
    /**
     * The same in networks whose points move so far that the average is the better place: those with weights that places
     * or time steps share, and those of real labels, whose errors have no bound.
     */
    public static final double CAREFUL_INERTIA = 0.8;

    /** What the schedule's factor is multiplied by, per step. */
    private final double rate;
    /** The weight of the average where gradients are taken, from 0 to below 1. */
    private final double inertia;
    /** How many steps it takes until they have their full length. */
    private final int warmUp;
    /** The configuration's own; null where there was none. */
    private final IUpdater configured;
    /** Its learning rate at the beginning: 0 where it has none. */
    private final double initialRate;

    /**
     * The updater of an output layer.
     *
     * @param inputs of each of its neurons, 1 or more
     * @param configured the updater in whose place this one stands; null for none
     * @return the updater
     */
    public static ScheduleFree ofReadout(long inputs, IUpdater configured) {
        return new ScheduleFree(
                READOUT_RATE * share(inputs), INERTIA, READOUT_WARM_UP, configured, initialRate(configured));
    }

    /**
     * The updater of a hidden layer that no other one stands below.
     *
     * @param inputs of each of its neurons, 1 or more
     * @param configured the updater in whose place this one stands; null for none
     * @return the updater
     */
    public static ScheduleFree ofHidden(long inputs, IUpdater configured) {
        return ofHidden(inputs, 1, 1, configured);
    }

    /**
     * The updater of a hidden layer. What reaches the upper ones of wide layers tells the training samples' classes apart
     * already, and moves: they step the more slowly the more layers stand below, or they learn those samples by heart. Few
     * neurons have no room for that.
     *
     * @param inputs of each of its neurons, 1 or more
     * @param neurons in the layer, 1 or more
     * @param depth which of the layers that learn it is, counted from the network's input, 1 or more
     * @param configured the updater in whose place this one stands; null for none
     * @return the updater
     */
    public static ScheduleFree ofHidden(long inputs, long neurons, int depth, IUpdater configured) {
        return of(HIDDEN_RATE * share(inputs) * Math.max(1.0 / depth, share(neurons)), configured);
    }

    /**
     * The same updater with gradients taken elsewhere.
     *
     * @param inertia how much nearer to the average than to the moving point, in [0, 1]
     * @return the updater
     * @throws IllegalArgumentException if the inertia is out of range
     */
    public ScheduleFree withInertia(double inertia) {
        return new ScheduleFree(rate, inertia, warmUp, configured, initialRate);
    }

    /** Of a rate: weights begin at a size that falls with the square root of the number of inputs. */
    private static double share(long inputs) {
        return Math.min(1, Math.sqrt((double) FEW_INPUTS / inputs));
    }

    /**
     * An updater of a hidden layer with another rate.
     *
     * @param rate how far the moving point steps along a gradient of unit size, above 0
     * @param configured the updater in whose place this one stands; null for none
     * @return the updater
     * @throws IllegalArgumentException if the rate is not a finite number above 0
     */
    public static ScheduleFree of(double rate, IUpdater configured) {
        return new ScheduleFree(rate, INERTIA, HIDDEN_WARM_UP, configured, initialRate(configured));
    }

    private static double initialRate(IUpdater configured) {
        double initial = configured != null && configured.hasLearningRate() ? configured.getLearningRate(0, 0) : 0;
        return Double.isNaN(initial) ? 0 : initial;
    }

    /**
     * Used by JSON; {@link #of} reads better.
     *
     * @param rate how far the moving point steps along a gradient of unit size, above 0
     * @param inertia how much nearer to the average than to the moving point gradients are taken, in [0, 1]
     * @param warmUp over how many steps the rate grows to its full size; 0 or 1 for none
     * @param configured the updater in whose place this one stands; null for none
     * @param initialRate the learning rate of that one at the beginning, by which its schedule is measured; 0 for none
     * @throws IllegalArgumentException if a number is out of range
     */
    public ScheduleFree(@JsonProperty("rate") double rate, @JsonProperty("inertia") double inertia,
            @JsonProperty("warmUp") int warmUp, @JsonProperty("configured") IUpdater configured,
            @JsonProperty("initialRate") double initialRate) {
        if (!(rate > 0) || Double.isInfinite(rate)) {
            throw new IllegalArgumentException("rate (" + rate + ") must be a finite number above 0");
        }
        if (!(inertia >= 0 && inertia <= 1)) {
            throw new IllegalArgumentException("inertia (" + inertia + ") must be from 0 to 1");
        }
        if (warmUp < 0) {
            throw new IllegalArgumentException("warmUp (" + warmUp + ") must be 0 or more steps");
        }
        this.rate = rate;
        this.warmUp = warmUp;
        this.inertia = inertia;
        this.configured = configured;
        this.initialRate = initialRate;
    }

    /**
     * How far the moving point steps along a gradient of unit size.
     *
     * @return above 0
     */
    @JsonProperty("rate")
    public double getRate() {
        return rate;
    }

    /**
     * How much nearer to the average than to the moving point gradients are taken.
     *
     * @return in [0, 1]
     */
    @JsonProperty("inertia")
    public double getInertia() {
        return inertia;
    }

    /**
     * Over how many steps the rate grows to its full size.
     *
     * @return 0 or 1 for none
     */
    @JsonProperty("warmUp")
    public int getWarmUp() {
        return warmUp;
    }

    /**
     * The updater in whose place this one stands.
     *
     * @return null for none
     */
    @JsonProperty("configured")
    public IUpdater getConfigured() {
        return configured;
    }

    /**
     * The learning rate of that one at the beginning, by which its schedule is measured.
     *
     * @return 0 where it has none
     */
    @JsonProperty("initialRate")
    public double getInitialRate() {
        return initialRate;
    }

    /**
     * The rate of a step: {@link #getRate} times the schedule of the configuration's updater.
     *
     * @param iteration from 0
     * @param epoch from 0
     * @return 0 or more; 0 where that one's learning rate is 0
     */
    public double rate(int iteration, int epoch) {
        if (!hasLearningRate()) {
            return rate;
        }
        double now = configured.getLearningRate(iteration, epoch);
        // A schedule that begins with 0 has no factor; but what is not to learn does not.
        return now == 0 ? 0 : initialRate > 0 ? rate * now / initialRate : rate;
    }

    @Override
    public long stateSize(long numParams) {
        return numParams + AverageState.NUMBERS;
    }

    @Override
    public GradientUpdater<?> instantiate(INDArray viewArray, boolean initializeViewArray) {
        return new Averaging(this, viewArray, initializeViewArray);
    }

    @Override
    public GradientUpdater<?> instantiate(Map<String, INDArray> updaterState, boolean initializeStateArrays) {
        return new Averaging(this, updaterState.get(Averaging.STATE), initializeStateArrays);
    }

    /**
     * The learning rate of the configuration's updater, which weight decay is measured by.
     *
     * @param iteration from 0
     * @param epoch from 0
     * @return NaN where it has none
     */
    @Override
    public double getLearningRate(int iteration, int epoch) {
        return hasLearningRate() ? configured.getLearningRate(iteration, epoch) : Double.NaN;
    }

    @Override
    public boolean hasLearningRate() {
        return configured != null && configured.hasLearningRate();
    }

    @Override
    public void setLrAndSchedule(double lr, ISchedule lrSchedule) {
        if (!hasLearningRate()) {
            throw new UnsupportedOperationException("this updater stands in the place of "
                    + (configured == null ? "none" : configured.getClass().getSimpleName())
                    + ", which has no learning rate that could be changed");
        }
        configured.setLrAndSchedule(lr, lrSchedule);
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public ScheduleFree clone() {
        return new ScheduleFree(rate, inertia, warmUp, configured == null ? null : configured.clone(), initialRate);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScheduleFree that
                && rate == that.rate
                && inertia == that.inertia
                && warmUp == that.warmUp
                && initialRate == that.initialRate
                && Objects.equals(configured, that.configured);
    }

    @Override
    public int hashCode() {
        return Objects.hash(rate, inertia, warmUp, initialRate, configured);
    }

    @Override
    public String toString() {
        return "ScheduleFree(rate " + rate + ", inertia " + inertia
                + (configured == null ? ")" : ", schedule of " + configured + ")");
    }
}
