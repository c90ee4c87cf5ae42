package org.ibhebb.internal.learner;

import org.ibhebb.internal.arithmetic.Arithmetic;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How far an output layer may step: the inverse of its input's mean squared length, a running value, is a step that
 * never overshoots (normalised least mean squares).
 */
public final class ReadoutRate {

    private static final double SHARE = 0.05;

    private double length;
    private double next;

    /**
     * The running mean of the input's squared length.
     *
     * @param input of the mini-batch: B x d
     * @return 0 or more
     */
    public double squaredLength(INDArray input) {
        double latest = Arithmetic.of(input.dataType()).meanSquare(input) * input.size(1);
        next = length == 0 ? latest : length + (latest - length) * SHARE;
        return next;
    }

    void commit() {
        length = next;
    }
}
