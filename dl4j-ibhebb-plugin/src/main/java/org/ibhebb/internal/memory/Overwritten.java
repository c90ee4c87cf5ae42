package org.ibhebb.internal.memory;

import java.util.ArrayList;
import java.util.List;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rows of one matrix as they were before they were overwritten, so that they can be put back. They are copied into
 * buffers that are used again, so that the steady state allocates nothing.
 */
final class Overwritten {

    private final StepBuffers buffers = new StepBuffers();
    /** In the order in which they were overwritten. */
    private final List<Run> runs = new ArrayList<>();

    /**
     * Copies rows that are about to be overwritten.
     *
     * @param matrix without gaps, by rows
     * @param first the first of these rows
     * @param count how many they are; may be 0
     */
    void save(INDArray matrix, int first, int count) {
        if (count < 1) {
            return;
        }
        INDArray rows = buffers.get(runs.size(), matrix.dataType(), 'c', count, matrix.size(1));
        Arithmetic.of(matrix.dataType()).copyRows(matrix, first, count, rows, 0);
        runs.add(new Run(first, rows));
    }

    /** Drops the copies: what was overwritten is not wanted any more. */
    void forget() {
        runs.clear();
    }

    /**
     * Puts the rows back, the latest first, and drops the copies.
     *
     * @param matrix the same, or one that has taken over its rows and has grown in height, or (if symmetric) in both
     *     directions
     * @param symmetric whether each row is a column too
     */
    void putBack(INDArray matrix, boolean symmetric) {
        for (int i = runs.size() - 1; i >= 0; i--) {
            runs.get(i).putBack(matrix.data(), matrix.size(1), symmetric);
        }
        runs.clear();
    }

    private record Run(int first, INDArray rows) {

        /** Value by value: this is rare, and has to be right to the bit on any backend. */
        void putBack(DataBuffer matrix, long line, boolean symmetric) {
            DataBuffer kept = rows.data();
            for (long row = 0; row < rows.size(0); row++) {
                for (long column = 0; column < rows.size(1); column++) {
                    double value = kept.getDouble(row * rows.size(1) + column);
                    matrix.put((first + row) * line + column, value);
                    if (symmetric) {
                        matrix.put(column * line + first + row, value);
                    }
                }
            }
        }
    }
}
