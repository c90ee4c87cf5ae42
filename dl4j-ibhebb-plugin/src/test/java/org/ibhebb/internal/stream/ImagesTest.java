package org.ibhebb.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.ibhebb.NativeRun;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Layers that read images, against Deeplearning4j's own, and one engine against the other. */
class ImagesTest {

    private static final int HEIGHT = 9;
    private static final int WIDTH = 7;
    private static final int CHANNELS = 2;
    private static final int IN = CHANNELS * HEIGHT * WIDTH;
    private static final int CLASSES = 3;

    private record Case(String name, Activation activation, ConvolutionMode mode, List<Layer> layers) {

        @Override
        public String toString() {
            return name;
        }

        MultiLayerNetwork network(DataType type) {
            NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().seed(11).dataType(type)
                    .activation(activation).convolutionMode(mode).list();
            layers.forEach(layer -> list.layer(layer.clone()));
            list.layer(new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nOut(CLASSES)
                    .build());
            list.setInputType(InputType.convolutionalFlat(HEIGHT, WIDTH, CHANNELS));
            MultiLayerNetwork network = new MultiLayerNetwork(list.build());
            network.init();
            return network;
        }
    }

    private static ConvolutionLayer maps(int maps, int kernelHeight, int kernelWidth, int stride, int padding) {
        return new ConvolutionLayer.Builder(kernelHeight, kernelWidth).stride(stride, stride).padding(padding, padding)
                .nOut(maps).build();
    }

    private static SubsamplingLayer pool(PoolingType type, int kernel, int stride, int padding) {
        return new SubsamplingLayer.Builder(type, new int[] {kernel, kernel}, new int[] {stride, stride},
                new int[] {padding, padding}).build();
    }

    static Stream<Case> cases() {
        DenseLayer dense = new DenseLayer.Builder().nOut(17).build();
        return Stream.of(
                new Case("convolution, largest, dense", Activation.RELU, ConvolutionMode.Truncate,
                        List.of(maps(5, 3, 3, 1, 0), pool(PoolingType.MAX, 2, 2, 0), dense)),
                new Case("two convolutions", Activation.TANH, ConvolutionMode.Truncate,
                        List.of(maps(6, 3, 2, 1, 1), pool(PoolingType.MAX, 2, 2, 0), maps(4, 2, 3, 1, 0), dense)),
                new Case("means", Activation.LEAKYRELU, ConvolutionMode.Truncate,
                        List.of(maps(6, 3, 3, 2, 1), pool(PoolingType.AVG, 2, 1, 1), dense)),
                new Case("same", Activation.TANH, ConvolutionMode.Same,
                        List.of(maps(5, 4, 3, 2, 0), pool(PoolingType.AVG, 3, 2, 0), maps(9, 2, 2, 1, 0),
                                pool(PoolingType.MAX, 3, 2, 0))),
                new Case("overlapping", Activation.SIGMOID, ConvolutionMode.Strict,
                        List.of(maps(1, 1, 1, 1, 0), pool(PoolingType.MAX, 3, 1, 1), maps(17, 3, 1, 2, 0))),
                new Case("pooling first", Activation.RELU, ConvolutionMode.Truncate,
                        List.of(pool(PoolingType.MAX, 2, 1, 1), pool(PoolingType.AVG, 2, 2, 0), maps(3, 2, 2, 1, 1),
                                dense)),
                new Case("without a bias, activation apart", Activation.TANH, ConvolutionMode.Truncate,
                        List.of(new ConvolutionLayer.Builder(3, 3).nOut(4).hasBias(false)
                                        .activation(Activation.IDENTITY).build(),
                                new ActivationLayer.Builder().activation(Activation.LEAKYRELU).build(), dense)));
    }

    private static List<Engine> engines() {
        List<Engine> engines = new ArrayList<>(List.of(Engines.java()));
        if (NativeRun.isOn()) {
            engines.add(new NativeEngine());
        }
        return engines;
    }

    private static double[] images(long seed, int n) {
        return new Random(seed).doubles((long) n * IN, -3, 3).toArray();
    }

    private static Contents contents(MultiLayerNetwork network, Settings settings) {
        return new Contents(Drawing.of(LayerChain.of(network), settings), network.params());
    }

