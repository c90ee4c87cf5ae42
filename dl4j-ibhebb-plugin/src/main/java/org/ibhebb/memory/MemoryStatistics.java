package org.ibhebb.memory;

import java.util.List;

/**
 * How a memory network was trained, and what it does on synthetic streams that it was not trained on.
 *
 * @param samples it was trained on
 * @param ridge added to the diagonal of the states' second moments
 * @param recall for each recalled sample, the newest first, the part of its variance that is recalled: 1 is all, 0 none
 * @param cosine of the default rule's signal to that of an exact memory of as many samples, on average over the samples
 *     of a synthetic classification task
 */
public record MemoryStatistics(
        int samples,
        double ridge,
        List<Double> recall,
        double cosine) {

    /**
     * Keeps its own copy of the list.
     *
     * @param samples trained on
     * @param ridge of the regression
     * @param recall for each recalled sample
     * @param cosine of the signal
     */
    public MemoryStatistics {
        recall = List.copyOf(recall);
    }

    /**
     * The capacity of the reservoir with its readout (Jaeger 2001): recall, summed over the samples.
     *
     * @return samples
     */
    public double capacity() {
        return recall.stream().mapToDouble(Double::doubleValue).sum();
    }
}
