package org.ibhebb.internal.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.ForAnyKernel;
import org.ibhebb.IbHebb;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.ibhebb.updater.ScheduleFree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** By the weights that neurons have: what conversion counts is what initialisation makes. */
@ForAnyKernel
class FanInTest {

    private static final InputType IMAGES = InputType.convolutional(40, 40, 67);
    private static final InputType SERIES = InputType.recurrent(67, 17);
    private static final InputType FEW = InputType.recurrent(3, 17);

    static Stream<Arguments> layers() {
        return Stream.of(
                Arguments.of(new DenseLayer.Builder().nOut(11).build(), InputType.feedForward(131), 131),
                Arguments.of(new DenseLayer.Builder().nOut(11).build(), InputType.feedForward(3), 3),
                Arguments.of(new ConvolutionLayer.Builder(5, 3).nOut(11).build(), IMAGES, 67 * 15),
                Arguments.of(new DepthwiseConvolution2D.Builder(29, 31).depthMultiplier(2).build(), IMAGES, 29 * 31),
                Arguments.of(new Convolution1DLayer.Builder(13).nOut(11).build(), SERIES, 13 * 67),
                Arguments.of(new LastTimeStep(new LSTM.Builder().nOut(11).build()), SERIES, 67 + 11),
                Arguments.of(new LastTimeStep(new SimpleRnn.Builder().nOut(11).build()), SERIES, 67 + 11),
                Arguments.of(new LastTimeStep(new SimpleRnn.Builder().nOut(11).build()), FEW, 3 + 11));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void ratesFallWithTheNumberOfWeightsANeuronHas(Layer layer, InputType input, long inputs) {
        MultiLayerConfiguration conf = Fixtures.builder(new Adam(1e-3)).list()
                .layer(layer)
                .layer(new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build())
                .setInputType(input)
                .build();
        MultiLayerNetwork net = new MultiLayerNetwork(IbHebb.convert(conf));
        net.init();
        Map<String, INDArray> weights = net.getLayer(0).paramTable();
        long counted = weights.entrySet().stream()
                .filter(entry -> !entry.getKey().endsWith("b"))
                .mapToLong(entry -> perNeuron(entry.getValue()))
                .sum();
        assertThat(counted).isEqualTo(inputs);
        // What goes back in time takes half the step.
        double rate = ScheduleFree.ofHidden(inputs, null).getRate() / (layer instanceof LastTimeStep ? 2 : 1);
        assertThat(rate(net, 0, "W")).isCloseTo(rate, within(1e-15));
        assertThat(rate(net, 1, "W")).isCloseTo(
                ScheduleFree.ofReadout(net.getLayer(1).getParam("W").rows(), null).getRate(), within(1e-15));
    }

    @Test
    void bothDirectionsStepAsOneDoes() {
        LSTM one = new LSTM.Builder().nIn(67).nOut(11).build();
        assertThat(FanIn.of(new Bidirectional(one))).isEqualTo(FanIn.of(one)).isEqualTo(4 * (67 + 11));
        assertThat(FanIn.of(new RecurrentAttentionLayer.Builder().nIn(67).nOut(11).nHeads(1).build()))
                .isEqualTo(FanIn.of(one));
    }

    /** Spikes have another shape than an output layer reads. */
    @Test
    void spikingNeuronsCountTheirInputs() {
        assertThat(FanIn.of(new SpikingDenseLayer.Builder().nIn(131).nOut(11).build())).isEqualTo(131);
    }

    @Test
    void gradientsAreTakenNearTheAverageWhereAnyWeightsAreSharedOrLabelsAreReal() {
        OutputLayer classes = new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build();
        OutputLayer values = new OutputLayer.Builder(LossFunction.MSE).nOut(3).activation(Activation.IDENTITY).build();
        OutputLayer tags = new OutputLayer.Builder(LossFunction.XENT).nOut(3).activation(Activation.SIGMOID).build();
        Layer dense = new DenseLayer.Builder().nOut(11).build();
        assertThat(inertias(InputType.feedForward(7), dense, classes)).containsExactly(0.2, 0.2);
        assertThat(inertias(InputType.feedForward(7), dense, new ActivationLayer(Activation.RELU), classes))
                .containsExactly(0.2, 0.2);
        assertThat(inertias(InputType.feedForward(7), dense, tags)).containsExactly(0.2, 0.2);
        assertThat(inertias(InputType.feedForward(7), dense, values)).containsExactly(0.8, 0.8);
        assertThat(inertias(InputType.feedForward(7), new SpikingDenseLayer.Builder().nOut(11).timeSteps(3).build(),
                new SpikeRateLayer(), classes)).containsExactly(0.8, 0.8);
        assertThat(inertias(IMAGES, new ConvolutionLayer.Builder(5, 3).nOut(11).build(),
                new BatchNormalization(), dense, classes)).containsExactly(0.8, 0.8, 0.8, 0.8);
        assertThat(inertias(SERIES, new LastTimeStep(new LSTM.Builder().nOut(11).build()), classes))
                .containsExactly(0.8, 0.8);
    }

    /** Counted along the longest path; layers that do not move are no depth, and narrow ones take whole steps. */
    @Test
    void upperWideLayersStepMoreSlowly() {
        InputType input = InputType.feedForward(1600);
        Layer wide = new DenseLayer.Builder().nOut(1600).build();
        Layer narrow = new DenseLayer.Builder().nOut(64).build();
        OutputLayer classes = new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build();
        assertRates(rates(input, wide, new ActivationLayer(Activation.RELU), wide, wide, narrow, narrow, classes),
                0.02, 0.01, 0.02 / 3, 0.02, 0.1, 0.3);
        assertRates(rates(input, new FrozenLayer(wide), new FrozenLayer(wide), wide, wide, classes), 0.02, 0.01, 0.06);
        OutputLayer values = new OutputLayer.Builder(LossFunction.MSE).nOut(3).activation(Activation.IDENTITY).build();
        assertRates(rates(input, wide, wide, values), 0.02, 0.02, 0.06);
        ComputationGraph graph = new ComputationGraph(IbHebb.convert(Fixtures.builder(new Adam(1e-3)).graphBuilder()
                .addInputs("in")
                .addLayer("a", wide.clone(), "in").addLayer("b", wide.clone(), "a")
                .addLayer("short", wide.clone(), "in")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "b", "short")
                .addLayer("d", wide.clone(), "sum").addLayer("out", classes.clone(), "d")
                .setOutputs("out").setInputTypes(input).build()));
        graph.init();
        assertRates(Stream.of("a", "b", "short", "d")
                .map(name -> (ScheduleFree) graph.getLayer(name).conf().getLayer().getUpdaterByParam("W"))
                .map(ScheduleFree::getRate).toList(), 0.02, 0.01, 0.02, 0.02 / 3);
    }

