package org.ibhebb.stream;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What predicts: a {@link StreamingNetwork}, or a {@linkplain StreamingNetwork#snapshot snapshot} of one. Any number of
 * threads may use it at the same time, while another one learns: each sample's prediction comes from one state, that
 * between two samples.
 *
 * <p>A prediction has one value for each unit of the output layer: the probability of each class under softmax, of each
 * label under sigmoid, and values under identity. Every method refuses a sample that is not finite, and one of another
 * length than the network's input.
 */
public interface Predictor {

    /**
     * Predicts one sample.
     *
     * @param x as many values as the network has inputs
     * @return one value for each output
     * @throws IllegalArgumentException if {@code x} is of another length
     * @throws ArithmeticException if a value is not finite
     */
    float[] predict(float[] x);

    /**
     * Predicts one sample.
     *
     * @param x as many values as the network has inputs
     * @return one value for each output
     * @throws IllegalArgumentException if {@code x} is of another length
     * @throws ArithmeticException if a value is not finite
     */
    double[] predict(double[] x);

    /**
     * Predicts one sample of which most inputs are 0.
     *
     * @param indices of the others, from 0, each at most once
     * @param values of these, as many
     * @return one value for each output
     * @throws IllegalArgumentException if there are not as many values as indices, or an index is out of range
     * @throws ArithmeticException if a value is not finite
     */
    float[] predict(int[] indices, float[] values);

    /**
     * Predicts samples.
     *
     * @param x a matrix, one row a sample
     * @return one row a sample, of the network's type
     * @throws IllegalArgumentException if {@code x} is of another shape
     * @throws ArithmeticException naming the sample, if a value is not finite
     */
    INDArray predict(INDArray x);

    /**
     * Predicts samples, and allocates nothing once it has seen as many.
     *
     * @param rows one sample after the other
     * @param predictions receives one prediction after the other
     * @throws IllegalArgumentException if the lengths do not fit
     * @throws ArithmeticException naming the sample, if a value is not finite
     */
    void predict(float[] rows, float[] predictions);
}