    private static INDArray array(double[] rows) {
        return Nd4j.create(rows, new long[] {rows.length / IN, IN}, DataType.DOUBLE);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void predictionsAreThoseOfTheNetwork(Case each) {
        MultiLayerNetwork network = each.network(DataType.DOUBLE);
        network.params().muli(1.5).addi(0.03);
        Contents contents = contents(network, Chains.settings(Chains.PREDICTION, Schedule.CONSTANT, 1e-3, 1e-3));
        double[] rows = images(5, 4);
        double[] expected = network.output(array(rows)).dup('c').data().asDouble();
        for (Engine engine : engines()) {
            Batch batch = new Batch(DataType.DOUBLE, IN, CLASSES);
            batch.inputs(rows, 0, 4);
            engine.predict(contents, contents.predicting(), batch);
            double[] predictions = new double[4 * CLASSES];
            batch.predictions(predictions, 0);
            assertThat(predictions).as("%s", engine).containsExactly(expected, within(1e-12));
        }
    }

    /**
     * What layers learn from a sample, against the gradient that the converted network hands to its updater: by the
     * same objective, through Deeplearning4j's own pooling. They differ in what they know of gains, of which the first
     * sample teaches both the same, as it has nothing to be compared with.
     */
    @ParameterizedTest
    @MethodSource("cases")
    void weightsMoveAgainstTheGradientOfTheConvertedNetwork(Case each) {
        LearningRule rule = Chains.rule(2, Objective.hsic());
        double[] rows = images(7, 2);
        // As large as the first one.
        for (int i = 0; i < IN; i++) {
            rows[IN + i] = rows[IN - 1 - i];
        }
        int[] classes = {0, 2};
        INDArray labels = Nd4j.create(Chains.oneHot(classes, CLASSES), new long[] {2, CLASSES}, DataType.DOUBLE);
        MultiLayerNetwork stock = each.network(DataType.DOUBLE);
        MultiLayerNetwork converted = IbHebb.convert(stock, rule);
        converted.fit(array(rows).getRow(0, true), labels.getRow(0, true));
        List<INDArray> first = converted.feedForward(array(rows).getRow(0, true));
        List<INDArray> second = converted.feedForward(array(rows).getRow(1, true));
        converted.setInput(array(rows).getRow(1, true));
        converted.setLabels(labels.getRow(1, true));
        converted.computeGradientAndScore();
        INDArray gradient = converted.gradient().gradient();
        for (Engine engine : engines()) {
            MultiLayerNetwork network = each.network(DataType.DOUBLE);
            Settings settings = new Settings(rule, Schedule.CONSTANT, 1, 1e-3, 1e-3, false, false, false);
            Contents contents = contents(network, settings);
            learn(contents, engine, rows, classes, 0);
            INDArray before = network.params().dup();
            learn(contents, engine, rows, classes, 1);
            INDArray change = network.params().sub(before);
            int place = 0;
            for (Plan.Layer layer : contents.plan().hidden()) {
                while (converted.getLayer(place).paramTable().isEmpty() && layer.learns()) {
                    place++;
                }
                if (layer.learns()) {
                    long learnt = compare(each + ", " + engine, layer, change, gradient,
                            square(first.get(place), layer), square(second.get(place), layer));
                    assertThat(learnt).isGreaterThan(0);
                    place++;
                }
            }
        }
    }

    /** Of what reaches a layer. */
    private static double square(INDArray activity, Plan.Layer layer) {
        assertThat(activity.length()).isEqualTo(layer.in());
        return activity.mul(activity).meanNumber().doubleValue();
    }

    /** How many neurons have learnt, by gains that are as they should be. */
    private static long compare(String name, Plan.Layer layer, INDArray change, INDArray gradient, double first,
            double second) {
        double latest = first + (second - first) * 0.05 / 16;
        double ofLibrary = latest < 1 ? latest : Math.sqrt(latest);
        double known = 1e-3 * ofLibrary / Math.sqrt((first + second) / 2);
        double[] shares = EnginesAssert.assertGains(name, layer, change, gradient, known);
        return Arrays.stream(shares).filter(share -> share != 0).count();
    }

    private static void learn(Contents contents, Engine engine, double[] rows, int[] classes, int sample) {
        Batch batch = new Batch(contents.type(), IN, CLASSES);
        batch.inputs(rows, sample, 1);
        batch.classes(classes, sample);
        engine.learn(contents, batch, false);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void enginesAgree(Case each) {
        agree(each, DataType.DOUBLE, 300, 1e-12);
        // Later, by rounding, another one may be the largest of those that are pooled.
        agree(each, DataType.FLOAT, 20, 1e-5);
    }

    private static void agree(Case each, DataType type, int samples, double tolerance) {
        LearningRule rule = Chains.rule(5, Objective.prediction().withRate(1),
                Objective.neighbourhood().withSigma(0.35).withWeight(0.3));
        List<double[]> results = new ArrayList<>();
        for (Engine engine : engines()) {
            MultiLayerNetwork network = each.network(type);
            // The second sample of all is standardised to 1 and -1, of which rounding says which is the largest.
            boolean standardizes = type == DataType.DOUBLE;
            Settings settings =
                    new Settings(rule, Schedule.FALLING, 500, 1e-3, 5e-3, true, standardizes, standardizes);
            Contents contents = contents(network, settings);
            int[] classes = Chains.classes(5, samples, CLASSES);
            double[] rows = Chains.inputs(7, classes, IN);
            Batch batch = new Batch(type, IN, CLASSES);
            double[] all = new double[samples * CLASSES + (int) contents.learning().length()];
            double[] before = network.params().toDoubleVector();
            for (int i = 0; i < samples; i++) {
                batch.inputs(rows, i, 1);
                batch.oneClass(classes[i]);
                engine.learn(contents, batch, true);
                double[] predictions = new double[CLASSES];
                batch.predictions(predictions, 0);
                System.arraycopy(predictions, 0, all, i * CLASSES, CLASSES);
            }
            contents.learning().get(0, all, samples * CLASSES, (int) contents.learning().length());
            assertThat(Arrays.equals(all, samples * CLASSES, all.length, before, 0, before.length)).isFalse();
            results.add(all);
        }
        EnginesAssert.assertSame(type.toString(), results, tolerance);
    }

    @Test
    void aDenseNetworksPlanIsAsItWas() {
        MultiLayerNetwork network = Chains.network(DataType.FLOAT, Activation.RELU, LossFunction.MCXENT, 5, 17, 3);
        Plan plan = contents(network, Chains.settings(Chains.PREDICTION, Schedule.CONSTANT, 1e-3, 1e-3)).plan();
        assertThat(plan.readsImages()).isFalse();
        assertThat(plan.numbers()).hasSize(29 + 2 * 18);
        assertThat(plan.hasTime()).isFalse();
        assertThat(plan.forEngine()).hasSize(31 + 2 * 18).startsWith(0, 0);
    }
}
