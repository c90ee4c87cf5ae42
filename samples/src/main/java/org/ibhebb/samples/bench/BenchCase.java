package org.ibhebb.samples.bench;

import org.ibhebb.samples.report.Progress;

/** One measurement of the bench: light to hold, and prepared only when its turn comes. */
public interface BenchCase {

    /** How many steps a measurement shows of its progress. */
    int rounds();

    /**
     * Measures.
     *
     * @param seconds for each comparison
     * @param machine on which the floor is worked out
     * @param progress is told of every round
     */
    BenchResult measure(double seconds, Machine machine, Progress progress);
}
