package org.ibhebb.internal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.Fixtures;
import org.ibhebb.conf.layers.IbHebbBatchNormalizationLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** Batch normalisation inside units is DL4J's own, up to rounding: here in networks that back-propagate through it. */
class BatchNormalizationTest {

    private static final int SAMPLES = 6;

    private static final List<UnaryOperator<BatchNormalization.Builder>> SETTINGS = List.of(
            settings -> settings,
            settings -> settings.decay(0.5).eps(0.1).beta(0.3).gamma(0.7),
            settings -> settings.lockGammaBeta(true).gamma(1.5).beta(-0.4),
            settings -> settings.lockGammaBeta(true).gamma(2),
            settings -> settings.lockGammaBeta(true).beta(0.5),
            settings -> settings.useLogStd(true).decay(0.8));

    @Test
    void matrices() {
        compare(InputType.feedForward(5), Fixtures.noise(1, SAMPLES, 5));
    }

    @Test
    void mapsWithChannelsFirst() {
        compare(InputType.convolutional(4, 5, 3), Fixtures.noise(2, SAMPLES, 3, 4, 5));
    }

    @Test
    void mapsWithChannelsLast() {
        compare(InputType.convolutional(4, 5, 3, CNN2DFormat.NHWC), Fixtures.noise(3, SAMPLES, 4, 5, 3));
    }

    /** DL4J takes the samples of sequences for their channels, and refuses them. */
    @Test
    void sequencesAndWrongWidthsAreDl4jsToRefuse() {
        BatchNormalization layer = new BatchNormalization();
        for (INDArray x : List.of(Fixtures.noise(4, SAMPLES, 3, 4), Fixtures.noise(4, SAMPLES, 4))) {
            InputType type = x.rank() == 3 ? InputType.recurrent(3, 4, RNNFormat.NCW) : InputType.feedForward(5);
            MultiLayerNetwork stock = network(layer.clone(), layer.clone(), type, DataType.DOUBLE);
            MultiLayerNetwork ours = network(IbHebbBatchNormalizationLayer.of(layer),
                    IbHebbBatchNormalizationLayer.of(layer), type, DataType.DOUBLE);
            Throwable expected = catchThrowable(() -> stock.output(x));
            assertThat(expected).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> ours.output(x)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(expected.getMessage());
        }
    }

    @Test
    void aSingleSample() {
        compare(InputType.feedForward(5), Fixtures.noise(5, 1, 5));
    }

    /** As a layer has it that was frozen and lets errors through: the statistics are constants then. */
    @Test
    void afterAnInferencePassErrorsGoBackThroughTheRunningStatistics() {
        LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
        for (InputType type : List.of(InputType.feedForward(3), InputType.convolutional(2, 5, 3),
                InputType.convolutional(2, 5, 3, CNN2DFormat.NHWC))) {
            for (UnaryOperator<BatchNormalization.Builder> settings : SETTINGS) {
                long[] shape = type.getShape(true);
                shape[0] = 7;
                INDArray x = Fixtures.noise(1, shape);
                INDArray errors = Fixtures.noise(2, shape);
                BatchNormalization conf = settings.apply(new BatchNormalization.Builder()).build();
                MultiLayerNetwork net = network(IbHebbBatchNormalizationLayer.of(conf),
                        IbHebbBatchNormalizationLayer.of(conf), type, DataType.DOUBLE);
                // Statistics that are neither those of the mini-batch nor 0 and 1.
                net.fit(Fixtures.noise(3, shape).mul(3).addi(1), Fixtures.oneHot(1, 7, 3));
                net.setInput(x);
                net.initGradientsView();
                Layer layer = net.getLayer(1);
                layer.setInput(Fixtures.noise(4, shape), none);
                layer.activate(true, none);

                layer.setInput(x, none);
                layer.activate(false, none);
                Pair<Gradient, INDArray> back = layer.backpropGradient(errors, none);
                assertThat(Fixtures.values(back.getSecond())).containsExactly(slopes(x, () -> {
                    layer.setInput(x, none);
                    return layer.activate(false, none).mul(errors).sumNumber().doubleValue();
                }), within(1e-6));
                back.getFirst().gradientForVariable().forEach((key, gradient) -> {
                    boolean learnt = key.equals("gamma") || key.equals("beta");
                    assertThat(Fixtures.values(gradient)).as(key).containsExactly(learnt
                            ? slopes(layer.getParam(key), () -> {
                                layer.setInput(x, none);
                                return layer.activate(false, none).mul(errors).sumNumber().doubleValue();
                            })
                            : new double[3], within(1e-6));
                });
            }
        }
    }

    /** By the definition of a derivative. */
    private static double[] slopes(INDArray of, Supplier<Double> value) {
        double[] slopes = new double[(int) of.length()];
        for (int i = 0; i < slopes.length; i++) {
            double before = of.getDouble(i);
            of.putScalar(i, before + 1e-5);
            double above = value.get();
            of.putScalar(i, before - 1e-5);
            slopes[i] = (above - value.get()) / 2e-5;
            of.putScalar(i, before);
        }
        return slopes;
    }

