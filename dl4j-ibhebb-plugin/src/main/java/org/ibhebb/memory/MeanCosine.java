package org.ibhebb.memory;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The mean cosine of two signals over many steps. Steps where both are 0 do not count; where one is, the cosine is 0.
 */
public final class MeanCosine {

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
        if (norm == 0 && otherNorm == 0) {
            return;
        }
        count++;
        if (norm > 0 && otherNorm > 0) {
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
