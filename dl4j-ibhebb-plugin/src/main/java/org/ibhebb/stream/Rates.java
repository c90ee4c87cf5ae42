package org.ibhebb.stream;

import java.util.Objects;
import org.ibhebb.internal.stream.Schedule;

/**
 * How fast a {@link StreamingNetwork} learns, and how that changes as samples come in. The rate of hidden layers is
 * the size of a step in units of the neuron's own gain, so that it means the same for every objective, width and depth.
 * The rate of the output layer is that of cross-entropy's delta rule; squared errors are learnt at 20 times that, but
 * at most at 0.5 / (1 + the running squared length of the layer's input), beyond which a step would overshoot.
 * Immutable.
 */
public final class Rates {

    private static final double HIDDEN = 2e-3;
    private static final double OUTPUT = 5e-3;
    private static final double LENGTH = 5_000;

    private final Schedule schedule;
    private final double hidden;
    private final double output;
    private final double length;

    private Rates(Schedule schedule, double hidden, double output, double length) {
        positive(hidden, "the rate of hidden layers");
        positive(output, "the rate of the output layer");
        positive(length, "the length of the schedule");
        this.schedule = schedule;
        this.hidden = hidden;
        this.output = output;
        this.length = length;
    }

    private static void positive(double value, String name) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " (" + value + ") must be a finite number above 0");
        }
    }

    /**
     * For streams without an end: what is used unless something else is said. Rates fall with the square root of the
     * network's age, and predictions are made by the mean of the parameters over the latest part of that age. The age
     * grows with every sample; it falls as long as that mean predicts worse than the latest parameters do, which is
     * when what is to be learnt has changed. The output layer's rate is multiplied by 1 + 4 / (1 + t / 200) at sample t,
     * for at first all is to be learnt. Needs a second copy of the parameters.
     *
     * @return the rates: 0.002 for hidden layers and 0.005 for the output layer, before they fall
     */
    public static Rates adaptive() {
        return adaptive(HIDDEN, OUTPUT);
    }

    /**
     * {@link #adaptive()}, from other rates on.
     *
     * @param hidden the rate of hidden layers at the start, above 0
     * @param output the rate of the output layer at the start, above 0
     * @return the rates
     * @throws IllegalArgumentException if one is not a finite number above 0
     */
    public static Rates adaptive(double hidden, double output) {
        return new Rates(Schedule.FALLING, hidden, output, LENGTH);
    }

    /**
     * Rates that do not change. Predictions are made by the parameters that learn.
     *
     * @param hidden the rate of hidden layers, above 0
     * @param output the rate of the output layer, above 0
     * @return the rates
     * @throws IllegalArgumentException if one is not a finite number above 0
     */
    public static Rates constant(double hidden, double output) {
        return new Rates(Schedule.CONSTANT, hidden, output, 1);
    }

    /**
     * Rates that fall linearly, to 0 after a given number of samples: for data that ends. Predictions are made by the
     * parameters that learn.
     *
     * @param hidden the rate of hidden layers at the start, above 0
     * @param output the rate of the output layer at the start, above 0
     * @param samples how many there will be, at least 1; nothing is learnt from those that come after
     * @return the rates
     * @throws IllegalArgumentException if a rate is not a finite number above 0, or {@code samples} is below 1
     */
    public static Rates linear(double hidden, double output, long samples) {
        if (samples < 1) {
            throw new IllegalArgumentException("samples (" + samples + ") must be at least 1");
        }
        return new Rates(Schedule.LINEAR, hidden, output, samples);
    }

    Schedule schedule() {
        return schedule;
    }

    double hidden() {
        return hidden;
    }

    double output() {
        return output;
    }

    double length() {
        return length;
    }

    boolean averages() {
        return schedule == Schedule.FALLING;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Rates that && schedule == that.schedule && hidden == that.hidden
                && output == that.output && length == that.length;
    }

    @Override
    public int hashCode() {
        return Objects.hash(schedule.name(), hidden, output, length);
    }

    @Override
    public String toString() {
        return switch (schedule) {
            case CONSTANT -> "constant";
            case LINEAR -> "falling linearly over " + (long) length + " samples";
            case FALLING -> "adaptive";
        } + " (hidden " + hidden + ", output " + output + ")";
    }
}
