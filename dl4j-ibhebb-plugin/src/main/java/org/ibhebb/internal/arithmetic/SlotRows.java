package org.ibhebb.internal.arithmetic;

import org.nd4j.linalg.api.ndarray.INDArray;

/** One row for each slot of a window, and what is kept of their comparisons. */
public interface SlotRows {

    /**
     * The rows.
     *
     * @return at least as many rows as the window is large
     */
    INDArray rows();

    /**
     * The inner products of all rows of the window. Remembered rows do not change, and neither do their products: who
     * keeps them, forms those of new rows alone.
     *
     * @return at least N x N values, without gaps, by rows; null if nobody keeps them
     */
    INDArray products();

    /**
     * Rows of which nothing is kept.
     *
     * @param rows one a slot
     * @return the rows
     */
    static SlotRows of(INDArray rows) {
        return new SlotRows() {
            @Override
            public INDArray rows() {
                return rows;
            }

            @Override
            public INDArray products() {
                return null;
            }
        };
    }
}
