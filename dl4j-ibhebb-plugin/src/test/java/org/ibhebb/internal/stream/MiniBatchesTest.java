package org.ibhebb.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Mini-batches learnt without Deeplearning4j's layers give what the network's own fit gives. */
class MiniBatchesTest {

    private static final int HEIGHT = 9;
    private static final int WIDTH = 7;
    private static final int CHANNELS = 2;

    private record Case(String name, LearningRule rule, Activation activation, LossFunction loss, int batch,
            int... widths) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        LearningRule usual = LearningRule.defaults();
        Objective neighbourhood = Objective.neighbourhood().withSigma(0.35).withWeight(0.3);
        int[] widths = {19, 33, 17, 3};
        return Stream.of(
                new Case("the usual rule", usual, Activation.RELU, LossFunction.MCXENT, 8, widths),
                new Case("single samples", usual, Activation.RELU, LossFunction.MCXENT, 1, widths),
                new Case("more samples than are remembered", usual.toBuilder().memory(5).build(), Activation.TANH,
                        LossFunction.MCXENT, 13, widths),
                new Case("narrow layers", usual, Activation.LEAKYRELU, LossFunction.MCXENT, 7, 2, 1, 15, 1, 2),
                new Case("independent labels", usual, Activation.SIGMOID, LossFunction.XENT, 8, widths),
                new Case("values", usual, Activation.TANH, LossFunction.MSE, 8, widths),
                new Case("L2", usual, Activation.IDENTITY, LossFunction.L2, 3,
                        widths),
                new Case("hsic", Chains.rule(13, Objective.hsic()), Activation.TANH, LossFunction.MCXENT, 4, widths),
                new Case("hsic-zz and normalised hsic by groups", Chains.rule(7, Objective.hsicZZ(),
                        Objective.normalizedHsic().withGroups(4), neighbourhood), Activation.RELU, LossFunction.MCXENT,
                        4, 19, 24, 12, 3),
                new Case("median bandwidth", Chains.rule(11, neighbourhood.withKernel(Kernel.medianGaussian(0.5))),
                        Activation.RELU, LossFunction.MCXENT, 4, widths),
                new Case("readouts of whole mini-batches, no gains", Chains.rule(11,
                        Objective.prediction().withRate(0.5).withBlock(0)).toBuilder().gain(false)
                        .normalization(LearningRule.Normalization.NONE).build(), Activation.TANH, LossFunction.MCXENT,
                        6, widths));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inDouble(Case each) {
        compare(each, DataType.DOUBLE, 100, 1e-10);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inFloat(Case each) {
        compare(each, DataType.FLOAT, 30, 1e-4);
    }

    private record Maps(String name, Activation activation, ConvolutionMode mode, LearningRule rule,
            List<Layer> layers) {

        @Override
        public String toString() {
            return name;
        }

        private MultiLayerNetwork network(DataType type) {
            NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().seed(11).dataType(type)
                    .activation(activation).convolutionMode(mode).list();
            layers.forEach(layer -> list.layer(layer.clone()));
            list.layer(new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nOut(3).build());
            MultiLayerNetwork network = new MultiLayerNetwork(
                    list.setInputType(InputType.convolutionalFlat(HEIGHT, WIDTH, CHANNELS)).build());
            network.init();
            return IbHebb.convert(network, rule);
        }
    }

    static Stream<Maps> images() {
        LearningRule usual = LearningRule.defaults();
        return Stream.of(
                new Maps("convolution, largest, dense", Activation.RELU, ConvolutionMode.Truncate, usual,
                        List.of(maps(5, 3, 1, 0), pool(PoolingType.MAX, 2, 2), dense())),
                new Maps("two convolutions, one pooled by the mean", Activation.TANH, ConvolutionMode.Truncate,
                        usual.toBuilder().memory(5).build(),
                        List.of(maps(6, 3, 2, 1), pool(PoolingType.AVG, 2, 1), maps(4, 2, 1, 1))),
                new Maps("same, overlapping", Activation.LEAKYRELU, ConvolutionMode.Same, usual,
                        List.of(maps(17, 3, 1, 0), pool(PoolingType.MAX, 3, 2), maps(9, 2, 2, 0),
                                pool(PoolingType.MAX, 3, 2), dense())),
                new Maps("pooling first, without a bias", Activation.SIGMOID, ConvolutionMode.Truncate,
                        Chains.rule(7, Objective.hsicZZ()),
                        List.of(pool(PoolingType.MAX, 2, 1), new ConvolutionLayer.Builder(3, 3).nOut(4).hasBias(false)
                                .build(), dense())),
                new Maps("no gains", Activation.RELU, ConvolutionMode.Truncate, usual.toBuilder().gain(false).build(),
                        List.of(maps(5, 3, 1, 1), pool(PoolingType.MAX, 2, 2), maps(4, 3, 1, 0))));
    }

    private static ConvolutionLayer maps(int count, int kernel, int stride, int padding) {
        return new ConvolutionLayer.Builder(kernel, kernel).stride(stride, stride).padding(padding, padding)
                .nOut(count).build();
    }

    private static SubsamplingLayer pool(PoolingType type, int kernel, int stride) {
        return new SubsamplingLayer.Builder(type, new int[] {kernel, kernel}, new int[] {stride, stride},
                new int[] {0, 0}).build();
    }

    private static DenseLayer dense() {
        return new DenseLayer.Builder().nOut(17).build();
    }

    @ParameterizedTest
    @MethodSource("images")
    void convolutionsInDouble(Maps each) {
        Case of = new Case(each.name, each.rule, each.activation, LossFunction.MCXENT, 8,
                CHANNELS * HEIGHT * WIDTH, 3);
        compare(of, each.network(DataType.DOUBLE), DataType.DOUBLE, 50, 1e-10);
    }

    @ParameterizedTest
    @MethodSource("images")
    void convolutionsInFloat(Maps each) {
        Case of = new Case(each.name, each.rule, each.activation, LossFunction.MCXENT, 1,
                CHANNELS * HEIGHT * WIDTH, 3);
        compare(of, each.network(DataType.FLOAT), DataType.FLOAT, 30, 1e-4);
    }

    @Test
    void convolutionsOfBothKindsOfFitTakeTurns() {
        Maps each = images().findFirst().orElseThrow();
        Case of = new Case(each.name, each.rule, each.activation, LossFunction.MCXENT, 4, CHANNELS * HEIGHT * WIDTH, 3);
        MultiLayerNetwork byFit = each.network(DataType.DOUBLE);
        MultiLayerNetwork inTurns = byFit.clone();
        MiniBatches miniBatches = new MiniBatches(LayerChain.of(inTurns));
        for (int step = 0; step < 12; step++) {
            DataSet data = data(of, DataType.DOUBLE, step);
            byFit.fit(data);
            if (step % 3 == 1) {
                inTurns.fit(data);
            } else {
                miniBatches.begin();
                miniBatches.learn(data.getFeatures(), data.getLabels());
            }
        }
        assertThat(difference(inTurns.params(), byFit.params())).isLessThan(1e-10);
    }

    @Test
    void unitsOfOtherLayersAreRefusedByName() {
        refused("is no layer of a converted network", new FrozenLayer(maps(5, 3, 1, 0)), dense());
        refused("learns in one unit",
                new ConvolutionLayer.Builder(3, 3).nOut(5).activation(Activation.IDENTITY).build(),
                new ActivationLayer(Activation.RELU), dense());
        refused("has dropout", new ConvolutionLayer.Builder(3, 3).nOut(5).dropOut(0.5).build(), dense());
        refused("has dropout", maps(5, 3, 1, 0), new SubsamplingLayer.Builder(PoolingType.MAX, new int[] {2, 2},
                new int[] {2, 2}, new int[] {0, 0}).dropOut(0.5).build(), dense());
    }

    private static void refused(String why, Layer... layers) {
        MultiLayerNetwork network = new Maps("", Activation.RELU, ConvolutionMode.Truncate, LearningRule.defaults(),
                List.of(layers)).network(DataType.FLOAT);
        assertThatThrownBy(() -> new MiniBatches(LayerChain.of(network)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private static void compare(Case each, DataType type, int steps, double tolerance) {
        compare(each, IbHebb.convert(Chains.network(type, each.activation, each.loss, each.widths), each.rule), type,
                steps, tolerance);
    }

    /**
     * Some objectives amplify rounding from step to step: the same fit from parameters that differ in their last bit
     * says by how much.
     */
    private static void compare(Case each, MultiLayerNetwork byFit, DataType type, int steps, double tolerance) {
        MultiLayerNetwork together = byFit.clone();
        MultiLayerNetwork disturbed = byFit.clone();
        disturbed.params().muli(1 + (type == DataType.DOUBLE ? 0x1p-52 : 0x1p-23));
        MiniBatches miniBatches = new MiniBatches(LayerChain.of(together));
        miniBatches.begin();
        for (int step = 0; step < steps; step++) {
            DataSet data = data(each, type, step);
            byFit.fit(data);
            disturbed.fit(data);
            miniBatches.learn(data.getFeatures(), data.getLabels());
        }
        assertThat(difference(together.params(), byFit.params()))
                .isLessThan(Math.max(tolerance, 10 * difference(disturbed.params(), byFit.params())));
        INDArray state = byFit.getUpdater().getStateViewArray();
        assertThat(difference(together.getUpdater().getStateViewArray(), state)).isLessThan(
                Math.max(tolerance, 10 * difference(disturbed.getUpdater().getStateViewArray(), state)));
        assertThat(together.getIterationCount()).isEqualTo(byFit.getIterationCount()).isEqualTo(steps);
    }

    private static DataSet data(Case each, DataType type, int step) {
        int[] classes = Chains.classes(step, each.batch, each.widths[each.widths.length - 1]);
        INDArray x = Nd4j.createFromArray(Chains.inputs(step, classes, each.widths[0]))
                .reshape(each.batch, each.widths[0]).castTo(type);
        INDArray y = Nd4j.createFromArray(Chains.oneHot(classes, each.widths[each.widths.length - 1]))
                .reshape(each.batch, each.widths[each.widths.length - 1]).castTo(type);
        return new DataSet(x, y);
    }

    private static double difference(INDArray a, INDArray b) {
        double size = Math.max(1, b.amaxNumber().doubleValue());
        return a.sub(b).amaxNumber().doubleValue() / size;
    }
}
