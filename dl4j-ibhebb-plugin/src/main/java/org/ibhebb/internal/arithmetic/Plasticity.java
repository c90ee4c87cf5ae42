package org.ibhebb.internal.arithmetic;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arithmetic of how weights change: each neuron's own gain, a layer's readout, the average of what weights have
 * been. A part of {@link Arithmetic}, whose conventions hold here too.
 */
public interface Plasticity {

    /** What a readout makes of its sums, so that its error is prediction minus label. */
    enum Link {
        /** Probabilities of classes that exclude each other. */
        SOFTMAX,
        /** Probabilities of independent labels. */
        LOGISTIC,
        /** Real values. */
        IDENTITY
    }

    /**
     * Each neuron's own gain: divides the errors of every neuron by their running root mean square. With s the running
     * mean squares, {@code next = kept s + share (mean square)}, over samples and places, and every error of neuron j
     * becomes {@code factor e / (r_j + floor mean(r))}, {@code r = sqrt(correction next)}. A neuron whose errors have
     * always been 0 keeps them.
     *
     * @param errors n x d, or n x d x places (of any number of dimensions); of any strides; changed
     * @param squares the running mean squares before: d values without gaps
     * @param kept the share of them that stays, in [0, 1]
     * @param share of the latest mean squares, 0 or more
     * @param correction makes up for a running mean that began with 0
     * @param floor relative to the mean of all neurons' root mean squares, 0 or more
     * @param factor multiplies all errors
     * @param next receives the running mean squares after: d values without gaps; may be {@code squares}
     */
    void gain(INDArray errors, INDArray squares, double kept, double share, double correction, double floor,
            double factor, INDArray next);

    /**
     * A layer's own readout goes through a mini-batch block by block: it predicts a block's labels, sends its errors
     * back as a signal, and learns from them by normalised least mean squares before it reads the next block. For each
     * block of b rows with errors {@code e = link(u v' + bias) - labels}: {@code signal = weight e v}, then
     * {@code v -= rate / max(mean |u|^2, d) e' u / b} and {@code bias -= biasRate mean(e)}.
     *
     * @param u what the signal sees of the activations: n x d, without gaps, by rows
     * @param labels n x c, without gaps, by rows
     * @param link what the readout makes of its sums
     * @param block how many rows it reads before it learns, at least 1
     * @param rate of the weights, relative to the squared length of u
     * @param biasRate of the bias
     * @param weight multiplies the signal
     * @param add whether the signal is added to what the array holds
     * @param v the readout's weights: c x d, without gaps, by rows; changed
     * @param bias c values without gaps; changed
     * @param signal receives n x d values, without gaps, by rows
     * @return the sum of the squared errors, each made before it was learnt from
     */
    double readout(INDArray u, INDArray labels, Link link, int block, double rate, double biasRate, double weight,
            boolean add, INDArray v, INDArray bias, INDArray signal);

    /**
     * The mean of the squares of all values.
     *
     * @param values of any rank and strides
     * @return 0 for an empty array
     */
    double meanSquare(INDArray values);

    /**
     * The mean over rows of their biased variances.
     *
     * @param rows n x d, of any strides
     * @return 0 for an empty matrix
     */
    double meanVariance(INDArray rows);

    /**
     * One step of averaging: with {@code t = deviation - rate gradient}, the gradient becomes {@code -share t}, which is
     * to be subtracted from the average, and the deviation {@code (1 - share) t}.
     *
     * @param gradient a vector without gaps
     * @param deviation how far the moving point is from its average; as long, without gaps
     * @param rate of the step
     * @param share of the new point in the average, in (0, 1]
     */
    void average(INDArray gradient, INDArray deviation, double rate, double share);

    /**
     * {@code a + factor b}.
     *
     * @param a a vector without gaps
     * @param b as long, without gaps
     * @param factor of b
     * @param sum receives as many values, without gaps
     */
    void plusScaled(INDArray a, INDArray b, double factor, INDArray sum);

    /**
     * A step of averaging: with {@code t = deviation - rate gradient}, the parameters, an average, grow by
     * {@code share t}, the deviation becomes {@code (1 - share) t}, and gradients are taken at
     * {@code ahead = parameters + look deviation}.
     *
     * @param rate of the step
     * @param share of the new point in the average, in [0, 1]
     * @param look how far ahead of the average gradients are taken, in [0, 1]
     */
    record Averaging(double rate, double share, double look) {}

    /**
     * Some parameters under averaging.
     *
     * @param parameters the average
     * @param deviation how far the moving point is from it
     * @param ahead where gradients are taken
     */
    record Moving(INDArray parameters, INDArray deviation, INDArray ahead) {}

    /**
     * A dense layer's step: its gradient (the weights' {@code input' errors}, and the bias's the sums of the errors
     * over the samples) and by it the step of averaging, in one pass.
     *
     * @param input presynaptic activity: n x nIn, of any strides
     * @param errors signal times slope: n x nOut, of any strides
     * @param biasFactor multiplies the bias's gradient
     * @param step how far
     * @param weights nIn x nOut each, by columns without gaps; changed
     * @param bias nOut values each, without gaps; null for none; changed
     */
    void advance(INDArray input, INDArray errors, double biasFactor, Averaging step, Moving weights, Moving bias);

    /**
     * The errors of the delta rule, prediction less label.
     *
     * @param sums of a readout: n x c, without gaps, by columns; become the errors
     * @param link what the readout makes of them
     * @param labels n x c, of any strides
     */
    void deltaRule(INDArray sums, Link link, INDArray labels);

    /**
     * What an activation function makes of what it is given.
     *
     * @param activation the function
     * @param preActivation of any shape; not changed
     * @param output of the same shape, order and type, without gaps; may be used for the result
     * @return the activations; {@code output} or another array
     */
    INDArray activate(IActivation activation, INDArray preActivation, INDArray output);
}
