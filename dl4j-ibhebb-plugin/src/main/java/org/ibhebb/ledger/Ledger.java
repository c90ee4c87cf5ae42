package org.ibhebb.ledger;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one training step reads, writes, computes and keeps, operation by operation, by arithmetic on shapes: nothing is
 * trained for it. Working memory is taken to be full, and data to be dense where nothing else was said.
 *
 * <p>There are three levels of reuse. Each pass of an operation over an array counts, and within a pass each value once,
 * which is what memory sees where the caches hold what is worked on at a time, and no whole array: {@link #bytes}. Where more fits, what an operation left is still there for the next one: {@link
 * #traffic(long)}. Where nothing is reused each multiply-accumulate fetches its operands: {@link #operandBytes}.
 */
public final class Ledger {

    /** What an array holds. */
    public enum Kind {
        /** Samples and labels as they come. */
        DATA,
        /** Weights and biases. */
        PARAMETERS,
        /** Of parameters. */
        GRADIENT,
        /** What an updater, a gain or a layer's readout keeps from step to step. */
        STATE,
        /** What working memory keeps of earlier samples. */
        MEMORY,
        /** What a forward pass makes of a mini-batch, of any layer. */
        ACTIVATION,
        /** Errors and modulatory signals of a mini-batch. */
        SIGNAL,
        /** Intermediate results inside an operation. */
        SCRATCH
    }

    /** The parts of a step. */
    public enum Phase {
        /** Activations. */
        FORWARD,
        /** Errors, signals and gradients. */
        LEARNING,
        /** Parameters change. */
        UPDATE
    }

    /**
     * One array in one operation.
     *
     * @param array its name, by which operations that share it are known
     * @param kind what it holds
     * @param size of the whole array, in bytes
     * @param read bytes
     * @param written bytes
     */
    public record Access(String array, Kind kind, long size, long read, long written) {}

    /**
     * One operation.
     *
     * @param layer whose it is
     * @param phase of the step
     * @param operation its name; that of an operation of the plugin's arithmetic where it is one
     * @param seam whether it is one of the plugin's arithmetic, and else Deeplearning4j's
     * @param visit how many layers have been visited when it is done, each visit of a layer counted
     * @param macs multiply-accumulates of dense data
     * @param effectiveMacs those of which no operand is 0, and none is a spike
     * @param effectiveAcs those of which one operand is a spike, so that the other is added and nothing is multiplied
     * @param accesses the arrays, one access for each pass over one
     */
    public record Row(String layer, Phase phase, String operation, boolean seam, int visit, long macs,
            long effectiveMacs, long effectiveAcs, List<Access> accesses) {

        /**
         * What it reads.
         *
         * @return bytes
         */
        public long read() {
            return accesses.stream().mapToLong(Access::read).sum();
        }

        /**
         * What it writes.
         *
         * @return bytes
         */
        public long written() {
            return accesses.stream().mapToLong(Access::written).sum();
        }
    }

    /**
     * How far apart a layer's numbers are made and used.
     *
     * @param layer its name
     * @param updatePath how many other layers an error crosses before it changes this one's synapses
     * @param latency visits of layers between the layer's own forward pass and the change of its synapses
     */
    public record Distance(String layer, int updatePath, int latency) {}

    /**
     * How long an array is kept.
     *
     * @param array its name
     * @param kind what it holds
     * @param bytes its size
     * @param made how many layers had been visited then
     * @param used the same, when it is used for the last time
     */
    public record Lifetime(String array, Kind kind, long bytes, int made, int used) {

        /**
         * Size times time.
         *
         * @return bytes x visits of layers, a visit for one that is used up at once
         */
        public long byteVisits() {
            return bytes * (used - made + 1);
        }
    }

    private final String title;
    private final int samples;
    private final int valueBytes;
    private final List<Row> rows;
    private final List<Distance> distances;
    private final boolean released;

    /**
     * A ledger; {@code IbHebb.ledger} makes one of a configuration.
     *
     * @param title says of what
     * @param samples of the step
     * @param valueBytes of a number
     * @param released whether an array's memory is used again once nobody needs it any more, and not at the end of a step
     * @param rows in the order in which they are done
     * @param distances of the layers that learn
     */
    public Ledger(String title, int samples, int valueBytes, boolean released, List<Row> rows,
            List<Distance> distances) {
        this.title = title;
        this.samples = samples;
        this.valueBytes = valueBytes;
        this.released = released;
        this.rows = List.copyOf(rows);
        this.distances = List.copyOf(distances);
    }

    /**
     * Of what it is.
     *
     * @return in words
     */
    public String title() {
        return title;
    }

    /**
     * How many samples the step learns from.
     *
     * @return at least 1
     */
    public int samples() {
        return samples;
    }

    /**
     * All operations.
     *
     * @return in the order in which they are done
     */
    public List<Row> rows() {
        return rows;
    }

    /**
     * How far each layer that learns is from what it learns by.
     *
     * @return from the input on
     */
    public List<Distance> distances() {
        return distances;
    }

    /**
     * What all operations read.
     *
     * @return bytes a step, an array as often as operations pass over it
     */
    public long bytesRead() {
        return rows.stream().mapToLong(Row::read).sum();
    }

    /**
     * What all operations write.
     *
     * @return bytes a step, an array as often as operations pass over it
     */
    public long bytesWritten() {
        return rows.stream().mapToLong(Row::written).sum();
    }

    /**
     * What all operations read and write.
     *
     * @return bytes a step, an array as often as operations pass over it
     */
    public long bytes() {
        return bytesRead() + bytesWritten();
    }

    /**
     * Read and written bytes by what arrays hold.
     *
     * @return one entry a kind that there is
     */
    public Map<Kind, Long> bytesByKind() {
        Map<Kind, Long> sums = new EnumMap<>(Kind.class);
        rows.forEach(row -> row.accesses().forEach(access ->
                sums.merge(access.kind(), access.read() + access.written(), Long::sum)));
        return sums;
    }

    /**
     * Read and written bytes by operation.
     *
     * @return one entry an operation, in the order of their first use
     */
    public Map<String, Long> bytesByOperation() {
        Map<String, Long> sums = new LinkedHashMap<>();
        rows.forEach(row -> sums.merge(row.operation(), row.read() + row.written(), Long::sum));
        return sums;
    }

    /**
     * Multiply-accumulates on dense data.
     *
     * @return a step
     */
    public long macs() {
        return rows.stream().mapToLong(Row::macs).sum();
    }

    /**
     * Multiply-accumulates of which no operand is 0, and none is a spike: NeuroBench's effective MACs.
     *
     * @return a step
     */
    public long effectiveMacs() {
        return rows.stream().mapToLong(Row::effectiveMacs).sum();
    }

    /**
     * Those of which one operand is a spike, so that they are additions: NeuroBench's effective ACs.
     *
     * @return a step
     */
    public long effectiveAcs() {
        return rows.stream().mapToLong(Row::effectiveAcs).sum();
    }

    /**
     * Dense synaptic operations of a forward pass, as NeuroBench counts them: one for each synapse and sample.
     *
     * @return a step
     */
    public long synapticOperations() {
        return rows.stream().filter(row -> row.phase() == Phase.FORWARD).mapToLong(Row::macs).sum();
    }

    /**
     * What is fetched where nothing is reused: both operands of every multiply-accumulate.
     *
     * @return bytes a step
     */
    public long operandBytes() {
        return 2L * valueBytes * macs();
    }

    /**
     * What goes between memory and a cache, in the steady state: a fully associative one that holds whole arrays, drops
     * what was used longest ago, and writes back what has changed when it drops it. Arrays that live no longer than a
     * step, and were not dropped, are never written back. An array larger than the cache is never held.
     *
     * @param cacheBytes 0 for none, where it is {@link #bytes}
     * @return bytes a step
     * @throws IllegalArgumentException if it is below 0
     */
    public long traffic(long cacheBytes) {
        return inSteadyState(cacheBytes).moved;
    }

    /**
     * What comes into such a cache, as simulators of caches count it: also what is going to be overwritten is fetched,
     * and what is written back does not count.
     *
     * @param cacheBytes 0 for none
     * @return bytes a step
     * @throws IllegalArgumentException if it is below 0
     */
    public long fetched(long cacheBytes) {
        return inSteadyState(cacheBytes).fetched;
    }

    private Cache inSteadyState(long cacheBytes) {
        if (cacheBytes < 0) {
            throw new IllegalArgumentException("a cache of " + cacheBytes + " bytes: there is none below 0");
        }
        Cache cache = new Cache(cacheBytes);
        pass(cache);
        cache.moved = 0;
        cache.fetched = 0;
        pass(cache);
        return cache;
    }

    private void pass(Cache cache) {
        rows.forEach(row -> row.accesses().forEach(cache::use));
        cache.endStep();
    }

    /**
     * How long what a step makes of its mini-batch is kept.
     *
     * @return activations and signals, in the order in which they are made
     */
    public List<Lifetime> lifetimes() {
        List<Lifetime> all = new ArrayList<>();
        lives().forEach(life -> all.add(new Lifetime(life.access.array(), life.access.kind(), life.access.size(),
                rows.get(life.from).visit(), rows.get(life.to).visit())));
        return all;
    }

    /**
     * The most memory that activations and signals need at one time, if each is released once nobody needs it any more.
     *
     * @return bytes
     */
    public long peakActivations() {
        long[] changes = new long[rows.size() + 1];
        for (Life life : lives()) {
            changes[life.from] += life.access.size();
            changes[life.to + 1] -= life.access.size();
        }
        long now = 0;
        long most = 0;
        for (long change : changes) {
            now += change;
            most = Math.max(most, now);
        }
        return most;
    }

    /**
     * The memory that activations take as the step is run: all of a forward pass's together where they are kept until the
     * step's end, as Deeplearning4j's workspaces do; otherwise {@link #peakActivations}.
     *
     * @return bytes, without errors and signals where activations are kept until the end
     */
    public long heldActivations() {
        if (released) {
            return peakActivations();
        }
        Map<String, Long> sizes = new HashMap<>();
        rows.forEach(row -> row.accesses().forEach(access -> {
            if (access.kind() == Kind.ACTIVATION) {
                sizes.put(access.array(), access.size());
            }
        }));
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Memory that learning keeps from step to step, beside the parameters: of updaters, gains, readouts and samples.
     *
     * @return bytes
     */
    public long learningState() {
        Map<String, Long> sizes = new HashMap<>();
        rows.forEach(row -> row.accesses().forEach(access -> {
            if (access.kind() == Kind.STATE || access.kind() == Kind.MEMORY) {
                sizes.put(access.array(), access.size());
            }
        }));
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** An array that is written anew begins a new life. */
    private List<Life> lives() {
        List<Life> all = new ArrayList<>();
        Map<String, Life> open = new HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            for (Access access : rows.get(i).accesses()) {
                if (access.kind() != Kind.ACTIVATION && access.kind() != Kind.SIGNAL) {
                    continue;
                }
                Life life = open.get(access.array());
                if (life == null || access.read() == 0 && access.written() == access.size()) {
                    life = new Life(access, i);
                    open.put(access.array(), life);
                    all.add(life);
                }
                life.to = i;
            }
        }
        return all;
    }

    @Override
    public String toString() {
        return title + ": " + samples + (samples == 1 ? " sample, " : " samples, ") + bytes() + " bytes, " + macs()
                + " multiply-accumulates";
    }

    private static final class Life {

        final Access access;
        final int from;
        int to;

        Life(Access access, int from) {
            this.access = access;
            this.from = from;
        }
    }

    /** Whole arrays, the one used longest ago first. */
    private static final class Cache {

        private final long capacity;
        /** Bytes that have been changed, by array. */
        private final LinkedHashMap<String, Held> held = new LinkedHashMap<>(16, 0.75f, true);
        private long used;
        private long moved;
        private long fetched;

        Cache(long capacity) {
            this.capacity = capacity;
        }

        void use(Access access) {
            if (access.size() > capacity) {
                moved += access.read() + access.written();
                fetched += touched(access);
                return;
            }
            Held own = held.get(access.array());
            if (own == null) {
                // What is passed over several times is fetched once.
                moved += Math.min(access.read(), access.size());
                fetched += Math.min(touched(access), access.size());
                own = new Held(access.size(), lasts(access.kind()));
                held.put(access.array(), own);
                used += access.size();
            }
            own.changed = Math.min(access.size(), own.changed + access.written());
            for (Iterator<Map.Entry<String, Held>> oldest = held.entrySet().iterator(); used > capacity;) {
                Held dropped = oldest.next().getValue();
                moved += dropped.changed;
                used -= dropped.size;
                oldest.remove();
            }
        }

        private static long touched(Access access) {
            return Math.max(access.read(), access.written());
        }

        private static boolean lasts(Kind kind) {
            return kind == Kind.PARAMETERS || kind == Kind.STATE || kind == Kind.MEMORY;
        }

        void endStep() {
            held.values().removeIf(array -> {
                if (!array.lasts) {
                    used -= array.size;
                }
                return !array.lasts;
            });
        }
    }

    private static final class Held {

        final long size;
        final boolean lasts;
        long changed;

        Held(long size, boolean lasts) {
            this.size = size;
            this.lasts = lasts;
        }
    }
}
