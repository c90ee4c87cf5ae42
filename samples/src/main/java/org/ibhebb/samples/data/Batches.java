package org.ibhebb.samples.data;

import java.util.BitSet;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Turns samples into a network's input and labels; numbers are standardised as they are among the training samples. */
public final class Batches {

    /** Null where the samples are rows. */
    private final ImageEncoder images;
    /** Null where the samples are images. */
    private final TableEncoder rows;
    private final int classes;

    /** @param asVectors whether the network takes an image as one long row */
    public Batches(LearningTask task, boolean asVectors) {
        this(task, asVectors, false);
    }

    /**
     * The same.
     *
     * @param intensities whether pixels stay what they are, from 0 to 1
     */
    public Batches(LearningTask task, boolean asVectors, boolean intensities) {
        this.images = task.train() instanceof Images train ? new ImageEncoder(train, asVectors, intensities) : null;
        this.rows = task.train() instanceof Table train ? new TableEncoder(train) : null;
        this.classes = task.classes();
    }

    /** The samples number {@code order[from]} up to, but without, {@code order[to]}, one a row. */
    public INDArray inputs(Examples samples, int[] order, int from, int to) {
        return inputs(samples, order, new BitSet(), from, to);
    }

    /** The same, images mirrored left to right where {@code mirrored} has the place in {@code order}. */
    public INDArray inputs(Examples samples, int[] order, BitSet mirrored, int from, int to) {
        return samples instanceof Images some
                ? images.inputs(some, order, mirrored, from, to)
                : rows.inputs((Table) samples, order, from, to);
    }

    /** The classes of the same samples, one-hot. */
    public INDArray labels(Examples samples, int[] order, int from, int to) {
        float[] batch = new float[(to - from) * classes];
        for (int i = from; i < to; i++) {
            batch[(i - from) * classes + samples.label(order[i])] = 1;
        }
        return Nd4j.create(batch, new int[] {to - from, classes});
    }
}
