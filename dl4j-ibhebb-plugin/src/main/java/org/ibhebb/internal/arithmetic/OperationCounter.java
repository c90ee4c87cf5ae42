package org.ibhebb.internal.arithmetic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts what the operations of every {@link Arithmetic} of this JVM read, write and compute, from when it is started
 * until it is closed. Arrays count once an operation, by what it uses of them; what an operation keeps to itself does not
 * count.
 */
public final class OperationCounter implements AutoCloseable {

    /**
     * What operations of one name did.
     *
     * @param calls how many there were
     * @param read bytes
     * @param written bytes
     * @param macs multiply-accumulates of dense data
     * @param effectiveMacs those of which the presynaptic operand is not 0, and not all of these are 1
     * @param effectiveAcs those of which the presynaptic operand is a 1 among zeros and ones
     */
    public record Count(
            long calls, long read, long written, long macs, long effectiveMacs, long effectiveAcs) {

        /**
         * Both together.
         *
         * @param other of the same name
         * @return the sum
         */
        public Count plus(Count other) {
            return new Count(calls + other.calls, read + other.read, written + other.written, macs + other.macs,
                    effectiveMacs + other.effectiveMacs, effectiveAcs + other.effectiveAcs);
        }
    }

    /** One operation. */
    record Operation(String name, long read, long written, long macs, long effectiveMacs, long effectiveAcs) {}

    private final List<Operation> operations = new ArrayList<>();

    private OperationCounter() {}

    /**
     * Begins to count; there is one counter at a time, and a later one takes the place of an earlier one.
     *
     * @return the counter
     */
    public static OperationCounter start() {
        OperationCounter counter = new OperationCounter();
        Arithmetics.count(counter::add);
        return counter;
    }

    private synchronized void add(Operation operation) {
        operations.add(operation);
    }

    /** Forgets what was counted so far. */
    public synchronized void reset() {
        operations.clear();
    }

    /**
     * What was counted since the start, or the last reset.
     *
     * @return by the operations' names
     */
    public synchronized Map<String, Count> counts() {
        Map<String, Count> counts = new TreeMap<>();
        operations.forEach(each -> counts.merge(each.name(),
                new Count(1, each.read(), each.written(), each.macs(),
                        each.effectiveMacs(), each.effectiveAcs()), Count::plus));
        return counts;
    }

    @Override
    public void close() {
        Arithmetics.count(null);
    }
}
