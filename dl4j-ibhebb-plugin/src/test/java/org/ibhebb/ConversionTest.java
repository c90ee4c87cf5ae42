package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.ibhebb.Fixtures.values;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.ibhebb.ConversionReport.Learning.BACK_PROPAGATED;
import static org.ibhebb.ConversionReport.Learning.FROZEN;
import static org.ibhebb.ConversionReport.Learning.LOCAL;
import static org.ibhebb.ConversionReport.Learning.NO_WEIGHTS;
import static org.ibhebb.ConversionReport.Learning.READOUT;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.ibhebb.conf.layers.IbHebbConvolutionLayer;
import org.ibhebb.conf.layers.IbHebbDenseLayer;
import org.ibhebb.conf.layers.IbHebbOutputLayer;
import org.ibhebb.ConversionReport.Learning;
import org.ibhebb.internal.convert.Converter;
import org.ibhebb.internal.convert.Decision;
import org.ibhebb.internal.convert.Rules;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** What becomes of a configuration: local, kept, frozen, or refused by name. */
@ForAnyKernel
class ConversionTest {

    private static final LearningRule RULE =
            Fixtures.plain().objective(Objective.hsic().withGamma(3)).memory(16).build();

    @Test
    void aStockConfigurationIsNotChanged() {
        MultiLayerConfiguration conf = convolutional();
        String before = conf.toJson();
        IbHebb.convert(conf, RULE);
        assertThat(conf.toJson()).isEqualTo(before);
    }

    /** Clones of DL4J's wrappers share what they wrap. */
    @Test
    void aLayerInsideAStockWrapperIsNotChangedEither() {
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder().updater(new IbHebb(new Adam(1e-3), RULE))
                .list()
                .layer(new LastTimeStep(new LSTM.Builder().nIn(3).nOut(4).build()))
                .layer(Fixtures.readout(4, 2))
                .build();
        String before = conf.toJson();
        MultiLayerConfiguration local = IbHebb.convert(conf);
        assertThat(conf.toJson()).isEqualTo(before);
        assertThat(IbHebb.report(conf).count(LOCAL)).isEqualTo(1);
        assertThat(IbHebb.convert(conf)).isEqualTo(local);
    }

