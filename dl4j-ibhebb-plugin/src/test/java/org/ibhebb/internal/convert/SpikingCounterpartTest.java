package org.ibhebb.internal.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ibhebb.Fixtures.values;

import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.ibhebb.Fixtures;
import org.ibhebb.ForAnyKernel;
import org.ibhebb.IbHebb;
import org.ibhebb.spiking.FramesToSequencePreProcessor;
import org.ibhebb.spiking.SequenceToFramesPreProcessor;
import org.ibhebb.spiking.SpikePoolingLayer;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingConvolutionLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.ibhebb.spiking.SpikingSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Spiking counterparts against networks that are written down by hand. */
@ForAnyKernel
class SpikingCounterpartTest {

    private static final SpikingSettings SETTINGS = SpikingSettings.defaults().withTimeSteps(3).withLeak(0.7)
            .withReset(SpikingDenseLayer.Reset.TO_ZERO);
    private static final InputType IMAGE = InputType.convolutional(12, 12, 2);

    private static ListBuilder list() {
        return Fixtures.builder(new Adam(1e-3)).l2(1e-4).weightInit(WeightInit.LECUN_NORMAL).list();
    }

    private static SubsamplingLayer.Builder pooling(PoolingType type) {
        return new SubsamplingLayer.Builder().poolingType(type).kernelSize(2, 2).stride(2, 2);
    }

    private static SpikeRateLayer rates() {
        return new SpikeRateLayer.Builder().scale(10).name("rates").build();
    }

    /** In DL4J's builder layers without names are called by their places, so that both sides have names here. */
    private static void counterpart(ListBuilder stock, ListBuilder spiking, InputType input) {
        MultiLayerConfiguration given = stock.setInputType(input).build();
        MultiLayerConfiguration before = given.clone();
        MultiLayerConfiguration found = IbHebb.spiking(given, SETTINGS);
        assertThat(found).isEqualTo(spiking.setInputType(input).build());
        assertThat(given).isEqualTo(before);
        assertThat(MultiLayerConfiguration.fromJson(found.toJson())).isEqualTo(found);
        MultiLayerNetwork net = Fixtures.network(found);
        assertThat(net.numParams()).isEqualTo(Fixtures.network(given).numParams());
        long[] shape = input.getShape(true);
        shape[0] = 4;
        INDArray x = Fixtures.noise(1, shape);
        MultiLayerNetwork local = IbHebb.convert(net);
        INDArray first = local.getLayer(0).params().dup();
        local.fit(x, Fixtures.oneHot(1, 4, 3));
        assertThat(values(local.params())).doesNotContain(Double.NaN);
        assertThat(values(local.getLayer(0).params())).isNotEqualTo(values(first));
        net.fit(x, Fixtures.oneHot(1, 4, 3));
        assertThat(net.output(x).shape()).containsExactly(4, 3);
    }

    @Test
    void convolutionalNetworks() {
        for (InputType input : new InputType[] {IMAGE, InputType.convolutionalFlat(12, 12, 2)}) {
            counterpart(
                    list().layer(new ConvolutionLayer.Builder(3, 3).nOut(4).activation(Activation.RELU).name("a")
                                    .build())
                            .layer(pooling(PoolingType.AVG).dropOut(0.9).name("b").build())
                            .layer(new ConvolutionLayer.Builder(2, 2).nOut(3).convolutionMode(ConvolutionMode.Same)
                                    .hasBias(false).dropOut(0.9).name("c").build())
                            .layer(pooling(PoolingType.SUM).name("d").build())
                            .layer(new DenseLayer.Builder().nOut(7).updater(new Sgd(0.2)).name("e").build())
                            .layer(new DropoutLayer.Builder(0.8).name("f").build())
                            .layer(new DenseLayer.Builder().nOut(5).name("g").build())
                            .layer(readout()),
                    list().layer(new SpikingConvolutionLayer.Builder(3, 3).nOut(4).settings(SETTINGS).name("a").build())
                            .layer(new SpikePoolingLayer.Builder().dropOut(0.9).name("b").build())
                            .layer(new SpikingConvolutionLayer.Builder(2, 2).nOut(3)
                                    .convolutionMode(ConvolutionMode.Same).hasBias(false).dropOut(0.9)
                                    .settings(SETTINGS).name("c").build())
                            .layer(new SpikePoolingLayer.Builder(SpikePoolingLayer.Pooling.SUM).name("d").build())
                            .layer(new SpikingDenseLayer.Builder().nOut(7).updater(new Sgd(0.2)).settings(SETTINGS)
                                    .name("e").build())
                            .layer(new DropoutLayer.Builder(0.8).name("f").build())
                            .layer(new SpikingDenseLayer.Builder().nOut(5).settings(SETTINGS).name("g").build())
                            .layer(rates()).layer(readout()),
                    input);
        }
    }

