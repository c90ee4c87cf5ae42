package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.conf.layers.LocalLayer;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Which kinds of pooling end a convolution's unit, so that its signal sees what they give, and that the signal goes
 * back through them: the convolution's gradient against finite differences of its objective there.
 */
class PoolingInUnitsTest {

    private static final int SAMPLES = 7;
    private static final double STEP = 1e-5;
    private static final LearningRule RULE = Fixtures.plain()
            .objective(Objective.neighbourhood().withSigma(0.6)).memory(16).build();

    @ParameterizedTest
    @CsvSource({
        "MAX, NCHW, true", "MAX, NHWC, true",
        "PNORM, NCHW, true", "PNORM, NHWC, true",
        "AVG, NCHW, false", "AVG, NHWC, false"})
    void theSignalSeesWhatPoolingGives(SubsamplingLayer.PoolingType type, CNN2DFormat format, boolean inUnit) {
        boolean channelsLast = format == CNN2DFormat.NHWC;
        MultiLayerConfiguration conf = IbHebb.convert(Fixtures.builder(new Sgd(0.1))
                .activation(Activation.SIGMOID).list()
                .layer(new ConvolutionLayer.Builder(2, 2).nOut(3).dataFormat(format).build())
                .layer(new SubsamplingLayer.Builder(type).kernelSize(2, 2).stride(2, 2).pnorm(3).dataFormat(format)
                        .build())
                .layer(Fixtures.readout(0, 3))
                .setInputType(InputType.convolutional(7, 5, 2, format))
                .build(), RULE);
        assertThat(conf.getConf(1).getLayer() instanceof LocalLayer).isEqualTo(inUnit);
        assertThat(IbHebb.report(conf).layers().get(1).detail())
                .isEqualTo(inUnit ? "in the unit of 'layer0', whose signal sees this layer's output" : "");

        MultiLayerNetwork network = Fixtures.network(conf);
        INDArray x = channelsLast ? Fixtures.noise(2, SAMPLES, 7, 5, 2) : Fixtures.noise(2, SAMPLES, 2, 7, 5);
        INDArray y = Fixtures.oneHot(2, SAMPLES, 3);
        network.setInput(x);
        network.setLabels(y);
        network.computeGradientAndScore();
        INDArray weights = network.getParam("0_W");
        INDArray gradient = network.gradient().getGradientFor("0_W").dup().reshape(weights.shape());
        Random random = new Random(4);
        for (int i = 0; i < 6; i++) {
            INDArray direction = Fixtures.noise(random.nextLong(), weights.shape());
            direction.divi(direction.norm2Number());
            INDArray before = weights.dup();
            weights.addi(direction.mul(STEP));
            double above = objective(network, x, y, inUnit ? 2 : 1, channelsLast);
            weights.assign(before.sub(direction.mul(STEP)));
            double below = objective(network, x, y, inUnit ? 2 : 1, channelsLast);
            weights.assign(before);
            // DL4J divides by the mini-batch size when it applies the gradient.
            double actual = gradient.mul(direction).sumNumber().doubleValue() / SAMPLES;
            assertThat(actual).isCloseTo((above - below) / (2 * STEP), Offset.offset(1e-7));
        }
        assertThat(gradient.norm2Number().doubleValue()).isGreaterThan(1e-3);
    }

    private static double objective(
            MultiLayerNetwork network, INDArray x, INDArray y, int layers, boolean channelsLast) {
        return Fixtures.objective(
                RULE, network.feedForwardToLayer(layers - 1, x, true).get(layers), channelsLast, x, y);
    }
}
