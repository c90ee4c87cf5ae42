package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.ibhebb.Fixtures.values;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.ConversionReport.Learning;
import org.ibhebb.rule.LearningRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A dense layer, what is on it and a loss layer become one output layer, where that changes nothing. */
class LossLayersTest {

    private static final DataSet DATA = Fixtures.clusters(3, 24, 5, 3);

    private static DenseLayer dense(int nIn, int nOut, Activation activation) {
        return new DenseLayer.Builder().nIn(nIn).nOut(nOut).activation(activation).build();
    }

    private static LossLayer loss(LossFunction function, Activation activation) {
        return new LossLayer.Builder(function).activation(activation).build();
    }

    private static MultiLayerConfiguration chain(Layer... end) {
        ListBuilder list = Fixtures.builder(new Sgd(0.1)).list()
                .layer(dense(5, 6, Activation.TANH)).layer(dense(6, 4, Activation.TANH));
        for (Layer layer : end) {
            list.layer(layer);
        }
        return list.build();
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                Arguments.of(chain(dense(4, 3, Activation.SOFTMAX), loss(LossFunction.MCXENT, Activation.IDENTITY))),
                Arguments.of(chain(dense(4, 3, Activation.IDENTITY), loss(LossFunction.MCXENT, Activation.SOFTMAX))),
                Arguments.of(chain(dense(4, 3, Activation.IDENTITY), new ActivationLayer(Activation.SOFTMAX),
                        loss(LossFunction.MCXENT, Activation.IDENTITY))),
                Arguments.of(chain(dense(4, 3, Activation.SIGMOID), loss(LossFunction.XENT, Activation.IDENTITY))),
                Arguments.of(chain(dense(4, 3, Activation.IDENTITY), loss(LossFunction.MSE, Activation.IDENTITY))),
                Arguments.of(chain(
                        new DenseLayer.Builder().nIn(4).nOut(3).activation(Activation.TANH).hasBias(false).l2(0.1)
                                .updater(new Sgd(0.05)).build(),
                        loss(LossFunction.L2, Activation.IDENTITY))));
    }

    /** The loss reaches the last weights as before: the same step of them, and the same score. */
    @ParameterizedTest
    @MethodSource("ends")
    void theReadoutIsWhatItWas(MultiLayerConfiguration conf) {
        MultiLayerNetwork stock = Fixtures.network(conf);
        MultiLayerNetwork local = IbHebb.convert(stock, Fixtures.plain().build());
        assertThat(local.getLayerWiseConfigurations().getConfs()).hasSize(3);
        assertThat(IbHebb.report(conf, Fixtures.plain().build()))
                .isEqualTo(IbHebb.report(local.getLayerWiseConfigurations()));
        assertThat(IbHebb.report(conf).layers()).extracting(ConversionReport.Entry::learning)
                .containsExactly(Learning.LOCAL, Learning.LOCAL, Learning.READOUT);

        assertThat(values(local.output(DATA.getFeatures()))).isEqualTo(values(stock.output(DATA.getFeatures())));
        assertThat(values(IbHebb.revert(local).output(DATA.getFeatures())))
                .isEqualTo(values(stock.output(DATA.getFeatures())));
        assertThat(local.score(DATA)).isEqualTo(stock.score(DATA));

        double[] hidden = values(local.getParam("1_W"));
        double[] readout = values(local.getParam("2_W"));
        stock.fit(DATA);
        local.fit(DATA);
        assertThat(values(local.getParam("2_W"))).isNotEqualTo(readout);
        assertThat(local.paramTable().keySet()).isEqualTo(stock.paramTable().keySet());
        for (String key : stock.paramTable().keySet().stream().filter(key -> key.startsWith("2_")).toList()) {
            assertThat(values(local.getParam(key))).usingComparatorWithPrecision(1e-10)
                    .containsExactly(values(stock.getParam(key)));
        }
        assertThat(local.score()).isCloseTo(stock.score(), within(1e-10));
        assertThat(values(local.getParam("1_W"))).isNotEqualTo(hidden);
    }

    @Test
    void aTrainedNetworkKeepsItsUpdatersState() {
        MultiLayerConfiguration conf = Fixtures.builder(new Adam(1e-2)).list()
                .layer(dense(5, 4, Activation.TANH)).layer(dense(4, 3, Activation.SOFTMAX))
                .layer(loss(LossFunction.MCXENT, Activation.IDENTITY)).build();
        MultiLayerNetwork stock = Fixtures.network(conf);
        stock.fit(DATA);
        MultiLayerNetwork local = IbHebb.convert(stock, Fixtures.plain().build());
        assertThat(values(local.getUpdater().getStateViewArray()))
                .isEqualTo(values(stock.getUpdater().getStateViewArray()));
        stock.fit(DATA);
        local.fit(DATA);
        assertThat(values(local.getParam("1_W"))).usingComparatorWithPrecision(1e-10)
                .containsExactly(values(stock.getParam("1_W")));
    }

    @Test
    void theGivenConfigurationIsNotChanged() {
        MultiLayerConfiguration conf =
                chain(dense(4, 3, Activation.SOFTMAX), loss(LossFunction.MCXENT, Activation.IDENTITY));
        ComputationGraphConfiguration graph = graph();
        String before = conf.toJson();
        String graphBefore = graph.toJson();
        IbHebb.convert(conf);
        IbHebb.report(conf);
        IbHebb.convert(graph);
        IbHebb.report(graph);
        assertThat(conf.toJson()).isEqualTo(before);
        assertThat(graph.toJson()).isEqualTo(graphBefore);
    }

    static Stream<Arguments> others() {
        return Stream.of(
                Arguments.of(chain(dense(4, 3, Activation.SOFTMAX), loss(LossFunction.MCXENT, Activation.SOFTMAX))),
                Arguments.of(onlyLoss(dense(4, 3, Activation.SOFTMAX), new ActivationLayer(Activation.TANH))),
                Arguments.of(onlyLoss(dense(4, 3, Activation.SOFTMAX), new DropoutLayer(0.5))),
                Arguments.of(onlyLoss(dense(4, 3, Activation.SOFTMAX),
                        new DropoutLayer.Builder(0.5).activation(Activation.IDENTITY).build())),
                Arguments.of(onlyLoss(dense(4, 3, Activation.SOFTMAX),
                        new ActivationLayer.Builder().activation(Activation.IDENTITY).dropOut(0.5).build())),
                Arguments.of(onlyLoss(new DenseLayer.Builder().nIn(4).nOut(3).hasLayerNorm(true)
                        .activation(Activation.SOFTMAX).build())));
    }

    private static MultiLayerConfiguration onlyLoss(Layer... end) {
        return chain(Stream.concat(Stream.of(end), Stream.of(loss(LossFunction.MCXENT, Activation.IDENTITY)))
                .toArray(Layer[]::new));
    }

    @ParameterizedTest
    @MethodSource("others")
    void whatNoOutputLayerDoesIsRefused(MultiLayerConfiguration conf) {
        int last = conf.getConfs().size() - 1;
        assertThatThrownBy(() -> IbHebb.convert(conf)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'layer" + last + "' (LossLayer)", "DenseLayer", "OutputLayer");
        assertThatThrownBy(() -> IbHebb.report(conf)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPreProcessorInBetweenIsRefused() {
        MultiLayerConfiguration conf =
                chain(dense(4, 3, Activation.SOFTMAX), loss(LossFunction.MCXENT, Activation.IDENTITY));
        conf.getInputPreProcessors().put(3, new FeedForwardToRnnPreProcessor());
        assertThatThrownBy(() -> IbHebb.convert(conf)).hasMessageContaining("(LossLayer)");
        ComputationGraphConfiguration graph = graph();
        ((LayerVertex) graph.getVertices().get("first-loss")).setPreProcessor(new FeedForwardToRnnPreProcessor());
        assertThatThrownBy(() -> IbHebb.convert(graph)).hasMessageContaining("'first-loss' (LossLayer)");
    }

    @Test
    void anotherVertexInBetweenIsRefused() {
        ComputationGraphConfiguration conf = Fixtures.builder(new Sgd(0.1)).graphBuilder().addInputs("in")
                .addLayer("a", dense(5, 6, Activation.TANH), "in")
                .addLayer("b", dense(6, 3, Activation.SOFTMAX), "a")
                .addVertex("half", new ScaleVertex(0.5), "b")
                .addLayer("loss", loss(LossFunction.MCXENT, Activation.IDENTITY), "half")
                .setOutputs("loss").build();
        assertThatThrownBy(() -> IbHebb.convert(conf)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'loss' (LossLayer)");
    }

    /** Two outputs of two forms. */
    private static ComputationGraphConfiguration graph() {
        return Fixtures.builder(new Sgd(0.1)).graphBuilder().addInputs("in")
                .addLayer("a", dense(5, 6, Activation.TANH), "in")
                .addLayer("b", dense(5, 4, Activation.TANH), "in")
                .addLayer("first", dense(6, 3, Activation.SOFTMAX), "a")
                .addLayer("first-loss", loss(LossFunction.MCXENT, Activation.IDENTITY), "first")
                .addVertex("both", new MergeVertex(), "a", "b")
                .addLayer("second", dense(10, 3, Activation.IDENTITY), "both")
                .addLayer("second-activation", new ActivationLayer(Activation.SOFTMAX), "second")
                .addLayer("second-loss", loss(LossFunction.MCXENT, Activation.IDENTITY), "second-activation")
                .setOutputs("second-loss", "first-loss")
                .build();
    }

    @Test
    void graphsEndInTheirDenseLayers() {
        ComputationGraph stock = new ComputationGraph(graph());
        stock.init();
        ComputationGraph local = IbHebb.convert(stock, Fixtures.plain().build());
        assertThat(local.getConfiguration().getNetworkOutputs()).containsExactly("second", "first");
        assertThat(local.getConfiguration().getVertices().keySet())
                .containsExactly("a", "b", "first", "both", "second");
        assertThat(IbHebb.report(graph()).count(Learning.READOUT)).isEqualTo(2);

        MultiDataSet data = new MultiDataSet(new INDArray[] {DATA.getFeatures()},
                new INDArray[] {DATA.getLabels(), DATA.getLabels()});
        for (int output = 0; output < 2; output++) {
            assertThat(values(local.output(DATA.getFeatures())[output]))
                    .isEqualTo(values(stock.output(DATA.getFeatures())[output]));
        }
        assertThat(local.score(data)).isEqualTo(stock.score(data));
        stock.fit(data);
        local.fit(data);
        for (String key : List.of("first_W", "first_b", "second_W", "second_b")) {
            assertThat(values(local.getParam(key))).usingComparatorWithPrecision(1e-10)
                    .containsExactly(values(stock.getParam(key)));
        }
    }

    @Test
    void aDenseLayerThatSomethingElseReadsIsRefused() {
        ComputationGraphConfiguration conf = Fixtures.builder(new Sgd(0.1)).graphBuilder().addInputs("in")
                .addLayer("a", dense(5, 3, Activation.SOFTMAX), "in")
                .addLayer("loss", loss(LossFunction.MCXENT, Activation.IDENTITY), "a")
                .addLayer("b", dense(3, 4, Activation.TANH), "a")
                .addLayer("out", Fixtures.readout(4, 3), "b")
                .setOutputs("loss", "out")
                .build();
        assertThatThrownBy(() -> IbHebb.convert(conf)).hasMessageContaining("'loss' (LossLayer)");
    }

    @Test
    void aReadoutFromAllLayersCanBeHad() {
        ComputationGraphConfiguration conf = IbHebb.readoutFromAllLayers(
                chain(dense(4, 3, Activation.SOFTMAX), loss(LossFunction.MCXENT, Activation.IDENTITY)),
                InputType.feedForward(5));
        ComputationGraph network = new ComputationGraph(IbHebb.convert(conf));
        network.init();
        assertThat(network.getLayer("layer2").conf().getLayer()).isInstanceOf(OutputLayer.class);
        assertThat(network.getParam("layer2_W").shape()).containsExactly(6 + 4, 3);
    }
}
