package org.ibhebb.internal.term.window;

import static org.ibhebb.internal.term.window.SignalAssert.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ibhebb.Fixtures;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.LabelKernel;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.LearningRule.Normalization;
import org.ibhebb.rule.Objective;
import org.ibhebb.rule.Objective.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The signal is the derivative of the objective: both are public, and differences of the one must give the other. */
class FiniteDifferenceTest {

    private static final int[] SAMPLES = {2, 3, 7, 31};
    /** Each width with the number of groups it is tried with; a group of one unit has nothing to say. */
    private static final Map<Integer, Integer> GROUPS_OF_WIDTH = new TreeMap<>(Map.of(1, 0, 2, 2, 6, 3, 17, 17, 64, 8));
    /** What differences in double precision resolve of an objective of size 1. */
    private static final double RESOLUTION = 1e-4;

    @ParameterizedTest(name = "{0}, {1}, {2} samples, width {3}")
    @MethodSource("rulesAndSizes")
    void signalIsTheDerivativeOfTheObjective(LearningRule rule, Normalization normalization, int samples, int width) {
        TestWindow drawn = TestWindow.random(31L * samples + width, samples, width);
        // The layer norm of two units is a step where they are equal, too steep for differences: hold them apart.
        TestWindow all = width == 2 ? drawn.withActivations(heldApart(drawn.activations())) : drawn;
        for (int current : IntStream.of(samples, 1, (samples + 1) / 2).distinct().toArray()) {
            assertDerivative(rule, all.withCurrent(current));
        }
    }

    private static INDArray heldApart(INDArray pairs) {
        double[][] values = pairs.toDoubleMatrix();
        for (double[] pair : values) {
            pair[1] = pair[0] + Math.signum(pair[1]) * (0.5 + Math.abs(pair[1]));
        }
        return Nd4j.createFromArray(values);
    }

    static Stream<Arguments> rulesAndSizes() {
        List<Arguments> all = new ArrayList<>();
        for (int samples : SAMPLES) {
            for (Map.Entry<Integer, Integer> width : GROUPS_OF_WIDTH.entrySet()) {
                for (Objective objective : objectives()) {
                    for (int groups : IntStream.of(0, width.getValue()).distinct().toArray()) {
                        for (Normalization normalization : List.of(Normalization.LAYER_NORM, Normalization.NONE)) {
                            LearningRule rule = Fixtures.plain()
                                    .objective(objective.withGroups(groups))
                                    .normalization(normalization)
                                    .build();
                            all.add(Arguments.of(rule, normalization, samples, width.getKey()));
                        }
                    }
                }
            }
        }
        return all.stream();
    }

    private static List<Objective> objectives() {
        List<Objective> all = new ArrayList<>();
        for (Kind kind : TestWindow.kinds()) {
            all.add(Objective.of(kind).withSigma(0.5));
            if (kind != Kind.NEIGHBOURHOOD) {
                all.add(Objective.of(kind).withKernel(Kernel.cosine()));
            }
        }
        return all;
    }

    /**
     * A bandwidth that is constant in the derivative, as documented: that of a Gaussian kernel of the same bandwidth.
     */
    @ParameterizedTest
    @MethodSource("org.ibhebb.internal.term.window.PlainObjectives#kinds")
    void aMedianBandwidthCountsAsConstant(Kind kind) {
        TestWindow window = TestWindow.random(5, 12, 6).withCurrent(4);
        double medianOfSquares = medianSquaredDistance(window.activations().toDoubleMatrix());
        double sameSigma = 0.8 * Math.sqrt(medianOfSquares / 6);
        LearningRule median = TestWindow.plain(Objective.of(kind).withKernel(Kernel.medianGaussian(0.8)));
        LearningRule fixed = TestWindow.plain(Objective.of(kind).withSigma(sameSigma));

        assertThat(window.gradient(median)).isCloseTo(window.gradient(fixed), 1e-12);
        assertThat(window.gradient(median))
                .isDerivativeOf(z -> window.objectiveAt(fixed, z), window.activations(), RESOLUTION);
    }

