package org.ibhebb.internal.memory;

import org.ibhebb.internal.arithmetic.Rows;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where some consecutive samples of a mini-batch go in the rings of a network's working memory, and which remembered
 * samples stand beside them.
 *
 * @param from the first of these samples, as a row of the mini-batch
 * @param count how many they are, at most the capacity
 * @param slot the ring's slot that the first of them takes; the next ones follow, around the end
 * @param filled how many slots held a sample before
 * @param capacity how many slots there are
 */
public record Placement(int from, int count, int slot, int filled, int capacity) {

    /**
     * The part of a mini-batch that these samples are.
     *
     * @param rows one row a sample of the mini-batch
     * @return a view on these samples' rows; the array itself where they are all
     */
    public INDArray part(INDArray rows) {
        return Rows.between(rows, from, from + count);
    }

    /**
     * How many samples the window of these has.
     *
     * @return these, and the remembered ones that stay
     */
    public int window() {
        return count + remembered();
    }

    /** How many of these samples fit before the end of the ring. */
    int beforeEnd() {
        return Math.min(count, capacity - slot);
    }

    /**
     * The samples that an update of these may read: the slots that hold one and are not about to be overwritten.
     *
     * @return their number
     */
    public int remembered() {
        return Math.min(filled, capacity - count);
    }

    /** Whether these samples go around the end of the ring. */
    boolean wraps() {
        return beforeEnd() < count;
    }
}
