package org.ibhebb.samples.bench;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.ibhebb.samples.data.ImageShape;
import org.ibhebb.samples.training.ModelSpec;
import org.nd4j.linalg.learning.config.Adam;

/**
 * A training step of spiking neurons by the rule, beside one by back-propagation through time.
 *
 * @param sizes of the input, the hidden layers and the output
 * @param steps for how many time steps a sample is seen, as a constant current
 * @param batch samples in a step
 */
record SpikingCase(List<Integer> sizes, int steps, int batch) implements ComparisonCase {

    @Override
    public BenchPart part() {
        return BenchPart.SPIKING;
    }

    @Override
    public String key() {
        return StepCase.name(sizes) + ".t" + steps + ".b" + batch;
    }

    @Override
    public String title() {
        return String.format("%-26s  %5d", StepCase.name(sizes), steps);
    }

    /** That of a step at one time step; and what is seen again at each further one, which is all but the input. */
    @Override
    public Work work() {
        Work work = new StepCase(BenchPart.STEP, sizes, batch).work();
        for (int layer = 2; layer < sizes.size() - 1; layer++) {
            work = work.plus(Work.forward(sizes.get(layer - 1), sizes.get(layer), batch).times(steps - 1));
        }
        return work;
    }

    /** Steps are long, and what else runs on the machine meanwhile would be most of what a clock on the wall sees. */
    @Override
    public LongSupplier clock() {
        return ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime;
    }

    @Override
    public Rivals prepare() {
        return new StepRivals(part() + "." + key(), StepRivals.miniBatches(sizes, batch),
                () -> configure(sizes, steps));
    }

    /** Adam for back-propagation; the rule brings an updater of its own. */
    static MultiLayerConfiguration configure(List<Integer> sizes, int steps) {
        int last = sizes.size() - 1;
        String hidden = sizes.subList(1, last).stream().map(String::valueOf).collect(Collectors.joining(","));
        return ModelSpec.parse("snn:" + hidden).withSteps(steps).configure(
                new ImageShape(1, sizes.get(0), 1), sizes.get(last), 1, new Adam(1e-3), new Adam(1e-3));
    }
}