    private static double medianSquaredDistance(double[][] rows) {
        List<Double> all = new ArrayList<>();
        for (int a = 0; a < rows.length; a++) {
            for (int b = 0; b < a; b++) {
                double sum = 0;
                for (int i = 0; i < rows[a].length; i++) {
                    sum += Math.pow(rows[a][i] - rows[b][i], 2);
                }
                all.add(sum);
            }
        }
        all.sort(null);
        int count = all.size();
        return (all.get((count - 1) / 2) + all.get(count / 2)) / 2;
    }

    @Test
    void weightedSumOfObjectives() {
        LearningRule rule = Fixtures.plain()
                .objective(Objective.neighbourhood().withSigma(0.6).withWeight(0.7))
                .plus(Objective.normalizedHsic().withGroups(4).withWeight(2.5))
                .plus(Objective.hsic().withGamma(0.5).withSigmaX(0.9).withWeight(30))
                .build();

        assertDerivative(rule, TestWindow.random(1, 11, 12).withCurrent(5));
    }

    @ParameterizedTest
    @MethodSource("org.ibhebb.internal.term.window.PlainObjectives#kinds")
    void softLabels(Kind kind) {
        INDArray soft = TestWindow.uniform(new Random(2), 9, 3);
        soft.diviColumnVector(soft.sum(1).reshape(9, 1));
        TestWindow window = TestWindow.random(2, 9, 5).withCurrent(4).withLabels(TestWindow.classes("output", soft));

        assertDerivative(TestWindow.normalised(Objective.of(kind).withSigma(0.5)), window);
    }

    @ParameterizedTest
    @MethodSource("org.ibhebb.internal.term.window.PlainObjectives#kinds")
    void independentLabels(Kind kind) {
        INDArray several = TestWindow.uniform(new Random(3), 9, 4);
        TestWindow window = TestWindow.random(3, 9, 5).withCurrent(4)
                .withLabels(new Labels("output", several, Labels.Encoding.INDEPENDENT));

        assertDerivative(TestWindow.normalised(Objective.of(kind).withSigma(0.5)), window);
    }

    @ParameterizedTest
    @MethodSource("org.ibhebb.internal.term.window.PlainObjectives#kinds")
    void realLabels(Kind kind) {
        INDArray real = TestWindow.normal(new Random(4), 9, 2).muli(100);
        TestWindow window = TestWindow.random(4, 9, 5).withCurrent(4)
                .withLabels(new Labels("output", real, Labels.Encoding.REAL));
        Objective objective = Objective.of(kind).withSigma(0.5);

        assertDerivative(TestWindow.normalised(objective), window);
        assertDerivative(TestWindow.normalised(objective.withLabels(LabelKernel.gaussian(80))), window);
    }

    @ParameterizedTest
    @MethodSource("org.ibhebb.internal.term.window.PlainObjectives#kinds")
    void twoOutputs(Kind kind) {
        TestWindow one = TestWindow.random(6, 9, 5).withCurrent(4);
        TestWindow two = one.withLabels(
                one.labels().get(0),
                new Labels("second", TestWindow.normal(new Random(6), 9, 1), Labels.Encoding.REAL));

        assertDerivative(TestWindow.normalised(Objective.of(kind).withSigma(0.5)), two);
    }

    /** The formula of the published code is a derivative too, of its own value. */
    @ParameterizedTest
    @MethodSource("org.ibhebb.internal.term.window.PlainObjectives#kinds")
    void aStepAgainstTheSignalLowersTheObjective(Kind kind) {
        TestWindow window = TestWindow.random(7, 16, 8).withCurrent(6);
        LearningRule rule = TestWindow.normalised(Objective.of(kind).withSigma(0.5));

        assertThat(window.gradient(rule)).descends(z -> window.objectiveAt(rule, z), window.activations());
    }

    private static void assertDerivative(LearningRule rule, TestWindow window) {
        assertThat(window.gradient(rule))
                .as("%s, %s of %s samples", rule, window.current(), window.size())
                .isDerivativeOf(z -> window.objectiveAt(rule, z), window.activations(), RESOLUTION);
    }
}