    /** Otherwise all would learn locally, by the default rule. */
    @Test
    void aRuleIsFoundInsideAStockWrapper() {
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).list()
                .layer(new LastTimeStep(
                        new LSTM.Builder().nIn(3).nOut(4).updater(new IbHebb(new Sgd(0.1), RULE)).build()))
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
                .layer(Fixtures.readout(5, 2))
                .build();
        ConversionReport report = IbHebb.report(conf);
        assertThat(report.layers()).extracting(ConversionReport.Entry::learning)
                .containsExactly(LOCAL, BACK_PROPAGATED, READOUT);
        assertThat(report.layers().get(0).detail()).startsWith(RULE.toString());
    }

    @Test
    void everyHiddenLayerWithWeightsIsLocalAndEverythingElseIsSaid() {
        ConversionReport report = IbHebb.report(IbHebb.convert(convolutional(), RULE));

        assertThat(report.layers()).extracting(ConversionReport.Entry::learning)
                .containsExactly(LOCAL, LOCAL, NO_WEIGHTS, NO_WEIGHTS, LOCAL, NO_WEIGHTS, LOCAL, READOUT);
        assertThat(report.layers()).extracting(ConversionReport.Entry::name).startsWith("conv", "layer1");
        assertThat(report.layers().get(2).detail()).isEqualTo("in the unit of 'conv'");
        assertThat(report.layers().get(3).detail()).contains("unit of 'conv'").contains("sees this layer's output");
        assertThat(report.layers().get(4).detail()).contains("hsic").contains("gamma 3.0").contains("memory 16");
        assertThat(report.summary()).isEqualTo("4 of 5 layers with weights learn locally, 1 by their own loss,"
                + " 0 by back-propagation, 0 are frozen");
        assertThat(report.toString().lines()).hasSize(9);
        assertThat(report.toString()).contains("BatchNormalization").doesNotContain("IbHebb");
    }

    @Test
    void theReportSaysWhoseUpdaterThereIsAndWhatCostsMore() {
        for (MultiLayerConfiguration conf : List.of(convolutional(), IbHebb.convert(convolutional()))) {
            List<ConversionReport.Entry> layers = IbHebb.report(conf).layers();
            assertThat(layers.get(0).detail()).endsWith("; the library's updater, by the schedule of its own");
            assertThat(layers.get(7).detail())
                    .isEqualTo("its own loss on its own input; the library's updater, by the schedule of its own");
        }
        LearningRule configured = LearningRule.builder().updaters(LearningRule.Updaters.CONFIGURED).build();
        List<ConversionReport.Entry> layers = IbHebb.report(IbHebb.convert(convolutional(), configured)).layers();
        assertThat(layers.get(0).detail()).endsWith("; its own updater");
        assertThat(layers.get(7).detail()).isEqualTo("its own loss on its own input; its own updater");
        MultiLayerConfiguration recurrent = Fixtures.builder(new Adam(1e-3)).list()
                .layer(new LastTimeStep(new LSTM.Builder().nIn(3).nOut(4).build()))
                .layer(Fixtures.readout(4, 2)).build();
        assertThat(IbHebb.report(recurrent).layers().get(0).detail())
                .endsWith(", wrapped: costs a second forward pass");
    }

    /** Their signal sees how often neurons fire for a sample. */
    @Test
    void spikingLayersThatHaveNoRatesOfTheirOwnAreRefused() {
        MultiLayerConfiguration steps = Fixtures.builder(new Adam(1e-3)).list()
                .layer(new SpikingDenseLayer.Builder().nIn(3).nOut(4).build())
                .layer(new RnnOutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX).nIn(4).nOut(2).build()).build();
        assertThatIllegalArgumentException().isThrownBy(() -> IbHebb.convert(steps))
                .withMessageContainingAll("learns once a sample", "SpikeRateLayer");
        MultiLayerConfiguration unit = Fixtures.builder(new Adam(1e-3)).list()
                .layer(new SpikingDenseLayer.Builder().nIn(3).nOut(4).build())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(new SpikeRateLayer())
                .layer(Fixtures.readout(4, 2)).build();
        assertThatIllegalArgumentException().isThrownBy(() -> IbHebb.convert(unit))
                .withMessageContainingAll("can't learn as one unit with", "put a SpikeRateLayer before it");
    }

    @Test
    void aNetworkOfFrozenLayersSaysSo() {
        MultiLayerConfiguration frozen = Fixtures.builder(new Adam(1e-3)).list()
                .layer(new FrozenLayer(new DenseLayer.Builder().nIn(3).nOut(4).build()))
                .layer(Fixtures.readout(4, 2)).build();
        assertThatIllegalArgumentException().isThrownBy(() -> IbHebb.convert(frozen))
                .withMessageEndingWith("no hidden layer with weights that is not frozen");
        MultiLayerConfiguration none = Fixtures.builder(new Adam(1e-3)).list().layer(Fixtures.readout(4, 2)).build();
        assertThatIllegalArgumentException().isThrownBy(() -> IbHebb.convert(none))
                .withMessageEndingWith("no hidden layer with weights");
    }

    @Test
    void theReportOfAStockConfigurationSaysWhatConversionWouldDo() {
        MultiLayerConfiguration conf = convolutional();
        assertThat(IbHebb.report(conf)).isEqualTo(IbHebb.report(IbHebb.convert(conf)));
    }

    @Test
    void eachKindOfLayerHasItsDefaults() {
        for (ConversionReport report : List.of(
                IbHebb.report(convolutional()), IbHebb.report(IbHebb.convert(convolutional())),
                IbHebb.report(IbHebb.convert(convolutional(), null)))) {
            assertThat(report.layers().get(0).detail()).contains(LearningRule.convolutionDefaults().toString());
            assertThat(report.layers().get(4).detail()).contains(LearningRule.convolutionDefaults().toString());
            assertThat(report.layers().get(6).detail()).contains(LearningRule.defaults().toString());
        }
    }

    @Test
    void convertingTwiceIsConvertingOnce() {
        MultiLayerConfiguration once = IbHebb.convert(convolutional(), RULE);
        assertThat(IbHebb.convert(once)).isEqualTo(once);
        ComputationGraphConfiguration graph = IbHebb.convert(graph(Activation.TANH), RULE);
        assertThat(IbHebb.convert(graph).toJson()).isEqualTo(graph.toJson());
    }

    @Test
    void revertingGivesBackTheConfiguration() {
        assertThat(IbHebb.revert(IbHebb.convert(convolutional(), RULE)).toJson()).isEqualTo(convolutional().toJson());
        ComputationGraphConfiguration graph = graph(Activation.TANH);
        assertThat(IbHebb.revert(IbHebb.convert(graph, RULE)).toJson()).isEqualTo(graph.toJson());
    }

    @Test
    void aConvertedNetworkStartsWithTheSameParametersAndOutputs() {
        INDArray x = Fixtures.noise(1, 3, 2 * 6 * 6);
        MultiLayerNetwork stock = Fixtures.network(convolutional());
        MultiLayerNetwork local = Fixtures.network(IbHebb.convert(convolutional(), RULE));
        assertThat(values(local.params())).isEqualTo(values(stock.params()));
        assertThat(values(local.output(x))).isEqualTo(values(stock.output(x)));
    }

    @Test
    void aRevertedNetworkHasTheSameOutputsAndGoesOnByBackPropagation() {
        DataSet data = new DataSet(Fixtures.noise(1, 9, 2 * 6 * 6), Fixtures.oneHot(2, 9, 3));
        MultiLayerNetwork local = Fixtures.network(IbHebb.convert(convolutional(), RULE));
        for (int i = 0; i < 5; i++) {
            local.fit(data);
        }
        MultiLayerNetwork stock = IbHebb.revert(local);
        sameUpToRounding(stock.output(data.getFeatures()), local.output(data.getFeatures()));
        assertThat(values(stock.getUpdater().getStateViewArray()))
                .isEqualTo(values(local.getUpdater().getStateViewArray()));
        assertThat(stock.getLayerWiseConfigurations().toJson()).doesNotContain("ibhebb");
        INDArray before = stock.params().dup();
        stock.fit(data);
        assertThat(values(stock.params())).isNotEqualTo(values(before));

        ComputationGraph graph = new ComputationGraph(IbHebb.convert(graph(Activation.TANH), RULE));
        graph.init();
        DataSet flat = Fixtures.clusters(1, 9, 5, 3);
        graph.fit(flat);
        sameUpToRounding(IbHebb.revert(graph).output(flat.getFeatures())[0], graph.output(flat.getFeatures())[0]);
    }

    /** Batch normalisation is DL4J's up to rounding. */
    private static void sameUpToRounding(INDArray actual, INDArray expected) {
        assertThat(values(actual)).usingComparatorWithPrecision(1e-12).containsExactly(values(expected));
    }

    @Test
    void aTrainedStockNetworkGoesOnLocally() {
        DataSet data = Fixtures.clusters(1, 30, 5, 3);
        MultiLayerNetwork stock = Fixtures.network(Fixtures.mlp(Activation.TANH, new Adam(1e-2), 5, 6, 3));
        stock.fit(data);
        MultiLayerNetwork local = IbHebb.convert(stock, RULE);
        assertThat(values(local.params())).isEqualTo(values(stock.params()));
        assertThat(IbHebb.report(local.getLayerWiseConfigurations()).count(LOCAL)).isEqualTo(1);

        ComputationGraph graph = new ComputationGraph(graph(Activation.TANH));
        graph.init();
        assertThat(values(IbHebb.convert(graph, RULE).params())).isEqualTo(values(graph.params()));
    }

    @Test
    void whatOneUpdaterRemembersMeansNothingToAnother() {
        DataSet data = Fixtures.clusters(1, 30, 5, 3);
        MultiLayerNetwork stock = Fixtures.network(Fixtures.mlp(Activation.TANH, new Adam(1e-2), 5, 6, 3));
        stock.fit(data);
        MultiLayerNetwork local = IbHebb.convert(stock, LearningRule.defaults());
        double[] begun = values(Fixtures.network(local.getLayerWiseConfigurations()).getUpdater().getStateViewArray());
        assertThat(values(local.getUpdater().getStateViewArray())).isEqualTo(begun);

        ComputationGraph graph = new ComputationGraph(graph(Activation.TANH));
        graph.init();
        graph.fit(data);
        ComputationGraph localGraph = IbHebb.convert(graph, LearningRule.defaults());
        ComputationGraph fresh = new ComputationGraph(localGraph.getConfiguration());
        fresh.init();
        assertThat(values(localGraph.getUpdater().getStateViewArray()))
                .isEqualTo(values(fresh.getUpdater().getStateViewArray()));
    }

    /** Both are at one place: the given network has the parameters that the other one goes on from. */
    @Test
    void aNetworkThatHasNoParametersYetGetsThem() {
        MultiLayerConfiguration conf = convolutional();
        ComputationGraphConfiguration graphConf = graph(Activation.TANH);
        for (boolean back : new boolean[] {false, true}) {
            MultiLayerNetwork given = new MultiLayerNetwork(conf.clone());
            MultiLayerNetwork other = back ? IbHebb.revert(given) : IbHebb.convert(given);
            assertThat(values(other.params())).isEqualTo(values(given.params()));
            ComputationGraph graph = new ComputationGraph(graphConf.clone());
            ComputationGraph otherGraph = back ? IbHebb.revert(graph) : IbHebb.convert(graph);
            assertThat(values(otherGraph.params())).isEqualTo(values(graph.params()));
        }
    }

    @Test
    void whatWasDecidedIsTold() {
        List<Decision> told = new ArrayList<>();
        MultiLayerConfiguration converted = Converter.convert(convolutional(), Rules.NONE, told::addAll);
        assertThat(told).hasSize(8).isEqualTo(Converter.decisions(converted, Rules.NONE));
        List<Decision> ofGraph = new ArrayList<>();
        ComputationGraphConfiguration graph = Converter.convert(graph(Activation.TANH), Rules.NONE, ofGraph::addAll);
        assertThat(ofGraph).hasSize(4).isEqualTo(Converter.decisions(graph, Rules.NONE));
    }

    @Test
    void theUpdaterCarriesTheRuleForTheNetworkAndForLayers() {
        LearningRule own = RULE.toBuilder().objective(Objective.hsicZZ()).build();
        MultiLayerConfiguration conf = Fixtures.builder(new IbHebb(new Adam(1e-3), RULE)).list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(4).build())
                .layer(new DenseLayer.Builder().nIn(4).nOut(4).updater(new IbHebb(new Sgd(0.1), own)).build())
                .layer(Fixtures.readout(4, 3))
                .build();
        MultiLayerConfiguration converted = IbHebb.convert(conf);

        IbHebbDenseLayer first = (IbHebbDenseLayer) converted.getConf(0).getLayer();
        IbHebbDenseLayer second = (IbHebbDenseLayer) converted.getConf(1).getLayer();
        assertThat(first.getRule()).isEqualTo(RULE);
        assertThat(first.getIUpdater()).isEqualTo(new Adam(1e-3));
        assertThat(second.getRule()).isEqualTo(own);
        assertThat(second.getIUpdater()).isEqualTo(new Sgd(0.1));
        assertThat(((OutputLayer) converted.getConf(2).getLayer()).getIUpdater()).isEqualTo(new Adam(1e-3));
        assertThat(converted.toJson()).doesNotContain("\"org.ibhebb.IbHebb\"");
    }

    @Test
    void theUpdaterSurvivesJsonAndYamlBeforeConversion() {
        MultiLayerConfiguration conf = Fixtures.mlp(Activation.TANH, new IbHebb(new Adam(1e-3), RULE), 4, 4, 3);
        assertThat(MultiLayerConfiguration.fromJson(conf.toJson())).isEqualTo(conf);
        assertThat(MultiLayerConfiguration.fromYaml(conf.toYaml())).isEqualTo(conf);
        assertThat(((DenseLayer) MultiLayerConfiguration.fromJson(conf.toJson()).getConf(0).getLayer()).getIUpdater())
                .isEqualTo(new IbHebb(new Adam(1e-3), RULE));
        // A rule of another name would be none.
        assertThatThrownBy(() -> MultiLayerConfiguration.fromJson(conf.toJson().replace("\"rule\"", "\"rul\"")))
                .hasStackTraceContaining("IbHebb updater has no field 'rul'");
    }

    @Test
    void anUnconvertedNetworkRefusesToTrainByBackPropagation() {
        MultiLayerConfiguration conf = Fixtures.mlp(Activation.TANH, new IbHebb(new Adam(1e-3)), 5, 4, 3);
        assertThatThrownBy(() -> Fixtures.network(conf).fit(Fixtures.clusters(1, 6, 5, 3)))
                .hasStackTraceContaining("IbHebb.convert(conf)");
    }

    @Test
    void aBackPropagatedHeadOnLocalLayersLearnsByItsOwnErrors() {
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH).list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(6).updater(new IbHebb(new Sgd(0.1), RULE)).build())
                .layer(new DropoutLayer(1.0))
                .layer(new DenseLayer.Builder().nIn(6).nOut(4).build())
                .layer(Fixtures.readout(4, 3))
                .build();
        MultiLayerConfiguration converted = IbHebb.convert(conf);
        assertThat(IbHebb.report(converted).layers()).extracting(ConversionReport.Entry::learning)
                .containsExactly(LOCAL, NO_WEIGHTS, BACK_PROPAGATED, READOUT);

        MultiLayerNetwork local = Fixtures.network(converted);
        MultiLayerNetwork stock = Fixtures.network(IbHebb.revert(converted));
        DataSet data = Fixtures.clusters(1, 9, 5, 3);
        for (MultiLayerNetwork net : List.of(local, stock)) {
            net.setInput(data.getFeatures());
            net.setLabels(data.getLabels());
            net.computeGradientAndScore();
        }
        assertThat(values(local.gradient().getGradientFor("2_W")))
                .isEqualTo(values(stock.gradient().getGradientFor("2_W")));
        assertThat(values(local.gradient().getGradientFor("0_W")))
                .isNotEqualTo(values(stock.gradient().getGradientFor("0_W")));
    }

    @Test
    void aBackPropagatedLayerBelowALocalOneIsRefused() {
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).list()
                .layer(new DenseLayer.Builder().name("below").nIn(5).nOut(6).build())
                .layer(new DenseLayer.Builder().name("above").nIn(6).nOut(4).updater(new IbHebb(new Sgd(0.1))).build())
                .layer(Fixtures.readout(4, 3))
                .build();
        assertThatThrownBy(() -> IbHebb.convert(conf))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'below'", "'above'", "IbHebb updater", "freeze");
    }

    @Test
    void frozenLayersStayFrozenAndAreReported() {
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).list()
                .layer(new FrozenLayer(new DenseLayer.Builder().nIn(5).nOut(6).build()))
                .layer(new DenseLayer.Builder().nIn(6).nOut(4).build())
                .layer(Fixtures.readout(4, 3))
                .build();
        MultiLayerConfiguration converted = IbHebb.convert(conf, RULE);
        assertThat(IbHebb.report(converted).layers()).extracting(ConversionReport.Entry::learning)
                .containsExactly(FROZEN, LOCAL, READOUT);
        MultiLayerNetwork net = Fixtures.network(converted);
        INDArray frozen = net.getLayer(0).params().dup();
        INDArray learning = net.getLayer(1).params().dup();
        net.fit(Fixtures.clusters(1, 9, 5, 3));
        assertThat(values(net.getLayer(0).params())).isEqualTo(values(frozen));
        assertThat(values(net.getLayer(1).params())).isNotEqualTo(values(learning));
    }

    @Test
    void revertingReachesFrozenLayers() {
        MultiLayerNetwork local = Fixtures.localMlp(RULE, 5, 6, 4, 3);
        MultiLayerNetwork frozen = new TransferLearning.Builder(local).setFeatureExtractor(0).build();
        assertThat(frozen.getLayerWiseConfigurations().toJson()).contains("ibhebb").contains("FrozenLayer");
        assertThat(IbHebb.revert(frozen.getLayerWiseConfigurations()).toJson())
                .doesNotContain("ibhebb").contains("FrozenLayer");
    }

    @Test
    void aLocalLayerBelowAFrozenOneIsRefused() {
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).list()
                .layer(new DenseLayer.Builder().name("below").nIn(5).nOut(6).build())
                .layer(new FrozenLayer(new DenseLayer.Builder().nIn(6).nOut(4).build()))
                .layer(Fixtures.readout(4, 3))
                .build();
        assertThatThrownBy(() -> IbHebb.convert(conf)).hasMessageContainingAll("'below'", "frozen");
    }

    /** Deeplearning4j's backward pass goes on through this kind of frozen layer. */
    @Test
    void aLocalLayerLearnsBelowAFrozenOneWithBackProp() {
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(6).build())
                .layer(new FrozenLayerWithBackprop(new DenseLayer.Builder().nIn(6).nOut(4).build()))
                .layer(Fixtures.readout(4, 3))
                .build();
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(conf, RULE));
        INDArray learning = net.getLayer(0).params().dup();
        INDArray frozen = net.getParam("1_W").dup();
        net.fit(Fixtures.clusters(1, 9, 5, 3));
        assertThat(values(net.getLayer(0).params())).isNotEqualTo(values(learning));
        assertThat(values(net.getParam("1_W"))).isEqualTo(values(frozen));
    }

    @Test
    void aBackPropagatedLayerGetsItsErrorThroughAFrozenOneWithBackProp() {
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(6).updater(new IbHebb(new Sgd(0.1), RULE)).build())
                .layer(new DenseLayer.Builder().nIn(6).nOut(4).build())
                .layer(new FrozenLayerWithBackprop(new DenseLayer.Builder().nIn(4).nOut(4).build()))
                .layer(Fixtures.readout(4, 3))
                .build();
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(conf));
        INDArray before = net.getParam("1_W").dup();
        net.fit(Fixtures.clusters(1, 9, 5, 3));
        assertThat(values(net.getParam("1_W"))).isNotEqualTo(values(before));
    }

    static Stream<Arguments> outputs() {
        return Stream.of(
                Arguments.of(new RnnLossLayer.Builder().build(), "RnnOutputLayer"),
                Arguments.of(new LossLayer.Builder(LossFunctions.LossFunction.MSE).activation(Activation.TANH).build(),
                        "one activation function in all"),
                Arguments.of(new CnnLossLayer.Builder(LossFunctions.LossFunction.MSE).build(), "images"),
                Arguments.of(new CenterLossOutputLayer.Builder().nIn(4).nOut(3).build(), "class centres"),
                Arguments.of(new DenseLayer.Builder().nIn(4).nOut(3).build(), "OutputLayer"));
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void otherOutputLayersAreRefusedByName(Layer output, String reason) {
        output.setLayerName("last");
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(4).build())
                .layer(Fixtures.readout(4, 3))
                .build();
        conf.getConf(1).setLayer(output);
        assertThatThrownBy(() -> IbHebb.convert(conf))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'last'", output.getClass().getSimpleName(), reason);
    }

    @Test
    void whatCouldNotLearnIsRefused() {
        MultiLayerConfiguration nothing = Fixtures.builder(new Sgd(0.1)).list().layer(Fixtures.readout(4, 3)).build();
        assertThatThrownBy(() -> IbHebb.convert(nothing)).hasMessageContaining("no hidden layer");

        MultiLayerConfiguration search = new NeuralNetConfiguration.Builder()
                .optimizationAlgo(OptimizationAlgorithm.LBFGS).list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(4).build()).layer(Fixtures.readout(4, 3)).build();
        assertThatThrownBy(() -> IbHebb.convert(search)).hasMessageContaining("LBFGS");
        assertThatThrownBy(() -> IbHebb.report(search)).hasMessageContaining("LBFGS");
        ComputationGraphConfiguration searching = graph(Activation.TANH);
        searching.getDefaultConfiguration().setOptimizationAlgo(OptimizationAlgorithm.LBFGS);
        assertThatThrownBy(() -> IbHebb.convert(searching)).hasMessageContaining("LBFGS");
        ComputationGraphConfiguration ofOneLayer = graph(Activation.TANH);
        ((LayerVertex) ofOneLayer.getVertices().get("other")).getLayerConf()
                .setOptimizationAlgo(OptimizationAlgorithm.LBFGS);
        assertThatThrownBy(() -> IbHebb.convert(ofOneLayer)).hasMessageContaining("LBFGS");

        MultiLayerConfiguration truncated = Fixtures.builder(new Sgd(0.1)).list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(4).build()).layer(Fixtures.readout(4, 3))
                .backpropType(BackpropType.TruncatedBPTT).build();
        assertThatThrownBy(() -> IbHebb.convert(truncated)).hasMessageContaining("BackpropType.Standard");
        assertThatThrownBy(() -> IbHebb.report(truncated)).hasMessageContaining("BackpropType.Standard");

        MultiLayerConfiguration autoencoder = Fixtures.builder(new Sgd(0.1)).list()
                .layer(new VariationalAutoencoder.Builder().nIn(4).nOut(4).build())
                .layer(Fixtures.readout(4, 3)).build();
        assertThatThrownBy(() -> IbHebb.convert(autoencoder)).hasMessageContaining("VariationalAutoencoder");

        ComputationGraphConfiguration attention = Fixtures.builder(new Sgd(0.1)).graphBuilder()
                .addInputs("in")
                .addVertex("attention", new AttentionVertex.Builder()
                        .nInKeys(3).nInQueries(3).nInValues(3).nOut(3).nHeads(1).projectInput(true).build(),
                        "in", "in", "in")
                .addLayer("hidden", new DenseLayer.Builder().nIn(3).nOut(4).build(), "attention")
                .addLayer("out", Fixtures.readout(4, 3), "hidden")
                .setOutputs("out").build();
        assertThatThrownBy(() -> IbHebb.convert(attention)).hasMessageContaining("'attention'");
    }

    @Test
    void oneNetworkHasOneWorkingMemory() {
        MultiLayerConfiguration conf = Fixtures.builder(new IbHebb(new Sgd(0.1), RULE)).list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(6).build())
                .layer(new DenseLayer.Builder().nIn(6).nOut(4)
                        .updater(new IbHebb(new Sgd(0.1), RULE.toBuilder().memory(5).build())).build())
                .layer(Fixtures.readout(4, 3))
                .build();
        assertThatThrownBy(() -> IbHebb.convert(conf)).hasMessageContainingAll("one working memory", "16", "5");
    }

    @Test
    void groupsMustDivideTheWidth() {
        MultiLayerConfiguration conf = IbHebb.convert(
                Fixtures.mlp(Activation.TANH, new Sgd(0.1), 5, 7, 3),
                LearningRule.builder().objective(Objective.normalizedHsic().withGroups(3)).build());
        assertThatThrownBy(() -> Fixtures.network(conf)).hasMessageContainingAll("index 0", "groups (3)", "width (7)");
    }

    @Test
    void localLayersCanBeBuiltDirectly() {
        NeuralNetConfiguration.Builder builder = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH);
        MultiLayerConfiguration conf = builder.list()
                .layer(new IbHebbConvolutionLayer.Builder(3, 3).rule(RULE).source(true).nOut(3).build())
                .layer(new IbHebbDenseLayer.Builder().rule(RULE).nOut(4).build())
                .layer(new IbHebbOutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX).nOut(3).build())
                .setInputType(InputType.convolutional(5, 5, 1))
                .build();
        MultiLayerConfiguration byConversion = IbHebb.convert(builder.list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(3).build())
                .layer(new DenseLayer.Builder().nOut(4).build())
                .layer(Fixtures.readout(0, 3))
                .setInputType(InputType.convolutional(5, 5, 1))
                .build(), RULE);
        MultiLayerNetwork direct = Fixtures.network(conf);
        MultiLayerNetwork converted = Fixtures.network(byConversion);
        DataSet data = new DataSet(Fixtures.noise(1, 9, 1, 5, 5), Fixtures.oneHot(1, 9, 3));
        direct.fit(data);
        converted.fit(data);
        assertThat(values(direct.params())).isEqualTo(values(converted.params()));
    }

    @Test
    void aStockOutputLayerOnLocalLayersIsNoticed() {
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).list()
                .layer(new IbHebbDenseLayer.Builder().rule(LearningRule.defaults()).nIn(5).nOut(4).build())
                .layer(Fixtures.readout(4, 3))
                .build();
        assertThatThrownBy(() -> Fixtures.network(conf).fit(Fixtures.clusters(1, 9, 5, 3)))
                .hasMessageContainingAll("labels", "IbHebb.convert(conf)");
    }

    @Test
    void aUnitThatLostItsEndIsNoticed() {
        MultiLayerConfiguration conf = IbHebb.convert(convolutional(), RULE);
        conf.getConf(3).setLayer(convolutional().getConf(3).getLayer());
        MultiLayerNetwork net = Fixtures.network(conf);
        assertThatThrownBy(() -> net.fit(
                        new DataSet(Fixtures.noise(1, 9, 2 * 6 * 6), Fixtures.oneHot(2, 9, 3))))
                .hasMessageContainingAll("'conv'", "unit", "IbHebb.revert");
    }

    @Test
    void averagePoolingEndsNoUnit() {
        MultiLayerConfiguration conf = Fixtures.builder(new Adam(1e-2)).list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).build())
                .layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG).build())
                .layer(Fixtures.readout(0, 3))
                .setInputType(InputType.convolutional(6, 6, 2))
                .build();
        assertThat(IbHebb.report(conf).layers()).extracting(ConversionReport.Entry::detail)
                .first(STRING).contains(LearningRule.convolutionDefaults().toString());
        assertThat(IbHebb.report(conf).layers().get(1).detail()).isEmpty();
        assertThat(IbHebb.convert(conf).getConf(1).getLayer()).isInstanceOf(SubsamplingLayer.class);
    }

    /** The report repeats what was decided, and the package below does not know the report. */
    @Test
    void theReportHasAWordForEachWayOfLearning() {
        assertThat(Learning.values()).extracting(Learning::name).containsExactly(
                Stream.of(org.ibhebb.internal.convert.Learning.values()).map(Enum::name).toArray(String[]::new));
    }

    @Test
    void countsAreOfTheReport() {
        ConversionReport report = new ConversionReport(List.of(
                new ConversionReport.Entry("a", "DenseLayer", Learning.LOCAL, ""),
                new ConversionReport.Entry("b", "OutputLayer", Learning.READOUT, "")));
        assertThat(report.count(LOCAL)).isEqualTo(1);
        assertThat(report.count(FROZEN)).isZero();
    }

    /** conv (identity) - batch norm - activation - pool - conv - dropout - dense - output. */
    private static MultiLayerConfiguration convolutional() {
        return Fixtures.builder(new Adam(1e-2)).activation(Activation.RELU).l2(1e-4).list()
                .layer(new ConvolutionLayer.Builder(3, 3).name("conv").nOut(4).activation(Activation.IDENTITY).build())
                .layer(new BatchNormalization())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
                .layer(new ConvolutionLayer.Builder(2, 2).nOut(3).build())
                .layer(new DropoutLayer(0.9))
                .layer(new DenseLayer.Builder().nOut(5).build())
                .layer(Fixtures.readout(0, 3))
                .setInputType(InputType.convolutionalFlat(6, 6, 2))
                .build();
    }

    private static ComputationGraphConfiguration graph(Activation activation) {
        return Fixtures.builder(new Adam(1e-2)).activation(activation).graphBuilder()
                .addInputs("in")
                .addLayer("dense", new DenseLayer.Builder().nIn(5).nOut(4).build(), "in")
                .addLayer("norm", new BatchNormalization.Builder().nIn(4).nOut(4).build(), "dense")
                .addLayer("other", new DenseLayer.Builder().nIn(5).nOut(4).build(), "in")
                .addLayer("out", Fixtures.readout(8, 3), "norm", "other")
                .setOutputs("out")
                .build();
    }
}
