package org.ibhebb.internal.term.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ibhebb.internal.term.window.SignalAssert.assertThat;

import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.Objective;
import org.ibhebb.rule.Objective.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Values of the objectives against explicit loops over the definitions. */
class PlainObjectivesTest {

    @ParameterizedTest
    @MethodSource("org.ibhebb.internal.term.window.PlainObjectives#kinds")
    void gaussianKernel(Kind kind) {
        for (int n : new int[] {2, 3, 8, 20}) {
            assertAgrees(Objective.of(kind).withSigma(0.6).withGamma(1.3).withSigmaX(0.8), TestWindow.random(n, n, 5));
        }
    }

    @ParameterizedTest
    @MethodSource("kindsOfAnyKernel")
    void cosineKernel(Kind kind) {
        for (int n : new int[] {2, 3, 8, 20}) {
            assertAgrees(Objective.of(kind).withKernel(Kernel.cosine()), TestWindow.random(n, n, 5));
        }
    }

    /** At two samples the published code's formula is the objective that its paper states, up to a factor. */
    @Test
    void referenceIsParallelToHsicAtTwoSamples() {
        TestWindow window = TestWindow.random(8, 2, 6);
        INDArray exact = window.gradient(TestWindow.plain(Objective.hsic()));
        INDArray reference = window.gradient(TestWindow.plain(Objective.reference()));
        double ratio = SignalAssert.norm(SignalAssert.values(reference)) / SignalAssert.norm(SignalAssert.values(exact));

        assertThat(reference).isNotZero().isCloseTo(exact.mul(ratio), 1e-12);
    }

    @Test
    void referenceIsNotParallelToHsicAtMoreSamples() {
        TestWindow window = TestWindow.random(8, 32, 20);
        double[] exact = SignalAssert.values(window.gradient(TestWindow.plain(Objective.hsic())));
        double[] reference = SignalAssert.values(window.gradient(TestWindow.plain(Objective.reference())));
        double inner = 0;
        for (int i = 0; i < exact.length; i++) {
            inner += exact[i] * reference[i];
        }

        assertThat(inner / (SignalAssert.norm(exact) * SignalAssert.norm(reference))).isLessThan(0.99);
    }

    /** Neighbourhood takes the kernel's logarithm, which a cosine does not have. */
    private static Stream<Kind> kindsOfAnyKernel() {
        return PlainObjectives.kinds().filter(kind -> kind != Kind.NEIGHBOURHOOD);
    }

    private static void assertAgrees(Objective objective, TestWindow window) {
        double expected = PlainObjectives.value(
                objective,
                window.activations().toDoubleMatrix(),
                window.inputs().toDoubleMatrix(),
                window.labels().get(0).rows().toDoubleMatrix());

        assertThat(window.objective(TestWindow.plain(objective)))
                .as("%s of %s samples", objective, window.size())
                .isCloseTo(expected, Offset.offset(1e-12 * Math.max(1, Math.abs(expected))));
    }
}
