package org.ibhebb.samples.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FindingTest {

    private static final Task TASK = Tasks.all().get(0);

    private static Finding finding(double local, double tuned, double frozen) {
        Finding found = new Finding(TASK, Measure.ERROR, "adam:0.01");
        add(found, Way.DEFAULT, local);
        add(found, Way.BACKPROP, 2 * tuned);
        add(found, Way.TUNED, tuned);
        add(found, Way.FROZEN, frozen);
        return found;
    }

    private static void add(Finding found, Way way, double error) {
        found.add(way, Outcome.asked(TASK, way, "adam:0.001", false, false, 1).reached(error, 1, 10, null));
    }

    @ParameterizedTest
    @CsvSource({
        "0.050, 0.041, 0.30, LEVEL",
        "0.052, 0.041, 0.30, BEHIND",
        "0.329, 0.300, 0.60, LEVEL",
        "0.331, 0.300, 0.60, BEHIND",
        "0.269, 0.100, 0.30, BEHIND",
        "0.271, 0.100, 0.30, FAILED",
        "0.500, 0.100, 0.30, FAILED",
        // Where hidden layers make no difference, the frozen control's level is the best there is.
        "0.050, 0.050, 0.05, LEVEL"
    })
    void verdictsFollowFromPointsAndTenths(double local, double tuned, double frozen, Finding.Verdict verdict) {
        assertThat(finding(local, tuned, frozen).verdict(Way.DEFAULT)).isEqualTo(verdict);
    }

    @Test
    void seedsAreAveragedAndCounted() {
        Finding found = finding(0.1, 0.2, 0.5);
        add(found, Way.DEFAULT, 0.3);
        assertThat(found.error(Way.DEFAULT)).isCloseTo(0.2, within(1e-12));
        assertThat(found.spread(Way.DEFAULT).count()).isEqualTo(2);
        assertThat(found.isLevelWithUsers(Way.DEFAULT)).isTrue();
        SuitePage page = new SuitePage(List.of(found, finding(0.5, 0.1, 0.5)), List.of(Way.DEFAULT),
                Way.CANDIDATES, Map.of());
        assertThat(page.counts(Way.DEFAULT).get(0)).contains("on 1 of 2 tasks (50 %)").contains("failed")
                .endsWith("on 1.");
        assertThat(page.counts(Way.DEFAULT).get(1)).contains("Failed by default: " + TASK.name());
    }
}
