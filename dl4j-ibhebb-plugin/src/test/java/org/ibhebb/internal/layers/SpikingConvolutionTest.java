package org.ibhebb.internal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.ibhebb.Fixtures.values;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.memory.MemoryType;
import org.deeplearning4j.nn.conf.memory.MemoryUseMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.conf.layers.IbHebbSpikingConvolutionLayer;
import org.ibhebb.internal.arithmetic.Neuron;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.spiking.SequenceToFramesPreProcessor;
import org.ibhebb.spiking.SpikePoolingLayer;
import org.ibhebb.spiking.SpikePoolingLayer.Pooling;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingConvolutionLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.ibhebb.spiking.SpikingDenseLayer.Learning;
import org.ibhebb.spiking.SpikingDenseLayer.Reset;
import org.ibhebb.spiking.SpikingSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Spiking convolutions and pooling against plain loops, finite differences, the dense layer and the dense rule. */
class SpikingConvolutionTest {

    private static final int SAMPLES = 5;
    private static final int CHANNELS = 2;
    private static final int HEIGHT = 7;
    private static final int WIDTH = 5;
    private static final Neuron NEURON = new Neuron(0.8, 0.7, false, 3, false);

    @TempDir
    Path folder;

    private static SpikingSettings settings(int steps, Learning learning, Reset reset) {
        return SpikingSettings.defaults().withTimeSteps(steps).withLearning(learning).withReset(reset)
                .withLeak(0.8).withThreshold(0.7).withSteepness(3);
    }

    private static SpikingConvolutionLayer first(SpikingSettings settings) {
        return new SpikingConvolutionLayer.Builder(3, 2).nOut(3).stride(2, 1).padding(1, 0).settings(settings).build();
    }

    /** Two convolutions, pooling, a dense layer: 2 x 7 x 5, 3 x 4 x 4, 2 x 4 x 4, 2 x 2 x 2, 6. */
    private static MultiLayerConfiguration configuration(SpikingSettings settings, Pooling pooling, InputType type) {
        return Fixtures.builder(new Sgd(0.1)).list()
                .layer(first(settings))
                .layer(new SpikingConvolutionLayer.Builder(2, 2).nOut(2).convolutionMode(ConvolutionMode.Same)
                        .settings(settings).build())
                .layer(new SpikePoolingLayer.Builder(pooling).build())
                .layer(new SpikingDenseLayer.Builder().nOut(6).settings(settings).build())
                .layer(new SpikeRateLayer.Builder().scale(3).build())
                .layer(Fixtures.readout(0, 3))
                .setInputType(type)
                .build();
    }

    private static MultiLayerConfiguration configuration(SpikingSettings settings) {
        return configuration(settings, Pooling.AVERAGE, InputType.convolutional(HEIGHT, WIDTH, CHANNELS));
    }

    /** One convolution alone below the rates' maps. */
    private static MultiLayerConfiguration single(SpikingSettings settings) {
        return Fixtures.builder(new Sgd(0.1)).list()
                .layer(first(settings))
                .layer(new SpikeRateLayer())
                .layer(Fixtures.readout(0, 3))
                .setInputType(InputType.convolutional(HEIGHT, WIDTH, CHANNELS))
                .build();
    }

    private static INDArray images(long seed) {
        return Fixtures.noise(seed, SAMPLES, CHANNELS, HEIGHT, WIDTH);
    }

    private static INDArray frames(long seed, int steps) {
        return Fixtures.noise(seed, SAMPLES, CHANNELS, steps, HEIGHT, WIDTH);
    }

    private static INDArray labels() {
        return Fixtures.oneHot(2, SAMPLES, 3);
    }

    /** An image at each of so many time steps. */
    private static INDArray course(INDArray input, int steps) {
        if (input.rank() == 5) {
            return input;
        }
        INDArray course = Nd4j.zeros(
                DataType.DOUBLE, input.size(0), input.size(1), steps, input.size(2), input.size(3));
        for (int step = 0; step < steps; step++) {
            course.slice(step, 2).assign(input);
        }
        return course;
    }

    /** What a convolution does in one time step at one place. */
    private static double current(INDArray input, INDArray weights, INDArray bias, int sample, int map, int step,
            int top, int left) {
        double sum = bias == null ? 0 : bias.getDouble(map);
        for (int channel = 0; channel < weights.size(1); channel++) {
            for (int i = 0; i < weights.size(2); i++) {
                for (int j = 0; j < weights.size(3); j++) {
                    sum += weights.getDouble(map, channel, i, j) * at(input, sample, channel, step, top + i, left + j);
                }
            }
        }
        return sum;
    }

    private static double at(INDArray input, int sample, int channel, int step, int row, int column) {
        return row < 0 || column < 0 || row >= input.size(3) || column >= input.size(4)
                ? 0
                : input.getDouble(sample, channel, step, row, column);
    }

    /** Spikes and slopes of all maps. */
    private static INDArray[] plain(INDArray input, INDArray weights, INDArray bias, Neuron neuron, int[] size,
            int[] stride, int[] padding) {
        int steps = (int) input.size(2);
        INDArray spikes = Nd4j.zeros(DataType.DOUBLE, input.size(0), weights.size(0), steps, size[0], size[1]);
        INDArray slopes = spikes.dup();
        for (int sample = 0; sample < input.size(0); sample++) {
            for (int map = 0; map < weights.size(0); map++) {
                for (int row = 0; row < size[0]; row++) {
                    for (int column = 0; column < size[1]; column++) {
                        double v = 0;
                        double current = 0;
                        int awakeFrom = 0;
                        for (int step = 0; step < steps; step++) {
                            current = neuron.synapticDecay() * current + current(input, weights, bias, sample, map,
                                    step, row * stride[0] - padding[0], column * stride[1] - padding[1]);
                            if (step < awakeFrom) {
                                continue;
                            }
                            double u = neuron.leak() * v + current;
                            double x = u - neuron.threshold();
                            double root = 1 / (1 + neuron.steepness() * Math.abs(x));
                            double spike = neuron.smooth() ? 0.5 + x * root : x > 0 ? 1 : 0;
                            v = neuron.toZero() ? u * (1 - spike) : u - neuron.threshold() * spike;
                            awakeFrom = x > 0 ? step + 1 + neuron.refractorySteps() : awakeFrom;
                            spikes.putScalar(new int[] {sample, map, step, row, column}, spike);
                            slopes.putScalar(new int[] {sample, map, step, row, column}, root * root);
                        }
                    }
                }
            }
        }
        return new INDArray[] {spikes, slopes};
    }

