package org.ibhebb.internal.view;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sequences as one row for each time step of each sample, in the order of Deeplearning4j's own layers and
 * pre-processors: the first time steps of all samples, then their second ones.
 */
public final class TimeSteps {

    private TimeSteps() {}

    /**
     * The time steps of sequences.
     *
     * @param series N x d x T, or N x T x d
     * @param channelsLast whether the time steps are in the second dimension
     * @return a copy: T*N x d
     */
    public static INDArray rows(INDArray series, boolean channelsLast) {
        INDArray byStep = channelsLast ? series.permute(1, 0, 2) : series.permute(2, 0, 1);
        return byStep.dup('c').reshape('c', byStep.size(0) * byStep.size(1), byStep.size(2));
    }

    /**
     * The way back from {@link #rows}.
     *
     * @param rows T*N x d, without gaps, by rows
     * @param samples N
     * @param channelsLast whether the time steps are to be in the second dimension
     * @return a view: N x d x T, or N x T x d
     */
    public static INDArray series(INDArray rows, long samples, boolean channelsLast) {
        INDArray byStep = rows.reshape('c', rows.size(0) / samples, samples, rows.size(1));
        return channelsLast ? byStep.permute(1, 0, 2) : byStep.permute(1, 2, 0);
    }
}
