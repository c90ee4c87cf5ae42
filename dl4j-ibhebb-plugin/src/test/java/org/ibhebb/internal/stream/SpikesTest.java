package org.ibhebb.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.ibhebb.NativeRun;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.ibhebb.spiking.SpikingDenseLayer.Reset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Layers of spiking neurons, against Deeplearning4j's layers of them, and one engine against the other. */
class SpikesTest {

    private static final int IN = 11;
    private static final int CLASSES = 3;

    /** Layers, and how many time steps samples have: 0 for a current. */
    private record Case(String name, int steps, List<Layer> layers) {

        @Override
        public String toString() {
            return name;
        }

        int values() {
            return IN * Math.max(1, steps);
        }

        MultiLayerNetwork network(DataType type) {
            NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().seed(11).dataType(type).list();
            layers.forEach(layer -> list.layer(layer.clone()));
            list.layer(new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nOut(CLASSES)
                    .nIn(17).build());
            MultiLayerNetwork network = new MultiLayerNetwork(list.build());
            network.init();
            // Many fire, and some rarely.
            network.params().muli(1.6).addi(0.07);
            return network;
        }

        INDArray array(double[] rows) {
            int n = rows.length / values();
            return Nd4j.create(rows, steps == 0 ? new long[] {n, IN} : new long[] {n, IN, steps}, DataType.DOUBLE);
        }

        Contents contents(MultiLayerNetwork network, Settings settings) {
            return new Contents(Drawing.of(LayerChain.of(network).withTimeSteps(steps), settings), network.params());
        }

        /** Currents, or values of which most are silent. */
        double[] samples(long seed, int n) {
            Random random = new Random(seed);
            return random.doubles((long) n * values(), -1, 2)
                    .map(value -> steps > 0 && random.nextInt(3) > 0 ? 0 : value).toArray();
        }
    }

    private static SpikingDenseLayer.Builder neurons(int in, int out) {
        return new SpikingDenseLayer.Builder().nIn(in).nOut(out).timeSteps(8);
    }

