package org.ibhebb.samples.bench;

import java.util.Arrays;
import java.util.function.LongSupplier;
import org.ibhebb.samples.report.Progress;

/**
 * Times two sides in turn, A B A B ..., so that whatever else the machine does meets both: the ratio of one round is
 * that of two neighbours in time.
 */
final class Alternation {

    /** So that the 10th percentile is the second lowest. */
    static final int ROUNDS = 11;

    private final Rivals rivals;
    private final double seconds;
    private final LongSupplier nanos;

    /** @param seconds to measure for, both sides together */
    Alternation(Rivals rivals, double seconds) {
        this(rivals, seconds, System::nanoTime);
    }

    /**
     * @param seconds to measure for, both sides together
     * @param nanos the time
     */
    Alternation(Rivals rivals, double seconds, LongSupplier nanos) {
        this.rivals = rivals;
        this.seconds = seconds;
        this.nanos = nanos;
    }

    /** Warms both sides up, checks what they compute, and times them. */
    Comparison run(Progress progress) {
        rivals.ours();
        rivals.other();
        rivals.check();
        double round = seconds / (2 * ROUNDS);
        int calls = calls(rivals::ours, round);
        int otherCalls = calls(rivals::other, round);
        double[] ours = new double[ROUNDS];
        double[] other = new double[ROUNDS];
        double[] ratios = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            ours[i] = time(rivals::ours, calls);
            other[i] = time(rivals::other, otherCalls);
            ratios[i] = other[i] / ours[i];
            progress.step(1);
        }
        rivals.check();
        Arrays.sort(ours);
        Arrays.sort(other);
        Arrays.sort(ratios);
        int tenth = (ROUNDS - 1) / 10;
        int middle = ROUNDS / 2;
        return new Comparison(
                ours[middle], other[middle], ratios[middle], ratios[tenth], ratios[ROUNDS - 1 - tenth]);
    }

    /** How many calls take so long; finding out warms the side up. */
    private int calls(Runnable side, double seconds) {
        for (int calls = 1; ; calls *= 2) {
            double each = time(side, calls);
            if (calls * each >= seconds) {
                return (int) Math.max(1, Math.round(seconds / each));
            }
        }
    }

    /** Seconds of one call. */
    private double time(Runnable side, int calls) {
        long start = nanos.getAsLong();
        for (int call = 0; call < calls; call++) {
            side.run();
        }
        return (nanos.getAsLong() - start) / 1e9 / calls;
    }
}
