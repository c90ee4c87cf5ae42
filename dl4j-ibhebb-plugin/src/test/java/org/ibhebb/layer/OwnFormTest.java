package org.ibhebb.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.ibhebb.Fixtures.values;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.ConversionReport;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.conf.layers.IbHebbDenseLayer;
import org.ibhebb.conf.layers.IbHebbWrapperLayer;
import org.ibhebb.layer.OwnForms.Changed;
import org.ibhebb.layer.OwnForms.Squares;
import org.ibhebb.layer.OwnForms.Twin;
import org.ibhebb.layer.OwnForms.TwinLayer;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A user's own kind of layer learns in its own form, as the library's layers do. */
class OwnFormTest {

    private static final int IN = 5;
    private static final int CLASSES = 3;
    private static final DataSet DATA = Fixtures.clusters(3, 24, IN, CLASSES);

    @TempDir
    private Path folder;

    private static DenseLayer twin(int nIn, int nOut) {
        return new Twin(nIn, nOut);
    }

    private static DenseLayer stock(int nIn, int nOut) {
        return new DenseLayer.Builder().nIn(nIn).nOut(nOut).build();
    }

    private interface Kind {
        DenseLayer of(int nIn, int nOut);
    }

    private static MultiLayerConfiguration plainMlp(Kind kind, Activation activation) {
        return Fixtures.builder(new Adam(1e-2)).activation(activation).list()
                .layer(kind.of(IN, 8)).layer(kind.of(8, 6)).layer(Fixtures.readout(6, CLASSES)).build();
    }

    static Stream<LearningRule> rules() {
        return Stream.of(
                LearningRule.defaults(),
                Fixtures.plain().memory(16).build(),
                LearningRule.builder().objective(Objective.hsic()).memory(12).build());
    }

    /** The oracle is the library's own dense layer: parameters, and all that is remembered. */
    @ParameterizedTest
    @MethodSource("rules")
    void learnsWhatADenseLayerLearns(LearningRule rule) {
        for (Activation activation : List.of(Activation.TANH, Activation.RELU)) {
            MultiLayerNetwork own = Fixtures.network(IbHebb.convert(plainMlp(OwnFormTest::twin, activation), rule));
            MultiLayerNetwork dense = Fixtures.network(IbHebb.convert(plainMlp(OwnFormTest::stock, activation), rule));
            assertThat(own.getLayerWiseConfigurations().getConf(0).getLayer()).isInstanceOf(IbHebbWrapperLayer.class);
            assertThat(dense.getLayerWiseConfigurations().getConf(0).getLayer()).isInstanceOf(IbHebbDenseLayer.class);
            assertLearnTheSame(own, dense, DATA.batchBy(6));
        }
    }

    /** A layer that starts a unit takes the signal of the one that ends it. */
    @Test
    void startsAUnitAsADenseLayerDoes() {
        MultiLayerNetwork[] networks = Stream.<Kind>of(OwnFormTest::twin, OwnFormTest::stock).map(kind ->
                Fixtures.network(IbHebb.convert(Fixtures.builder(new Adam(1e-2)).activation(Activation.IDENTITY).list()
                        .layer(kind.of(IN, 8)).layer(new BatchNormalization.Builder().nOut(8).build())
                        .layer(new ActivationLayer(Activation.RELU)).layer(Fixtures.readout(8, CLASSES)).build())))
                .toArray(MultiLayerNetwork[]::new);
        assertLearnTheSame(networks[0], networks[1], DATA.batchBy(6));
    }