    private static INDArray[] plainFirst(INDArray x, int steps, INDArray weights, INDArray bias, Neuron neuron) {
        return plain(course(x, steps), weights, bias, neuron, new int[] {4, 4}, new int[] {2, 1}, new int[] {1, 0});
    }

    @ParameterizedTest
    @CsvSource({"1, SUBTRACTION, AVERAGE, 0, 0", "7, SUBTRACTION, SUM, 0, 0", "7, TO_ZERO, AVERAGE, 0, 0",
        "13, TO_ZERO, SUM, 0, 0", "7, SUBTRACTION, SUM, 0.6, 1"})
    void spikesAreThoseOfThePlainLoop(
            int steps, Reset reset, Pooling pooling, double synapticDecay, int refractorySteps) {
        MultiLayerNetwork stock = Fixtures.network(configuration(settings(steps, Learning.EXACT, reset)
                        .withSynapticDecay(synapticDecay).withRefractorySteps(refractorySteps), pooling,
                InputType.convolutional(HEIGHT, WIDTH, CHANNELS)));
        MultiLayerNetwork local = IbHebb.convert(stock);
        Neuron neuron = new Neuron(0.8, 0.7, reset == Reset.TO_ZERO, 3, synapticDecay, refractorySteps, false);
        for (INDArray x : new INDArray[] {images(1), frames(2, 11), frames(3, 11).dup('f'), frames(3, 1),
            Fixtures.noise(4, 1, CHANNELS, 1, HEIGHT, WIDTH),
            Fixtures.noise(5, SAMPLES, HEIGHT, WIDTH, CHANNELS).permute(0, 3, 1, 2)}) {
            int length = x.rank() == 5 ? (int) x.size(2) : steps;
            for (MultiLayerNetwork net : List.of(stock, local)) {
                INDArray ofFirst = plainFirst(
                        x, steps, net.getLayer(0).getParam("W"), net.getLayer(0).getParam("b"), neuron)[0];
                INDArray ofSecond = plain(ofFirst, net.getLayer(1).getParam("W"), net.getLayer(1).getParam("b"),
                        neuron, new int[] {4, 4}, new int[] {1, 1}, new int[] {0, 0})[0];
                for (boolean training : new boolean[] {false, true}) {
                    List<INDArray> found = net.feedForward(x, training);
                    assertThat(found.get(1).shape()).containsExactly(x.size(0), 3, length, 4, 4);
                    assertThat(values(found.get(1))).isEqualTo(values(ofFirst));
                    assertThat(values(found.get(2))).isEqualTo(values(ofSecond));
                    assertThat(ofSecond.sumNumber().doubleValue()).isPositive();
                    assertThat(found.get(3).shape()).containsExactly(x.size(0), 2, length, 2, 2);
                    assertThat(values(found.get(3))).containsExactly(
                            values(pooled(ofSecond, new int[] {2, 2}, new int[] {2, 2}, new int[] {0, 0}, pooling)),
                            within(1e-14));
                    assertThat(found.get(4).shape()).containsExactly(x.size(0), 6, length);
                    assertThat(found.get(5).shape()).containsExactly(x.size(0), 6);
                }
            }
        }
    }

    private static INDArray pooled(INDArray frames, int[] kernel, int[] stride, int[] padding, Pooling pooling) {
        int height = (int) (frames.size(3) + 2 * padding[0] - kernel[0]) / stride[0] + 1;
        int width = (int) (frames.size(4) + 2 * padding[1] - kernel[1]) / stride[1] + 1;
        INDArray pooled = Nd4j.zeros(DataType.DOUBLE, frames.size(0), frames.size(1), frames.size(2), height, width);
        for (int sample = 0; sample < frames.size(0); sample++) {
            for (int map = 0; map < frames.size(1); map++) {
                for (int step = 0; step < frames.size(2); step++) {
                    for (int row = 0; row < height; row++) {
                        for (int column = 0; column < width; column++) {
                            double sum = 0;
                            for (int i = 0; i < kernel[0]; i++) {
                                for (int j = 0; j < kernel[1]; j++) {
                                    sum += at(frames, sample, map, step, row * stride[0] - padding[0] + i,
                                            column * stride[1] - padding[1] + j);
                                }
                            }
                            pooled.putScalar(new int[] {sample, map, step, row, column},
                                    pooling == Pooling.SUM ? sum : sum / kernel[0] / kernel[1]);
                        }
                    }
                }
            }
        }
        return pooled;
    }

