package org.ibhebb.listeners;

import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.ibhebb.internal.arithmetic.OperationCounter;
import org.ibhebb.internal.arithmetic.OperationCounter.Count;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a training really asks of the plugin's arithmetic, where {@link org.ibhebb.ledger.Ledger} says what it
 * would by shapes alone: how many operands are not 0 depends on the data, and on what the network has learnt.
 *
 * <pre>{@code
 * try (OperationMeter meter = new OperationMeter()) {
 *     net.addListeners(meter);
 *     net.fit(data);
 *     meter.perStep().forEach((operation, mean) -> ...);
 * }
 * }</pre>
 *
 * <p>It counts from the end of the first iteration that it sees to the end of the last one, all networks of this JVM
 * together, and what is asked of them in between: train one, and do nothing else meanwhile. There is one meter at a
 * time; a later one takes the place of an earlier one, which counts nothing any more. Training takes longer, for zeros
 * are counted, but goes on to the same bits. What Deeplearning4j computes by itself is not counted.
 */
public final class OperationMeter extends BaseTrainingListener implements AutoCloseable {

    /**
     * What operations of one name come to in a training step, on average.
     *
     * @param calls how many there are
     * @param read bytes
     * @param written bytes
     * @param macs multiply-accumulates of dense data
     * @param effectiveMacs those of which the presynaptic operand is not 0; without the next ones
     * @param effectiveAcs those of an array of zeros and ones, such as spikes, in which it is 1: additions
     */
    public record Operation(double calls, double read, double written, double macs, double effectiveMacs,
            double effectiveAcs) {}

    private final Map<String, Count> sums = new TreeMap<>();
    private @Nullable OperationCounter counter;
    private long steps;
    private boolean closed;

    /** A meter that has counted nothing yet. */
    public OperationMeter() {}

    @Override
    public synchronized void iterationDone(Model model, int iteration, int epoch) {
        if (closed) {
            return;
        }
        if (counter == null) {
            counter = OperationCounter.start();
            return;
        }
        counter.counts().forEach((name, count) -> sums.merge(name, count, Count::plus));
        counter.reset();
        steps++;
    }

    /**
     * How many training steps have been counted.
     *
     * @return one less than the meter has seen
     */
    public synchronized long steps() {
        return steps;
    }

    /**
     * What a step comes to.
     *
     * @return by the operations' names, as those of a ledger's rows that are {@linkplain
     *     org.ibhebb.ledger.Ledger.Row#seam of the plugin's arithmetic}; empty before the second iteration
     */
    public synchronized Map<String, Operation> perStep() {
        Map<String, Operation> means = new TreeMap<>();
        sums.forEach((name, sum) -> means.put(name, new Operation(mean(sum.calls()), mean(sum.read()),
                mean(sum.written()), mean(sum.macs()), mean(sum.effectiveMacs()), mean(sum.effectiveAcs()))));
        return means;
    }

    private double mean(long sum) {
        return (double) sum / steps;
    }

    /** Ends the counting; what was counted can still be asked for. */
    @Override
    public synchronized void close() {
        if (counter != null) {
            counter.close();
            counter = null;
        }
        closed = true;
    }
}
