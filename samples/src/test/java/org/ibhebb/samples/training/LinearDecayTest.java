package org.ibhebb.samples.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.schedule.ISchedule;

class LinearDecayTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 4690, 600_000})
    void fallsInALineToNothing(int steps) {
        ISchedule schedule = LinearDecay.from(0.5, steps);
        assertThat(schedule.valueAt(0, 0)).isEqualTo(0.5);
        for (int step = 0; step < steps; step += 1 + steps / 1000) {
            assertThat(schedule.valueAt(step, 0)).isEqualTo(0.5 * (1 - (double) step / steps), within(0.0051));
        }
        // The last of 100 stairs, which begins at a whole step.
        assertThat(schedule.valueAt(steps - 1, 0)).isPositive().isLessThan(0.5 * (0.01 + 1.0 / steps) + 1e-9);
    }
}
