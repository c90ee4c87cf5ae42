package org.ibhebb.internal.learner;

import org.ibhebb.internal.arithmetic.Allocation;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.state.Stateful;
import org.ibhebb.internal.state.Store;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Each neuron's own gain: a neuron divides its modulated errors by their running root mean square, and its presynaptic
 * activity by that of the layer's, so that updates have unit size whatever the objective, the width and the input are.
 * One number a neuron, which nothing from another neuron enters, and one a layer.
 */
final class Gain implements Stateful {

    /** The share of the running mean square that a sample leaves. */
    static final double MEMORY = 0.99999;
    /** Relative to the layer's mean: none is needed where learning calms down by itself. */
    private static final double FLOOR = 0;
    /** Of the presynaptic mean square, for a mini-batch of {@link #LARGE} samples and more. */
    private static final double PRESYNAPTIC_SHARE = 0.05;
    private static final double LARGE = 16;
    /** Where a layer's whole input is 0 there is nothing to divide by. */
    private static final double SMALLEST = 1e-30;

    private INDArray squares;
    private double samples;
    private double presynaptic;

    private INDArray nextSquares;
    private double nextSamples;
    private double nextPresynaptic;
    private boolean pending;

    /**
     * Divides the errors of a mini-batch.
     *
     * @param errors n x d, or n x d x places; changed
     * @param counted how many of the rows are samples: the others, which a mask leaves out, are 0
     * @param weight what each of them has been multiplied by, for the sake of those that are left out
     * @param factor multiplies all errors
     */
    void divide(INDArray errors, double counted, double weight, double factor) {
        long width = errors.size(1);
        makeRoom(errors, width);
        double kept = Math.pow(MEMORY, counted);
        nextSamples = samples + counted;
        double share = (1 - kept) * errors.size(0) / (counted * weight * weight);
        Arithmetic.of(errors.dataType()).gain(errors, squares, kept, share, 1 / (1 - Math.pow(MEMORY, nextSamples)),
                FLOOR, factor, nextSquares);
        pending = true;
    }

    /**
     * What presynaptic activity is divided by: its running root mean square, this mini-batch's included; the square of
     * that where it is below 1, for otherwise weights of unit size would do little to so small an input.
     *
     * @param activity of any shape
     * @return above 0
     */
    double presynaptic(INDArray activity) {
        double latest = Arithmetic.of(activity.dataType()).meanSquare(activity);
        double share = samples == 0 ? 1 : PRESYNAPTIC_SHARE * Math.min(1, activity.size(0) / LARGE);
        nextPresynaptic = presynaptic + (latest - presynaptic) * share;
        if (nextPresynaptic <= SMALLEST) {
            return 1;
        }
        return nextPresynaptic < 1 ? nextPresynaptic : Math.sqrt(nextPresynaptic);
    }

    /** The mini-batch counts. */
    void commit() {
        if (pending) {
            INDArray before = squares;
            squares = nextSquares;
            nextSquares = before;
            samples = nextSamples;
            presynaptic = nextPresynaptic;
            pending = false;
        }
    }

    /** The mini-batch does not count. */
    void discard() {
        pending = false;
    }

    @Override
    public void state(Store store) {
        squares = store.array("squares", squares);
        samples = store.number("samples", samples);
        presynaptic = store.number("presynaptic", presynaptic);
        if (store.restoring()) {
            store.require(squares == null || squares.rank() == 1, "has gains that are no list");
            nextSquares = squares == null ? null : Allocation.zeros(squares.dataType(), squares.length());
            pending = false;
        }
    }

    private void makeRoom(INDArray errors, long width) {
        if (squares != null && squares.length() == width && squares.dataType() == errors.dataType()) {
            return;
        }
        try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            squares = Nd4j.zeros(errors.dataType(), width);
            nextSquares = Nd4j.zeros(errors.dataType(), width);
        }
        samples = 0;
        presynaptic = 0;
    }
}
