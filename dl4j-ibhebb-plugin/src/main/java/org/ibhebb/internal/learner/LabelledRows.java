package org.ibhebb.internal.learner;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.memory.StepBuffers;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Which rows of a mini-batch (samples, or their time steps) have a label: all, or those that a mask leaves. Only these
 * are learnt from, and remembered.
 */
public final class LabelledRows {

    private final int total;
    /** Null for all. */
    private final int[] chosen;

    private LabelledRows(int total, int[] chosen) {
        this.total = total;
        this.chosen = chosen;
    }

    /**
     * The rows that a mask leaves.
     *
     * @param total how many rows there are
     * @param mask one value a row, 0 for those without a label; null for none
     * @return the rows that have a label
     */
    public static LabelledRows of(int total, INDArray mask) {
        if (mask == null) {
            return new LabelledRows(total, null);
        }
        double[] values = mask.dup('c').reshape(mask.length()).toDoubleVector();
        int[] chosen = IntStream.range(0, total).filter(row -> values[row] != 0).toArray();
        return new LabelledRows(total, chosen.length == total ? null : chosen);
    }

    /** The same rows of so many arrays that stand below one another. */
    LabelledRows repeated(int times) {
        if (times == 1) {
            return this;
        }
        int[] all = chosen == null ? null : IntStream.range(0, times * chosen.length)
                .map(row -> row / chosen.length * total + chosen[row % chosen.length])
                .toArray();
        return new LabelledRows(times * total, all);
    }

    /** How many rows there are, with a label and without. */
    int total() {
        return total;
    }

    /** How many rows have a label. */
    int count() {
        return chosen == null ? total : chosen.length;
    }

    /** How many of the rows of another array have a label, if they are as many for each of these rows. */
    double among(long rows) {
        return (double) rows * count() / total;
    }

    /** The labelled rows of an array of all; the array itself where these are all. At least one row has a label. */
    INDArray of(INDArray rows, Object name, StepBuffers buffers) {
        if (chosen == null) {
            return rows;
        }
        INDArray labelled = buffers.get(name, rows.dataType(), 'c', chosen.length, rows.size(1));
        forEachRun((from, count, at) -> Arithmetic.of(rows.dataType()).copyRows(rows, from, count, labelled, at));
        return labelled;
    }

    /** The way back: zeros in the rows without a label. */
    INDArray spread(INDArray labelled, Object name, StepBuffers buffers) {
        if (chosen == null) {
            return labelled;
        }
        INDArray rows = buffers.get(name, labelled.dataType(), 'c', total, labelled.size(1)).assign(0);
        forEachRun((from, count, at) -> Arithmetic.of(rows.dataType()).copyRows(labelled, at, count, rows, from));
        return rows;
    }

    /** Neighbouring rows go together. */
    private void forEachRun(Run run) {
        for (int at = 0; at < chosen.length; ) {
            int count = 1;
            while (at + count < chosen.length && chosen[at + count] == chosen[at] + count) {
                count++;
            }
            run.copy(chosen[at], count, at);
            at += count;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabelledRows that && total == that.total && Arrays.equals(chosen, that.chosen);
    }

    @Override
    public int hashCode() {
        return 31 * total + Arrays.hashCode(chosen);
    }

    private interface Run {
        void copy(int row, int count, int at);
    }
}
