package org.ibhebb.samples.stream;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.ibhebb.stream.StreamingNetwork;

/** A few samples of a source at a time, each of which is predicted and then learnt. */
final class Block {

    /** The most that there are. */
    static final int SIZE = 64;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Source source;
    private final float[] rows;
    private final int[] labels = new int[SIZE];
    private int count;

    Block(Source source) {
        this.source = source;
        this.rows = new float[SIZE * source.inputs()];
    }

    /**
     * Reads the next ones.
     *
     * @param most how many are wanted at most
     * @param goesOn asked before each
     * @return whether there may be more after these
     */
    boolean read(long most, BooleanSupplier goesOn) throws IOException {
        count = 0;
        while (count < SIZE && count < most && goesOn.getAsBoolean()) {
            int label = source.next(rows, count * source.inputs());
            if (label < 0) {
                break;
            }
            labels[count++] = label;
        }
        return count == SIZE;
    }

    /** How many were read last. */
    int count() {
        return count;
    }

    /**
     * Has them predicted and learnt.
     *
     * @param seen is told of each
     * @return nanoseconds of this thread's processor time that it took
     */
    long learn(OnlineLearner learner, Prequential seen) {
        int[] predicted = new int[count];
        learner.take(rows, labels, count);
        long start = THREADS.getCurrentThreadCpuTime();
        learner.learn(predicted);
        long nanos = THREADS.getCurrentThreadCpuTime() - start;
        for (int i = 0; i < count; i++) {
            seen.add(predicted[i], labels[i]);
        }
        return nanos;
    }

    /**
     * Predicts and learns them.
     *
     * @param seen is told of each
     * @return nanoseconds that it took
     */
    long learn(StreamingNetwork stream, Prequential seen) {
        if (count == 0) {
            return 0;
        }
        int classes = source.classes();
        float[] predictions = new float[count * classes];
        float[] all = count == SIZE ? rows : Arrays.copyOf(rows, count * source.inputs());
        int[] known = count == SIZE ? labels : Arrays.copyOf(labels, count);
        long start = System.nanoTime();
        stream.learn(all, known, predictions);
        long nanos = System.nanoTime() - start;
        for (int i = 0; i < count; i++) {
            seen.add(Classes.best(predictions, i * classes, classes), known[i]);
        }
        return nanos;
    }
}
