package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.ibhebb.ConversionReport.Learning.BACK_PROPAGATED;
import static org.ibhebb.ConversionReport.Learning.FROZEN;
import static org.ibhebb.ConversionReport.Learning.LOCAL;
import static org.ibhebb.ConversionReport.Learning.READOUT;
import static org.ibhebb.Fixtures.values;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.ibhebb.conf.layers.IbHebbDenseLayer;
import org.ibhebb.conf.layers.IbHebbOutputLayer;
import org.ibhebb.conf.layers.LocalLayer;
import org.ibhebb.rule.LearningRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** What transfer learning adds to a converted network, and changes in it, never back-propagates in silence. */
class AddedLayersTest {

    private static final LearningRule RULE = Fixtures.plain().memory(24).build();
    private static final DataSet DATA = Fixtures.clusters(1, 12, 5, 3);

    private static FineTuneConfiguration tuning() {
        return new FineTuneConfiguration.Builder().updater(new Sgd(0.1)).build();
    }

    private static DenseLayer added(int nIn) {
        return new DenseLayer.Builder().nIn(nIn).nOut(4).name("added").activation(Activation.TANH).build();
    }

    static Stream<Layer> readouts() {
        return Stream.of(
                new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX).nIn(4).nOut(3).build(),
                new IbHebbOutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX).nIn(4).nOut(3).build());
    }

    /** The readout that is added with it may be DL4J's, or one that says nothing about what is below. */
    @ParameterizedTest
    @MethodSource("readouts")
    void aHiddenLayerThatIsAddedBecomesLocal(Layer readout) {
        MultiLayerNetwork network = Fixtures.localMlp(RULE, 5, 6, 3);
        network.fit(DATA);
        MultiLayerNetwork longer = new TransferLearning.Builder(network)
                .fineTuneConfiguration(tuning())
                .removeOutputLayer().addLayer(added(6)).addLayer(readout)
                .build();
        assertThat(IbHebb.isConverted(network)).isTrue();
        assertThat(IbHebb.isConverted(longer)).isFalse();

        MultiLayerNetwork local = IbHebb.convert(longer);
        assertThat(IbHebb.isConverted(local)).isTrue();
        assertThat(IbHebb.report(local).layers()).extracting(ConversionReport.Entry::learning)
                .containsExactly(LOCAL, LOCAL, READOUT);
        // There is one working memory, and the default is another one.
        assertThat(((LocalLayer) local.getLayerWiseConfigurations().getConf(1).getLayer()).getRule()).isEqualTo(RULE);
        assertThat(values(local.params())).isEqualTo(values(longer.params()));

        // It learns by its own signal: as in a network that was converted whole.
        MultiLayerNetwork whole = IbHebb.convert(IbHebb.revert(longer), RULE);
        local.fit(DATA);
        whole.fit(DATA);
        assertThat(values(local.params())).isEqualTo(values(whole.params()));
    }

    @Test
    void aVertexThatIsPutInAGraphBecomesLocal() {
        ComputationGraph network = new ComputationGraph(IbHebb.convert(graphOf("a", "b"), RULE));
        network.init();
        ComputationGraph changed = new TransferLearning.GraphBuilder(network)
                .fineTuneConfiguration(tuning())
                .removeVertexKeepConnections("b")
                .addLayer("b", added(4), "a")
                .build();
        assertThat(IbHebb.isConverted(changed)).isFalse();
        ComputationGraph local = IbHebb.convert(changed);
        assertThat(IbHebb.report(local).count(LOCAL)).isEqualTo(2);
        assertThat(IbHebb.report(local).count(BACK_PROPAGATED)).isZero();
        double[] before = values(local.getParam("b_W"));
        local.fit(DATA);
        assertThat(values(local.getParam("b_W"))).isNotEqualTo(before);
    }

    private static ComputationGraphConfiguration graphOf(String first, String second) {
        return Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH).graphBuilder().addInputs("in")
                .addLayer(first, new DenseLayer.Builder().nIn(5).nOut(4).build(), "in")
                .addLayer(second, new DenseLayer.Builder().nIn(4).nOut(4).build(), first)
                .addLayer("out", Fixtures.readout(4, 3), second)
                .setOutputs("out").build();
    }

    private static MultiLayerConfiguration withHead() {
        return IbHebb.convert(Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH).list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(6).updater(new IbHebb(new Sgd(0.1), RULE)).build())
                .layer(new DenseLayer.Builder().nIn(6).nOut(4).build())
                .layer(Fixtures.readout(4, 3))
                .build());
    }

    /** Who chose a back-propagated head keeps it, through files and transfer learning; the report names its layers. */
    @ParameterizedTest
    @MethodSource("readouts")
    void aHeadThatWasChosenStaysOne(Layer readout) {
        MultiLayerConfiguration conf = withHead();
        assertThat(IbHebb.isConverted(conf)).isTrue();
        for (MultiLayerConfiguration each : List.of(
                conf, MultiLayerConfiguration.fromJson(conf.toJson()), MultiLayerConfiguration.fromYaml(conf.toYaml()),
                IbHebb.convert(conf), IbHebb.convert(conf, RULE))) {
            assertThat(each).isEqualTo(conf);
            assertThat(IbHebb.convert(each)).isEqualTo(conf);
        }
        MultiLayerNetwork longer = new TransferLearning.Builder(Fixtures.network(conf))
                .fineTuneConfiguration(tuning())
                .removeOutputLayer().addLayer(added(4)).addLayer(readout)
                .build();
        assertThat(IbHebb.report(longer).layers()).extracting(ConversionReport.Entry::learning)
                .containsExactly(LOCAL, BACK_PROPAGATED, BACK_PROPAGATED, READOUT);
        assertThat(IbHebb.report(longer).layers().get(2)).satisfies(entry -> {
            assertThat(entry.name()).isEqualTo("added");
            assertThat(entry.detail()).contains("updater is not IbHebb");
        });
    }

    /** A file of version 0.1 has no word on it but the readout's. */
    @Test
    void aHeadOfVersion01StaysOne() {
        String json = withHead().toJson();
        MultiLayerConfiguration old =
                MultiLayerConfiguration.fromJson(json.replaceAll("\"backPropagatedHead\" : true,", ""));
        assertThat(((LocalLayer) old.getConf(0).getLayer()).getBackPropagatedHead()).isNull();
        assertThat(IbHebb.report(old).count(BACK_PROPAGATED)).isEqualTo(1);
        assertThat(IbHebb.convert(old)).isEqualTo(withHead());

        MultiLayerConfiguration whole = MultiLayerConfiguration.fromJson(Fixtures.localMlp(RULE, 5, 4, 4, 3)
                .getLayerWiseConfigurations().toJson().replaceAll("\"backPropagatedHead\" : false,", ""));
        whole.getConf(1).setLayer(IbHebb.revert(whole).getConf(1).getLayer());
        assertThat(IbHebb.report(whole).count(LOCAL)).isEqualTo(2);
    }

    @Test
    void directlyBuiltLocalLayersDoNotMakeTheOthersAHead() {
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH).list()
                .layer(new IbHebbDenseLayer.Builder().rule(RULE).source(true).nIn(5).nOut(4).build())
                .layer(new DenseLayer.Builder().nIn(4).nOut(4).build())
                .layer(Fixtures.readout(4, 3))
                .build();
        assertThat(IbHebb.report(conf).count(LOCAL)).isEqualTo(2);
    }

    /** All of a converted network's layers are frozen, and a hidden layer is put on them. */
    @Test
    void aLayerOnFrozenLocalOnesBecomesLocal() {
        MultiLayerNetwork longer = new TransferLearning.Builder(Fixtures.localMlp(RULE, 5, 6, 3))
                .fineTuneConfiguration(tuning())
                .setFeatureExtractor(0)
                .removeOutputLayer().addLayer(added(6)).addLayer(Fixtures.readout(4, 3))
                .build();
        assertThat(IbHebb.report(IbHebb.convert(longer, RULE)).layers()).extracting(ConversionReport.Entry::learning)
                .containsExactly(FROZEN, LOCAL, READOUT);
    }

    @ParameterizedTest
    @EnumSource(value = OptimizationAlgorithm.class, mode = EnumSource.Mode.EXCLUDE,
            names = "STOCHASTIC_GRADIENT_DESCENT")
    void aSearchAlongTheLossCanNotBeBroughtInLater(OptimizationAlgorithm algorithm) {
        FineTuneConfiguration search =
                new FineTuneConfiguration.Builder().optimizationAlgo(algorithm).updater(new Sgd(0.1)).build();
        MultiLayerNetwork chain = Fixtures.localMlp(RULE, 5, 6, 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TransferLearning.Builder(chain).fineTuneConfiguration(search).build().fit(DATA))
                .withMessageContainingAll(
                        "layer0", "index 0", algorithm.name(), "STOCHASTIC_GRADIENT_DESCENT", "revert");

        ComputationGraph graph = new ComputationGraph(IbHebb.convert(graphOf("a", "b"), RULE));
        graph.init();
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new TransferLearning.GraphBuilder(graph).fineTuneConfiguration(search).build().fit(DATA))
                .withMessageContainingAll("'a'", algorithm.name(), "STOCHASTIC_GRADIENT_DESCENT");

        // Stock networks take it as before, and conversion looks at every layer.
        MultiLayerNetwork stock =
                new TransferLearning.Builder(IbHebb.revert(chain)).fineTuneConfiguration(search).build();
        assertThatIllegalArgumentException().isThrownBy(() -> IbHebb.convert(stock, RULE))
                .withMessageContaining(algorithm.name());
        MultiLayerConfiguration second = Fixtures.mlp(Activation.TANH, new Sgd(0.1), 5, 4, 4, 3);
        second.getConf(1).setOptimizationAlgo(algorithm);
        assertThatIllegalArgumentException().isThrownBy(() -> IbHebb.convert(second))
                .withMessageContaining(algorithm.name());
    }
}
