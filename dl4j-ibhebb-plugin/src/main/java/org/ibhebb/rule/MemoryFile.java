package org.ibhebb.rule;

import java.io.Serializable;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What a rule, and with it a saved model, keeps of the memory network that recalls its windows: which one it is, not
 * what is in it.
 *
 * @serial exclude
 * @param file where it was read from or written to; null for one that is in no file
 * @param checksum tells it apart from all others: the SHA-256 of its content, in hexadecimal
 * @param units of its reservoir
 * @param width how many columns of a quantity one reservoir remembers
 * @param recall samples that a window can have at most, the current ones included; at least 2
 */
public record MemoryFile(
        @JsonProperty("file") String file,
        @JsonProperty("checksum") String checksum,
        @JsonProperty("units") int units,
        @JsonProperty("width") int width,
        @JsonProperty("recall") int recall) implements PretrainedMemory, Serializable {

    /**
     * Used by JSON; {@code MemoryNetwork} makes its own.
     *
     * @param file where it was read from or written to
     * @param checksum of its content
     * @param units of its reservoir
     * @param width of a block of columns
     * @param recall samples in a window
     * @throws IllegalArgumentException if the checksum is missing or a size is out of range
     */
    @JsonCreator
    public MemoryFile {
        Checks.present(checksum, "the memory network's checksum");
        Checks.atLeast(1, units, "the memory network's units");
        Checks.atLeast(1, width, "the memory network's width");
        Checks.atLeast(2, recall, "the memory network's recall");
    }

    @Override
    public MemoryFile reference() {
        return this;
    }

    @Override
    public String toString() {
        return (file == null ? "a memory network in no file" : "the memory network " + file) + " (" + units
                + " units, recall " + recall + ", checksum " + checksum.substring(0, Math.min(12, checksum.length()))
                + ")";
    }
}
