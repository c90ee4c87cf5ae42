package org.ibhebb.internal.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * What DL4J is handed as a layer's gradient, against finite differences of that layer's own objective: through the
 * layer alone, whatever stands above and below.
 */
class LayerGradientTest {

    private static final int SAMPLES = 7;
    private static final double STEP = 1e-5;
    /** Running statistics of batch normalisation, which DL4J keeps among the parameters. */
    private static final List<String> STATISTICS = List.of("mean", "var", "log10stdev");

    static Stream<LearningRule> rules() {
        return Stream.of(
                rule(Objective.neighbourhood().withSigma(0.6)),
                rule(Objective.hsic()),
                rule(Objective.hsicZZ()),
                rule(Objective.reference()),
                rule(Objective.normalizedHsic()),
                rule(Objective.normalizedHsic().withGroups(3)),
                rule(Objective.normalizedHsic().withKernel(Kernel.gaussian(0.7))),
                rule(Objective.neighbourhood().withSigma(0.5)).toBuilder()
                        .plus(Objective.normalizedHsic().withWeight(0.3)).build(),
                rule(Objective.hsic()).toBuilder().normalization(LearningRule.Normalization.NONE).build());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void denseLayers(LearningRule rule) {
        for (Activation activation : List.of(Activation.TANH, Activation.RELU, Activation.SIGMOID, Activation.ELU)) {
            MultiLayerNetwork net = Fixtures.network(
                    IbHebb.convert(Fixtures.mlp(activation, new Sgd(0.1), 5, 9, 6, 3), rule));
            INDArray x = Fixtures.noise(1, SAMPLES, 5);
            checkAll(net, rule, x, false, 0, 0);
            checkAll(net, rule, x, false, 1, 1);
        }
    }

    @Test
    void denseLayerWithLayerNormAndWithoutBias() {
        LearningRule rule = rule(Objective.neighbourhood().withSigma(0.6));
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH).list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(6).hasLayerNorm(true).build())
                .layer(new DenseLayer.Builder().nIn(6).nOut(4).hasBias(false).build())
                .layer(Fixtures.readout(4, 3))
                .build();
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(conf, rule));
        INDArray x = Fixtures.noise(1, SAMPLES, 5);
        checkAll(net, rule, x, false, 0, 0);
        checkAll(net, rule, x, false, 1, 1);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void convolutionsWithPoolingAndDenseBetween(LearningRule rule) {
        for (CNN2DFormat format : CNN2DFormat.values()) {
            MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH)
                    .convolutionMode(ConvolutionMode.Same).list()
                    .layer(new ConvolutionLayer.Builder(3, 3).nOut(3).dataFormat(format).build())
                    .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).dataFormat(format).build())
                    .layer(new ConvolutionLayer.Builder(2, 2).nOut(3).stride(2, 1).dataFormat(format).build())
                    .layer(new DenseLayer.Builder().nOut(6).build())
                    .layer(Fixtures.readout(0, 3))
                    .setInputType(InputType.convolutional(5, 6, 2, format))
                    .build();
            MultiLayerNetwork net = Fixtures.network(IbHebb.convert(conf, rule));
            boolean channelsLast = format == CNN2DFormat.NHWC;
            INDArray x = channelsLast ? Fixtures.noise(2, SAMPLES, 5, 6, 2) : Fixtures.noise(2, SAMPLES, 2, 5, 6);
            checkAll(net, rule, x, channelsLast, 0, 1);
            checkAll(net, rule, x, channelsLast, 2, 2);
            checkAll(net, rule, x, false, 3, 3);
        }
    }

    @Test
    void convolutionsOfAllGeometries() {
        LearningRule rule = rule(Objective.neighbourhood().withSigma(0.6));
        List<ConvolutionLayer.Builder> geometries = List.of(
                new ConvolutionLayer.Builder(2, 3).dilation(2, 1),
                new ConvolutionLayer.Builder(3, 2).stride(1, 2).padding(1, 0).hasBias(false),
                new ConvolutionLayer.Builder(3, 3).convolutionMode(ConvolutionMode.Same).stride(2, 2).dilation(1, 2),
                new ConvolutionLayer.Builder(1, 1),
                new ConvolutionLayer.Builder(5, 6));
        for (ConvolutionLayer.Builder geometry : geometries) {
            MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).activation(Activation.SIGMOID).list()
                    .layer(geometry.nOut(3).build())
                    .layer(Fixtures.readout(0, 3))
                    .setInputType(InputType.convolutional(5, 6, 2))
                    .build();
            MultiLayerNetwork net = Fixtures.network(IbHebb.convert(conf, rule));
            checkAll(net, rule, Fixtures.noise(2, SAMPLES, 2, 5, 6), false, 0, 0);
        }
    }

    @Test
    void unitsOfConvolutionBatchNormalisationActivationAndPooling() {
        LearningRule rule = rule(Objective.neighbourhood().withSigma(0.6));
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).activation(Activation.IDENTITY)
                .convolutionMode(ConvolutionMode.Same).list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(3).build())
                .layer(new BatchNormalization.Builder().build())
                .layer(new ActivationLayer(Activation.TANH))
                .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
                .layer(new DenseLayer.Builder().nOut(4).activation(Activation.TANH).build())
                .layer(new BatchNormalization.Builder().build())
                .layer(Fixtures.readout(0, 3))
                .setInputType(InputType.convolutional(4, 4, 2))
                .build();
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(conf, rule));
        INDArray x = Fixtures.noise(2, SAMPLES, 2, 4, 4);
        checkAll(net, rule, x, false, 0, 3);
        checkAll(net, rule, x, false, 1, 3);
        checkAll(net, rule, x, false, 4, 5);
        checkAll(net, rule, x, false, 5, 5);
    }

    /** Neither the batch normalisation nor the activation layer says where its channels are. */
    @Test
    void unitsWithChannelsLast() {
        LearningRule rule = rule(Objective.neighbourhood().withSigma(0.6));
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).activation(Activation.IDENTITY).list()
                .layer(new ConvolutionLayer.Builder(2, 2).nOut(3).dataFormat(CNN2DFormat.NHWC).build())
                .layer(new ActivationLayer(Activation.TANH))
                .layer(new GlobalPoolingLayer(PoolingType.AVG))
                .layer(Fixtures.readout(0, 3))
                .setInputType(InputType.convolutional(5, 7, 2, CNN2DFormat.NHWC))
                .build();
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(conf, rule));
        checkAll(net, rule, Fixtures.noise(2, SAMPLES, 5, 7, 2), true, 0, 1);
    }

    @Test
    void wrappedLayers() {
        LearningRule rule = rule(Objective.neighbourhood().withSigma(0.6));
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH).list()
                .layer(new Convolution1DLayer.Builder(3).nOut(3).convolutionMode(ConvolutionMode.Same).build())
                .layer(new LSTM.Builder().nOut(3).build())
                .layer(new GlobalPoolingLayer(PoolingType.AVG))
                .layer(Fixtures.readout(0, 3))
                .setInputType(InputType.recurrent(2, 5))
                .build();
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(conf, rule));
        INDArray x = Fixtures.noise(3, SAMPLES, 2, 5);
        checkAll(net, rule, x, false, 0, 0);
        checkAll(net, rule, x, false, 1, 1);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void graphWithMergeResidualAndSkip(LearningRule rule) {
        NeuralNetConfiguration.Builder builder = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH);
        ComputationGraphConfiguration conf = builder.graphBuilder()
                .addInputs("in")
                .addLayer("a", dense(5, 6), "in")
                .addLayer("b", dense(6, 6), "a")
                .addVertex("residual", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
                .addLayer("c", dense(6, 6), "residual")
                .addVertex("merged", new MergeVertex(), "c", "in")
                .addLayer("d", dense(11, 6), "merged")
                .addLayer("out", Fixtures.readout(6, 3), "d")
                .setOutputs("out")
                .build();
        ComputationGraph untrained = new ComputationGraph(IbHebb.convert(conf, rule));
        untrained.init();
        INDArray x = Fixtures.noise(1, SAMPLES, 5);
        INDArray y = Fixtures.oneHot(2, SAMPLES, 3);
        for (String layer : List.of("a", "b", "c", "d")) {
            ComputationGraph net = untrained.clone();
            net.setInput(0, x);
            net.setLabels(y);
            net.computeGradientAndScore();
            for (String parameter : List.of("W", "b")) {
                INDArray gradient = net.gradient().getGradientFor(layer + "_" + parameter).dup();
                check(layer, gradient, net.getLayer(layer).getParam(parameter), () ->
                        Fixtures.objective(rule, net.feedForward(x, true).get(layer), false, x, y));
            }
        }
    }

    private static Layer dense(int nIn, int nOut) {
        return new DenseLayer.Builder().nIn(nIn).nOut(nOut).build();
    }

    private static LearningRule rule(Objective objective) {
        return Fixtures.plain().objective(objective).memory(16).build();
    }

    /** All trained parameters of a layer whose signal sees the output of another (the last of its unit) or its own. */
    private static void checkAll(
            MultiLayerNetwork net, LearningRule rule, INDArray x, boolean channelsLast, int layer, int seen) {
        // The network's input is what the first layer gets: flat, and in the order that the layer has it.
        INDArray y = Fixtures.oneHot(2, SAMPLES, 3);
        for (String parameter : net.getLayer(layer).paramTable().keySet()) {
            if (STATISTICS.contains(parameter)) {
                continue;
            }
            // A fresh copy each time: its memory is empty, and batch normalisation has its first statistics.
            MultiLayerNetwork fresh = net.clone();
            fresh.setInput(x);
            fresh.setLabels(y);
            fresh.computeGradientAndScore();
            INDArray gradient = fresh.gradient().getGradientFor(layer + "_" + parameter).dup();
            check("layer " + layer + " " + parameter, gradient, fresh.getLayer(layer).getParam(parameter), () ->
                    Fixtures.objective(
                            rule, fresh.feedForwardToLayer(seen, x, true).get(seen + 1), channelsLast, x, y));
        }
    }

    private static void check(String name, INDArray gradient, INDArray parameter, Supplier<Double> objective) {
        Random random = new Random(4);
        double norm = gradient.norm2Number().doubleValue() / SAMPLES;
        int checks = (int) Math.min(6, parameter.length());
        for (int i = 0; i < checks; i++) {
            INDArray direction = Fixtures.noise(random.nextLong(), parameter.shape());
            direction.divi(direction.norm2Number());
            INDArray own = gradient.reshape(parameter.shape());
            INDArray before = parameter.dup();
            parameter.addi(direction.mul(STEP));
            double above = objective.get();
            parameter.assign(before.sub(direction.mul(STEP)));
            double below = objective.get();
            parameter.assign(before);
            double expected = (above - below) / (2 * STEP);
            // DL4J divides by the mini-batch size when it applies the gradient.
            double actual = own.mul(direction).sumNumber().doubleValue() / SAMPLES;
            assertThat(actual).as(name).isCloseTo(expected, Offset.offset(1e-6 * norm + 1e-9));
        }
        assertThat(norm).as(name + " gradient").isPositive();
    }
}
