package org.ibhebb.internal.term.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ibhebb.internal.term.window.SignalAssert.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.ibhebb.Fixtures;
import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.LabelKernel;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Values and signals against {@code signals.json}: cases that automatic differentiation (PyTorch, float64) computed
 * from the definitions, and this project did not write.
 */
class OracleTest {

    private static final double TOLERANCE = 1e-9;

    @Test
    void theOracleHasSeventyCases() throws IOException {
        assertThat(cases()).hasSize(70);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void objective(JsonNode expected) {
        double value = expected.get("value").asDouble();

        assertThat(window(expected).objective(rule(expected)))
                .isCloseTo(value, Offset.offset(TOLERANCE * Math.abs(value) + 1e-15));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void signalOfAllSamples(JsonNode expected) {
        assertThat(window(expected).gradient(rule(expected))).isCloseTo(matrix(expected, "signal"), TOLERANCE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void signalOfTheNewestSample(JsonNode expected) {
        double[] newest = new ObjectMapper().convertValue(expected.get("newestSignal"), double[].class);

        assertThat(window(expected).withCurrent(1).gradient(rule(expected)))
                .isCloseTo(Nd4j.createFromArray(new double[][] {newest}), TOLERANCE);
    }

    private static List<Named<JsonNode>> cases() throws IOException {
        try (InputStream in = OracleTest.class.getResourceAsStream("signals.json")) {
            return StreamSupport.stream(new ObjectMapper().readTree(in).get("cases").spliterator(), false)
                    .map(each -> Named.of(name(each), each))
                    .toList();
        }
    }

    private static String name(JsonNode expected) {
        return "%s, kernel %s, labels %s, normalise %s, groups %d, N %d, d %d".formatted(
                expected.get("objective").asText(),
                expected.get("kernelZ").asText(),
                expected.get("kernelY").asText(),
                expected.get("normalise").asText(),
                expected.get("groups").asInt(),
                expected.get("N").asInt(),
                expected.get("d").asInt());
    }

    private static LearningRule rule(JsonNode expected) {
        double sigma = expected.get("sigmaZ").asDouble();
        Objective objective = Objective.of(Objective.Kind.fromName(expected.get("objective").asText()))
                .withKernel(switch (expected.get("kernelZ").asText()) {
                    case "gaussian" -> Kernel.gaussian(sigma);
                    case "cosine" -> Kernel.cosine();
                    default -> throw new IllegalStateException("unknown kernel of " + expected);
                })
                .withLabels(labelKernel(expected))
                .withGroups(expected.get("groups").asInt())
                .withGamma(expected.get("gamma").asDouble())
                .withSigmaX(expected.get("sigmaX").asDouble());
        return Fixtures.plain()
                .objective(objective)
                .normalization(switch (expected.get("normalise").asText()) {
                    case "none" -> LearningRule.Normalization.NONE;
                    case "layer-norm" -> LearningRule.Normalization.LAYER_NORM;
                    default -> throw new IllegalStateException("unknown normalisation of " + expected);
                })
                .build();
    }

    /**
     * The neighbourhood objective is defined on the same-label mask; the oracle's label kernel is that of the others.
     */
    private static LabelKernel labelKernel(JsonNode expected) {
        if (expected.get("objective").asText().equals("neighbourhood")) {
            return LabelKernel.sameLabel();
        }
        return switch (expected.get("kernelY").asText()) {
            case "gaussian" -> LabelKernel.gaussian(expected.get("sigmaY").asDouble());
            case "same-label" -> LabelKernel.sameLabel();
            default -> throw new IllegalStateException("unknown label kernel of " + expected);
        };
    }

    private static TestWindow window(JsonNode expected) {
        INDArray z = matrix(expected, "Z");
        return new TestWindow(
                z, z.rows(), matrix(expected, "X"), List.of(TestWindow.classes("output", matrix(expected, "Y"))));
    }

    private static INDArray matrix(JsonNode expected, String field) {
        return Nd4j.createFromArray(new ObjectMapper().convertValue(expected.get(field), double[][].class));
    }
}
