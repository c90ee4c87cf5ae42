package org.ibhebb.internal.arithmetic;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Which rows of a window are current: consecutive ones, around the window's end. Derivatives are formed for these; the
 * others are constants.
 *
 * @param first the first current row
 * @param count how many rows are current
 * @param size how many rows the window has; an array may have more, which do not count
 */
public record Span(int first, int count, int size) {

    /**
     * Current rows of a window.
     *
     * @param first as above
     * @param count as above
     * @param size as above
     * @throws IllegalArgumentException unless the current rows are in the window, and there is one
     */
    public Span {
        if (count < 1 || count > size || first < 0 || first >= size) {
            throw new IllegalArgumentException("current samples (" + count + ", from slot " + first
                    + " on) must be from 1 to " + size + ", and start in a slot below that");
        }
    }

    /**
     * The row of a current sample.
     *
     * @param sample from 0 to the number of current ones
     * @return its row in the window
     */
    public int slot(int sample) {
        return (int) (((long) first + sample) % size);
    }

    /** Whether there are remembered rows beside the current ones. */
    boolean remembers() {
        return count < size;
    }

    /** The current rows of a matrix that has a row for each row of the window: a view, or a copy around its end. */
    INDArray of(INDArray rows) {
        return Rows.around(Rows.first(rows, size), first, count);
    }
}
