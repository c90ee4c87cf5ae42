package org.ibhebb.internal.term.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ibhebb.internal.term.window.SignalAssert.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.Objective;
import org.ibhebb.rule.Objective.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Windows that say little: signals stay finite, and are zero where the definition says so. */
class DegenerateTest {

    static List<Objective> objectives() {
        List<Objective> all = new ArrayList<>();
        for (Kind kind : TestWindow.kinds()) {
            all.add(Objective.of(kind).withSigma(0.5));
            all.add(Objective.of(kind).withKernel(Kernel.medianGaussian(0.5)));
            if (kind != Kind.NEIGHBOURHOOD) {
                all.add(Objective.of(kind).withKernel(Kernel.cosine()));
            }
        }
        return all;
    }

    static List<Objective> gaussians() {
        return objectives().stream().filter(each -> each.kernel().type() != Kernel.Type.COSINE).toList();
    }

    @ParameterizedTest
    @MethodSource("gaussians")
    void equalActivationsGiveNoSignal(Objective objective) {
        INDArray row = TestWindow.random(1, 1, 37).activations().muli(3);
        TestWindow window = TestWindow.random(1, 9, 37).withActivations(Nd4j.vstack(
                row, row, row, row, row, row, row, row, row));

        assertThat(window.gradient(TestWindow.plain(objective))).isZero(1e-12);
        assertThat(window.as(DataType.FLOAT).gradient(TestWindow.plain(objective))).isZero(1e-4);
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void aSampleAloneHasNoSignal(Objective objective) {
        TestWindow window = TestWindow.random(2, 1, 5);

        assertThat(window.objective(TestWindow.plain(objective))).isZero();
        assertThat(window.gradient(TestWindow.plain(objective))).hasShape(1, 5).isZero(0);
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void oneUnitLayerNormalisedHasNoSignal(Objective objective) {
        assertThat(TestWindow.random(3, 6, 1).gradient(TestWindow.normalised(objective))).hasShape(6, 1).isZero(0);
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void duplicatedSamplesAreFinite(Objective objective) {
        assertFinite(objective, TestWindow.random(4, 6, 4).reordered(0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 0, 0));
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void aRowOfZerosIsFinite(Objective objective) {
        TestWindow window = TestWindow.random(5, 6, 4);
        window.activations().putRow(2, Nd4j.zeros(DataType.DOUBLE, 4));

        assertFinite(objective, window);
        if (objective.kernel().type() == Kernel.Type.COSINE) {
            assertThat(window.gradient(TestWindow.plain(objective)).getRow(2).reshape(1, 4)).isZero(0);
        }
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void inputsThatDoNotVaryAreFinite(Objective objective) {
        assertFinite(objective, TestWindow.random(6, 6, 4).withInputs(Nd4j.ones(DataType.DOUBLE, 6, 3)));
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void aSingleSampleOfItsClassIsFinite(Objective objective) {
        assertFinite(objective, TestWindow.random(7, 6, 4).withClasses(0, 1, 1, 0, 2, 1));
    }

    @ParameterizedTest
    @MethodSource("gaussians")
    void tinyBandwidthAndFarPointsAreFinite(Objective objective) {
        TestWindow window = TestWindow.random(8, 9, 4);
        assertFinite(objective.withSigma(0.05), window.withActivations(window.activations().mul(50)));
    }

    @Test
    void oneClassGivesNeighbourhoodAndNormalizedHsicNoSignal() {
        TestWindow window = TestWindow.random(9, 6, 4).withClasses(0, 0, 0, 0, 0, 0);

        assertThat(window.gradient(TestWindow.plain(Objective.neighbourhood()))).isZero(1e-15);
        assertThat(window.gradient(TestWindow.plain(Objective.normalizedHsic()))).isZero(1e-15);
        assertThat(window.gradient(TestWindow.plain(Objective.hsic().withGamma(5))))
                .isCloseTo(window.gradient(TestWindow.plain(Objective.hsic().withGamma(0))), 1e-12);
    }

    /** By hand: at 0 and 1 of one class, 3 of another, the third has no partner and is a neighbour only. */
    @Test
    void anAnchorWithoutPartnerContributesNothing() {
        TestWindow window = TestWindow.random(10, 3, 1)
                .withActivations(Nd4j.createFromArray(new double[][] {{0}, {1}, {3}}))
                .withClasses(0, 0, 1);
        double k01 = Math.exp(-0.5);
        double k02 = Math.exp(-4.5);
        double k12 = Math.exp(-2);
        double expected = (Math.log((k01 + k02) / k01) + Math.log((k01 + k12) / k01)) / 3;

        assertThat(window.objective(TestWindow.plain(Objective.neighbourhood().withSigma(1))))
                .isCloseTo(expected, Offset.offset(1e-14));
        assertThat(window.reordered(2, 0, 1).withCurrent(1)
                .gradient(TestWindow.plain(Objective.neighbourhood().withSigma(1)))).isZero(0);
    }

    private static void assertFinite(Objective objective, TestWindow window) {
        for (int current : new int[] {window.size(), 1}) {
            for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
                TestWindow each = window.withCurrent(current).as(type);
                assertThat(each.gradient(TestWindow.plain(objective))).isFinite();
                assertThat(each.gradient(TestWindow.normalised(objective))).isFinite();
                assertThat(each.objective(TestWindow.plain(objective))).isFinite();
            }
        }
    }
}