    private static Layer readout() {
        Layer readout = Fixtures.readout(0, 3);
        readout.setLayerName("out");
        return readout;
    }

    @Test
    void denseNetworksOfVectorsAndOfImages() {
        for (InputType input : new InputType[] {InputType.feedForward(6), InputType.convolutional(3, 2, 1)}) {
            counterpart(
                    list().layer(new DenseLayer.Builder().nOut(7).name("a").build())
                            .layer(new DenseLayer.Builder().nOut(5).name("b").build()).layer(readout()),
                    list().layer(new SpikingDenseLayer.Builder().nOut(7).settings(SETTINGS).name("a").build())
                            .layer(new SpikingDenseLayer.Builder().nOut(5).settings(SETTINGS).name("b").build())
                            .layer(rates()).layer(readout()),
                    input);
        }
    }

    /** What stands between the layers becomes what stands between spiking ones. */
    @Test
    void imagesOfVectorsAndMapsOfRates() {
        ListBuilder stock = list()
                .layer(new DenseLayer.Builder().nOut(2 * 4 * 3).name("a").build())
                .layer(new ConvolutionLayer.Builder(2, 2).nOut(4).name("b").build())
                .layer(new GlobalPoolingLayer.Builder(PoolingType.AVG).name("c").build())
                .layer(readout())
                .inputPreProcessor(1, new FeedForwardToCnnPreProcessor(4, 3, 2));
        ListBuilder spiking = list()
                .layer(new SpikingDenseLayer.Builder().nOut(2 * 4 * 3).settings(SETTINGS).name("a").build())
                .layer(new SpikingConvolutionLayer.Builder(2, 2).nOut(4).settings(SETTINGS).name("b").build())
                .layer(rates())
                .layer(new GlobalPoolingLayer.Builder(PoolingType.AVG).name("c").build())
                .layer(readout())
                .inputPreProcessor(1, new SequenceToFramesPreProcessor(4, 3, 2));
        counterpart(stock, spiking, InputType.feedForward(6));
    }

    /** Of a network whose last convolution is read by the output layer, whose pre-processor stays. */
    @Test
    void theOutputLayerReadsMapsOfRates() {
        counterpart(
                list().layer(new ConvolutionLayer.Builder(3, 3).nOut(4).name("rates").build()).layer(readout()),
                list().layer(new SpikingConvolutionLayer.Builder(3, 3).nOut(4).settings(SETTINGS).name("rates").build())
                        .layer(new SpikeRateLayer.Builder().scale(10).name("rates-of-spikes").build()).layer(readout()),
                IMAGE);
    }

