package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.ibhebb.Fixtures.values;

import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * The gradient of the loss with respect to the input: of a converted network zeros, as its documentation says, and of
 * the reverted one what it is by the definition of a derivative.
 */
class InputGradientTest {

    private static final int SAMPLES = 4;
    private static final double STEP = 1e-6;

    private static MultiLayerConfiguration conf(InputType input, Layer... hidden) {
        var list = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH).list();
        for (Layer layer : hidden) {
            list.layer(layer);
        }
        return list.layer(Fixtures.readout(0, 3)).setInputType(input).build();
    }

    static Stream<MultiLayerConfiguration> networks() {
        return Stream.of(
                conf(InputType.feedForward(5), new DenseLayer.Builder().nOut(6).build(),
                        new DenseLayer.Builder().nOut(4).hasLayerNorm(true).build()),
                conf(InputType.convolutional(5, 4, 2), new ConvolutionLayer.Builder(2, 2).nOut(3).build(),
                        new BatchNormalization(), new DenseLayer.Builder().nOut(4).build()),
                conf(InputType.recurrent(3, 4), new LSTM.Builder().nOut(4).build(), new GlobalPoolingLayer()));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void itIsThatOfTheRevertedNetworkAndZerosInTheConvertedOne(MultiLayerConfiguration stock) {
        MultiLayerNetwork local = Fixtures.network(IbHebb.convert(stock));
        MultiLayerNetwork unasked = Fixtures.network(IbHebb.convert(stock));
        for (int step = 0; step < 3; step++) {
            local.fit(batch(stock, step));
            unasked.fit(batch(stock, step));
        }
        DataSet batch = batch(stock, 9);
        MultiLayerNetwork reverted = IbHebb.revert(local);
        INDArray actual = ofInput(reverted, batch).getSecond();
        INDArray x = batch.getFeatures();
        double[] expected = new double[(int) x.length()];
        for (int i = 0; i < expected.length; i++) {
            double before = x.getDouble(i);
            x.putScalar(i, before + STEP);
            double above = reverted.score(batch, true);
            x.putScalar(i, before - STEP);
            double below = reverted.score(batch, true);
            x.putScalar(i, before);
            // The score is a mean over samples, and what goes back a sum.
            expected[i] = (above - below) / (2 * STEP) * SAMPLES;
        }
        assertThat(values(actual)).containsExactly(expected, within(1e-7));
        assertThat(actual.norm2Number().doubleValue()).isGreaterThan(1e-2);

        Pair<Gradient, INDArray> own = ofInput(local, batch);
        assertThat(own.getSecond().shape()).isEqualTo(x.shape());
        assertThat(values(own.getSecond())).containsOnly(0);
        assertThat(own.getFirst().gradient().norm2Number().doubleValue()).isPositive();
        assertThat(IbHebb.state(local)).isEqualTo(IbHebb.state(unasked));
        local.fit(batch(stock, 10));
        unasked.fit(batch(stock, 10));
        assertThat(values(local.params())).isEqualTo(values(unasked.params()));
        assertThat(IbHebb.state(local)).isEqualTo(IbHebb.state(unasked));
    }

    private static Pair<Gradient, INDArray> ofInput(MultiLayerNetwork net, DataSet batch) {
        return net.calculateGradients(batch.getFeatures(), batch.getLabels(), null, null);
    }

    private static DataSet batch(MultiLayerConfiguration conf, long seed) {
        Layer first = conf.getConf(0).getLayer();
        long[] shape = first instanceof ConvolutionLayer ? new long[] {SAMPLES, 2, 5, 4}
                : first instanceof LSTM ? new long[] {SAMPLES, 3, 4} : new long[] {SAMPLES, 5};
        return new DataSet(Fixtures.noise(seed, shape), Fixtures.oneHot(seed, SAMPLES, 3));
    }
}
