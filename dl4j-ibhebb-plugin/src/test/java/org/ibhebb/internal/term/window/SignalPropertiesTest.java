package org.ibhebb.internal.term.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ibhebb.internal.term.window.SignalAssert.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.rule.Objective.Kind;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What the definitions imply for every window. */
class SignalPropertiesTest {

    private static final double ROUNDING = 1e-12;

    /** Or else the properties below would compare 0 with 0. */
    @Property(tries = 100)
    void everyKindHasASignal(@ForAll("kinds") Kind kind, @ForAll int seed) {
        TestWindow window = TestWindow.random(seed, 8, 4);

        for (LearningRule rule : List.of(TestWindow.plain(gaussian(kind)), TestWindow.normalised(gaussian(kind)))) {
            assertThat(window.gradient(rule).normmaxNumber().doubleValue()).isGreaterThan(1e-6);
        }
    }

    @Property(tries = 100)
    void theOrderOfTheMemoryDoesNotMatter(
            @ForAll("kinds") Kind kind, @ForAll @IntRange(min = 5, max = 15) int n, @ForAll int seed) {
        TestWindow window = TestWindow.random(seed, n, 5).withCurrent(3);
        LearningRule rule = TestWindow.normalised(gaussian(kind));

        assertThat(window.reordered(shuffled(seed, 3, n)).gradient(rule))
                .isCloseTo(window.gradient(rule), 1e-9, ROUNDING);
    }

    @Property(tries = 100)
    void reorderedSamplesHaveReorderedSignals(
            @ForAll("kinds") Kind kind, @ForAll @IntRange(min = 2, max = 12) int n, @ForAll int seed) {
        TestWindow window = TestWindow.random(seed, n, 5);
        LearningRule rule = TestWindow.normalised(gaussian(kind));
        int[] order = shuffled(seed, 0, n);

        assertThat(window.reordered(order).gradient(rule))
                .isCloseTo(Nd4j.pullRows(window.gradient(rule), 1, order), 1e-9, ROUNDING);
    }

    @Property(tries = 100)
    void translationChangesNothingAndSignalsSumToZero(
            @ForAll("kinds") Kind kind, @ForAll @DoubleRange(min = -5, max = 5) double by, @ForAll int seed) {
        TestWindow window = TestWindow.random(seed, 8, 4);
        LearningRule rule = TestWindow.plain(gaussian(kind));
        INDArray signal = window.gradient(rule);

        assertThat(window.withActivations(window.activations().add(by)).gradient(rule))
                .isCloseTo(signal, 1e-9, ROUNDING);
        assertThat(signal.sum(0).reshape(1, 4)).isZero(ROUNDING);
    }

    @Property(tries = 100)
    void scalingActivationsAndBandwidthAlikeDividesTheSignal(
            @ForAll("kinds") Kind kind, @ForAll @DoubleRange(min = 0.2, max = 5) double by, @ForAll int seed) {
        TestWindow window = TestWindow.random(seed, 8, 4);

        assertThat(window.withActivations(window.activations().mul(by))
                        .gradient(TestWindow.plain(Objective.of(kind).withSigma(0.6 * by))).muli(by))
                .isCloseTo(window.gradient(TestWindow.plain(Objective.of(kind).withSigma(0.6))), 1e-9, ROUNDING);
    }

    @Property(tries = 100)
    void weightScalesTheSignal(
            @ForAll("kinds") Kind kind, @ForAll @DoubleRange(min = 0.1, max = 9) double weight, @ForAll int seed) {
        TestWindow window = TestWindow.random(seed, 8, 4);

        assertThat(window.gradient(TestWindow.plain(gaussian(kind).withWeight(weight))))
                .isCloseTo(window.gradient(TestWindow.plain(gaussian(kind))).mul(weight), 1e-12);
    }

