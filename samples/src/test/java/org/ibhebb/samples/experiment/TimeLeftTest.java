package org.ibhebb.samples.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.ibhebb.samples.training.ModelSpec;
import org.ibhebb.samples.training.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeLeftTest {

    private static final ModelSpec MODEL = ModelSpec.parse("mlp:3");
    private static final Row SLOW = Row.backprop(MODEL, 1, 1e-3, false);
    private static final Row FAST = Row.frozen(MODEL, 1, 1e-3, false);
    private static final Part.Size SIZE = new Part.Size(100, 2);

    private static Run run(Row row) {
        return new Run(0, null, SIZE, row, 1);
    }

    @Test
    void aRowGoesByItsOwnSpeedOrElseByTheMean() {
        TimeLeft left = new TimeLeft();
        assertThat(left.seconds(List.of(run(SLOW)))).isEmpty();
        left.took(SLOW, SIZE, 10);
        assertThat(left.seconds(List.of(run(SLOW), run(FAST)))).hasValue(20);
        left.took(FAST, new Part.Size(100, 1), 1);
        assertThat(left.seconds(List.of(run(SLOW), run(FAST)))).hasValue(12);
        assertThat(left.seconds(List.of())).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({"0.4, 0 s", "119, 119 s", "120, 2 min", "7199, 120 min", "9000, 2.5 h"})
    void isSaidInWords(double seconds, String words) {
        assertThat(TimeLeft.words(seconds)).isEqualTo(words);
    }
}
