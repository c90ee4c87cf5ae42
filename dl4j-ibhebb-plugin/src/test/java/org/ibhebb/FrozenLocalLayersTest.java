package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ibhebb.Fixtures.values;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingConvolutionLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** Local layers that are frozen after conversion: they stay as they are, and the others learn. */
class FrozenLocalLayersTest {

    private static final int SAMPLES = 7;

    /** Hidden layers of a kind, of which each has weights, but for the last ones. */
    record Kind(String name, InputType input, int withWeights, List<Layer> hidden) {

        MultiLayerConfiguration converted() {
            var list = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH).list();
            hidden.forEach(layer -> list.layer(layer.clone()));
            return IbHebb.convert(list.layer(Fixtures.readout(0, 3)).setInputType(input).build(),
                    LearningRule.builder().memory(8).build());
        }

        DataSet batch(long seed) {
            long[] shape = input.getShape(true);
            shape[0] = SAMPLES;
            return new DataSet(Fixtures.noise(seed, shape), Fixtures.oneHot(seed, SAMPLES, 3));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Kind> kinds() {
        return Stream.of(
                new Kind("dense", InputType.feedForward(5), 3, List.of(dense(6), dense(5),
                        new DenseLayer.Builder().nOut(4).hasLayerNorm(true).dropOut(0.9).build())),
                new Kind("convolution", InputType.convolutional(6, 6, 2), 2, List.of(
                        new ConvolutionLayer.Builder(3, 3).nOut(3).build(),
                        new ConvolutionLayer.Builder(3, 3).nOut(4).build())),
                new Kind("recurrent", InputType.recurrent(3, 4), 2, List.of(
                        new LSTM.Builder().nOut(4).build(), new LSTM.Builder().nOut(5).build(),
                        new GlobalPoolingLayer())),
                new Kind("bidirectional", InputType.recurrent(3, 4), 2, List.of(
                        new Bidirectional(Bidirectional.Mode.ADD, new LSTM.Builder().nOut(4).build()),
                        new LastTimeStep(new LSTM.Builder().nOut(5).build()))),
                new Kind("spiking", InputType.feedForward(5), 2, List.of(
                        new SpikingDenseLayer.Builder().nOut(6).timeSteps(4).build(),
                        new SpikingDenseLayer.Builder().nOut(5).build(), new SpikeRateLayer())),
                new Kind("spiking convolution", InputType.convolutional(6, 6, 2), 2, List.of(
                        new SpikingConvolutionLayer.Builder(3, 3).nOut(3).timeSteps(4).build(),
                        new SpikingConvolutionLayer.Builder(3, 3).nOut(4).build(), new SpikeRateLayer())));
    }

    private static DenseLayer dense(int width) {
        return new DenseLayer.Builder().nOut(width).build();
    }

    private static MultiLayerConfiguration with(
            MultiLayerConfiguration conf, Function<Layer, Layer> frozen, int... layers) {
        for (int layer : layers) {
            conf.getConf(layer).setLayer(frozen.apply(conf.getConf(layer).getLayer()));
        }
        return conf;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatLetsErrorsThroughStaysAndTheOthersLearn(Kind kind) {
        for (int frozen = 0; frozen < kind.withWeights; frozen++) {
            MultiLayerNetwork net = Fixtures.network(with(kind.converted(), FrozenLayerWithBackprop::new, frozen));
            for (int step = 0; step < 3; step++) {
                INDArray[] before = parameters(net);
                net.fit(kind.batch(step));
                for (int layer = 0; layer < net.getnLayers(); layer++) {
                    if (before[layer] != null && layer != frozen) {
                        assertThat(values(net.getLayer(layer).params())).as("layer %d, %d frozen", layer, frozen)
                                .isNotEqualTo(values(before[layer]));
                    } else if (before[layer] != null) {
                        assertThat(values(net.getLayer(layer).params())).isEqualTo(values(before[layer]));
                    }
                }
                // Its gradient is 0, and nothing comes through to the layers below.
                var gradients = net.calculateGradients(
                        kind.batch(9).getFeatures(), kind.batch(9).getLabels(), null, null);
                assertThat(gradients.getSecond().norm2Number().doubleValue()).isZero();
            }
            // Half of a step would not be remembered.
            assertThat(IbHebb.state(net).numbers("slots/filled")).containsExactly(8);
        }
    }

    /** The layers below learn as they do without the frozen one: nothing comes through it that is not 0. */
    @ParameterizedTest
    @MethodSource("kinds")
    void layersBelowLearnAsTheyDidToTheBit(Kind kind) {
        MultiLayerConfiguration conf = kind.converted();
        if (kind.name.equals("dense")) {
            conf.getConf(2).getLayer().setIDropout(null);
        }
        MultiLayerNetwork free = Fixtures.network(conf.clone());
        MultiLayerNetwork frozen = Fixtures.network(with(conf.clone(), FrozenLayerWithBackprop::new, 1));
        frozen.setParams(free.params());
        for (int step = 0; step < 4; step++) {
            free.fit(kind.batch(step));
            frozen.fit(kind.batch(step));
            assertThat(values(frozen.getLayer(0).params())).isEqualTo(values(free.getLayer(0).params()));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void featureExtractorsOfTransferLearningStayAndTheOthersLearn(Kind kind) {
        MultiLayerNetwork local = Fixtures.network(kind.converted());
        local.fit(kind.batch(1));
        MultiLayerNetwork net = new TransferLearning.Builder(local).setFeatureExtractor(0).build();
        INDArray[] before = parameters(net);
        for (int step = 0; step < 3; step++) {
            net.fit(kind.batch(step));
        }
        assertThat(values(net.getLayer(0).params())).isEqualTo(values(before[0]));
        assertThat(values(net.getLayer(1).params())).isNotEqualTo(values(before[1]));
        assertThat(IbHebb.isConverted(net.getLayerWiseConfigurations())).isTrue();
        assertThat(IbHebb.state(net).numbers("slots/filled")).containsExactly(8);

        // The same by IbHebb.convert once more, and with all of them frozen.
        MultiLayerNetwork again = IbHebb.convert(net);
        again.fit(kind.batch(4));
        assertThat(values(again.getLayer(0).params())).isEqualTo(values(before[0]));
        int last = kind.hidden.size() - 1;
        MultiLayerNetwork readoutOnly = new TransferLearning.Builder(local).setFeatureExtractor(last).build();
        before = parameters(readoutOnly);
        readoutOnly.fit(kind.batch(4));
        assertThat(values(readoutOnly.getLayer(1).params())).isEqualTo(values(before[1]));
        assertThat(values(readoutOnly.getLayer(last + 1).params())).isNotEqualTo(values(before[last + 1]));
    }

    @Test
    void graphsDoTheSame() {
        ComputationGraphConfiguration conf = IbHebb.convert(Fixtures.builder(new Sgd(0.1)).graphBuilder()
                .addInputs("in")
                .addLayer("a", new DenseLayer.Builder().nIn(5).nOut(6).build(), "in")
                .addLayer("b", new DenseLayer.Builder().nIn(6).nOut(4).build(), "a")
                .addLayer("out", Fixtures.readout(4, 3), "b")
                .setOutputs("out").build());
        LayerVertex vertex = (LayerVertex) conf.getVertices().get("b");
        vertex.getLayerConf().setLayer(new FrozenLayerWithBackprop(vertex.getLayerConf().getLayer()));
        ComputationGraph net = new ComputationGraph(conf);
        net.init();
        INDArray a = net.getLayer("a").params().dup();
        INDArray b = net.getLayer("b").params().dup();
        net.fit(Fixtures.clusters(1, SAMPLES, 5, 3));
        assertThat(values(net.getLayer("b").params())).isEqualTo(values(b));
        assertThat(values(net.getLayer("a").params())).isNotEqualTo(values(a));

        ComputationGraph extracting = new TransferLearning.GraphBuilder(net).setFeatureExtractor("a").build();
        a = extracting.getLayer("a").params().dup();
        extracting.fit(Fixtures.clusters(2, SAMPLES, 5, 3));
        assertThat(values(extracting.getLayer("a").params())).isEqualTo(values(a));
    }

    /** A unit learns as one, and is frozen as one. */
    @Test
    void halfAFrozenUnitIsRefusedAndAWholeOneIsNot() {
        Kind unit = new Kind("unit", InputType.feedForward(5), 2, List.of(
                new DenseLayer.Builder().nOut(6).activation(Activation.IDENTITY).build(),
                new BatchNormalization(), dense(4)));
        MultiLayerNetwork half = Fixtures.network(with(unit.converted(), FrozenLayerWithBackprop::new, 1));
        assertThatThrownBy(() -> half.fit(unit.batch(1))).isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("(index 0)", "frozen", "freeze it too");

        // The signal of another unit is none of its own.
        Kind units = new Kind("units", InputType.feedForward(5), 4, List.of(
                new DenseLayer.Builder().nOut(6).activation(Activation.IDENTITY).build(), new BatchNormalization(),
                new DenseLayer.Builder().nOut(4).activation(Activation.IDENTITY).build(), new BatchNormalization()));
        MultiLayerNetwork lower = Fixtures.network(with(units.converted(), FrozenLayerWithBackprop::new, 1));
        assertThatThrownBy(() -> lower.fit(units.batch(1))).isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("(index 0)", "frozen", "freeze it too");

        MultiLayerNetwork whole = Fixtures.network(with(unit.converted(), FrozenLayerWithBackprop::new, 0, 1));
        INDArray[] before = parameters(whole);
        for (int step = 0; step < 3; step++) {
            whole.fit(unit.batch(step));
        }
        assertThat(values(whole.getLayer(0).params())).isEqualTo(values(before[0]));
        assertThat(values(whole.getLayer(1).params())).isEqualTo(values(before[1]));
        assertThat(values(whole.getLayer(2).params())).isNotEqualTo(values(before[2]));
    }

    /** DL4J ends its backward pass there. Conversion refuses it, but nobody asks about what is frozen later. */
    @Test
    void aLayerBelowAFrozenOneThatDoesNotLearnIsNamedOnce() {
        Kind kind = kinds().findFirst().orElseThrow();
        MultiLayerNetwork net = Fixtures.network(with(kind.converted(), FrozenLayer::new, 1));
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            for (int step = 0; step < 3; step++) {
                net.fit(kind.batch(step));
            }
        } finally {
            System.setErr(err);
        }
        assertThat(said.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("backward pass did not reach layer 'layer0' (index 0), which do not learn");
        // Half a step is none.
        assertThat(IbHebb.state(net).numbers("slots/filled")).containsExactly(0);
    }

    /** As a listener leaves it that asks for the network's output in the middle of a step. */
    @Test
    void aLayerThatTakesPartNeedsATrainingPassOnItsInput() {
        LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
        for (Kind kind : kinds().toList()) {
            MultiLayerNetwork net = Fixtures.network(kind.converted());
            net.fit(kind.batch(1));
            var layer = net.getLayer(0);
            INDArray x = kind.batch(2).getFeatures();
            layer.setInput(x, none);
            INDArray errors = layer.activate(true, none).dup().assign(1);
            layer.activate(false, none);
            assertThatThrownBy(() -> layer.backpropGradient(errors, none)).as("%s", kind)
                    .hasMessageContainingAll("(index 0)", "needs a training forward pass before it");

            layer.activate(true, none);
            layer.setInput(x.dup(), none);
            assertThatThrownBy(() -> layer.backpropGradient(errors, none)).as("%s", kind)
                    .hasMessageContainingAll("(index 0)", "on the same input");

            // Nor does one that failed count.
            layer.setInput(x, none);
            layer.activate(true, none);
            x.putScalar(0, Double.NaN);
            assertThatThrownBy(() -> layer.activate(true, none)).isInstanceOf(ArithmeticException.class);
            assertThatThrownBy(() -> layer.backpropGradient(errors, none)).as("%s", kind)
                    .hasMessageContaining("needs a training forward pass before it");
        }
    }

    private static INDArray[] parameters(MultiLayerNetwork net) {
        INDArray[] all = new INDArray[net.getnLayers()];
        for (int layer = 0; layer < all.length; layer++) {
            INDArray own = net.getLayer(layer).params();
            all[layer] = own == null || own.isEmpty() ? null : own.dup();
        }
        return all;
    }
}
