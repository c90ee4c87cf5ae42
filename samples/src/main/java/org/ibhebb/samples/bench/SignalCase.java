package org.ibhebb.samples.bench;

import org.ibhebb.rule.Objective;

/**
 * The signal of one layer by both kernels.
 *
 * @param kind the objective, with its default settings
 * @param n samples in the window
 * @param d units of the layer
 * @param current samples that a signal is formed for: 1, or all
 */
record SignalCase(Objective.Kind kind, int n, int d, int current) implements ComparisonCase {

    /** As many as MNIST's pixels. */
    static final int INPUTS = 784;
    static final int CLASSES = 10;

    @Override
    public BenchPart part() {
        return BenchPart.KERNEL;
    }

    @Override
    public String key() {
        return (current == 1 ? "one." : "batch.") + kind + ".n" + n + ".d" + d;
    }

    @Override
    public String title() {
        return String.format("%-5s  %-15s  %4d  %4d", current == 1 ? "one" : "batch", kind, n, d);
    }

    @Override
    public Work work() {
        Work work = Work.kernel(current, n, CLASSES).plus(Work.signal(n, current, d));
        return readsInput() ? work.plus(Work.kernel(current, n, INPUTS)) : work;
    }

    @Override
    public Rivals prepare() {
        return new SignalRivals(this);
    }

    /** Whether the objective compares activations with the network's input. */
    private boolean readsInput() {
        return kind == Objective.Kind.HSIC || kind == Objective.Kind.REFERENCE;
    }
}
