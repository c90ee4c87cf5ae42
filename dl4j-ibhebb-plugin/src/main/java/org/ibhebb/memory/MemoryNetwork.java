package org.ibhebb.memory;

import java.io.IOException;
import java.nio.file.Path;
import org.ibhebb.internal.memory.MemoryHeader;
import org.ibhebb.internal.memory.Recaller;
import org.ibhebb.rule.MemoryFile;
import org.ibhebb.rule.PretrainedMemory;

/**
 * A working memory that is a network: a reservoir, driven by one sample after the other, and a linear readout that
 * recalls from its state the samples that came last. It is pretrained once ({@link MemoryPretrainer}), on synthetic
 * streams, before and independently of any task, and then serves all networks, layers, labels and inputs: each quantity
 * is split into blocks of {@link #width} columns, and each block drives a reservoir of its own (one wiring and one
 * readout, as many states as there are blocks). It takes the same memory and time however long the stream is.
 *
 * <pre>{@code
 * LearningRule rule = LearningRule.builder().memory(MemoryNetwork.load(Path.of("memory.ibmem"))).build();
 * }</pre>
 *
 * <p>Immutable. Each one that was loaded or pretrained is kept, once a {@link #checksum}, because a rule (and a saved
 * model with it) says only which memory network it needs: training then finds it here, or else in a file of the name
 * that the rule gives: where it was, in a folder that {@code -Dibhebb.memory.path} lists, or in the working directory.
 * One that is in a file is dropped when memory gets scarce and nothing uses it; one that is in no file is kept for as
 * long as the JVM runs.
 */
public final class MemoryNetwork implements PretrainedMemory {

    private final Recaller recaller;

    MemoryNetwork(Recaller recaller) {
        this.recaller = recaller;
    }

    /**
     * Reads a memory network.
     *
     * @param path what {@link #save} wrote
     * @return the memory network
     * @throws IOException if there is no such file, or with one sentence that says what is wrong with it
     */
    public static MemoryNetwork load(Path path) throws IOException {
        return new MemoryNetwork(Recaller.load(path));
    }

    /**
     * Writes the memory network: all of the file is there in the end, or nothing has changed.
     *
     * @param path of the file, {@code .ibmem} by custom; replaced if it exists
     * @return the same memory network; rules that are given it name this file
     * @throws IOException if the file can't be written
     */
    public MemoryNetwork save(Path path) throws IOException {
        return new MemoryNetwork(recaller.save(path));
    }

    @Override
    public MemoryFile reference() {
        return recaller.reference();
    }

    /**
     * Units of the reservoir that a block of columns drives.
     *
     * @return at least 1
     */
    public int units() {
        return recaller.units();
    }

    /**
     * How many columns of a quantity drive one reservoir.
     *
     * @return at least 1
     */
    public int width() {
        return recaller.width();
    }

    /**
     * Samples that a window can have at most, the current ones included: one more than are recalled.
     *
     * @return at least 2
     */
    public int recall() {
        return recaller.recall();
    }

    /**
     * By what a trace of a sample is multiplied at each further sample.
     *
     * @return above 0 and below 1
     */
    public double decay() {
        return recaller.decay();
    }

    /**
     * Dimensions to which wider network inputs are projected.
     *
     * @return at least 1
     */
    public int inputWidth() {
        return recaller.inputWidth();
    }

    /**
     * What its wiring, its training streams and the projection of inputs were drawn from.
     *
     * @return the seed
     */
    public long seed() {
        return recaller.seed();
    }

    /**
     * What it was trained on and what it reached on streams that it had not seen.
     *
     * @return the statistics
     */
    public MemoryStatistics statistics() {
        MemoryHeader.Measured measured = recaller.measured();
        return new MemoryStatistics(measured.samples(), measured.ridge(), measured.recall(), measured.cosine());
    }

    /**
     * Tells it apart from all others.
     *
     * @return the SHA-256 of header and arrays, in hexadecimal
     */
    public String checksum() {
        return recaller.checksum();
    }

    @Override
    public String toString() {
        return reference().toString();
    }
}
