package org.ibhebb.internal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The masks of a step that failed are used for no other: DL4J clears masks only after a step that succeeds, and asks no
 * layer to when the next mini-batch has none.
 */
class MasksAfterFailuresTest {

    private static final int SAMPLES = 3;
    private static final int STEPS = 5;
    private static final int WIDTH = 2;
    private static final int CLASSES = 3;

    /** The hidden layers of a network, whether each time step has a label, and which masks the failing step has. */
    record Case(String name, List<Layer> hidden, boolean stepwise, boolean features, boolean labels) {

        MultiLayerConfiguration conf() {
            var list = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH).list();
            hidden.forEach(layer -> list.layer(layer.clone()));
            return IbHebb.convert(list.layer(readout()).setInputType(InputType.recurrent(WIDTH, STEPS)).build());
        }

        ComputationGraphConfiguration graph() {
            var builder = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH).graphBuilder().addInputs("in");
            String below = "in";
            for (int i = 0; i < hidden.size(); i++) {
                builder.addLayer("hidden" + i, hidden.get(i).clone(), below);
                below = "hidden" + i;
            }
            return IbHebb.convert(builder.addLayer("out", readout(), below).setOutputs("out")
                    .setInputTypes(InputType.recurrent(WIDTH, STEPS)).build());
        }

        private Layer readout() {
            return stepwise
                    ? new RnnOutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nOut(CLASSES)
                            .build()
                    : Fixtures.readout(0, CLASSES);
        }

        /** A mini-batch with this case's masks. */
        DataSet masked() {
            return new DataSet(x(), y(), features ? lengths() : null, labels ? labelMask() : null);
        }

        DataSet unmasked() {
            return new DataSet(x(), y());
        }

        private INDArray labelMask() {
            return stepwise ? lengths() : Nd4j.create(new double[][] {{1}, {0}, {1}});
        }

        private INDArray y() {
            INDArray y = Fixtures.oneHot(2, stepwise ? SAMPLES * STEPS : SAMPLES, CLASSES);
            return stepwise ? y.reshape(SAMPLES, STEPS, CLASSES).permute(0, 2, 1).dup('c') : y;
        }

        /** It fails in the lowest layer, or not before the backward pass. */
        DataSet failing(boolean early) {
            DataSet bad = masked();
            (early ? bad.getFeatures() : bad.getLabels()).putScalar(0, Double.NaN);
            return bad;
        }

        @Override
        public String toString() {
            return name + (features ? ", features masked" : "") + (labels ? ", labels masked" : "");
        }
    }

    private static INDArray x() {
        return Fixtures.noise(1, SAMPLES, WIDTH, STEPS);
    }

    private static INDArray lengths() {
        return Nd4j.create(new double[][] {{1, 1, 1, 1, 1}, {1, 1, 1, 0, 0}, {1, 1, 1, 1, 0}});
    }

    private static LSTM lstm() {
        return new LSTM.Builder().nOut(4).build();
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("LSTM", List.of(lstm()), true, false, false),
                new Case("convolution", List.of(
                        new Convolution1DLayer.Builder(1).convolutionMode(ConvolutionMode.Same).nOut(4).build(),
                        lstm()), true, false, false),
                new Case("dense on steps", List.of(lstm(), new DenseLayer.Builder().nOut(4).build()), true, false,
                        false),
                new Case("bidirectional", List.of(new Bidirectional(Bidirectional.Mode.ADD, lstm())), true, false,
                        false),
                new Case("pooled", List.of(lstm(), new GlobalPoolingLayer(PoolingType.AVG)), false, false, false),
                new Case("last step", List.of(
                        lstm(), new LastTimeStep(lstm()), new DenseLayer.Builder().nOut(4).build()),
                        false, false, false))
                .flatMap(plain -> Stream.of(
                        new Case(plain.name, plain.hidden, plain.stepwise, true, false),
                        new Case(plain.name, plain.hidden, plain.stepwise, false, true),
                        new Case(plain.name, plain.hidden, plain.stepwise, true, true)));
    }

    /** It refuses to train on until masks are cleared, or set anew; then it is as if the step had never been tried. */
    @ParameterizedTest
    @MethodSource("cases")
    void aNetworkUsesNoMaskOfAStepThatFailed(Case tried) {
        for (boolean early : new boolean[] {true, false}) {
            MultiLayerNetwork net = Fixtures.network(tried.conf());
            MultiLayerNetwork fresh = net.clone();
            assertThatThrownBy(() -> net.fit(tried.failing(early))).isInstanceOf(ArithmeticException.class);

            DataSet unmasked = tried.unmasked();
            assertThatThrownBy(() -> net.fit(unmasked)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("index ", "mask was set for a step that failed", "clearLayerMaskArrays()");
            same(net.params(), fresh.params());
            net.clearLayerMaskArrays();
            net.fit(unmasked);
            fresh.fit(unmasked);
            same(net.params(), fresh.params());

            assertThatThrownBy(() -> net.fit(tried.failing(early))).isInstanceOf(ArithmeticException.class);
            net.fit(tried.masked());
            fresh.fit(tried.masked());
            same(net.params(), fresh.params());
            net.fit(unmasked);
            fresh.fit(unmasked);
            same(net.params(), fresh.params());
        }
    }

    /** DL4J clears a graph's masks when a step begins. */
    @ParameterizedTest
    @MethodSource("cases")
    void aGraphUsesNoMaskOfAStepThatFailed(Case tried) {
        for (boolean early : new boolean[] {true, false}) {
            ComputationGraph graph = new ComputationGraph(tried.graph());
            graph.init();
            ComputationGraph fresh = graph.clone();
            assertThatThrownBy(() -> graph.fit(tried.failing(early))).isInstanceOf(ArithmeticException.class);
            graph.fit(tried.unmasked());
            fresh.fit(tried.unmasked());
            same(graph.params(), fresh.params());
            assertThatThrownBy(() -> graph.fit(tried.failing(early))).isInstanceOf(ArithmeticException.class);
            graph.fit(tried.masked());
            fresh.fit(tried.masked());
            same(graph.params(), fresh.params());
        }
    }

    /** One mask set anew does not make the other one new. */
    @ParameterizedTest
    @MethodSource("cases")
    void halfOfTheMasksSetAnewIsNotEnough(Case tried) {
        if (!tried.features || !tried.labels || !tried.stepwise) {
            return;
        }
        MultiLayerNetwork net = Fixtures.network(tried.conf());
        INDArray before = net.params().dup();
        for (boolean features : new boolean[] {true, false}) {
            assertThatThrownBy(() -> net.fit(tried.failing(true))).isInstanceOf(ArithmeticException.class);
            DataSet half = new DataSet(x(), tried.y(), features ? lengths() : null, features ? null : lengths());
            assertThatThrownBy(() -> net.fit(half)).hasMessageContaining("mask was set for a step that failed");
            same(net.params(), before);
        }
    }

    /** Masks that were set by hand last as long as the user leaves them, and no longer. */
    @Test
    void masksSetByHandLastUntilTheyAreCleared() {
        Case tried = new Case("LSTM", List.of(lstm()), true, true, false);
        MultiLayerNetwork net = Fixtures.network(tried.conf());
        MultiLayerNetwork fresh = net.clone();
        MultiLayerNetwork masked = net.clone();
        net.setInput(x());
        net.setLabels(tried.y());
        net.setLayerMaskArrays(lengths(), null);
        INDArray[] gradients = new INDArray[2];
        for (int look = 0; look < 2; look++) {
            net.computeGradientAndScore();
            gradients[look] = net.gradient().gradient().dup();
        }
        same(gradients[1], gradients[0]);
        masked.setInput(x());
        masked.setLabels(tried.y());
        masked.computeGradientAndScore();
        assertThat(Fixtures.values(masked.gradient().gradient())).isNotEqualTo(Fixtures.values(gradients[0]));

        net.clearLayerMaskArrays();
        net.fit(tried.unmasked());
        fresh.fit(tried.unmasked());
        same(net.params(), fresh.params());
    }

    private static void same(INDArray actual, INDArray expected) {
        assertThat(Fixtures.values(actual)).doesNotContain(Double.NaN).containsExactly(Fixtures.values(expected));
    }
}
