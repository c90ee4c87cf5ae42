package org.ibhebb.samples.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** One network trained by the rule and by back-propagation, on the same mini-batches in the same order. */
final class StepRivals implements Rivals {

    private final String name;
    private final List<INDArray> inputs = new ArrayList<>();
    private final List<INDArray> labels = new ArrayList<>();
    private final Side ours;
    private final Side other;

    StepRivals(StepCase of) {
        this("step." + of.key(), miniBatches(of.sizes(), of.batch()), () -> configure(of.sizes()));
    }

    /**
     * The same of any network.
     *
     * @param name of the case
     * @param batches of one size
     * @param network makes the configuration anew each time
     */
    StepRivals(String name, List<DataSet> batches, Supplier<MultiLayerConfiguration> network) {
        this.name = name;
        int memory = LearningRule.defaults().memory();
        for (DataSet each : batches) {
            inputs.add(each.getFeatures());
            labels.add(each.getLabels());
        }
        ours = new Side(IbHebb.convert(network.get()));
        other = new Side(network.get());
        // While the memory fills, steps are cheaper than they will be.
        for (int samples = 0; samples < memory; samples += batches.get(0).numExamples()) {
            ours();
        }
        other();
    }

    /** Of made-up samples, each of several classes. */
    static List<DataSet> miniBatches(List<Integer> sizes, int batch) {
        // The memory must hold different samples: equal ones have no neighbours to tell apart.
        int batches = Math.max(2, 2 * LearningRule.defaults().memory() / batch);
        int classes = sizes.get(sizes.size() - 1);
        Nd4j.getRandom().setSeed(1);
        INDArray all = BenchLabels.oneHot(batches * batch, classes, classes);
        List<DataSet> made = new ArrayList<>();
        for (int i = 0; i < batches; i++) {
            made.add(new DataSet(Nd4j.rand(DataType.FLOAT, batch, sizes.get(0)),
                    all.getRows(rows(i * batch, batch))));
        }
        return made;
    }

    private static int[] rows(int from, int count) {
        return IntStream.range(from, from + count).toArray();
    }

    /** With plain descent. */
    static MultiLayerConfiguration configure(List<Integer> sizes) {
        NeuralNetConfiguration.ListBuilder layers = layers();
        int last = sizes.size() - 1;
        for (int i = 1; i < last; i++) {
            layers.layer(new DenseLayer.Builder().nIn(sizes.get(i - 1)).nOut(sizes.get(i)).build());
        }
        return layers.layer(output(sizes.get(last)).nIn(sizes.get(last - 1)).build()).build();
    }

    /** The same of convolutions of 3 x 3 on square images of one channel, which are given flat, each pooled to half. */
    static MultiLayerConfiguration configure(int side, List<Integer> maps, int classes) {
        NeuralNetConfiguration.ListBuilder layers = layers();
        for (int each : maps) {
            layers.layer(new ConvolutionLayer.Builder(3, 3).nOut(each).convolutionMode(ConvolutionMode.Same).build());
            layers.layer(new SubsamplingLayer.Builder(PoolingType.MAX, new int[] {2, 2}, new int[] {2, 2},
                    new int[] {0, 0}).build());
        }
        return layers.layer(output(classes).build())
                .setInputType(InputType.convolutionalFlat(side, side, 1))
                .build();
    }

    private static NeuralNetConfiguration.ListBuilder layers() {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Sgd(1e-3))
                .activation(Activation.RELU)
                .weightInit(WeightInit.RELU)
                .list();
    }

    private static OutputLayer.Builder output(int classes) {
        return new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nOut(classes);
    }

    @Override
    public void ours() {
        ours.run();
    }

    @Override
    public void other() {
        other.run();
    }

    @Override
    public void check() {
        ours.check("the rule");
        other.check("back-propagation");
    }

    private final class Side {

        private final MultiLayerNetwork network;
        private final INDArray start;
        private int next;

        Side(MultiLayerConfiguration conf) {
            network = new MultiLayerNetwork(conf);
            network.init();
            start = network.params().dup();
        }

        void run() {
            network.fit(inputs.get(next), labels.get(next));
            next = (next + 1) % inputs.size();
        }

        void check(String side) {
            double moved = network.params().sub(start).norm2Number().doubleValue();
            if (!(moved > 0 && moved < Double.POSITIVE_INFINITY)) {
                throw new IllegalStateException("in " + name + " " + side + " moved the parameters by " + moved
                        + ". Times of a step that does not train mean nothing");
            }
        }
    }
}
