package org.ibhebb.internal.arithmetic;

import static org.ibhebb.internal.arithmetic.Arguments.stride;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Consecutive samples of an array. */
public final class Rows {

    private Rows() {}

    /**
     * A view on consecutive samples: the first dimension from one index to another. ND4J's own {@code get} returns an
     * empty array for some views of views (those that begin behind as many elements as the view has), and a scalar for
     * a single value.
     *
     * @param array samples first
     * @param from the first sample
     * @param to the sample after the last one
     * @return a view; the array itself where it would be all of it
     */
    public static INDArray between(INDArray array, int from, int to) {
        if (from == 0 && to == array.size(0)) {
            return array;
        }
        long[] shape = array.shape().clone();
        shape[0] = to - from;
        return Nd4j.create(
                array.data(), shape, array.stride(), array.offset() + from * stride(array, 0), array.ordering());
    }

    static INDArray first(INDArray matrix, int count) {
        return between(matrix, 0, count);
    }

    /** So many rows from one row on, around the end: a view where they do not go around, otherwise a copy. */
    static INDArray around(INDArray matrix, int from, int count) {
        int head = Math.min(count, (int) matrix.size(0) - from);
        INDArray rows = between(matrix, from, from + head);
        return head == count ? rows : Nd4j.concat(0, rows, first(matrix, count - head));
    }
}
