package org.ibhebb.signal;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Views on the rows of a matrix. */
final class Rows {

    private Rows() {}

    static INDArray first(INDArray matrix, int count) {
        return count == matrix.rows() ? matrix : matrix.get(NDArrayIndex.interval(0, count), NDArrayIndex.all());
    }
}
