package org.ibhebb.samples.bench;

/** Two ways to do one thing, which are timed against each other. */
interface Rivals {

    /** One call of the side that the plugin brings. */
    void ours();

    /** One call of the side that it is measured against. */
    void other();

    /**
     * Called after both sides were, before and after the measurement: a benchmark of wrong numbers is worth nothing.
     *
     * @throws IllegalStateException if a result is not what it should be
     */
    void check();
}
