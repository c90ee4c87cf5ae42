package org.ibhebb.samples.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriftMarksTest {

    private static final int WINDOW = 1_000;

    private final Random random = new Random(11);

    /** The accuracy of a window whose samples are right by that chance. */
    private double drawn(double chance) {
        int right = 0;
        for (int i = 0; i < WINDOW; i++) {
            right += random.nextDouble() < chance ? 1 : 0;
        }
        return 100.0 * right / WINDOW;
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0.4", "0.9, 0.8", "0.99, 0.95"})
    void aFallIsMarkedOnceAndWhereItIs(double before, double after) {
        DriftMarks marks = new DriftMarks(WINDOW);
        for (int i = 1; i <= 40; i++) {
            DriftMarks.Mark mark = marks.see((long) i * WINDOW, drawn(i <= 20 ? before : after));
            assertThat(mark != null).as("window %d", i).isEqualTo(i == 21);
        }
        assertThat(marks.all()).hasSize(1);
        assertThat(marks.all().get(0).samples()).isEqualTo(21 * WINDOW);
        assertThat(marks.all().get(0).toString()).startsWith("drift: ");
    }

    /** One in 3,000 by its normal approximation; ten more than that would be a matter of 1e-6. */
    @ParameterizedTest
    @CsvSource({"0.5", "0.9", "0.98"})
    void whatStandsStillIsHardlyEverMarked(double chance) {
        DriftMarks marks = new DriftMarks(WINDOW);
        for (int i = 1; i <= 3_000; i++) {
            marks.see((long) i * WINDOW, drawn(chance));
        }
        assertThat(marks.all()).hasSizeLessThanOrEqualTo(8);
    }

    @Test
    void whatRisesIsNotMarked() {
        DriftMarks marks = new DriftMarks(WINDOW);
        for (int i = 1; i <= 100; i++) {
            assertThat(marks.see((long) i * WINDOW, drawn(0.5 + 0.004 * i))).isNull();
        }
        DriftMarks perfect = new DriftMarks(WINDOW);
        for (int i = 1; i <= 10; i++) {
            assertThat(perfect.see((long) i * WINDOW, i < 5 ? 0 : 100)).isNull();
        }
    }
}
