package org.ibhebb.internal.pretraining;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The mean cosine of two signals over many steps. Steps where both are 0 do not count; where one is, the cosine is 0.
 * What is far smaller than the largest signal so far is rounding, and counts as 0: where all that is remembered has the
 * label of the newest sample, for example, terms cancel.
 */
public final class MeanCosine {

    private static final double ROUNDING = 1e-5;

    private double largest;
    private double sum;
    private long count;

    /** Of no steps yet. */
    public MeanCosine() {}

    /**
     * Adds a step.
     *
     * @param signal one signal
     * @param other the other one, of the same shape
     */
    public void add(INDArray signal, INDArray other) {
        double norm = signal.norm2Number().doubleValue();
        double otherNorm = other.norm2Number().doubleValue();
        largest = Math.max(largest, Math.max(norm, otherNorm));
        double zero = ROUNDING * largest;
        if (norm <= zero && otherNorm <= zero) {
            return;
        }
        count++;
        if (norm > zero && otherNorm > zero) {
            sum += Nd4j.getBlasWrapper().dot(signal, other) / (norm * otherNorm);
        }
    }

    /**
     * The mean.
     *
     * @return from -1 to 1; NaN if no step counts
     */
    public double value() {
        return sum / count;
    }

    /**
     * How many steps count.
     *
     * @return 0 or more
     */
    public long count() {
        return count;
    }
}
