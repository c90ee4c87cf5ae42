package org.ibhebb.internal.arithmetic;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arithmetic of spiking neurons over time. A part of {@link Arithmetic}, whose conventions hold here too.
 *
 * <p>Sequences of T time steps are matrices of T n rows, the n samples of the first time step first. All arrays of one
 * call are stored in one order, by rows or by columns, without gaps.
 */
public interface Spiking {

    /**
     * Lets neurons fire.
     *
     * @param currents what comes in: T n x d; or n x d, the same at every time step
     * @param steps T, at least 1
     * @param neuron of which kind they are
     * @param spikes receives T n x d values, 1 for a spike and 0 for none; may be the currents, if these are T n x d
     * @param slopes receives the slope of each neuron at each time step, above 0, and 0 where the neuron is refractory:
     *     T n x d; null for none
     * @param carried receives the derivative of the membrane after the time step with respect to that before the
     *     spike, the reset included, and 1 where the neuron is refractory: T n x d; null for none
     * @param meanSlope receives the mean over time of the slopes: n x d; null for none
     */
    void fire(INDArray currents, int steps, Neuron neuron, INDArray spikes, INDArray slopes, INDArray carried,
            INDArray meanSlope);

    /**
     * Carries errors back in time: with errors e and slopes g, {@code d(t) = leak c(t) d(t+1) + factor e(t) g(t)} of
     * the membrane, and {@code delta(t) = synapticDecay delta(t+1) + d(t)} of what comes in. Where a neuron is
     * refractory, nothing comes in, d(t) is 0, and what goes on to the time step before is what came from the one
     * after.
     *
     * @param errors of the spikes: T n x d; or n x d, the same at every time step
     * @param steps T, at least 1
     * @param factor multiplies all errors
     * @param neuron of which kind they are
     * @param slopes from {@link #fire}; null for 1 of neurons that are never refractory: errors are of the membrane
     * @param carried c, from {@link #fire}; null for 1: the reset is taken for a constant
     * @param deltas receives T n x d values; may be the errors, if these are T n x d
     */
    void backInTime(INDArray errors, int steps, double factor, Neuron neuron, INDArray slopes, INDArray carried,
            INDArray deltas);

    /**
     * A weighted sum over time.
     *
     * @param series T n x d, of any strides
     * @param weights one a time step
     * @param sum receives n x d values; of any order
     */
    void overTime(INDArray series, double[] weights, INDArray sum);
}
