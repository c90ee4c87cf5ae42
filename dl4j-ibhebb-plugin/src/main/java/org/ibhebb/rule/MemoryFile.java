package org.ibhebb.rule;

import java.io.Serializable;
import java.util.Objects;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What a rule, and with it a saved model, keeps of the memory network that recalls its windows: which one it is, not
 * what is in it. Immutable.
 */
public final class MemoryFile implements PretrainedMemory, Serializable {

    /** Null for a memory network that is in no file. */
    private final String file;
    /** Tells it apart from all others. */
    private final String checksum;
    /** Of its reservoir. */
    private final int units;
    /** Columns of a quantity. */
    private final int width;
    /** Samples. */
    private final int recall;

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
    public MemoryFile(
            @JsonProperty("file") String file,
            @JsonProperty("checksum") String checksum,
            @JsonProperty("units") int units,
            @JsonProperty("width") int width,
            @JsonProperty("recall") int recall) {
        Checks.present(checksum, "the memory network's checksum");
        Checks.atLeast(1, units, "the memory network's units");
        Checks.atLeast(1, width, "the memory network's width");
        Checks.atLeast(2, recall, "the memory network's recall");
        this.file = file;
        this.checksum = checksum;
        this.units = units;
        this.width = width;
        this.recall = recall;
    }

    /**
     * Where it was read from or written to.
     *
     * @return null for one that is in no file
     */
    @JsonProperty("file")
    public String file() {
        return file;
    }

    /**
     * What tells it apart from all others.
     *
     * @return the SHA-256 of its content, in hexadecimal
     */
    @JsonProperty("checksum")
    public String checksum() {
        return checksum;
    }

    /**
     * The size of its reservoir.
     *
     * @return units
     */
    @JsonProperty("units")
    public int units() {
        return units;
    }

    /**
     * How many columns of a quantity one reservoir remembers.
     *
     * @return columns
     */
    @JsonProperty("width")
    public int width() {
        return width;
    }

    /**
     * How many samples a window can have at most, the current ones included.
     *
     * @return at least 2
     */
    @JsonProperty("recall")
    public int recall() {
        return recall;
    }

    @Override
    public MemoryFile reference() {
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MemoryFile that
                && Objects.equals(file, that.file)
                && checksum.equals(that.checksum)
                && units == that.units
                && width == that.width
                && recall == that.recall;
    }

    @Override
    public int hashCode() {
        return Objects.hash(file, checksum, units, width, recall);
    }

    @Override
    public String toString() {
        return (file == null ? "a memory network in no file" : "the memory network " + file) + " (" + units
                + " units, recall " + recall + ", checksum " + checksum.substring(0, Math.min(12, checksum.length()))
                + ")";
    }
}
