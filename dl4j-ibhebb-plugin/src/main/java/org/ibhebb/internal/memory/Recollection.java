package org.ibhebb.internal.memory;

import org.ibhebb.internal.view.Labels;

/**
 * The latest samples of one quantity as a memory network recalls them: nothing is kept but the states of its
 * reservoirs, of which every so many columns have one to themselves.
 */
public final class Recollection {

    private final Recaller network;
    private final Sharpening sharpening;
    private final int width;
    /** One reservoir's state after the other. */
    private final float[] states;
    /** For each recalled sample the columns of all blocks. */
    private float[] recalled = {};

    Recollection(Recaller network, Sharpening sharpening, int width) {
        this.network = network;
        this.sharpening = sharpening;
        this.width = width;
        this.states = new float[network.blocks(width) * network.units()];
    }

    /**
     * What is recalled of activations.
     *
     * @param network recalls
     * @param width columns of a sample
     * @return of nothing yet
     */
    public static Recollection ofActivations(Recaller network, int width) {
        return new Recollection(network, Sharpening.none(), width);
    }

    /**
     * What is recalled of labels, which recall does not meet exactly.
     *
     * @param network recalls
     * @param encoding how labels are read
     * @param width columns of a sample
     * @return of nothing yet
     */
    public static Recollection ofLabels(Recaller network, Labels.Encoding encoding, int width) {
        return new Recollection(network, Sharpening.of(encoding), width);
    }

    /**
     * Recalls the samples that were taken in last.
     *
     * @param samples how many, less than the network's {@link Recaller#recall}
     * @return their columns, the newest sample first; overwritten by the next call
     */
    public float[] recall(int samples) {
        if (recalled.length < samples * width) {
            recalled = new float[samples * width];
        }
        network.recall(states, width, samples, recalled);
        for (int back = 0; back < samples; back++) {
            sharpening.apply(recalled, back * width, width);
        }
        return recalled;
    }

    /**
     * Takes in a sample.
     *
     * @param sample its columns
     */
    public void take(float[] sample) {
        sharpening.see(sample, width);
        network.step(states, sample, width);
    }

    /**
     * All that it knows of samples, besides {@link #seenOnlyPlain}.
     *
     * @return not a copy
     */
    public float[] states() {
        return states;
    }

    /**
     * Whether all labels so far were plain.
     *
     * @return true if they were zeros and ones, of which exclusive classes have a single one
     */
    public boolean seenOnlyPlain() {
        return sharpening.seenOnlyPlain();
    }

    /**
     * Goes by this again, whatever labels it has seen since.
     *
     * @param onlyPlain as {@link #seenOnlyPlain} gave it
     */
    public void remember(boolean onlyPlain) {
        sharpening.remember(onlyPlain);
    }

    Sharpening sharpening() {
        return sharpening;
    }
}
