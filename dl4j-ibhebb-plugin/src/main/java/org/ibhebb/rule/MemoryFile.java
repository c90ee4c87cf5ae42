package org.ibhebb.rule;

import java.io.File;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What a rule, and with it a saved model, keeps of the memory network that recalls its windows: which one it is, not
 * what is in it. The checksum tells; the file is where to look first, and only its name is written down, for its place
 * on one machine means nothing on another. Immutable.
 */
public final class MemoryFile implements PretrainedMemory, Serializable {

    /** Folders in which memory networks' files are looked for, separated as those of a class path. */
    private static final String FOLDERS = "ibhebb.memory.path";

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
     * @param file where it was read from or written to, or the file's name; null for none
     * @param checksum of its content
     * @param units of its reservoir
     * @param width of a block of columns
     * @param recall samples in a window
     * @throws IllegalArgumentException if the checksum is missing, a size is out of range, or the file's name has a
     *     character that no name of a file has
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
        if (file != null && (file.isBlank() || file.indexOf('\0') >= 0)) {
            throw new IllegalArgumentException("the memory network's file ('" + file.replace("\0", "\\0")
                    + "') is not the name of a file");
        }
        this.file = file;
        this.checksum = checksum;
        this.units = units;
        this.width = width;
        this.recall = recall;
    }

    /**
     * Where it was read from or written to; of a saved model the file's name alone, but for models of version 0.1,
     * which have all of the path.
     *
     * @return null for one that is in no file
     */
    public String file() {
        return file;
    }

    /** The name without folders, those of another system's paths too. */
    @JsonProperty("file")
    private String name() {
        return file == null ? null : file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    }

    /**
     * The files that may hold it: where it was, and files of its name in the folders that the system property
     * {@code ibhebb.memory.path} lists (separated as those of a class path) and in the working directory.
     *
     * @return those that are there, without a look into them; empty for one that is in no file
     */
    public List<Path> candidates() {
        if (file == null) {
            return List.of();
        }
        Stream<String> listed = Stream.of(System.getProperty(FOLDERS, "").split(Pattern.quote(File.pathSeparator)))
                .filter(folder -> !folder.isBlank())
                .map(folder -> folder + File.separator + name());
        return Stream.of(Stream.of(file), listed, Stream.of(name()))
                .flatMap(paths -> paths)
                .flatMap(MemoryFile::path)
                .filter(Files::isRegularFile)
                .distinct()
                .toList();
    }

    /** Nothing for what is no path on this system. */
    private static Stream<Path> path(String text) {
        try {
            return Stream.of(Path.of(text).toAbsolutePath().normalize());
        } catch (InvalidPathException foreign) {
            return Stream.empty();
        }
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

    /** Where the file is makes no difference: equal ones recall the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof MemoryFile that
                && checksum.equals(that.checksum)
                && units == that.units
                && width == that.width
                && recall == that.recall;
    }

    @Override
    public int hashCode() {
        return Objects.hash(checksum, units, width, recall);
    }

    @Override
    public String toString() {
        return (file == null ? "a memory network in no file" : "the memory network " + name()) + " (" + units
                + " units, recall " + recall + ", checksum " + checksum.substring(0, Math.min(12, checksum.length()))
                + ")";
    }
}
