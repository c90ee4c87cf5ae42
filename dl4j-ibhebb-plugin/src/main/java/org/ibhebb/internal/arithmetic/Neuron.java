package org.ibhebb.internal.arithmetic;

/**
 * A leaky integrate-and-fire neuron: with membrane v, which is 0 before the first time step, and current i,
 * {@code u = leak v + i}, a spike where {@code u > threshold}, and then {@code v = u - threshold} or {@code v = 0};
 * {@code v = u} where there is no spike. In place of the derivative of a spike, which is 0 or infinite, stands the
 * slope {@code 1 / (1 + steepness |u - threshold|)^2}.
 *
 * @param leak what the membrane keeps from one time step to the next, in [0, 1]; 1 for integrate-and-fire
 * @param threshold above 0
 * @param toZero whether a spike sets the membrane to 0, instead of taking the threshold from it
 * @param steepness of the slope, above 0
 * @param smooth whether the neuron gives, instead of a spike, the function of which the slope is the derivative: 0.5 at
 *     the threshold. Nothing learns so; but its gradients can be compared with finite differences.
 */
public record Neuron(double leak, double threshold, boolean toZero, double steepness, boolean smooth) {

    /**
     * Refuses settings that no neuron has.
     *
     * @throws IllegalArgumentException naming the setting, its value and its limits
     */
    public Neuron {
        check(leak >= 0 && leak <= 1, "leak", leak, "in [0, 1]");
        check(threshold > 0 && threshold < Double.POSITIVE_INFINITY, "threshold", threshold, "above 0, and finite");
        check(steepness > 0 && steepness < Double.POSITIVE_INFINITY, "steepness", steepness, "above 0, and finite");
    }

    private static void check(boolean holds, String setting, double value, String limits) {
        if (!holds) {
            throw new IllegalArgumentException(setting + " (" + value + ") must be " + limits);
        }
    }

    /**
     * The same neuron for finite differences.
     *
     * @return one whose output has a derivative
     */
    public Neuron smoothed() {
        return new Neuron(leak, threshold, toZero, steepness, true);
    }

    /**
     * How much of a spike that comes in at each time step is left in the later ones: the weights by which a sum over
     * time of what comes in is the mean over time of its traces, {@code P(t) = leak P(t-1) + p(t)}.
     *
     * @param steps T
     * @return {@code (1 + leak + ... + leak^(T-t)) / T} for t = 1, ..., T
     */
    public double[] meanTrace(int steps) {
        double[] weights = new double[steps];
        double left = 0;
        for (int step = steps - 1; step >= 0; step--) {
            left = leak * left + 1;
            weights[step] = left / steps;
        }
        return weights;
    }
}
