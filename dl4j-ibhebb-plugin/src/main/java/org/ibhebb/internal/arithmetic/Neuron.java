package org.ibhebb.internal.arithmetic;

/**
 * A leaky integrate-and-fire neuron. A synaptic current, 0 before the first time step, takes in what comes in, c:
 * {@code i = synapticDecay i + c}, which is c itself where nothing is kept. With membrane v, which is 0 before the
 * first time step, {@code u = leak v + i}, a spike where {@code u > threshold}, and then {@code v = u - threshold} or
 * {@code v = 0}; {@code v = u} where there is no spike. For some time steps after a spike the neuron may be refractory:
 * its membrane stays what it is, and it does not fire. In place of the derivative of a spike, which is 0 or infinite,
 * stands the slope {@code 1 / (1 + steepness |u - threshold|)^2}, and 0 while the neuron is refractory.
 *
 * @param leak what the membrane keeps from one time step to the next, in [0, 1]; 1 for integrate-and-fire
 * @param threshold above 0
 * @param toZero whether a spike sets the membrane to 0, instead of taking the threshold from it
 * @param steepness of the slope, above 0
 * @param synapticDecay what the synaptic current keeps from one time step to the next, in [0, 1); 0 for none
 * @param refractorySteps how many time steps after a spike the neuron is refractory, 0 or more
 * @param smooth whether the neuron gives, instead of a spike, the function of which the slope is the derivative: 0.5 at
 *     the threshold, beyond which it is refractory as after a spike. Nothing learns so; but its gradients can be
 *     compared with finite differences.
 */
public record Neuron(double leak, double threshold, boolean toZero, double steepness, double synapticDecay,
        int refractorySteps, boolean smooth) {

    /**
     * Refuses settings that no neuron has.
     *
     * @throws IllegalArgumentException naming the setting, its value and its limits
     */
    public Neuron {
        check(leak >= 0 && leak <= 1, "leak", leak, "in [0, 1]");
        check(threshold > 0 && threshold < Double.POSITIVE_INFINITY, "threshold", threshold, "above 0, and finite");
        check(steepness > 0 && steepness < Double.POSITIVE_INFINITY, "steepness", steepness, "above 0, and finite");
        check(synapticDecay >= 0 && synapticDecay < 1, "synapticDecay", synapticDecay, "in [0, 1)");
        check(refractorySteps >= 0, "refractorySteps", refractorySteps, "at least 0");
    }

    /**
     * A neuron without a synaptic current, which is never refractory.
     *
     * @param leak as above
     * @param threshold as above
     * @param toZero as above
     * @param steepness as above
     * @param smooth as above
     */
    public Neuron(double leak, double threshold, boolean toZero, double steepness, boolean smooth) {
        this(leak, threshold, toZero, steepness, 0, 0, smooth);
    }

    private static void check(boolean holds, String setting, Number value, String limits) {
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
        return new Neuron(leak, threshold, toZero, steepness, synapticDecay, refractorySteps, true);
    }

    /**
     * How much of a spike that comes in at each time step is left in the later ones: the weights by which a sum over
     * time of what comes in is the mean over time of its traces, {@code P(t) = leak P(t-1) + q(t)} with {@code q(t) =
     * synapticDecay q(t-1) + p(t)}.
     *
     * @param steps T
     * @return for t = 1, ..., T; without a synaptic current {@code (1 + leak + ... + leak^(T-t)) / T}
     */
    public double[] meanTrace(int steps) {
        double[] left = traceOfOne(steps);
        double[] weights = new double[steps];
        for (int step = 0; step < steps; step++) {
            weights[step] = left[steps - 1 - step] / steps;
        }
        return weights;
    }

    /**
     * The trace of an input that is 1 at each time step.
     *
     * @param steps T
     * @return P(t) for t = 1, ..., T; without a synaptic current {@code 1 + leak + ... + leak^(t-1)}
     */
    public double[] traceOfOne(int steps) {
        double[] trace = new double[steps];
        double last = 0;
        double current = 0;
        for (int step = 0; step < steps; step++) {
            current = synapticDecay * current + 1;
            last = leak * last + current;
            trace[step] = last;
        }
        return trace;
    }
}