    @Test
    void processorsAreThoseOfSpikesInTime() {
        MultiLayerConfiguration conf = IbHebb.spiking(list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).build())
                .layer(new DenseLayer.Builder().nOut(5).build()).layer(readout()).setInputType(IMAGE).build(),
                SETTINGS);
        assertThat(conf.getInputPreProcess(1)).isEqualTo(new FramesToSequencePreProcessor(10, 10, 4));
    }

    static Stream<Arguments> refused() {
        Layer dense = new DenseLayer.Builder().nOut(4).build();
        Layer conv = new ConvolutionLayer.Builder(3, 3).nOut(4).build();
        return Stream.of(
                Arguments.of("'x' (BatchNormalization)", "leave it out",
                        new Layer[] {conv, new BatchNormalization.Builder().name("x").build(), readout()}),
                Arguments.of("'x' (ActivationLayer)", "the neurons are the activation function", new Layer[] {
                    dense, new ActivationLayer.Builder().activation(Activation.RELU).name("x").build(), readout()}),
                Arguments.of("'x' (DenseLayer)", "layer normalisation",
                        new Layer[] {new DenseLayer.Builder().nOut(4).hasLayerNorm(true).name("x").build(), readout()}),
                Arguments.of("'x' (DenseLayer)", "hasBias(false)",
                        new Layer[] {new DenseLayer.Builder().nOut(4).hasBias(false).name("x").build(), readout()}),
                Arguments.of("'x' (SubsamplingLayer)", "it pools by MAX; use PoolingType.AVG",
                        new Layer[] {conv, pooling(PoolingType.MAX).name("x").build(), readout()}),
                Arguments.of("'x' (SubsamplingLayer)", "avgPoolIncludePadInDivisor",
                        new Layer[] {conv, pooling(PoolingType.AVG).padding(1, 0).name("x").build(), readout()}),
                Arguments.of("'x' (SubsamplingLayer)", "ConvolutionMode.Same", new Layer[] {conv,
                    pooling(PoolingType.AVG).convolutionMode(ConvolutionMode.Same).name("x").build(), readout()}),
                Arguments.of("'x' (SubsamplingLayer)", "before any neuron",
                        new Layer[] {pooling(PoolingType.AVG).name("x").build(), conv, readout()}),
                Arguments.of("'x' (SubsamplingLayer)", "dilation [2, 2]", new Layer[] {conv,
                    pooling(PoolingType.AVG).dilation(2, 2).name("x").build(), readout()}),
                Arguments.of("'x' (GlobalPoolingLayer)", "have counterparts", new Layer[] {
                    conv, new GlobalPoolingLayer.Builder().name("x").build(), dense, readout()}),
                Arguments.of("'x' (SpikingDenseLayer)", "spiking one already",
                        new Layer[] {new SpikingDenseLayer.Builder().nOut(4).name("x").build(), dense,
                            new SpikeRateLayer(), readout()}),
                Arguments.of("'x' (LossLayer)", "ends in an OutputLayer", new Layer[] {dense,
                    new LossLayer.Builder(LossFunction.MSE).name("x").build()}),
                Arguments.of("'out' (OutputLayer)", "no hidden layer", new Layer[] {readout()}));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refused")
    void whatHasNoCounterpartIsRefusedByName(String name, String reason, Layer[] layers) {
        ListBuilder list = list();
        for (Layer layer : layers) {
            list.layer(layer.clone());
        }
        if (!(layers[0] instanceof SpikingDenseLayer)) {
            list.setInputType(IMAGE);
        }
        MultiLayerConfiguration conf = list.build();
        assertThatThrownBy(() -> IbHebb.spiking(conf, SETTINGS)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("layer " + name + " has no spiking counterpart: ", reason);
    }

    @Test
    void timeOfTheirOwnAndOtherFormatsAreRefused() {
        MultiLayerConfiguration recurrent = list().layer(new LSTM.Builder().nIn(3).nOut(4).name("x").build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nIn(4).nOut(3)
                        .name("out").build()).build();
        assertThatThrownBy(() -> IbHebb.spiking(recurrent, SETTINGS)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'out' (RnnOutputLayer)", "a label for each time step");
        MultiLayerConfiguration last = list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).dataFormat(CNN2DFormat.NHWC).name("x").build())
                .layer(readout()).setInputType(InputType.convolutional(12, 12, 2, CNN2DFormat.NHWC)).build();
        assertThatThrownBy(() -> IbHebb.spiking(last, SETTINGS)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'x' (ConvolutionLayer)", "NHWC");
        MultiLayerConfiguration pooled = list().layer(dense(2 * 4 * 4))
                .layer(pooling(PoolingType.AVG).dataFormat(CNN2DFormat.NHWC).name("x").build())
                .layer(readout())
                .inputPreProcessor(1, new FeedForwardToCnnPreProcessor(4, 4, 2)).build();
        assertThatThrownBy(() -> IbHebb.spiking(pooled, SETTINGS)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'x' (SubsamplingLayer)", "NHWC");
        MultiLayerConfiguration flattened = list()
                .layer(new ConvolutionLayer.Builder(3, 3).nIn(2).nOut(4).build())
                .layer(new DenseLayer.Builder().nIn(400).nOut(5).name("x").build()).layer(readout())
                .inputPreProcessor(1, new CnnToFeedForwardPreProcessor(10, 10, 4, CNN2DFormat.NHWC)).build();
        assertThatThrownBy(() -> IbHebb.spiking(flattened, SETTINGS)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'x' (DenseLayer)", "NHWC");
        MultiLayerConfiguration local = IbHebb.convert(list()
                .layer(new DenseLayer.Builder().nIn(3).nOut(4).name("x").build())
                .layer(Fixtures.readout(4, 3)).build());
        assertThatThrownBy(() -> IbHebb.spiking(local, SETTINGS)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("IbHebb.revert");
    }

    private static GraphBuilder graph() {
        return Fixtures.builder(new Adam(1e-3)).l2(1e-4).weightInit(WeightInit.LECUN_NORMAL).graphBuilder();
    }

    private static void graphs(GraphBuilder stock, GraphBuilder spiking, InputType... inputs) {
        ComputationGraphConfiguration given = stock.setInputTypes(inputs).build();
        String before = given.toJson();
        ComputationGraphConfiguration found = IbHebb.spiking(given, SETTINGS);
        ComputationGraphConfiguration expected = spiking.setInputTypes(inputs).build();
        assertThat(found.getVertices()).isEqualTo(expected.getVertices());
        assertThat(found.getVertexInputs()).isEqualTo(expected.getVertexInputs());
        assertThat(found.getNetworkOutputs()).isEqualTo(expected.getNetworkOutputs());
        assertThat(given.toJson()).isEqualTo(before);
        ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(found.toJson());
        assertThat(read.getVertices()).isEqualTo(found.getVertices());
        ComputationGraph net = new ComputationGraph(read);
        net.init();
        INDArray[] x = Stream.of(inputs).map(type -> {
            long[] shape = type.getShape(true);
            shape[0] = 4;
            return Fixtures.noise(1, shape);
        }).toArray(INDArray[]::new);
        INDArray[] labels = new INDArray[found.getNetworkOutputs().size()];
        Arrays.fill(labels, Fixtures.oneHot(1, 4, 3));
        ComputationGraph local = IbHebb.convert(net);
        INDArray params = local.params().dup();
        for (ComputationGraph each : new ComputationGraph[] {local, net}) {
            each.fit(x, labels);
            assertThat(values(each.params())).doesNotContain(Double.NaN).isNotEqualTo(values(params));
            assertThat(each.output(x)[0].shape()).containsExactly(4, 3);
        }
    }

    private static SpikingDenseLayer spikingDense(int width) {
        return new SpikingDenseLayer.Builder().nOut(width).settings(SETTINGS).build();
    }

    private static DenseLayer dense(int width) {
        return new DenseLayer.Builder().nOut(width).build();
    }

    /** Two inputs, what joins them before anybody spikes, branches that are merged, taken from, added and scaled. */
    @Test
    void graphsOfVectors() {
        graphs(graph().addInputs("x", "y")
                        .addVertex("xy", new MergeVertex(), "x", "y")
                        .addLayer("a", dense(5), "xy")
                        .addLayer("b", dense(4), "y")
                        .addLayer("dropped", new DropoutLayer(0.8), "b")
                        .addVertex("ab", new MergeVertex(), "a", "dropped")
                        .addVertex("part", new SubsetVertex(2, 7), "ab")
                        .addLayer("c", dense(6), "ab")
                        .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "part", "c")
                        .addVertex("half", new ScaleVertex(0.5), "sum")
                        .addLayer("out", Fixtures.readout(0, 3), "half").setOutputs("out"),
                graph().addInputs("x", "y")
                        .addVertex("xy", new MergeVertex(), "x", "y")
                        .addLayer("a", spikingDense(5), "xy")
                        .addLayer("b", spikingDense(4), "y")
                        .addLayer("dropped", new DropoutLayer(0.8), "b")
                        .addVertex("ab", new MergeVertex(), "a", "dropped")
                        .addVertex("part", new SubsetVertex(2, 7), "ab")
                        .addLayer("c", spikingDense(6), "ab")
                        .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "part", "c")
                        .addVertex("half", new ScaleVertex(0.5), "sum")
                        .addLayer("rates", rates(), "half")
                        .addLayer("out", Fixtures.readout(0, 3), "rates").setOutputs("out"),
                InputType.feedForward(6), InputType.feedForward(2));
    }

    /** A block whose maps are added, and two outputs: one reads pooled maps, the other all of a dense layer. */
    @Test
    void graphsOfImages() {
        graphs(graph().addInputs("x")
                        .addLayer("a", new ConvolutionLayer.Builder(3, 3).nOut(4).build(), "x")
                        .addLayer("b", new ConvolutionLayer.Builder(3, 3).nOut(4)
                                .convolutionMode(ConvolutionMode.Same).build(), "a")
                        .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Average), "a", "b")
                        .addLayer("pool", pooling(PoolingType.AVG).build(), "sum")
                        .addLayer("global", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "pool")
                        .addLayer("out", Fixtures.readout(0, 3), "global")
                        .addLayer("c", dense(6), "pool")
                        .addLayer("other", Fixtures.readout(0, 3), "c")
                        .addLayer("third", Fixtures.readout(0, 3), "c").setOutputs("out", "other", "third"),
                graph().addInputs("x")
                        .addLayer("a", new SpikingConvolutionLayer.Builder(3, 3).nOut(4).settings(SETTINGS).build(),
                                "x")
                        .addLayer("b", new SpikingConvolutionLayer.Builder(3, 3).nOut(4).settings(SETTINGS)
                                .convolutionMode(ConvolutionMode.Same).build(), "a")
                        .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Average), "a", "b")
                        .addLayer("pool", new SpikePoolingLayer(), "sum")
                        .addLayer("rates", rates(), "pool")
                        .addLayer("global", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "rates")
                        .addLayer("out", Fixtures.readout(0, 3), "global")
                        .addLayer("c", spikingDense(6), "pool")
                        .addLayer("rates-of-spikes", new SpikeRateLayer.Builder().scale(10).build(), "c")
                        .addLayer("other", Fixtures.readout(0, 3), "rates-of-spikes")
                        .addLayer("third", Fixtures.readout(0, 3), "rates-of-spikes")
                        .setOutputs("out", "other", "third"),
                IMAGE);
    }

    /** Rates are what nothing of the graph is called yet. */
    @Test
    void anInputMayBeCalledLikeRates() {
        graphs(graph().addInputs("rates").addLayer("a", dense(5), "rates")
                        .addLayer("out", Fixtures.readout(0, 3), "a").setOutputs("out"),
                graph().addInputs("rates").addLayer("a", spikingDense(5), "rates")
                        .addLayer("rates-of-spikes", new SpikeRateLayer.Builder().scale(10).build(), "a")
                        .addLayer("out", Fixtures.readout(0, 3), "rates-of-spikes").setOutputs("out"),
                InputType.feedForward(6));
    }

    /** A trained graph has noted the order of its vertices, of which there are more now. */
    @Test
    void whatATrainedNetworkHasNotedIsNotThatOfItsCounterpart() {
        ComputationGraph stock = new ComputationGraph(graph().addInputs("x").addLayer("a", dense(5), "x")
                .addLayer("out", Fixtures.readout(0, 3), "a").setOutputs("out")
                .setInputTypes(InputType.feedForward(6)).build());
        stock.init();
        assertThat(stock.getConfiguration().getTopologicalOrder()).isNotNull();
        ComputationGraphConfiguration spiking = IbHebb.spiking(stock.getConfiguration(), SETTINGS);
        assertThat(spiking.getTopologicalOrder()).isNull();
        assertThat(spiking.getTopologicalOrderStr()).isNull();
        assertThat(((LayerVertex) spiking.getVertices().get("rates")).getLayerConf().getVariables()).isEmpty();
        ComputationGraph net = new ComputationGraph(spiking);
        net.init();
        assertThat(net.outputSingle(Fixtures.noise(1, 4, 6)).shape()).containsExactly(4, 3);
    }

    @Test
    void whatGraphsHaveNoCounterpartOfIsRefusedByName() {
        refused("vertex 'v' (ElementWiseVertex)", "spikes are added or averaged, and it does Max",
                graph().addInputs("x").addLayer("a", dense(4), "x").addLayer("b", dense(4), "x")
                        .addVertex("v", new ElementWiseVertex(ElementWiseVertex.Op.Max), "a", "b")
                        .addLayer("out", Fixtures.readout(0, 3), "v").setOutputs("out"),
                InputType.feedForward(6));
        refused("vertex 'v' (MergeVertex)", "not all that it joins are spikes in time of one shape",
                graph().addInputs("x").addLayer("a", dense(4), "x")
                        .addVertex("v", new MergeVertex(), "a", "x")
                        .addLayer("out", Fixtures.readout(0, 3), "v").setOutputs("out"),
                InputType.feedForward(6));
        refused("vertex 'v' (MergeVertex)", "no images in time",
                graph().addInputs("x")
                        .addLayer("a", new ConvolutionLayer.Builder(3, 3).nOut(4).build(), "x")
                        .addLayer("b", new ConvolutionLayer.Builder(3, 3).nOut(2).build(), "x")
                        .addVertex("v", new MergeVertex(), "a", "b")
                        .addLayer("out", Fixtures.readout(0, 3), "v").setOutputs("out"), IMAGE);
        refused("vertex 'v' (L2NormalizeVertex)", "have counterparts",
                graph().addInputs("x").addLayer("a", dense(4), "x")
                        .addVertex("v", new L2NormalizeVertex(), "a")
                        .addLayer("out", Fixtures.readout(0, 3), "v").setOutputs("out"),
                InputType.feedForward(6));
        refused("layer 'b' (BatchNormalization)", "leave it out",
                graph().addInputs("x").addLayer("a", dense(4), "x")
                        .addLayer("b", new BatchNormalization(), "a")
                        .addLayer("out", Fixtures.readout(0, 3), "b").setOutputs("out"),
                InputType.feedForward(6));
        refused("layer 'out' (OutputLayer)", "no hidden layer",
                graph().addInputs("x").addLayer("out", Fixtures.readout(0, 3), "x").setOutputs("out"),
                InputType.feedForward(6));
    }

    private static void refused(String name, String reason, GraphBuilder graph, InputType input) {
        ComputationGraphConfiguration conf = graph.setInputTypes(input).build();
        assertThatThrownBy(() -> IbHebb.spiking(conf, SETTINGS)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(name + " has no spiking counterpart: ", reason);
    }
}