    /** Windows of any size, that overlap, that leave something out, and that reach beyond the image. */
    @ParameterizedTest
    @CsvSource({"2, 2, 2, 2, 0, 0, AVERAGE", "3, 2, 1, 2, 1, 1, AVERAGE", "3, 2, 1, 2, 1, 1, SUM",
        "3, 3, 3, 2, 0, 2, SUM", "1, 1, 1, 1, 0, 0, SUM", "7, 5, 1, 1, 0, 0, AVERAGE"})
    void windowsArePooledAtEachTimeStep(
            int height, int width, int rows, int columns, int top, int left, Pooling pooling) {
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).list()
                .layer(new SpikePoolingLayer.Builder(pooling).kernelSize(height, width).stride(rows, columns)
                        .padding(top, left).build())
                .layer(new SpikeRateLayer.Builder().scale(1).build())
                .layer(Fixtures.readout(0, 3))
                .setInputType(InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 3, HEIGHT, WIDTH, CHANNELS))
                .build();
        MultiLayerNetwork net = Fixtures.network(conf);
        for (INDArray x : new INDArray[] {frames(1, 3), frames(1, 3).dup('f')}) {
            INDArray expected =
                    pooled(x, new int[] {height, width}, new int[] {rows, columns}, new int[] {top, left}, pooling);
            INDArray found = net.feedForward(x).get(1);
            assertThat(found.shape()).containsExactly(expected.shape());
            assertThat(values(found)).containsExactly(values(expected), within(1e-13));
            INDArray rates = net.feedForward(x).get(2);
            assertThat(rates.rank()).isEqualTo(4);
            assertThat(values(rates)).containsExactly(values(expected.mean(2)), within(1e-13));
        }
    }

    private static void gradients(MultiLayerNetwork net, DataSet data) {
        net.setInput(data.getFeatures());
        net.setLabels(data.getLabels());
        net.computeGradientAndScore();
    }

    /** Neurons that are smooth have gradients: DL4J's own backward pass through the layers is exact then. */
    @ParameterizedTest
    @CsvSource({"SUBTRACTION, SUM, 0, 0", "SUBTRACTION, AVERAGE, 0, 0", "TO_ZERO, SUM, 0, 0",
        "TO_ZERO, AVERAGE, 0.5, 1"})
    void backPropagationThroughTimeIsExact(
            Reset reset, Pooling pooling, double synapticDecay, int refractorySteps) {
        MultiLayerNetwork net = Fixtures.network(configuration(settings(4, Learning.EXACT, reset)
                        .withSynapticDecay(synapticDecay).withRefractorySteps(refractorySteps), pooling,
                InputType.convolutional(HEIGHT, WIDTH, CHANNELS)));
        for (int layer : new int[] {0, 1, 3}) {
            ((SpikingNeurons<?>) net.getLayer(layer)).smooth();
        }
        for (INDArray x : new INDArray[] {images(1), frames(2, 3)}) {
            isGradient(net, x);
        }
    }

    private static void isGradient(MultiLayerNetwork net, INDArray x) {
        DataSet data = new DataSet(x, labels());
        gradients(net, data);
        double[] found = values(net.gradient().gradient());
        for (int i = 0; i < found.length; i += 1 + found.length / 60) {
            double before = net.params().getDouble(i);
            double step = 1e-6;
            net.params().putScalar(i, before + step);
            double above = net.score(data, true);
            net.params().putScalar(i, before - step);
            double below = net.score(data, true);
            net.params().putScalar(i, before);
            assertThat(found[i] / SAMPLES).as("parameter " + i).isCloseTo((above - below) / (2 * step), within(1e-7));
        }
    }

    /** Errors go through windows that overlap and reach beyond the image, kernels with gaps, and maps of rates. */
    @Test
    void errorsFindTheirWayThroughMapsOfAllShapes() {
        SpikingSettings settings = settings(3, Learning.EXACT, Reset.SUBTRACTION);
        MultiLayerNetwork net = Fixtures.network(Fixtures.builder(new Sgd(0.1)).list()
                .layer(new SpikingConvolutionLayer.Builder(2, 2).nOut(2).dilation(2, 1).hasBias(false)
                        .settings(settings).build())
                .layer(new SpikePoolingLayer.Builder(Pooling.SUM).kernelSize(3, 2).stride(2, 1).padding(1, 1).build())
                .layer(new SpikingConvolutionLayer.Builder(2, 3).nOut(2).stride(2, 2).padding(1, 1).settings(settings)
                        .build())
                .layer(new SpikeRateLayer())
                .layer(new ConvolutionLayer.Builder(2, 2).nOut(2).convolutionMode(ConvolutionMode.Same).build())
                .layer(new GlobalPoolingLayer(org.deeplearning4j.nn.conf.layers.PoolingType.AVG))
                .layer(Fixtures.readout(0, 3))
                .setInputType(InputType.convolutional(HEIGHT, WIDTH, CHANNELS))
                .build());
        ((SpikingNeurons<?>) net.getLayer(0)).smooth();
        ((SpikingNeurons<?>) net.getLayer(2)).smooth();
        isGradient(net, images(1));
        isGradient(net, frames(2, 2));
    }

    /** As other sequences may have, whose length is nobody's business before they come. */
    @Test
    void sequencesOfAnyLengthAreTyped() {
        MultiLayerNetwork net = Fixtures.network(Fixtures.builder(new Sgd(0.1)).list()
                .layer(first(SpikingSettings.defaults()))
                .layer(new SpikePoolingLayer())
                .layer(new SpikingDenseLayer.Builder().nOut(3).build())
                .layer(new SpikeRateLayer())
                .layer(Fixtures.readout(0, 3))
                .inputPreProcessor(0, new SequenceToFramesPreProcessor(HEIGHT, WIDTH, CHANNELS))
                .setInputType(InputType.recurrent(CHANNELS * HEIGHT * WIDTH))
                .build());
        for (int length : new int[] {1, 4}) {
            assertThat(net.output(Fixtures.noise(1, SAMPLES, CHANNELS * HEIGHT * WIDTH, length)).shape())
                    .containsExactly(SAMPLES, 3);
        }
    }

    /** Sequences of long rows, made images in time. */
    @Test
    void longRowsBecomeImagesInTime() {
        SpikingSettings settings = settings(3, Learning.EXACT, Reset.SUBTRACTION);
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).list()
                .layer(new SpikingDenseLayer.Builder().nOut(CHANNELS * HEIGHT * WIDTH).settings(settings).build())
                .layer(first(settings))
                .layer(new SpikeRateLayer())
                .layer(Fixtures.readout(0, 3))
                .inputPreProcessor(1, new SequenceToFramesPreProcessor(HEIGHT, WIDTH, CHANNELS))
                .setInputType(InputType.recurrent(3, 4))
                .build();
        assertThat(MultiLayerConfiguration.fromJson(conf.toJson())).isEqualTo(conf);
        MultiLayerNetwork net = Fixtures.network(conf);
        INDArray x = Fixtures.noise(1, SAMPLES, 3, 4);
        List<INDArray> found = net.feedForward(x);
        INDArray below = Nd4j.zeros(DataType.DOUBLE, SAMPLES, CHANNELS, 4, HEIGHT, WIDTH);
        for (int step = 0; step < 4; step++) {
            below.slice(step, 2).assign(
                    found.get(1).slice(step, 2).dup('c').reshape('c', SAMPLES, CHANNELS, HEIGHT, WIDTH));
        }
        assertThat(values(found.get(2))).isEqualTo(values(plainFirst(below, 4, net.getLayer(1).getParam("W"),
                net.getLayer(1).getParam("b"), NEURON)[0]));
        ((SpikingNeurons<?>) net.getLayer(0)).smooth();
        ((SpikingNeurons<?>) net.getLayer(1)).smooth();
        isGradient(net, x);
    }

    private static SpikingNeurons<?> local(MultiLayerNetwork net) {
        return (SpikingNeurons<?>) ((BaseWrapperLayer) net.getLayer(0)).getUnderlying();
    }

    /** The exact form descends the layer's own objective of its rates. */
    @ParameterizedTest
    @EnumSource(Reset.class)
    void theExactSignalDescendsTheObjectiveOfTheRates(Reset reset) {
        LearningRule rule = Fixtures.plain().objective(Objective.neighbourhood().withSigma(0.6))
                .plus(Objective.normalizedHsic().withWeight(0.5)).build();
        for (INDArray x : new INDArray[] {images(1), frames(2, 3)}) {
            MultiLayerNetwork net =
                    Fixtures.network(IbHebb.convert(single(settings(4, Learning.EXACT, reset)), rule));
            SpikingNeurons<?> layer = local(net);
            layer.smooth();
            Neuron neuron = layer.neuron();
            gradients(net, new DataSet(x, labels()));
            for (String parameter : List.of("W", "b")) {
                double[] found = values(net.gradient().getGradientFor("0_" + parameter));
                INDArray parameters = layer.getParam(parameter);
                INDArray flat = parameters.reshape(parameters.length());
                for (int i = 0; i < found.length; i++) {
                    double before = flat.getDouble(i);
                    double step = 1e-6;
                    flat.putScalar(i, before + step);
                    double above = objective(rule, x, layer, neuron);
                    flat.putScalar(i, before - step);
                    double below = objective(rule, x, layer, neuron);
                    flat.putScalar(i, before);
                    assertThat(found[i] / SAMPLES).as(parameter + "[" + i + "]")
                            .isCloseTo((above - below) / (2 * step), within(1e-6));
                }
            }
        }
    }

    private static double objective(LearningRule rule, INDArray x, SpikingNeurons<?> layer, Neuron neuron) {
        INDArray rates = plainFirst(x, 4, layer.getParam("W"), layer.getParam("b"), neuron)[0].mean(2);
        return Fixtures.objective(rule, rates, false, x, labels());
    }

    /** Under a rule that neither normalises nor has a gain, and the neurons of the plain loops. */
    private static MultiLayerNetwork unnormalized(int steps, Learning learning) {
        return unnormalized(settings(steps, learning, Reset.SUBTRACTION));
    }

    private static MultiLayerNetwork unnormalized(SpikingSettings settings) {
        LearningRule rule = Fixtures.plain().objective(Objective.neighbourhood().withSigma(0.6))
                .normalization(LearningRule.Normalization.NONE).build();
        return Fixtures.network(IbHebb.convert(single(settings), rule));
    }

    /** dL/d(rates), summed over the mini-batch: by finite differences. */
    private static INDArray signal(MultiLayerNetwork net, INDArray x) {
        LearningRule rule = ((IbHebbSpikingConvolutionLayer) net.getLayer(0).conf().getLayer()).getRule();
        INDArray rates = net.feedForward(x).get(1).mean(2).dup('c');
        INDArray flat = rates.reshape(rates.length());
        INDArray xi = rates.dup();
        for (int i = 0; i < rates.length(); i++) {
            double before = flat.getDouble(i);
            flat.putScalar(i, before + 1e-5);
            double above = Fixtures.objective(rule, rates, false, x, labels());
            flat.putScalar(i, before - 1e-5);
            double below = Fixtures.objective(rule, rates, false, x, labels());
            flat.putScalar(i, before);
            xi.reshape(rates.length()).putScalar(i, SAMPLES * (above - below) / 2e-5);
        }
        return xi;
    }

    /** dW = sum over samples and places of the signal times what each synapse has kept: E = mean of g(t) P(t)'. */
    @ParameterizedTest
    @CsvSource({"0, 0", "0.5, 1"})
    void tracesAreTheEligibilityThatGoesForward(double synapticDecay, int refractorySteps) {
        int steps = 6;
        SpikingSettings settings = settings(steps, Learning.TRACE, Reset.SUBTRACTION)
                .withSynapticDecay(synapticDecay).withRefractorySteps(refractorySteps);
        Neuron neuron = new Neuron(0.8, 0.7, false, 3, synapticDecay, refractorySteps, false);
        for (INDArray x : new INDArray[] {images(1), frames(2, steps)}) {
            MultiLayerNetwork traces = unnormalized(settings);
            MultiLayerNetwork factorised = unnormalized(settings.withLearning(Learning.FACTORISED));
            INDArray xi = signal(traces, x);
            INDArray input = course(x, steps);
            INDArray slopes = plainFirst(
                    x, steps, traces.getLayer(0).getParam("W"), traces.getLayer(0).getParam("b"), neuron)[1];
            INDArray[] ofTraces = {Nd4j.zeros(DataType.DOUBLE, 3, CHANNELS, 3, 2), Nd4j.zeros(DataType.DOUBLE, 1, 3)};
            INDArray[] ofMeans = {ofTraces[0].dup(), ofTraces[1].dup()};
            for (int sample = 0; sample < SAMPLES; sample++) {
                for (int map = 0; map < 3; map++) {
                    for (int row = 0; row < 4; row++) {
                        for (int column = 0; column < 4; column++) {
                            double signal = xi.getDouble(sample, map, row, column);
                            // The last one is the bias's, whose input is always 1.
                            for (int synapse = 0; synapse <= CHANNELS * 6; synapse++) {
                                double current = 0;
                                double trace = 0;
                                double ofNeuron = 0;
                                double eligibility = 0;
                                double meanTrace = 0;
                                double meanSlope = 0;
                                for (int step = 0; step < steps; step++) {
                                    double slope = slopes.getDouble(sample, map, step, row, column);
                                    current = synapticDecay * current + (synapse == CHANNELS * 6
                                            ? 1
                                            : at(input, sample, synapse / 6, step, row * 2 - 1 + synapse / 2 % 3,
                                                    column + synapse % 2));
                                    trace = 0.8 * trace + current;
                                    ofNeuron = slope == 0 ? ofNeuron : 0.8 * ofNeuron + current;
                                    eligibility += slope * ofNeuron / steps;
                                    meanTrace += trace / steps;
                                    meanSlope += slope / steps;
                                }
                                int which = synapse == CHANNELS * 6 ? 1 : 0;
                                int place = which == 1 ? map : map * CHANNELS * 6 + synapse;
                                add(ofTraces[which], place, signal * eligibility);
                                add(ofMeans[which], place, signal * meanSlope * meanTrace);
                            }
                        }
                    }
                }
            }
            gradients(traces, new DataSet(x, labels()));
            gradients(factorised, new DataSet(x, labels()));
            for (int i = 0; i < 2; i++) {
                String which = i == 0 ? "0_W" : "0_b";
                assertThat(traces.gradient().getGradientFor(which).distance2(ofTraces[i]))
                        .isLessThan(1e-7 * ofTraces[i].norm2Number().doubleValue());
                assertThat(factorised.gradient().getGradientFor(which).distance2(ofMeans[i]))
                        .isLessThan(1e-7 * ofMeans[i].norm2Number().doubleValue());
            }
        }
    }

    private static void add(INDArray to, int place, double value) {
        INDArray flat = to.reshape(to.length());
        flat.putScalar(place, flat.getDouble(place) + value);
    }

    /** A step for an activation function, with the spiking neurons' slope for its derivative. */
    private static final class Step extends BaseActivationFunction {

        @Override
        public INDArray getActivation(INDArray in, boolean training) {
            return in.assign(in.gt(0.7).castTo(in.dataType()));
        }

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            INDArray root = Transforms.abs(in.sub(0.7)).muli(3).addi(1).rdivi(1);
            return new Pair<>(epsilon.mul(root.mul(root)), null);
        }
    }

    /** One time step without a past: the convolutional rule with that slope, with gain and readout and all. */
    @ParameterizedTest
    @EnumSource(Learning.class)
    void oneTimeStepIsTheConvolutionalRule(Learning learning) {
        SpikingSettings settings = settings(1, learning, Reset.SUBTRACTION).withLeak(0);
        LearningRule rule = LearningRule.builder().updaters(LearningRule.Updaters.CONFIGURED)
                .gain(learning == Learning.FACTORISED || learning == Learning.PER_STEP).build();
        MultiLayerNetwork spiking = Fixtures.network(IbHebb.convert(single(settings), rule));
        MultiLayerNetwork stock = Fixtures.network(IbHebb.convert(Fixtures.builder(new Sgd(0.1)).list()
                .layer(new ConvolutionLayer.Builder(3, 2).nOut(3).stride(2, 1).padding(1, 0).activation(new Step())
                        .build())
                .layer(Fixtures.readout(0, 3))
                .setInputType(InputType.convolutional(HEIGHT, WIDTH, CHANNELS))
                .build(), rule));
        stock.getLayer(0).params().assign(spiking.getLayer(0).params());
        for (int step = 0; step < 4; step++) {
            INDArray x = images(step);
            DataSet data = new DataSet(x, labels());
            assertThat(values(spiking.feedForward(x).get(1))).isEqualTo(values(stock.feedForward(x).get(1)));
            gradients(spiking, data);
            gradients(stock, data);
            for (String parameter : List.of("0_W", "0_b")) {
                INDArray expected = stock.gradient().getGradientFor(parameter);
                assertThat(spiking.gradient().getGradientFor(parameter).distance2(expected))
                        .isLessThan(1e-12 * expected.norm2Number().doubleValue());
                assertThat(expected.norm2Number().doubleValue()).isPositive();
            }
            spiking.fit(data);
            stock.fit(data);
            stock.getLayer(0).params().assign(spiking.getLayer(0).params());
        }
    }

    /** A kernel of 1 x 1 over images of 1 x 1 is a dense layer, learns as one, and goes on learning as one. */
    @ParameterizedTest
    @EnumSource(Learning.class)
    void oneByOneIsTheDenseLayer(Learning learning) {
        for (boolean sequence : new boolean[] {false, true}) {
            for (boolean local : new boolean[] {true, false}) {
                SpikingSettings settings = settings(6, learning, Reset.SUBTRACTION);
                LearningRule rule = LearningRule.builder().updaters(LearningRule.Updaters.CONFIGURED).build();
                MultiLayerConfiguration maps = Fixtures.builder(new Sgd(0.1)).list()
                        .layer(new SpikingConvolutionLayer.Builder(1, 1).nIn(4).nOut(7).settings(settings).build())
                        .layer(new SpikingConvolutionLayer.Builder(1, 1).nIn(7).nOut(17).settings(settings).build())
                        .layer(new SpikeRateLayer.Builder().scale(5).build())
                        .layer(Fixtures.readout(0, 3))
                        .setInputType(InputType.convolutional(1, 1, 4)).build();
                MultiLayerConfiguration dense = Fixtures.builder(new Sgd(0.1)).list()
                        .layer(new SpikingDenseLayer.Builder().nIn(4).nOut(7).settings(settings).build())
                        .layer(new SpikingDenseLayer.Builder().nIn(7).nOut(17).settings(settings).build())
                        .layer(new SpikeRateLayer.Builder().scale(5).build())
                        .layer(Fixtures.readout(17, 3)).build();
                MultiLayerNetwork ofMaps = Fixtures.network(local ? IbHebb.convert(maps, rule) : maps);
                MultiLayerNetwork ofNeurons = Fixtures.network(local ? IbHebb.convert(dense, rule) : dense);
                alike(ofNeurons, ofMaps, true);
                for (int step = 0; step < 4; step++) {
                    INDArray x = sequence ? Fixtures.noise(step, SAMPLES, 4, 9) : Fixtures.noise(step, SAMPLES, 4);
                    INDArray images = sequence
                            ? x.reshape('c', SAMPLES, 4, 9, 1, 1)
                            : x.reshape('c', SAMPLES, 4, 1, 1);
                    ofNeurons.fit(x, labels());
                    ofMaps.fit(images, labels());
                    assertThat(values(ofMaps.output(images)))
                            .containsExactly(values(ofNeurons.output(x)), within(1e-12));
                }
                alike(ofNeurons, ofMaps, false);
            }
        }
    }

    private static void alike(MultiLayerNetwork dense, MultiLayerNetwork maps, boolean make) {
        for (int layer : new int[] {0, 1, 3}) {
            INDArray weights = maps.getLayer(layer).getParam("W");
            INDArray ofDense = dense.getLayer(layer).getParam("W");
            if (layer < 3) {
                weights = weights.reshape('c', weights.size(0), weights.size(1)).transpose();
            }
            if (make) {
                weights.assign(ofDense);
                maps.getLayer(layer).getParam("b").assign(dense.getLayer(layer).getParam("b"));
            }
            assertThat(values(weights)).containsExactly(values(ofDense), within(1e-12));
            assertThat(values(maps.getLayer(layer).getParam("b")))
                    .containsExactly(values(dense.getLayer(layer).getParam("b")), within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 16})
    void theFactorisedFormPointsWhereTheTracesDo(int steps) {
        INDArray[] gradients = new INDArray[2];
        for (int i = 0; i < 2; i++) {
            MultiLayerNetwork net = unnormalized(steps, i == 0 ? Learning.TRACE : Learning.FACTORISED);
            gradients(net, new DataSet(images(1), labels()));
            gradients[i] = net.gradient().getGradientFor("0_W").dup();
        }
        assertThat(gradients[0].mul(gradients[1]).sumNumber().doubleValue()
                / gradients[0].norm2Number().doubleValue() / gradients[1].norm2Number().doubleValue())
                .isGreaterThan(0.93);
    }

    @ParameterizedTest
    @EnumSource(Learning.class)
    void layersAboveDoNotChangeTheUpdatesBelow(Learning learning) {
        MultiLayerNetwork net =
                Fixtures.network(IbHebb.convert(configuration(settings(5, learning, Reset.SUBTRACTION))));
        MultiLayerNetwork perturbed = net.clone();
        for (int layer : new int[] {1, 3, 5}) {
            perturbed.getLayer(layer).params().muli(-1.7).addi(0.3);
        }
        INDArray before = net.getLayer(0).params().dup();
        for (int step = 0; step < 3; step++) {
            net.fit(images(step), labels());
            perturbed.fit(images(step), labels());
        }
        assertThat(values(perturbed.getLayer(0).params())).isEqualTo(values(net.getLayer(0).params()));
        assertThat(values(net.getLayer(0).params())).isNotEqualTo(values(before));
    }

    @ParameterizedTest
    @EnumSource(Learning.class)
    void aChannelThatIsSilentIsNotLearntFrom(Learning learning) {
        MultiLayerNetwork net =
                Fixtures.network(IbHebb.convert(configuration(settings(5, learning, Reset.SUBTRACTION))));
        INDArray weights = net.getLayer(0).getParam("W").dup();
        INDArray x = images(1);
        x.slice(1, 1).assign(0);
        net.fit(x, labels());
        net.fit(x, labels());
        INDArray after = net.getLayer(0).getParam("W");
        assertThat(values(after.slice(1, 1))).isEqualTo(values(weights.slice(1, 1)));
        assertThat(values(after.slice(0, 1))).isNotEqualTo(values(weights.slice(0, 1)));

        net.fit(x.muli(0), labels());
        assertThat(values(net.params())).doesNotContain(Double.NaN);
    }

    /** By back-propagation, which compares no samples. */
    @ParameterizedTest
    @EnumSource(Learning.class)
    void aMiniBatchIsTheSumOfItsSamples(Learning learning) {
        INDArray x = frames(2, 4);
        MultiLayerNetwork net = Fixtures.network(configuration(settings(5, learning, Reset.TO_ZERO)));
        gradients(net, new DataSet(x, labels()));
        INDArray together = net.gradient().gradient().dup();
        INDArray sum = Nd4j.zeros(DataType.DOUBLE, together.shape());
        for (int sample = 0; sample < SAMPLES; sample++) {
            gradients(net, new DataSet(
                    x.get(NDArrayIndex.interval(sample, sample + 1)), labels().getRow(sample, true)));
            sum.addi(net.gradient().gradient());
        }
        assertThat(sum.distance2(together)).isLessThan(1e-10);
    }

    @Test
    void learnsOneSampleAtATime() {
        LearningRule rule = LearningRule.builder().memory(8).build();
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(
                configuration(settings(5, Learning.FACTORISED, Reset.SUBTRACTION)), rule));
        INDArray before = net.getLayer(1).params().dup();
        for (int step = 0; step < 12; step++) {
            net.fit(Fixtures.noise(step, 1, CHANNELS, HEIGHT, WIDTH),
                    Fixtures.oneHot(step, 3, 3).getRow(step % 3, true));
        }
        assertThat(values(net.params())).doesNotContain(Double.NaN);
        assertThat(values(net.getLayer(1).params())).isNotEqualTo(values(before));
    }

    /** Beside the spikes that Deeplearning4j hands from layer to layer, nothing that learning keeps grows with T. */
    @Test
    void whatLearningKeepsDoesNotGrowWithTime() {
        InputType image = InputType.convolutional(HEIGHT, WIDTH, CHANNELS);
        for (int steps : new int[] {10, 300}) {
            MultiLayerNetwork net = Fixtures.network(
                    IbHebb.convert(configuration(settings(steps, Learning.FACTORISED, Reset.SUBTRACTION))));
            net.setInput(images(1));
            net.feedForward(true, false);
            assertThat(local(net).takeSlopes().length()).isEqualTo(SAMPLES * 3 * 4 * 4);
            assertThat(net.getLayerWiseConfigurations().getConf(0).getLayer().getMemoryReport(image)
                    .getMemoryBytes(MemoryType.WORKING_MEMORY_VARIABLE, SAMPLES, MemoryUseMode.TRAINING,
                            CacheMode.NONE, DataType.DOUBLE))
                    .isEqualTo((CHANNELS * HEIGHT * WIDTH + 2L * 3 * 4 * 4) * SAMPLES * 8);
        }
    }

    @Test
    void configurationsAndModelsSurviveBeingWritten() throws Exception {
        MultiLayerConfiguration stock = configuration(settings(5, Learning.TRACE, Reset.TO_ZERO), Pooling.SUM,
                InputType.convolutional(HEIGHT, WIDTH, CHANNELS));
        MultiLayerConfiguration local = IbHebb.convert(stock);
        for (MultiLayerConfiguration conf : List.of(stock, local)) {
            assertThat(MultiLayerConfiguration.fromJson(conf.toJson())).isEqualTo(conf);
            assertThat(MultiLayerConfiguration.fromYaml(conf.toYaml())).isEqualTo(conf);
            assertThat(conf.clone()).isEqualTo(conf);
            // Of the two convolutions; a dense layer's stand one by one, as they did before there were settings.
            assertThat(conf.toJson().split("\"settings\"", -1)).hasSize(3);
        }
        assertThat(IbHebb.revert(local)).isEqualTo(stock);
        assertThat(local).isNotEqualTo(stock);
        assertThat(IbHebb.isConverted(local)).isTrue();
        assertThat(IbHebb.report(local).toString()).contains("SpikingConvolutionLayer").doesNotContain("wrapped");

        MultiLayerNetwork net = Fixtures.network(local);
        INDArray x = images(1);
        net.fit(x, labels());
        File file = folder.resolve("spiking.zip").toFile();
        IbHebb.save(net, file.toPath());
        for (MultiLayerNetwork other : List.of(MultiLayerNetwork.load(file, true), IbHebb.revert(net), net.clone(),
                IbHebb.restoreMultiLayerNetwork(file.toPath()))) {
            assertThat(values(other.output(x))).isEqualTo(values(net.output(x)));
        }
        MultiLayerNetwork restored = IbHebb.restoreMultiLayerNetwork(file.toPath());
        restored.fit(images(2), labels());
        net.fit(images(2), labels());
        assertThat(values(restored.params())).isEqualTo(values(net.params()));
    }

    /** What differs in one setting is not equal. */
    @Test
    void layersAreComparedByAllOfTheirSettings() {
        SpikingConvolutionLayer layer = first(SpikingSettings.defaults());
        assertThat(first(SpikingSettings.defaults())).isEqualTo(layer).hasSameHashCodeAs(layer);
        assertThat(first(SpikingSettings.defaults().withLeak(0.5))).isNotEqualTo(layer);
        assertThat(layer.toString()).contains("leak=0.9");
        SpikePoolingLayer pooling = new SpikePoolingLayer.Builder().build();
        assertThat(new SpikePoolingLayer()).isEqualTo(pooling).hasSameHashCodeAs(pooling);
        assertThat(new SpikePoolingLayer.Builder().padding(1, 0).build()).isNotEqualTo(pooling);
        assertThat(new SpikePoolingLayer.Builder().kernelSize(2, 3).build()).isNotEqualTo(pooling);
        assertThat(new SpikePoolingLayer.Builder().stride(1, 2).build()).isNotEqualTo(pooling);
        assertThat(new SpikePoolingLayer.Builder(Pooling.SUM).build()).isNotEqualTo(pooling);
        assertThat(pooling.getKernelSize()).containsExactly(2, 2);
        assertThat(new SpikingDenseLayer.Builder().nIn(3).nOut(2).settings(
                settings(3, Learning.TRACE, Reset.TO_ZERO)).build().getSettings())
                .isEqualTo(settings(3, Learning.TRACE, Reset.TO_ZERO));
    }

    @Test
    void shapesAreInferred() {
        for (InputType type : List.of(InputType.convolutional(HEIGHT, WIDTH, CHANNELS),
                InputType.convolutionalFlat(HEIGHT, WIDTH, CHANNELS),
                InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 5, HEIGHT, WIDTH, CHANNELS))) {
            MultiLayerConfiguration conf =
                    configuration(settings(5, Learning.FACTORISED, Reset.SUBTRACTION), Pooling.AVERAGE, type);
            MultiLayerNetwork net = Fixtures.network(conf);
            assertThat(net.numParams()).isEqualTo((2 * 6 + 1) * 3 + (3 * 4 + 1) * 2 + (8 + 1) * 6 + (6 + 1) * 3);
            assertThat(conf.getMemoryReport(type).toString()).isNotEmpty();
            INDArray x = type instanceof InputType.InputTypeConvolutionalFlat
                    ? images(1).reshape('c', SAMPLES, CHANNELS * HEIGHT * WIDTH)
                    : type instanceof InputType.InputTypeConvolutional3D ? frames(1, 5) : images(1);
            assertThat(net.output(x).shape()).containsExactly(SAMPLES, 3);
        }
    }

    /** Two paths from one image, whose spikes are added. */
    @Test
    void graphsAddSpikes() {
        SpikingSettings settings = settings(4, Learning.FACTORISED, Reset.SUBTRACTION);
        ComputationGraphConfiguration conf = Fixtures.builder(new Sgd(0.1)).graphBuilder()
                .addInputs("in")
                .addLayer("a", new SpikingConvolutionLayer.Builder(3, 3).nOut(3).convolutionMode(ConvolutionMode.Same)
                        .settings(settings).build(), "in")
                .addLayer("b", new SpikingConvolutionLayer.Builder(1, 1).nOut(3).settings(settings).build(), "in")
                .addVertex("both", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
                .addLayer("c", new SpikingConvolutionLayer.Builder(2, 2).nOut(2).settings(settings).build(), "both")
                .addLayer("rates", new SpikeRateLayer(), "c")
                .addLayer("out", Fixtures.readout(0, 3), "rates")
                .setOutputs("out")
                .setInputTypes(InputType.convolutional(HEIGHT, WIDTH, CHANNELS))
                .build();
        ComputationGraph net = new ComputationGraph(IbHebb.convert(conf));
        net.init();
        INDArray before = net.params().dup();
        net.fit(new DataSet(images(1), labels()));
        assertThat(net.output(images(1))[0].shape()).containsExactly(SAMPLES, 3);
        assertThat(values(net.params())).doesNotContain(Double.NaN).isNotEqualTo(values(before));
        assertThat(ComputationGraphConfiguration.fromJson(conf.toJson())).isEqualTo(conf);
    }

    /** Bars that lie and bars that stand, wherever: what no single pixel tells. */
    private static DataSet bars(long seed, int samples, DataType type) {
        INDArray labels = Fixtures.oneHot(seed, samples, 2);
        INDArray x = Fixtures.noise(seed, samples, 1, 6, 6).muli(0.1);
        for (int sample = 0; sample < samples; sample++) {
            int place = (int) ((seed + 5L * sample) % 6);
            boolean lies = labels.getDouble(sample, 0) > 0;
            for (int i = 0; i < 6; i++) {
                int[] at = {sample, 0, lies ? place : i, lies ? i : place};
                x.putScalar(at, x.getDouble(at) + 1);
            }
        }
        return new DataSet(x.castTo(type), labels.castTo(type));
    }

    @ParameterizedTest
    @EnumSource(Learning.class)
    void learnsToTellBarsApart(Learning learning) {
        for (boolean local : new boolean[] {true, false}) {
            NeuralNetConfiguration.Builder builder = Fixtures.builder(new Adam(1e-2)).dataType(DataType.FLOAT);
            MultiLayerConfiguration conf = builder.list()
                    .layer(new SpikingConvolutionLayer.Builder(3, 3).nOut(8).learning(learning).build())
                    .layer(new SpikePoolingLayer())
                    .layer(new SpikingDenseLayer.Builder().nOut(16).learning(learning).build())
                    .layer(new SpikeRateLayer())
                    .layer(Fixtures.readout(0, 2))
                    .setInputType(InputType.convolutional(6, 6, 1))
                    .build();
            MultiLayerNetwork net = Fixtures.network(local ? IbHebb.convert(conf) : conf);
            DataSet data = bars(1, 120, DataType.FLOAT);
            for (int epoch = 0; epoch < 10; epoch++) {
                for (DataSet batch : data.batchBy(20)) {
                    net.fit(batch);
                }
            }
            DataSet unseen = bars(2, 120, DataType.FLOAT);
            Evaluation evaluation = new Evaluation(2);
            evaluation.eval(unseen.getLabels(), net.output(unseen.getFeatures()));
            assertThat(evaluation.accuracy()).as(learning + (local ? " local" : " back-propagated"))
                    .isGreaterThan(0.9);
        }
    }

    @Test
    void whatDoesNotFitIsRefusedByName() {
        assertThatThrownBy(() -> new SpikingConvolutionLayer.Builder(3, 3).leak(1.5))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("leak (1.5) must be in [0, 1]");
        assertThatThrownBy(() -> new SpikingConvolutionLayer.Builder(3, 3).timeSteps(0))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("timeSteps (0)");
        assertThatThrownBy(() -> new SpikePoolingLayer.Builder().kernelSize(0, 2).build())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("kernelSize ([0, 2])");
        assertThatThrownBy(() -> new SpikePoolingLayer.Builder().padding(2, 0).build())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("padding ([2, 0]) must be below");
        MultiLayerNetwork net =
                Fixtures.network(configuration(settings(5, Learning.FACTORISED, Reset.SUBTRACTION)));
        assertThatThrownBy(() -> net.output(Fixtures.noise(1, 3, CHANNELS + 1, HEIGHT, WIDTH)))
                .hasMessageContaining("(index 0)").hasMessageContaining("[3, 3, 7, 5]");
        assertThatThrownBy(() -> net.output(Fixtures.noise(1, 3, CHANNELS, 1, 1)))
                .hasMessageContaining("(index 0)");
        assertThatThrownBy(() -> Fixtures.builder(new Sgd(0.1)).list()
                .layer(first(SpikingSettings.defaults()))
                .layer(new SpikeRateLayer()).layer(Fixtures.readout(0, 3))
                .setInputType(InputType.recurrent(70, 5)).build())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("SequenceToFramesPreProcessor");
        assertThatThrownBy(() -> Fixtures.builder(new Sgd(0.1)).list()
                .layer(first(SpikingSettings.defaults()))
                .layer(new SpikeRateLayer()).layer(Fixtures.readout(0, 3))
                .setInputType(InputType.convolutional3D(Convolution3D.DataFormat.NDHWC, 5, HEIGHT, WIDTH, CHANNELS))
                .build())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("NCDHW");
        assertThatThrownBy(() -> Fixtures.builder(new Sgd(0.1)).list()
                .layer(new SpikePoolingLayer())
                .layer(new SpikeRateLayer()).layer(Fixtures.readout(0, 3))
                .setInputType(InputType.convolutional(HEIGHT, WIDTH, CHANNELS)).build())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("SubsamplingLayer");
        assertThatThrownBy(() -> IbHebb.convert(Fixtures.builder(new Sgd(0.1)).list()
                .layer(first(SpikingSettings.defaults()))
                .layer(new BatchNormalization())
                .layer(new SpikeRateLayer()).layer(Fixtures.readout(0, 3))
                .setInputType(InputType.convolutional(HEIGHT, WIDTH, CHANNELS)).build()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("can't learn as one unit");
    }

    /** Models' JSON may have settings that no builder lets through. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"timeSteps\" : 5 | \"timeSteps\" : 0 | timeSteps (0) must be at least 1",
        "\"reset\" : \"SUBTRACTION\" | \"reset\" : null | reset (null)",
        "\"leak\" : 0.8 | \"leak\" : 1.5 | leak (1.5) must be in",
        "\"pooling\" : \"AVERAGE\" | \"pooling\" : null | pooling (null)",
        "\"kernelSize\" : [ 4, 4 ] | \"kernelSize\" : [ 4 ] | kernelSize ([4])"})
    void badSettingsOfModelsAreRefusedByName(String good, String bad, String sentence) {
        for (boolean local : new boolean[] {true, false}) {
            MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).list()
                    .layer(first(settings(5, Learning.FACTORISED, Reset.SUBTRACTION)))
                    .layer(new SpikePoolingLayer.Builder().kernelSize(4, 4).build())
                    .layer(new SpikeRateLayer()).layer(Fixtures.readout(0, 3))
                    .setInputType(InputType.convolutional(HEIGHT, WIDTH, CHANNELS)).build();
            String json = (local ? IbHebb.convert(conf) : conf).toJson();
            String damaged = json.replace(good, bad);
            assertThat(damaged).isNotEqualTo(json);
            MultiLayerNetwork net = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(damaged));
            assertThatThrownBy(net::init).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("layer 'layer", "(index ", sentence.trim());
        }
    }
}
