package org.ibhebb.signal;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Rows of a matrix. */
final class Rows {

    private Rows() {}

    static INDArray first(INDArray matrix, int count) {
        return between(matrix, 0, count);
    }

    static INDArray between(INDArray matrix, int from, int to) {
        return from == 0 && to == matrix.rows()
                ? matrix
                : matrix.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
    }

    /** So many rows from one row on, around the end: a view where they do not go around, otherwise a copy. */
    static INDArray around(INDArray matrix, int from, int count) {
        int head = Math.min(count, matrix.rows() - from);
        INDArray rows = between(matrix, from, from + head);
        return head == count ? rows : Nd4j.concat(0, rows, first(matrix, count - head));
    }
}