    private static void assertRates(List<Double> actual, double... expected) {
        assertThat(actual.stream().mapToDouble(Double::doubleValue).toArray()).containsExactly(expected, within(1e-15));
    }

    private static List<Double> inertias(InputType input, Layer... layers) {
        return of(input, ScheduleFree::getInertia, layers);
    }

    private static List<Double> rates(InputType input, Layer... layers) {
        return of(input, ScheduleFree::getRate, layers);
    }

    /** A number of each layer's updater. */
    private static List<Double> of(InputType input, Function<ScheduleFree, Double> number, Layer... layers) {
        ListBuilder builder = Fixtures.builder(new Adam(1e-3)).list();
        Stream.of(layers).forEach(layer -> builder.layer(layer.clone()));
        MultiLayerNetwork net = new MultiLayerNetwork(IbHebb.convert(builder.setInputType(input).build()));
        net.init();
        return Stream.of(net.getLayers())
                .flatMap(layer -> layer.paramTable().keySet().stream()
                        .map(name -> layer.conf().getLayer().getUpdaterByParam(name))
                        .filter(ScheduleFree.class::isInstance)
                        .map(ScheduleFree.class::cast)
                        .map(number)
                        .limit(1))
                .toList();
    }

    /** Weights of one neuron (of one gate), as DL4J lays them out: a kernel's come first of a depthwise convolution. */
    private static long perNeuron(INDArray weights) {
        if (weights.rank() == 2) {
            return weights.rows();
        }
        return weights.size(0) == 29 ? weights.size(0) * weights.size(1) : weights.length() / weights.size(0);
    }

    /** Embeddings read one input at a time; what the places of a map share is stepped carefully however few there are. */
    @Test
    void embeddingsTakeWholeStepsAndWhatIsSharedDoesNot() {
        MultiLayerNetwork net = new MultiLayerNetwork(IbHebb.convert(Fixtures.builder(new Adam(1e-3)).list()
                .layer(new EmbeddingLayer.Builder().nIn(1000).nOut(200).build())
                .layer(new DenseLayer.Builder().nIn(200).nOut(200).activation(Activation.IDENTITY).build())
                .layer(new BatchNormalization.Builder().nIn(200).nOut(200).build())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(new OutputLayer.Builder().nIn(200).nOut(3).activation(Activation.SOFTMAX).build())
                .build()));
        net.init();
        assertThat(rate(net, 0, "W")).isEqualTo(0.1);
        assertThat(rate(net, 1, "W")).isLessThan(0.1);
        assertThat(rate(net, 2, "gamma")).isCloseTo(0.1 / 3, within(1e-15));
        MultiLayerNetwork small = new MultiLayerNetwork(IbHebb.convert(Fixtures.builder(new Adam(1e-3)).list()
                .layer(new ConvolutionLayer.Builder(3, 3).nIn(3).nOut(4).build())
                .layer(new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(8, 8, 3))
                .build()));
        small.init();
        assertThat(rate(small, 0, "W")).isCloseTo(0.1 / 3, within(1e-15));
    }

    private static double rate(MultiLayerNetwork net, int layer, String parameter) {
        IUpdater updater = net.getLayer(layer).conf().getLayer().getUpdaterByParam(parameter);
        return ((ScheduleFree) updater).getRate();
    }
}
