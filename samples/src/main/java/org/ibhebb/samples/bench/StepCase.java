package org.ibhebb.samples.bench;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.ibhebb.rule.LearningRule;

/**
 * A training step by the rule, beside one by back-propagation, or without Deeplearning4j's layers beside one with them.
 *
 * @param part which of both
 * @param sizes of the input, the hidden layers and the output
 * @param batch samples in a step
 */
record StepCase(BenchPart part, List<Integer> sizes, int batch) implements ComparisonCase {

    @Override
    public String key() {
        return network() + ".b" + batch;
    }

    @Override
    public String title() {
        return String.format("%-26s  %5d", network(), batch);
    }

    private String network() {
        return name(sizes);
    }

    static String name(List<Integer> sizes) {
        return sizes.stream().map(String::valueOf).collect(Collectors.joining("-"));
    }

    @Override
    public Work work() {
        int memory = LearningRule.defaults().memory();
        int current = Math.min(batch, memory);
        Work window = Work.kernel(memory, memory, sizes.get(sizes.size() - 1));
        for (int hidden : sizes.subList(1, sizes.size() - 1)) {
            window = window.plus(Work.signal(memory, current, hidden));
        }
        Work work = window.times((double) batch / current);
        for (int layer = 1; layer < sizes.size(); layer++) {
            work = work.plus(Work.layer(sizes.get(layer - 1), sizes.get(layer), batch));
        }
        return work;
    }

    @Override
    public int stepsOfACall() {
        return part == BenchPart.STEP ? 1 : FitRivals.STEPS;
    }

    /** What Deeplearning4j's layers cost is this thread's own work, whatever else runs on the machine. */
    @Override
    public LongSupplier clock() {
        return part == BenchPart.STEP
                ? System::nanoTime
                : ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime;
    }

    @Override
    public Rivals prepare() {
        return part == BenchPart.STEP ? new StepRivals(this) : new FitRivals(this);
    }
}
