package org.ibhebb.samples.bench;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.LongSupplier;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A training step of spiking neurons by the rule, beside one by back-propagation through time.
 *
 * @param sizes of the input, the hidden layers and the output
 * @param steps for how many time steps a sample is seen, as a constant current
 * @param batch samples in a step
 */
record SpikingCase(List<Integer> sizes, int steps, int batch) implements ComparisonCase {

    /** Brings rates of about .1 to the size that output layers expect. */
    private static final double READABLE = 10;

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
        return new StepRivals(part() + "." + key(), StepRivals.miniBatches(sizes, batch), this::configure);
    }

    /** Adam for back-propagation; the rule brings an updater of its own. */
    private MultiLayerConfiguration configure() {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(1e-3))
                .weightInit(WeightInit.LECUN_NORMAL)
                .list();
        int last = sizes.size() - 1;
        for (int i = 1; i < last; i++) {
            layers.layer(new SpikingDenseLayer.Builder().nIn(sizes.get(i - 1)).nOut(sizes.get(i)).timeSteps(steps)
                    .build());
        }
        return layers
                .layer(new SpikeRateLayer.Builder().scale(READABLE).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(sizes.get(last - 1))
                        .nOut(sizes.get(last))
                        .build())
                .build();
    }
}
