package org.ibhebb.samples.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.samples.data.DataSets;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.training.ModelSpec;
import org.ibhebb.samples.training.Row;
import org.ibhebb.samples.training.TunedRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FidelityMeterTest {

    private static final ModelSpec MODEL = ModelSpec.parse("mlp:16,12");

    private static Fidelity measure(Objective objective, int largeWindow) throws IOException {
        LearningTask digits = DataSets.DIGITS.load(null, new PrintWriter(PrintWriter.nullWriter()));
        LearningRule rule = TunedRule.builder().objective(objective).memory(16).build();
        Fidelity asked = new Fidelity("digits", MODEL.toString(), rule, 1, 200, 6, largeWindow, List.of(2, 8, 128),
                List.of());
        return new FidelityMeter(digits, Row.local("", MODEL, rule, 16, 1e-3, false), asked).measure();
    }

    @ParameterizedTest
    @ValueSource(strings = {"neighbourhood", "hsic", "normalized-hsic"})
    void aLargerWindowPointsMoreNearlyWhereALargeOneDoes(String objective) throws IOException {
        Fidelity fidelity = measure(Objective.of(Objective.Kind.fromName(objective)), 256);
        assertThat(fidelity.coversAll()).isTrue();
        assertThat(fidelity.cosines()).allSatisfy(cosine -> assertThat(cosine).isBetween(-1.0, 1.0));
        assertThat(fidelity.cosines().get(2)).isGreaterThan(fidelity.cosines().get(0)).isGreaterThan(0.5);
    }

    @Test
    void theNeighbourhoodOfASingleOtherSampleSaysNothing() throws IOException {
        assertThat(measure(Objective.neighbourhood(), 256).cosines().get(0)).isZero();
    }

    @Test
    void tooFewImagesAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> measure(Objective.hsic(), 1300))
                .withMessage("fidelity compares windows that take 1428 different images together, and digits has 1347"
                        + " to train on: use a larger data set");
    }
}
