package org.ibhebb.samples.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Marks where accuracy falls suddenly: a window in which fewer are right than in those before it, by more than chance
 * explains.
 */
final class DriftMarks {

    /** Standard errors of the difference. By chance alone one window in 3,000 is as much worse. */
    private static final double DEVIATIONS = 3.4;
    /** Windows that the latest one is compared with: at most those, and at least the latter. */
    private static final int MOST = 10;
    private static final int LEAST = 2;
    private static final double PERCENT = 100;

    private final int window;
    /** Shares of the windows since the last mark. */
    private final Deque<Double> before = new ArrayDeque<>();
    private final List<Mark> marks = new ArrayList<>();

    /**
     * A sudden fall.
     *
     * @param samples how many there were at the end of the window
     * @param before per cent that was right in the windows before it
     * @param after per cent that was right in it
     */
    record Mark(long samples, double before, double after) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "drift: %.2f %% of the latest were right, and %.2f %% before", after,
                    before);
        }
    }

    /** @param window samples in each, of which none is in two */
    DriftMarks(int window) {
        this.window = window;
    }

    /**
     * Looks at a window that is complete.
     *
     * @param samples how many there have been
     * @param accuracy of the window, in per cent
     * @return a mark; null if it is no worse than chance explains
     */
    Mark see(long samples, double accuracy) {
        double now = accuracy / PERCENT;
        double then = before.stream().mapToDouble(each -> each).average().orElse(0);
        Mark mark = null;
        if (before.size() >= LEAST && then - now > DEVIATIONS * error(then, now)) {
            mark = new Mark(samples, then * PERCENT, accuracy);
            marks.add(mark);
            before.clear();
        }
        before.add(now);
        if (before.size() > MOST) {
            before.remove();
        }
        return mark;
    }

    /** Of the difference of two shares, if both were of the same. */
    private double error(double then, double now) {
        double n = (double) window * before.size();
        double both = (then * n + now * window) / (n + window);
        return Math.sqrt(both * (1 - both) * (1 / n + 1.0 / window));
    }

    List<Mark> all() {
        return List.copyOf(marks);
    }
}
