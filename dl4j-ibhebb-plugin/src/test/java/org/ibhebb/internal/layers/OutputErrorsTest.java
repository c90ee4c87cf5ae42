package org.ibhebb.internal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.ibhebb.Fixtures.values;

import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.updater.ScheduleFree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Under the library's updater readouts learn by prediction minus label, or by its sign, whatever the loss's constants
 * are, in steps that are limited: by the formulas, from the layer's input.
 */
class OutputErrorsTest {

    private static final int SAMPLES = 6;
    private static final int OUTPUTS = 3;

    private static MultiLayerNetwork network(LossFunction loss, Activation activation, double scale) {
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(Fixtures.builder(new Sgd(0.1)).list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(4).activation(Activation.TANH).build())
                .layer(new OutputLayer.Builder(loss).activation(activation).nIn(4).nOut(OUTPUTS).build())
                .build()));
        net.getParam("0_W").muli(scale);
        net.getParam("0_b").muli(scale);
        return net;
    }

    /** Small activations, of which cross-entropies take larger steps, and others. */
    @ParameterizedTest
    @CsvSource({
        "MSE, IDENTITY, 1, false", "MSE, TANH, 1, false", "L2, IDENTITY, 1, false", "SQUARED_LOSS, IDENTITY, 1, false",
        "MEAN_ABSOLUTE_ERROR, IDENTITY, 1, true", "MEAN_ABSOLUTE_ERROR, IDENTITY, 0.01, true", "L1, IDENTITY, 1, true",
        "MSE, IDENTITY, 0.01, false",
        "MCXENT, SOFTMAX, 1, false", "MCXENT, SOFTMAX, 0.01, false", "NEGATIVELOGLIKELIHOOD, SOFTMAX, 1, false",
        "XENT, SIGMOID, 1, false", "XENT, SIGMOID, 0.01, false", "MCXENT, SOFTMAX, 100, false"})
    void readoutsLearnByPredictionMinusLabel(LossFunction loss, Activation activation, double scale, boolean sign) {
        MultiLayerNetwork net = network(loss, activation, scale);
        INDArray x = Fixtures.noise(1, SAMPLES, 5);
        INDArray y = Fixtures.oneHot(2, SAMPLES, OUTPUTS);
        INDArray input = net.feedForward(x, false).get(1);
        INDArray output = net.output(x);
        INDArray errors = output.sub(y);
        if (sign) {
            errors = Transforms.sign(errors);
        }
        if (activation == Activation.TANH) {
            errors.muli(output.mul(output).rsub(1));
        }
        double rate = ((ScheduleFree) ((BaseOutputLayer) net.getLayer(1).conf().getLayer()).getIUpdater()).getRate();
        double length = input.mul(input).sumNumber().doubleValue() / SAMPLES;
        boolean flat = activation == Activation.SOFTMAX || activation == Activation.SIGMOID;
        double step = flat ? Math.max(1, 1 / (length + 0.5) / rate) : Math.min(1, 1 / (length + 1) / rate);
        net.setInput(x);
        net.setLabels(y);
        net.computeGradientAndScore();
        assertThat(values(net.gradient().getGradientFor("1_W")))
                .containsExactly(values(input.transpose().mmul(errors).mul(step)), within(1e-9));
        assertThat(values(net.gradient().getGradientFor("1_b")))
                .containsExactly(values(errors.sum(0).mul(step)), within(1e-9));
    }

    /** DL4J takes the sum over time steps, and divides by samples. */
    @Test
    void ofTimeStepsItIsTheMeanOverThoseWithALabel() {
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(Fixtures.builder(new Sgd(0.1)).list()
                .layer(new LSTM.Builder().nIn(2).nOut(4).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY).nIn(4).nOut(OUTPUTS)
                        .build())
                .build()));
        int steps = 5;
        INDArray x = Fixtures.noise(1, SAMPLES, 2, steps);
        INDArray y = Fixtures.noise(2, SAMPLES, OUTPUTS, steps);
        INDArray mask = Nd4j.ones(DataType.DOUBLE, SAMPLES, steps);
        mask.putScalar(0, 4, 0);
        mask.putScalar(3, 2, 0);
        INDArray input = rows(net.feedForward(x, false).get(1));
        INDArray errors = rows(net.output(x).sub(y));
        errors.muliColumnVector(mask.dup('c').reshape(SAMPLES * steps, 1));
        double rate = ((ScheduleFree) ((BaseOutputLayer) net.getLayer(1).conf().getLayer()).getIUpdater()).getRate();
        int labelled = SAMPLES * steps - 2;
        double length = input.mulColumnVector(mask.dup('c').reshape(SAMPLES * steps, 1)).norm2Number().doubleValue();
        double step = Math.min(1, 1 / (length * length / labelled + 1) / rate) * SAMPLES / labelled;
        net.setInput(x);
        net.setLabels(y);
        net.setLayerMaskArrays(null, mask);
        net.computeGradientAndScore();
        assertThat(values(net.gradient().getGradientFor("1_W")))
                .containsExactly(values(input.transpose().mmul(errors).mul(step)), within(1e-9));
    }

    /** n x d x T as nT x d, one sample after the other. */
    private static INDArray rows(INDArray series) {
        return series.permute(0, 2, 1).dup('c').reshape(series.size(0) * series.size(2), series.size(1));
    }
}
