package org.ibhebb.internal.pretraining;

import org.ibhebb.internal.memory.Reservoir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a readout is fitted to: a reservoir's states while it is driven by streams, and the samples that came last. */
public final class RecallTask {

    private final Reservoir reservoir;
    private final int width;
    private final int back;
    private final SyntheticStreams streams;
    private final float[] state;
    /** The last samples, newest first, side by side. */
    private final double[] last;

    private INDArray states;
    private INDArray targets;

    /** @param back how many samples are to be recalled */
    public RecallTask(Reservoir reservoir, int width, int back, SyntheticStreams streams) {
        this.reservoir = reservoir;
        this.width = width;
        this.back = back;
        this.streams = streams;
        state = new float[reservoir.units()];
        last = new double[back * width];
    }

    /** Goes on by so many samples. */
    public void next(int samples) {
        double[] allStates = new double[samples * state.length];
        double[] allTargets = new double[samples * last.length];
        float[] sample = new float[width];
        for (int t = 0; t < samples; t++) {
            streams.next(sample);
            reservoir.step(state, 0, sample, 0, width);
            System.arraycopy(last, 0, last, width, last.length - width);
            for (int column = 0; column < width; column++) {
                last[column] = sample[column];
            }
            for (int unit = 0; unit < state.length; unit++) {
                allStates[t * state.length + unit] = state[unit];
            }
            System.arraycopy(last, 0, allTargets, t * last.length, last.length);
        }
        states = Nd4j.create(allStates, new long[] {samples, state.length}, 'c');
        targets = Nd4j.create(allTargets, new long[] {samples, last.length}, 'c');
    }

    /** The states after each of these samples: samples x units. */
    public INDArray states() {
        return states;
    }

    /** What is to be recalled from each: samples x (back x width), the newest sample first. */
    public INDArray targets() {
        return targets;
    }
}