    @Test
    void aBackwardPassNeedsAForwardPassOnItsInput() {
        LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
        BatchNormalization conf = new BatchNormalization();
        MultiLayerNetwork net = network(IbHebbBatchNormalizationLayer.of(conf), IbHebbBatchNormalizationLayer.of(conf),
                InputType.feedForward(5), DataType.DOUBLE);
        net.initGradientsView();
        Layer layer = net.getLayer(1);
        INDArray errors = Fixtures.noise(1, SAMPLES, 5);
        layer.setInput(Fixtures.noise(2, SAMPLES, 5), none);
        assertThatThrownBy(() -> layer.backpropGradient(errors, none)).isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("index 1", "forward pass", "same input");
        layer.activate(true, none);
        layer.backpropGradient(errors, none);
        layer.setInput(Fixtures.noise(3, SAMPLES, 5), none);
        assertThatThrownBy(() -> layer.backpropGradient(errors, none)).isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("index 1", "forward pass", "same input");
    }

    private static void compare(InputType type, INDArray input) {
        for (UnaryOperator<BatchNormalization.Builder> settings : SETTINGS) {
            BatchNormalization layer = settings.apply(new BatchNormalization.Builder()).build();
            if (layer.isLockGammaBeta() && isChannelsLast(type)) {
                // DL4J's backward pass fails: it looks for the channels of a matrix in its fourth dimension.
                continue;
            }
            for (DataType precision : List.of(DataType.DOUBLE, DataType.FLOAT)) {
                compare(layer, type, input, precision);
            }
        }
    }

    private static boolean isChannelsLast(InputType type) {
        return type instanceof InputType.InputTypeConvolutional maps && maps.getFormat() == CNN2DFormat.NHWC;
    }

    private static void compare(BatchNormalization layer, InputType type, INDArray input, DataType precision) {
        double tolerance = precision == DataType.DOUBLE ? 1e-9 : 1e-4;
        MultiLayerNetwork stock = network(layer.clone(), layer.clone(), type, precision);
        MultiLayerNetwork ours = network(
                IbHebbBatchNormalizationLayer.of(layer), IbHebbBatchNormalizationLayer.of(layer), type, precision);
        assertThat(ours.getLayer(1)).isInstanceOf(IbHebbBatchNormalization.class);
        ours.setParams(stock.params().dup());
        INDArray x = input.mul(2).addi(1).castTo(precision);
        DataSet data = new DataSet(x, Fixtures.oneHot(1, (int) x.size(0), 3).castTo(precision));

        for (int step = 0; step < 3; step++) {
            same(ours.feedForward(x, true), stock.feedForward(x, true), tolerance, "in training");
            Pair<Gradient, INDArray> expected = gradients(stock, data);
            Pair<Gradient, INDArray> actual = gradients(ours, data);
            same(List.of(actual.getSecond()), List.of(expected.getSecond()), tolerance, "error");
            same(List.of(actual.getFirst().gradient()), List.of(expected.getFirst().gradient()), tolerance, "gradient");
            stock.fit(data);
            ours.fit(data);
            // Running statistics are among them.
            same(List.of(ours.params()), List.of(stock.params()), tolerance, "parameters after step " + step);
            // In inference DL4J's activation layer works in place, on the network's input too.
            same(ours.feedForward(x.dup(), false), stock.feedForward(x.dup(), false), tolerance, "in inference");
        }
    }

    private static Pair<Gradient, INDArray> gradients(MultiLayerNetwork network, DataSet data) {
        return network.calculateGradients(data.getFeatures(), data.getLabels(), null, null);
    }

    /** The first one shows the error below; what follows it, a derivative that is not constant within channels. */
    private static MultiLayerNetwork network(
            BatchNormalization first, BatchNormalization second, InputType type, DataType precision) {
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).dataType(precision)
                .activation(Activation.TANH).list()
                .layer(new ActivationLayer(Activation.TANH))
                .layer(first)
                .layer(new ActivationLayer(Activation.SIGMOID))
                .layer(second)
                .layer(type.getType() == InputType.Type.RNN ? new RnnOutputLayer.Builder().nOut(3).build()
                        : Fixtures.readout(0, 3))
                .setInputType(type)
                .build();
        return Fixtures.network(conf);
    }

    private static void same(List<INDArray> actual, List<INDArray> expected, double tolerance, String what) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).shape()).isEqualTo(expected.get(i).shape());
            double scale = Math.max(1, expected.get(i).normmaxNumber().doubleValue());
            assertThat(actual.get(i).sub(expected.get(i)).normmaxNumber().doubleValue()).as(what + ", array " + i)
                    .isLessThanOrEqualTo(tolerance * scale);
        }
    }
}
