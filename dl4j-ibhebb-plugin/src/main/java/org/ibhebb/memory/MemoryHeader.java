package org.ibhebb.memory;

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
record MemoryHeader(
        @JsonProperty(value = "version", required = true) int version,
        @JsonProperty(value = "units", required = true) int units,
        @JsonProperty(value = "width", required = true) int width,
        @JsonProperty(value = "recall", required = true) int recall,
        @JsonProperty(value = "labelWidth", required = true) int labelWidth,
        @JsonProperty(value = "inputWidth", required = true) int inputWidth,
        @JsonProperty(value = "decay", required = true) float decay,
        @JsonProperty(value = "seed", required = true) long seed,
        @JsonProperty(value = "statistics", required = true) MemoryStatistics statistics,
        @JsonProperty("checksum") String checksum) {

    /** The version that is written, and the only one there has been. */
    static final int VERSION = 1;

    @JsonCreator
    MemoryHeader {
        if (units < 1 || width < 1 || recall < 2 || labelWidth < 1 || inputWidth < 1 || !(decay > 0 && decay < 1)
                || statistics == null) {
            throw new IllegalArgumentException("units " + units + ", width " + width + ", recall " + recall
                    + ", label width " + labelWidth + ", input width " + inputWidth + ", decay " + decay
                    + (statistics == null ? ", no statistics" : ""));
        }
    }

    MemoryHeader with(MemoryStatistics statistics, String checksum) {
        return new MemoryHeader(
                version, units, width, recall, labelWidth, inputWidth, decay, seed, statistics, checksum);
    }

    /** Weights of the readout. */
    long weights() {
        return Math.multiplyExact(Math.multiplyExact((long) units, recall - 1), width);
    }
}