    /** Sequences of different lengths, with a label for each time step. */
    @Test
    void learnsUnderMasksAsADenseLayerDoes() {
        MultiLayerNetwork[] networks = Stream.<Kind>of(OwnFormTest::twin, OwnFormTest::stock).map(kind ->
                Fixtures.network(IbHebb.convert(Fixtures.builder(new Adam(1e-2)).activation(Activation.TANH).list()
                        .layer(kind.of(0, 6)).layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX).nOut(CLASSES).build())
                        .setInputType(InputType.recurrent(IN, 4)).build())))
                .toArray(MultiLayerNetwork[]::new);
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1, 1, 1}, {1, 1, 0, 0}, {1, 1, 1, 0}});
        INDArray labels = Fixtures.oneHot(5, 12, CLASSES).reshape(3, 4, CLASSES).permute(0, 2, 1).dup();
        List<DataSet> batches = List.of(
                new DataSet(Fixtures.noise(1, 3, IN, 4), labels, mask, mask),
                new DataSet(Fixtures.noise(2, 3, IN, 4), labels),
                new DataSet(Fixtures.noise(3, 3, IN, 4), labels, mask, mask));
        assertLearnTheSame(networks[0], networks[1], batches);
    }

    private static void assertLearnTheSame(MultiLayerNetwork own, MultiLayerNetwork other, List<DataSet> batches) {
        own.setParams(other.params());
        double[] before = values(own.params());
        for (int epoch = 0; epoch < 3; epoch++) {
            for (DataSet batch : batches) {
                own.fit(batch.copy());
                other.fit(batch.copy());
            }
        }
        assertThat(Nd4j.createFromArray(before).distance2(own.params().reshape(before.length))).isGreaterThan(0.1);
        assertClose(own.params(), other.params());
        assertClose(own.getUpdater().getStateViewArray(), other.getUpdater().getStateViewArray());
    }

    private static void assertClose(INDArray one, INDArray other) {
        assertThat(values(one)).containsExactly(values(other), within(1e-9));
    }

    /** What the signal sees is what the layer's objective is of: finite differences. */
    @Test
    void descendsTheObjectiveOfWhatTheSignalSees() {
        LearningRule rule = Fixtures.plain().objective(Objective.neighbourhood().withSigma(0.6)).build();
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(plainMlp(Squares::new, Activation.TANH), rule));
        net.setInput(DATA.getFeatures());
        net.setLabels(DATA.getLabels());
        net.computeGradientAndScore();
        INDArray weights = net.getParam("0_W");
        INDArray gradient = net.gradient().getGradientFor("0_W").div(DATA.numExamples());
        double step = 1e-5;
        for (int i = 0; i < IN; i++) {
            for (int j = 0; j < 8; j++) {
                double before = weights.getDouble(i, j);
                weights.putScalar(i, j, before + step);
                double above = objectiveOfSquares(rule, net);
                weights.putScalar(i, j, before - step);
                double below = objectiveOfSquares(rule, net);
                weights.putScalar(i, j, before);
                assertThat(gradient.getDouble(i, j)).isCloseTo((above - below) / (2 * step), within(1e-8));
            }
        }
        assertThat(gradient.norm2Number().doubleValue()).isGreaterThan(1e-3);
    }

    private static double objectiveOfSquares(LearningRule rule, MultiLayerNetwork net) {
        INDArray activations = net.feedForwardToLayer(0, DATA.getFeatures(), false).get(1);
        return Fixtures.objective(rule, activations.mul(activations), false, DATA.getFeatures(), DATA.getLabels());
    }

    @Test
    void layersAboveDoNotChangeItByOneBit() {
        MultiLayerNetwork plain = Fixtures.network(IbHebb.convert(plainMlp(OwnFormTest::twin, Activation.TANH)));
        MultiLayerNetwork perturbed = IbHebb.clone(plain);
        perturbed.getLayer(1).params().muli(-1.7).addi(0.3);
        perturbed.getLayer(2).params().muli(-1);
        for (DataSet batch : DATA.batchBy(6)) {
            plain.fit(batch);
            perturbed.fit(batch);
        }
        assertThat(values(perturbed.getLayer(0).params())).isEqualTo(values(plain.getLayer(0).params()));
        assertThat(values(perturbed.getLayer(1).params())).isNotEqualTo(values(plain.getLayer(1).params()));
    }

    @Test
    void savedAndClonedItGoesOnToTheBit() throws Exception {
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(plainMlp(OwnFormTest::twin, Activation.TANH)));
        List<DataSet> batches = DATA.batchBy(6);
        batches.subList(0, 2).forEach(net::fit);
        IbHebb.save(net, folder.resolve("net.zip"));
        MultiLayerNetwork restored = IbHebb.restoreMultiLayerNetwork(folder.resolve("net.zip"));
        MultiLayerNetwork clone = IbHebb.clone(net);
        assertThat(restored.getLayerWiseConfigurations()).isEqualTo(net.getLayerWiseConfigurations());
        batches.subList(2, 4).forEach(batch -> {
            net.fit(batch);
            restored.fit(batch);
            clone.fit(batch);
        });
        for (MultiLayerNetwork other : List.of(restored, clone)) {
            assertThat(values(other.params())).isEqualTo(values(net.params()));
            assertThat(IbHebb.state(other)).isEqualTo(IbHebb.state(net));
        }
    }

    @Test
    void aStepThatFailsLeavesNoTrace() {
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(plainMlp(OwnFormTest::twin, Activation.TANH)));
        MultiLayerNetwork undisturbed = IbHebb.clone(net);
        INDArray bad = DATA.getFeatures().dup();
        bad.putScalar(2, 1, Double.NaN);
        for (DataSet batch : DATA.batchBy(6)) {
            assertThatThrownBy(() -> net.fit(new DataSet(bad, DATA.getLabels())))
                    .isInstanceOf(ArithmeticException.class).hasMessageContaining("sample 2");
            net.setInput(batch.getFeatures());
            net.setLabels(batch.getLabels());
            net.computeGradientAndScore();
            net.fit(batch);
            undisturbed.fit(batch);
        }
        assertThat(values(net.params())).isEqualTo(values(undisturbed.params()));
        assertThat(IbHebb.state(net)).isEqualTo(IbHebb.state(undisturbed));
    }

    @Test
    void reportSaysSoAndRevertPutsItBack() {
        MultiLayerConfiguration stock = plainMlp(OwnFormTest::twin, Activation.TANH);
        MultiLayerConfiguration local = IbHebb.convert(stock);
        for (ConversionReport report : List.of(IbHebb.report(stock), IbHebb.report(local))) {
            assertThat(report.layers().get(0).type()).isEqualTo("Twin");
            assertThat(report.layers().get(0).detail()).endsWith(", in a form of its own");
            assertThat(report.layers().get(0).detail()).doesNotContain("wrapped");
        }
        assertThat(IbHebb.convert(local)).isEqualTo(local);
        MultiLayerNetwork net = Fixtures.network(local);
        MultiLayerNetwork back = IbHebb.revert(net);
        assertThat(back.getLayerWiseConfigurations().getConf(0).getLayer()).isExactlyInstanceOf(Twin.class);
        assertThat(values(back.output(DATA.getFeatures()))).isEqualTo(values(net.output(DATA.getFeatures())));
        assertThatThrownBy(() -> IbHebb.ledger(local, 8)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Twin");
    }

    private static MultiLayerNetwork with(Twin layer) {
        return Fixtures.network(IbHebb.convert(Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH).list()
                .layer(layer).layer(Fixtures.readout(6, CLASSES)).build()));
    }

    private static Twin changed(Function<TwinLayer, LocalForm> form) {
        // DL4J clones configurations, and an anonymous class's clone is of that class.
        return new Twin(IN, 6) {
            @Override
            Function<TwinLayer, LocalForm> form() {
                return form;
            }
        };
    }

    /** Mistakes that would go unnoticed are named, with the layer. */
    @Test
    void mistakesAreNamed() {
        assertThatThrownBy(() -> with(changed(layer -> null))).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("layer 'layer0' (index 0)").hasMessageContaining("gave none");
        assertMistake("no activations", layer -> new Changed(layer) {
            @Override
            public INDArray forward(LayerWorkspaceMgr workspaces) {
                return null;
            }
        });
        assertMistake("as many samples", layer -> new Changed(layer) {
            @Override
            public INDArray errors(INDArray signal) {
                return super.errors(signal).transpose();
            }
        });
        assertMistake("none for parameter 'b'", layer -> new Changed(layer) {
            @Override
            public Gradient gradient(INDArray errors, double activityGain, LayerWorkspaceMgr workspaces) {
                Gradient all = super.gradient(errors, activityGain, workspaces);
                Gradient one = new DefaultGradient();
                one.setGradientFor("W", all.getGradientFor("W"));
                return one;
            }
        });
        assertMistake("of parameter 'W' in an array of its own", layer -> new Changed(layer) {
            @Override
            public Gradient gradient(INDArray errors, double activityGain, LayerWorkspaceMgr workspaces) {
                Gradient all = super.gradient(errors, activityGain, workspaces);
                all.setGradientFor("W", all.getGradientFor("W").dup());
                return all;
            }
        });
    }

    private static void assertMistake(String message, Function<TwinLayer, LocalForm> form) {
        MultiLayerNetwork net = with(changed(form));
        double[] before = values(net.params());
        assertThatThrownBy(() -> net.fit(DATA)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("layer 'layer0' (index 0)").hasMessageContaining(message);
        assertThat(values(net.params())).isEqualTo(before);
    }

    @Test
    void whatSeesSomethingElseCantStartAUnit() {
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(Fixtures.builder(new Sgd(0.1)).list()
                .layer(new Squares(IN, 6)).layer(new ActivationLayer(Activation.RELU))
                .layer(Fixtures.readout(6, CLASSES)).build()));
        assertThatThrownBy(() -> net.fit(DATA)).isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("sees something else");
    }

    /** A recurrent layer whose configuration claims a form of its own. */
    private static final class Recurrent extends SimpleRnn implements LocalForm.Configuration {

        Recurrent() {
            super(new SimpleRnn.Builder().nIn(IN).nOut(4));
        }

        @Override
        public LocalForm localForm(Layer layer) {
            throw new AssertionError("must not be asked");
        }
    }

    @Test
    void recurrentLayersAreRefused() {
        MultiLayerConfiguration conf = IbHebb.convert(new NeuralNetConfiguration.Builder().list()
                .layer(new Recurrent())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nIn(4)
                        .nOut(CLASSES).build()).build());
        assertThatThrownBy(() -> Fixtures.network(conf)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is recurrent");
    }
}
