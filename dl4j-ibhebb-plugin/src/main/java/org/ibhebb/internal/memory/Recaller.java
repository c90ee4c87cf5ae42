package org.ibhebb.internal.memory;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.ibhebb.rule.MemoryFile;
import org.ibhebb.rule.PretrainedMemory;

/**
 * What recalls the samples that came last: a reservoir, driven by one sample after the other, and a linear readout. It is
 * what {@code org.ibhebb.memory.MemoryNetwork} shows to users. Each one that was loaded or pretrained is kept, once a
 * {@link #checksum}; one that is in a file is dropped when memory gets scarce and nothing uses it, for it can be had
 * again.
 */
public final class Recaller implements PretrainedMemory {

    /** By checksum: held firmly where there is no file that has it, softly where there is one. */
    private static final Map<String, Supplier<Recaller>> KNOWN = new ConcurrentHashMap<>();

    private final MemoryHeader header;
    private final Reservoir reservoir;
    /** For each unit, its weights to all columns of the newest sample, then of the one before, and so on. */
    private final float[] readout;
    private final String file;

    Recaller(MemoryHeader header, Reservoir reservoir, float[] readout, String file) {
        this.header = header;
        this.reservoir = reservoir;
        this.readout = readout;
        this.file = file;
    }

    /**
     * Reads a memory network.
     *
     * @param path what {@link #save} wrote
     * @return the memory network
     * @throws IOException if there is no such file, or with one sentence that says what is wrong with it
     */
    public static Recaller load(Path path) throws IOException {
        return MemoryNetworkFile.read(path).known();
    }

    /**
     * Makes it one that rules find.
     *
     * @return this
     */
    public Recaller known() {
        // Those that were dropped leave nothing behind.
        KNOWN.values().removeIf(kept -> kept.get() == null);
        SoftReference<Recaller> soft = new SoftReference<>(this);
        KNOWN.put(header.checksum(), file == null ? () -> this : soft::get);
        return this;
    }

    /** For one that was made to be measured and is not used any more. */
    public void forget() {
        KNOWN.remove(header.checksum());
    }

    /** How many are kept. */
    static int kept() {
        return (int) KNOWN.values().stream().filter(each -> each.get() != null).count();
    }

    /** What happens when memory gets scarce. */
    static void dropWhatFilesHave() {
        KNOWN.values().removeIf(each -> each.get() == null || each.get().file != null);
    }

    /**
     * The one that a rule names.
     *
     * @param reference what the rule says of it
     * @return the one that is kept under that checksum, or else in that file
     * @throws IllegalStateException if it can't be had, saying why and what to do
     */
    public static Recaller of(MemoryFile reference) {
        Supplier<Recaller> kept = KNOWN.get(reference.checksum());
        Recaller known = kept == null ? null : kept.get();
        if (known != null) {
            return known;
        }
        String remedy = ": put the file back, or MemoryNetwork.load a copy of it before training. Without it the"
                + " network can be used, but not trained";
        String missing = ", which is not there" + (reference.file() == null ? "" : " (neither as " + reference.file()
                + ", nor in a folder that -Dibhebb.memory.path lists, nor in the working directory)");
        Exception cause = null;
        for (Path path : reference.candidates()) {
            try {
                Recaller found = MemoryNetworkFile.read(path);
                if (found.checksum().equals(reference.checksum())) {
                    return found.known();
                }
                missing = ", but " + path + " now holds another one, with checksum "
                        + found.checksum().substring(0, 12);
            } catch (IOException e) {
                missing = ", which can't be read (" + e.getMessage() + ")";
                cause = e;
            }
        }
        throw new IllegalStateException("training needs " + reference + missing + remedy, cause);
    }

    /**
     * Writes the memory network: all of the file is there in the end, or nothing has changed.
     *
     * @param path of the file, {@code .ibmem} by custom; replaced if it exists
     * @return the same memory network; rules that are given it name this file
     * @throws IOException if the file can't be written
     */
    public Recaller save(Path path) throws IOException {
        MemoryNetworkFile.write(path, this);
        return new Recaller(header, reservoir, readout, path.toAbsolutePath().normalize().toString()).known();
    }

    @Override
    public MemoryFile reference() {
        return new MemoryFile(file, checksum(), units(), width(), recall());
    }

    /**
     * Units of the reservoir that a block of columns drives.
     *
     * @return at least 1
     */
    public int units() {
        return header.units();
    }

    /**
     * How many columns of a quantity drive one reservoir.
     *
     * @return at least 1
     */
    public int width() {
        return header.width();
    }

    /**
     * Samples that a window can have at most, the current ones included: one more than are recalled.
     *
     * @return at least 2
     */
    public int recall() {
        return header.recall();
    }

    /**
     * By what a trace of a sample is multiplied at each further sample.
     *
     * @return above 0 and below 1
     */
    public double decay() {
        return header.decay();
    }

    /**
     * Dimensions to which wider network inputs are projected.
     *
     * @return at least 1
     */
    public int inputWidth() {
        return header.inputWidth();
    }

    /**
     * What its wiring, its training streams and the projection of inputs were drawn from.
     *
     * @return the seed
     */
    public long seed() {
        return header.seed();
    }

    /**
     * What it was trained on and what it reached on streams that it had not seen.
     *
     * @return as its file says
     */
    public MemoryHeader.Measured measured() {
        return header.statistics();
    }

    /**
     * Tells it apart from all others.
     *
     * @return the SHA-256 of header and arrays, in hexadecimal
     */
    public String checksum() {
        return header.checksum();
    }

    MemoryHeader header() {
        return header;
    }

    Reservoir reservoir() {
        return reservoir;
    }

    float[] readout() {
        return readout;
    }

    /**
     * A new one, which is not kept yet.
     *
     * @param header without a checksum, which is formed here
     * @param reservoir what the header describes
     * @param readout for each unit, its weights to all columns of the newest sample, then of the one before, and so on
     * @return it, in no file
     */
    public static Recaller sealed(MemoryHeader header, Reservoir reservoir, float[] readout) {
        String checksum = MemoryNetworkFile.checksum(header, reservoir, readout);
        return new Recaller(header.with(header.statistics(), checksum), reservoir, readout, null);
    }

    /** How many reservoirs a quantity of so many columns drives. */
    int blocks(int columns) {
        return (columns + width() - 1) / width();
    }

    /**
     * Takes in a sample.
     *
     * @param states of all blocks' reservoirs; changed in place
     * @param sample its columns
     * @param columns how many
     */
    public void step(float[] states, float[] sample, int columns) {
        for (int block = 0; block < blocks(columns); block++) {
            int from = block * width();
            reservoir.step(states, block * units(), sample, from, Math.min(width(), columns - from));
        }
    }

    /**
     * Recalls the samples that were taken in last.
     *
     * @param states of all blocks' reservoirs
     * @param columns of a sample
     * @param samples how many to recall, less than {@link #recall}
     * @param recalled receives their columns, the newest sample first
     */
    public void recall(float[] states, int columns, int samples, float[] recalled) {
        Readout.multiply(readout, (recall() - 1) * width(), width(), states, units(), columns, samples, recalled);
    }

    @Override
    public String toString() {
        return reference().toString();
    }
}
