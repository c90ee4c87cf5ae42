package org.ibhebb.internal.learner;

import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.state.Stateful;
import org.ibhebb.internal.state.Store;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Brings the gradient of a layer whose errors can't be seen on their way to its weights (gates, filters that share them)
 * to the size that those of dense layers have: the running root mean square of its entries, over a mini-batch of B
 * samples, becomes {@code 4 / sqrt(B)}. Samples of unit size would leave a quarter of that if they were independent, and
 * they agree in part. No mini-batch's gradient is larger: one that explodes on its way back through time is a step as any
 * other.
 */
final class GradientSize implements Stateful {

    private static final double AGREEMENT = 4;

    private double square;
    private double samples;
    private double nextSquare;
    private double nextSamples;

    /**
     * Scales a gradient.
     *
     * @param gradient the sum over the mini-batch's samples; changed
     * @param count how many samples have a label
     * @param factor by which each of these weighs more, because others have none
     */
    void scale(INDArray gradient, double count, double factor) {
        double kept = Math.pow(Gain.MEMORY, count);
        double latest = Arithmetic.of(gradient.dataType()).meanSquare(gradient) / (factor * factor * count);
        nextSquare = kept * square + (1 - kept) * latest;
        nextSamples = samples + count;
        double usual = nextSquare / (1 - Math.pow(Gain.MEMORY, nextSamples));
        if (usual > 0) {
            gradient.muli(AGREEMENT / Math.sqrt(Math.max(usual, latest)));
        }
    }

    /** The mini-batch counts. */
    void commit() {
        square = nextSquare;
        samples = nextSamples;
    }

    /** The mini-batch does not count. */
    void discard() {
        nextSquare = square;
        nextSamples = samples;
    }

    @Override
    public void state(Store store) {
        square = store.number("square", square);
        samples = store.number("samples", samples);
        if (store.restoring()) {
            discard();
        }
    }
}
