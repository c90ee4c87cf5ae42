package org.ibhebb.internal.learner;

import org.ibhebb.internal.arithmetic.Arithmetic;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How far an output layer may step where its loss is curved everywhere, as the squared error is: by the inverse of its
 * input's mean squared length, a running value (normalised least mean squares). A larger step would overshoot.
 */
public final class ReadoutRate {

    private static final double SHARE = 0.05;

    private double length;
    private double next;

    /**
     * The largest rate that does not overshoot, for errors that are prediction minus label.
     *
     * @param input of the mini-batch: B x d
     * @return above 0
     */
    public double limit(INDArray input) {
        double latest = Arithmetic.of(input.dataType()).meanSquare(input) * input.size(1) + 1;
        next = length == 0 ? latest : length + (latest - length) * SHARE;
        return 1 / next;
    }

    void commit() {
        if (next > 0) {
            length = next;
        }
    }
}
