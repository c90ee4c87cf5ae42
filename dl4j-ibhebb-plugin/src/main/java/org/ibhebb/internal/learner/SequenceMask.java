package org.ibhebb.internal.learner;

import org.nd4j.linalg.api.ndarray.INDArray;

/** What a mask of sequences (samples x time steps, 0 where a sample has no such step) does to arrays of rank 3. */
final class SequenceMask {

    private SequenceMask() {}

    /** Whether a mask has one value for each time step of each sample. */
    static boolean fits(INDArray mask, INDArray series, boolean channelsLast) {
        return mask.rank() == 2
                && series.rank() == 3
                && mask.size(0) == series.size(0)
                && mask.size(1) == series.size(channelsLast ? 1 : 2);
    }

    /** Throws, naming the first sample at fault, if a sample has no time step at all. */
    static void checkSteps(INDArray mask, Host layer) {
        for (int sample = 0; sample < mask.size(0); sample++) {
            if (mask.getRow(sample).sumNumber().doubleValue() == 0) {
                throw new IllegalArgumentException(layer.name() + ": the mask leaves no time step of sample "
                        + sample + " of the mini-batch, so that there is nothing to learn from: leave the sample out");
            }
        }
    }

    /** A copy with zeros in the time steps that are not there. */
    static INDArray zeroed(INDArray series, INDArray mask, boolean channelsLast) {
        INDArray all = mask.castTo(series.dataType());
        long samples = mask.size(0);
        long steps = mask.size(1);
        return series.mul(channelsLast ? all.reshape(samples, steps, 1) : all.reshape(samples, 1, steps));
    }
}
