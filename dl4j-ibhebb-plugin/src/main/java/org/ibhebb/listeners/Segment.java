package org.ibhebb.listeners;

import org.ibhebb.internal.arithmetic.Rows;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Consecutive values in an array that has one for each of a network's parameters.
 *
 * @param from the first
 * @param length how many
 */
record Segment(int from, int length) {

    /** A view on them. */
    INDArray of(INDArray flat) {
        return Rows.between(flat, from, from + length);
    }
}