    @Property(tries = 100)
    void layerNormHidesShiftAndScaleOfASample(
            @ForAll("kinds") Kind kind, @ForAll @DoubleRange(min = 1, max = 9) double by, @ForAll int seed) {
        TestWindow window = TestWindow.random(seed, 8, 16);
        INDArray other = window.activations().mul(by).addi(by);
        LearningRule rule = TestWindow.normalised(gaussian(kind));

        // The epsilon of 1e-5 in the variance is what remains.
        assertThat(window.withActivations(other).objective(rule))
                .isCloseTo(window.objective(rule), Offset.offset(1e-3));
    }

    @Property(tries = 100)
    void constantLabelsSayNothing(@ForAll("kinds") Kind kind, @ForAll int seed) {
        TestWindow window = TestWindow.random(seed, 8, 4).withClasses(new int[8]);
        INDArray signal = window.gradient(TestWindow.plain(gaussian(kind)));

        if (kind == Kind.NEIGHBOURHOOD || kind == Kind.NORMALIZED_HSIC) {
            assertThat(signal).isZero(1e-15);
        } else {
            assertThat(signal).isCloseTo(window.gradient(TestWindow.plain(gaussian(kind).withGamma(0))), 1e-12);
        }
    }

    /** All of the window, or the anchors alone for the neighbourhood objective. */
    @Property(tries = 100)
    void perSampleSignalIsTheGradientTimesWhatItAveragesOver(
            @ForAll("kinds") Kind kind, @ForAll @IntRange(min = 1, max = 9) int current, @ForAll int seed) {
        TestWindow window = TestWindow.random(seed, 9, 4).withCurrent(current);
        LearningRule rule = TestWindow.plain(gaussian(kind));
        Window samples = new Window(current, window.inputs(), window.labels());
        int count = kind == Kind.NEIGHBOURHOOD ? current : 9;

        INDArray signal = Nd4j.create(DataType.DOUBLE, current, 4);
        INDArray gradient = Nd4j.create(DataType.DOUBLE, current, 4);
        samples.signal(rule, SlotRows.of(window.activations()), signal);
        samples.gradient(rule, SlotRows.of(window.activations()), gradient);

        assertThat(signal).isCloseTo(gradient.mul(count), 1e-12);
    }

    @Property(tries = 100)
    void singlePrecisionAgrees(@ForAll("kinds") Kind kind, @ForAll int seed) {
        TestWindow window = TestWindow.random(seed, 10, 6).withCurrent(4);
        LearningRule rule = TestWindow.normalised(gaussian(kind));

        assertThat(window.as(DataType.FLOAT).gradient(rule).castTo(DataType.DOUBLE))
                .isCloseTo(window.gradient(rule), 1e-4, 1e-7);
    }

    @Property(tries = 100)
    void orderAndStridesOfTheArraysDoNotMatter(@ForAll("kinds") Kind kind, @ForAll int seed) {
        TestWindow window = TestWindow.random(seed, 8, 6).withCurrent(3);
        LearningRule rule = TestWindow.normalised(gaussian(kind));
        INDArray wide = Nd4j.zeros(DataType.DOUBLE, 16, 12);
        INDArray strided = wide.get(NDArrayIndex.interval(0, 2, 16), NDArrayIndex.interval(0, 2, 12));
        strided.assign(window.activations());
        INDArray expected = window.gradient(rule);

        assertThat(window.withActivations(window.activations().dup('f'))
                        .withInputs(window.inputs().dup('f'))
                        .gradient(rule))
                .isCloseTo(expected, 1e-10, ROUNDING);
        assertThat(window.withActivations(strided).gradient(rule)).isCloseTo(expected, 1e-10, ROUNDING);
    }

    /** Those that a window has: prediction has no signal here, so that it would be compared with itself, 0 with 0. */
    @Provide
    Arbitrary<Kind> kinds() {
        return Arbitraries.of(TestWindow.kinds());
    }

    private static Objective gaussian(Kind kind) {
        return Objective.of(kind).withSigma(0.6);
    }

    /** 0 to n-1, shuffled from that place on. */
    private static int[] shuffled(int seed, int from, int n) {
        List<Integer> order = IntStream.range(0, n).boxed().collect(Collectors.toList());
        Collections.shuffle(order.subList(from, n), new Random(seed));
        return order.stream().mapToInt(Integer::intValue).toArray();
    }
}
