package org.ibhebb.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.NativeRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Adaptive rates, by both engines, against what docs/streaming.md says of them. */
class AveragesTest {

    private static final int IN = 7;
    private static final int CLASSES = 3;
    private static final int SAMPLES = 700;

    static List<Engine> engines() {
        List<Engine> engines = new ArrayList<>(List.of(Engines.java()));
        if (NativeRun.isOn()) {
            engines.add(new NativeEngine());
        }
        return engines;
    }

    private static Contents contents(double output) {
        MultiLayerNetwork network =
                Chains.network(DataType.DOUBLE, Activation.RELU, LossFunction.MCXENT, IN, 17, CLASSES);
        return new Contents(
                Drawing.of(LayerChain.of(network), Chains.settings(Chains.PREDICTION, Schedule.FALLING, 2e-3, output)),
                network.params());
    }

    private static Batch samples(int[] classes, double[] rows, int i) {
        Batch batch = new Batch(DataType.DOUBLE, IN, CLASSES);
        batch.inputs(rows, i, 1);
        batch.oneClass(classes[i]);
        return batch;
    }

    private static double[] numbers(Reals reals) {
        double[] numbers = new double[Math.toIntExact(reals.length())];
        for (int k = 0; k < numbers.length; k++) {
            numbers[k] = reals.get(k);
        }
        return numbers;
    }

    /** After every sample at first, and from 256 samples on after every 32. */
    private static int every(int samples) {
        return samples < 16 ? 1 : samples < 32 ? 2 : samples < 64 ? 4 : samples < 128 ? 8 : samples < 256 ? 16 : 32;
    }

    @ParameterizedTest
    @MethodSource("engines")
    void theMeanIsThatOfTheLastEighth(Engine engine) {
        Contents contents = contents(5e-3);
        int[] classes = Chains.classes(5, SAMPLES, CLASSES);
        double[] rows = Chains.inputs(7, classes, IN);
        double[] expected = numbers(contents.predicting());
        assertThat(expected).isEqualTo(numbers(contents.learning()));
        for (int t = 1; t <= SAMPLES; t++) {
            engine.learn(contents, samples(classes, rows, t - 1), false);
            if (t % every(t) == 0) {
                double age = contents.clock().get(Plan.AGE);
                // As if each of the latest samples had a weight of 8 / (age + 7), were the mean moved after each.
                double share = Math.min(1, 8.0 * every(t) / (age + 7.0 * every(t)));
                double[] latest = numbers(contents.learning());
                for (int k = 0; k < expected.length; k++) {
                    expected[k] += share * (latest[k] - expected[k]);
                }
            }
            assertThat(numbers(contents.predicting())).as("after %d samples", t).containsExactly(expected, within(1e-12));
        }
    }

    /** A network that knows nothing yet predicts by what it has just learnt, and not by what it began with. */
    @ParameterizedTest
    @MethodSource("engines")
    void whatTheFirstSampleTaughtIsPredictedAtOnce(Engine engine) {
        Contents contents = contents(5e-3);
        double[] before = numbers(contents.predicting());
        engine.learn(contents, samples(new int[] {1}, Chains.inputs(7, new int[] {1}, IN), 0), false);
        assertThat(numbers(contents.predicting())).isEqualTo(numbers(contents.learning())).isNotEqualTo(before);
    }

    /** The bias of the output layer moves by the rate times the error, which for the first sample is known. */
    @ParameterizedTest
    @MethodSource("engines")
    void theFirstStepsOfTheOutputLayerAreLarger(Engine engine) {
        double rate = 1e-3;
        Contents contents = contents(rate);
        int[] classes = Chains.classes(5, SAMPLES, CLASSES);
        double[] rows = Chains.inputs(7, classes, IN);
        Plan.Layer output = contents.plan().output();
        for (int t = 1; t <= SAMPLES; t++) {
            long bias = output.bias() + classes[t - 1];
            double before = contents.learning().get(bias);
            double age = contents.clock().get(Plan.AGE) + 1;
            double[] prediction = new double[CLASSES];
            Batch batch = samples(classes, rows, t - 1);
            engine.predict(contents, contents.learning(), batch);
            batch.predictions(prediction, 0);
            engine.learn(contents, batch, false);
            double step = rate * (1 + 4 / (1 + t / 200.0)) / Math.sqrt(1 + age / 500);
            assertThat(contents.learning().get(bias) - before).as("sample %d", t)
                    .isCloseTo(step * (1 - prediction[classes[t - 1]]), within(1e-12));
        }
    }
}
