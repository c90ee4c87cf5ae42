package org.ibhebb.internal.view;

import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.state.Stateful;
import org.ibhebb.internal.state.Store;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How a layer's activations vary, as they are seen by {@code LearningRule.Normalization.BY_WIDTH}: running values, which
 * each mini-batch moves before it is seen itself, and for good once it is {@linkplain #commit committed}.
 */
public final class RunningMoments implements Stateful {

    /** The least share of a mini-batch of {@link #USUAL} samples and more. */
    private static final double LEAST_SHARE = 0.01;
    private static final double USUAL = 20;

    private Moments known = new Moments(0, 0, null);
    private Moments next = known;

    /** Nothing is known yet. */
    public RunningMoments() {}

    /** The mini-batch that was seen last counts. */
    public void commit() {
        known = next;
    }

    /** The mini-batch that was seen last does not count. */
    public void discard() {
        next = known;
    }

    @Override
    public void state(Store store) {
        known = new Moments(
                store.count("steps", known.steps, 0, Long.MAX_VALUE - 1),
                store.number("variance", known.variance),
                store.array("means", known.means));
        if (store.restoring()) {
            store.require(known.means == null || known.means.rank() == 2 && known.means.rows() == 1,
                    "has means that are no row");
            next = known;
        }
    }

    /** The running mean of the samples' variances across the units. */
    double sampleVariance(INDArray rows, Arithmetic arithmetic) {
        return sampleVariance(arithmetic.meanVariance(rows), rows);
    }

    /**
     * The same where the samples' variances are known.
     *
     * @param variances one a sample
     */
    double sampleVariance(INDArray variances) {
        return sampleVariance(variances.meanNumber().doubleValue(), variances);
    }

    private double sampleVariance(double latest, INDArray rows) {
        next = new Moments(known.steps + 1, towards(known.variance, latest, share(rows)), null);
        return next.variance;
    }

    /**
     * The running mean of each unit, and the running mean of the squared distances from it.
     *
     * @return the means, 1 x d; the other is {@link #unitVariance}
     */
    INDArray unitMeans(INDArray rows, Arithmetic arithmetic) {
        try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            INDArray latest = rows.mean(0).reshape(1, rows.size(1));
            double share = share(rows);
            INDArray means = known.means == null || known.means.length() != latest.length()
                    ? latest
                    : known.means.add(latest.subi(known.means).muli(share));
            double variance = arithmetic.meanSquare(rows.subRowVector(means));
            next = new Moments(known.steps + 1, towards(known.variance, variance, share), means);
        }
        return next.means;
    }

    /** Of all units, around the means that were asked for last. */
    double unitVariance() {
        return next.variance;
    }

    private double share(INDArray rows) {
        return Math.max(LEAST_SHARE * Math.min(1, rows.size(0) / USUAL), 1.0 / (known.steps + 1));
    }

    private static double towards(double running, double latest, double share) {
        return running + (latest - running) * share;
    }

    private record Moments(long steps, double variance, INDArray means) {}
}
