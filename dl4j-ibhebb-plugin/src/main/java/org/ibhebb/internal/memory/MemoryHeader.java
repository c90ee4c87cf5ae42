package org.ibhebb.internal.memory;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.annotation.JsonPropertyOrder;

/**
 * What the file of a memory network says about it, before its arrays.
 *
 * @param checksum null while it is being formed: it covers the rest of the header and the arrays
 */
@JsonPropertyOrder({"version", "units", "width", "recall", "labelWidth", "inputWidth", "decay", "seed", "statistics",
    "checksum"})
public record MemoryHeader(
        @JsonProperty(value = "version", required = true) int version,
        @JsonProperty(value = "units", required = true) int units,
        @JsonProperty(value = "width", required = true) int width,
        @JsonProperty(value = "recall", required = true) int recall,
        @JsonProperty(value = "labelWidth", required = true) int labelWidth,
        @JsonProperty(value = "inputWidth", required = true) int inputWidth,
        @JsonProperty(value = "decay", required = true) float decay,
        @JsonProperty(value = "seed", required = true) long seed,
        @JsonProperty(value = "statistics", required = true) Measured statistics,
        @JsonProperty("checksum") String checksum) {

    /** The version that is written, and the only one there has been. */
    public static final int VERSION = 1;

    /**
     * A header.
     *
     * @throws IllegalArgumentException if a size is out of range
     */
    @JsonCreator
    public MemoryHeader {
        if (units < 1 || width < 1 || recall < 2 || labelWidth < 1 || inputWidth < 1 || !(decay > 0 && decay < 1)
                || statistics == null) {
            throw new IllegalArgumentException("units " + units + ", width " + width + ", recall " + recall
                    + ", label width " + labelWidth + ", input width " + inputWidth + ", decay " + decay
                    + (statistics == null ? ", no statistics" : ""));
        }
    }

    /** The same, but for these. */
    public MemoryHeader with(Measured statistics, String checksum) {
        return new MemoryHeader(
                version, units, width, recall, labelWidth, inputWidth, decay, seed, statistics, checksum);
    }

    /** Weights of the readout. */
    long weights() {
        return Math.multiplyExact(Math.multiplyExact((long) units, recall - 1), width);
    }

    /**
     * How it was trained, and what it does on synthetic streams that it was not trained on.
     *
     * @param samples it was trained on
     * @param ridge added to the diagonal of the states' second moments
     * @param recall for each recalled sample, the newest first, the part of its variance that is recalled
     * @param cosine of the default rule's signal to that of an exact memory of as many samples
     */
    @JsonPropertyOrder({"samples", "ridge", "recall", "cosine"})
    public record Measured(
            @JsonProperty(value = "samples", required = true) int samples,
            @JsonProperty(value = "ridge", required = true) double ridge,
            @JsonProperty(value = "recall", required = true) List<Double> recall,
            @JsonProperty(value = "cosine", required = true) double cosine) {

        /** Keeps its own copy of the list. */
        @JsonCreator
        public Measured {
            recall = List.copyOf(recall);
        }
    }
}