    private static SpikeRateLayer scaled() {
        return new SpikeRateLayer.Builder().scale(10).build();
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("a current", 0, List.of(neurons(IN, 33).build(), neurons(33, 17).build(), scaled())),
                new Case("sequences", 8, List.of(neurons(IN, 33).build(), neurons(33, 17).build(), scaled())),
                new Case("more than eight time steps", 19,
                        List.of(neurons(IN, 20).reset(Reset.TO_ZERO).leak(0.7).build(),
                                neurons(20, 17).steepness(2).threshold(0.7).build(),
                                new SpikeRateLayer.Builder().scale(3).leak(0.8).last().build())),
                new Case("one time step", 1, List.of(neurons(IN, 17).build(), new SpikeRateLayer())),
                new Case("synapses and rest", 0,
                        List.of(neurons(IN, 18).timeSteps(5).synapticDecay(0.4).build(),
                                neurons(18, 17).synapticDecay(0.6).refractorySteps(2).build(), new SpikeRateLayer())),
                new Case("among layers that know no time", 0,
                        List.of(new DenseLayer.Builder().nIn(IN).nOut(19).activation(Activation.RELU).build(),
                                neurons(19, 16).timeSteps(3).leak(1).build(), scaled(),
                                new DenseLayer.Builder().nIn(16).nOut(17).activation(Activation.TANH).build())));
    }

    private static List<Engine> engines() {
        List<Engine> engines = new ArrayList<>(List.of(Engines.java()));
        if (NativeRun.isOn()) {
            engines.add(new NativeEngine());
        }
        return engines;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void predictionsAreThoseOfTheNetwork(Case each) {
        MultiLayerNetwork network = each.network(DataType.DOUBLE);
        Contents contents = each.contents(network, Chains.settings(Chains.PREDICTION, Schedule.CONSTANT, 1e-3, 1e-3));
        double[] rows = each.samples(5, 20);
        double[] expected = network.output(each.array(rows)).dup('c').data().asDouble();
        for (Engine engine : engines()) {
            Batch batch = new Batch(DataType.DOUBLE, each.values(), CLASSES);
            batch.inputs(rows, 0, 20);
            engine.predict(contents, contents.predicting(), batch);
            double[] predictions = new double[20 * CLASSES];
            batch.predictions(predictions, 0);
            assertThat(predictions).as("%s", engine).containsExactly(expected, within(1e-12));
        }
    }

    /**
     * What layers learn from a sample, against the gradient that the converted network hands to its updater: by the
     * same objective. They differ in what they know of gains, of which the first sample teaches both the same, as it
     * has nothing to be compared with.
     */
    @ParameterizedTest
    @MethodSource("cases")
    void weightsMoveAgainstTheGradientOfTheConvertedNetwork(Case each) {
        LearningRule rule = Chains.rule(2, Objective.hsic());
        double[] rows = each.samples(7, 2);
        // As strong as the first one, value by value.
        int steps = Math.max(1, each.steps());
        for (int i = 0; i < IN; i++) {
            System.arraycopy(rows, (IN - 1 - i) * steps, rows, each.values() + i * steps, steps);
        }
        INDArray samples = each.array(rows);
        INDArray labels = Nd4j.create(Chains.oneHot(new int[] {0, 2}, CLASSES), new long[] {2, CLASSES},
                DataType.DOUBLE);
        MultiLayerNetwork converted = IbHebb.convert(each.network(DataType.DOUBLE), rule);
        converted.fit(one(samples, 0), labels.getRow(0, true));
        List<INDArray> first = converted.feedForward(one(samples, 0));
        List<INDArray> second = converted.feedForward(one(samples, 1));
        converted.setInput(one(samples, 1));
        converted.setLabels(labels.getRow(1, true));
        converted.computeGradientAndScore();
        INDArray gradient = converted.gradient().gradient();
        for (Engine engine : engines()) {
            MultiLayerNetwork network = each.network(DataType.DOUBLE);
            Settings settings = new Settings(rule, Schedule.CONSTANT, 1, 1e-3, 1e-3, false, false, false);
            Contents contents = each.contents(network, settings);
            learn(contents, engine, each, rows, new int[] {0, 2}, 0);
            INDArray before = network.params().dup();
            learn(contents, engine, each, rows, new int[] {0, 2}, 1);
            INDArray change = network.params().sub(before);
            for (int place = 0; place < contents.plan().hidden().size(); place++) {
                Plan.Layer layer = contents.plan().hidden().get(place);
                if (layer.learns()) {
                    compare(each + ", " + engine, layer, change, gradient, square(first.get(place), layer),
                            square(second.get(place), layer));
                }
            }
        }
    }

    private static INDArray one(INDArray samples, int sample) {
        return samples.slice(sample).reshape(samples.rank() == 2 ? new long[] {1, samples.size(1)}
                : new long[] {1, samples.size(1), samples.size(2)}).dup();
    }

    /** The mean square of what a layer's errors meet: of what comes in, or of its traces' means over time. */
    private static double square(INDArray activity, Plan.Layer layer) {
        double sum = 0;
        for (int i = 0; i < layer.in(); i++) {
            INDArray values = activity.slice(0).slice(i);
            double met = layer.timing() == null ? values.getDouble(0) : meanTrace(layer.timing(), values);
            sum += met * met;
        }
        return sum / layer.in();
    }

    /** Of an input that has a value for each time step, or one that is the same at each. */
    private static double meanTrace(Timing timing, INDArray values) {
        double synapse = 0;
        double trace = 0;
        double sum = 0;
        for (int step = 0; step < timing.steps(); step++) {
            synapse = timing.neuron().synapticDecay() * synapse + values.getDouble(values.length() == 1 ? 0 : step);
            trace = timing.neuron().leak() * trace + synapse;
            sum += trace;
        }
        return sum / timing.steps();
    }

    /**
     * Gains are as they should be, at a rate that is the lower the longer a trace lasts. Biases have moved by the same
     * share as weights but for what the activity was divided by, which has nothing to do with them.
     */
    private static void compare(String name, Plan.Layer layer, INDArray change, INDArray gradient, double first,
            double second) {
        double latest = first + (second - first) * 0.05 / 16;
        double ofLibrary = latest < 1 ? latest : Math.sqrt(latest);
        double ofStream = Math.sqrt((first + second) / 2);
        double slower = layer.timing() == null ? 1 : meanTrace(layer.timing(), Nd4j.scalar(1.0));
        double[] shares = EnginesAssert.assertGains(
                name, layer, change, gradient, 1e-3 / slower * ofLibrary / ofStream);
        double largest = change.amaxNumber().doubleValue();
        int moved = 0;
        for (int j = 0; j < shares.length; j++) {
            if (shares[j] == 0) {
                continue;
            }
            long bias = layer.bias() + j;
            assertThat(change.getDouble(bias)).as("%s, bias %d", name, j)
                    .isCloseTo(-shares[j] * ofStream / ofLibrary * gradient.getDouble(bias), within(1e-9 * largest));
            moved++;
        }
        assertThat(moved).as("%s, neurons that have learnt", name).isGreaterThan(layer.out() / 2);
    }

    private static void learn(Contents contents, Engine engine, Case each, double[] rows, int[] classes, int sample) {
        Batch batch = new Batch(contents.type(), each.values(), CLASSES);
        batch.inputs(rows, sample, 1);
        batch.classes(classes, sample);
        engine.learn(contents, batch, false);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void enginesAgree(Case each) {
        agree(each, DataType.DOUBLE, 300, 1e-11);
        // Later, by rounding, a neuron may fire a time step later.
        agree(each, DataType.FLOAT, 10, 1e-5);
    }

    private static void agree(Case each, DataType type, int samples, double tolerance) {
        LearningRule rule = Chains.rule(5, Objective.prediction().withRate(1),
                Objective.neighbourhood().withSigma(0.35).withWeight(0.3));
        List<double[]> results = new ArrayList<>();
        for (Engine engine : engines()) {
            MultiLayerNetwork network = each.network(type);
            // The first sample is standardised to zeros, of which stock neurons make what is alike but for rounding.
            boolean standardizes = type == DataType.DOUBLE && each.steps() == 0
                    && each.layers().get(0) instanceof SpikingDenseLayer;
            Settings settings =
                    new Settings(rule, Schedule.FALLING, 500, 1e-3, 1e-3, true, standardizes, standardizes);
            Contents contents = each.contents(network, settings);
            double[] rows = each.samples(9, samples);
            Batch batch = new Batch(type, each.values(), CLASSES);
            double[] all = new double[samples * CLASSES + (int) contents.learning().length()];
            double[] before = network.params().toDoubleVector();
            for (int i = 0; i < samples; i++) {
                if (i % 3 == 2) {
                    sparse(batch, rows, i, each.values());
                } else {
                    batch.inputs(rows, i, 1);
                }
                batch.oneClass(i % CLASSES);
                assertThat(engine.firstBad(contents, batch)).isEqualTo(Engine.ALL_FINE);
                engine.learn(contents, batch, true);
                double[] predictions = new double[CLASSES];
                batch.predictions(predictions, 0);
                System.arraycopy(predictions, 0, all, i * CLASSES, CLASSES);
            }
            contents.learning().get(0, all, samples * CLASSES, (int) contents.learning().length());
            assertThat(Arrays.equals(all, samples * CLASSES, all.length, before, 0, before.length)).isFalse();
            results.add(all);
        }
        EnginesAssert.assertSame(each + ", " + type, results, tolerance);
    }

    private static void sparse(Batch batch, double[] rows, int sample, int in) {
        int[] indices = IntStream.range(0, in).filter(i -> rows[sample * in + i] != 0).toArray();
        float[] values = new float[indices.length];
        for (int k = 0; k < values.length; k++) {
            values[k] = (float) rows[sample * in + indices[k]];
        }
        batch.inputs(indices, values);
    }
}
