package org.ibhebb.samples.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void meanAndSampleStandardDeviation() {
        Spread spread = Spread.of(List.of(2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0));
        assertThat(spread.mean()).isEqualTo(5);
        // Squared differences sum to 32; divided by one less than the eight values.
        assertThat(spread.deviation()).isEqualTo(Math.sqrt(32.0 / 7), within(1e-12));
        assertThat(spread.count()).isEqualTo(8);
        assertThat(spread).hasToString("5.00 ± 2.14");
    }

    @Test
    void aSingleSeedHasNoDeviation() {
        Spread spread = Spread.of(List.of(97.125));
        assertThat(spread.deviation()).isNull();
        assertThat(spread).hasToString("97.13");
    }

    @Test
    void equalValuesHaveNone() {
        assertThat(Spread.of(List.of(3.0, 3.0, 3.0)).deviation()).isZero();
    }

    @Test
    void nothingHasNoMean() {
        assertThatIllegalArgumentException().isThrownBy(() -> Spread.of(List.of()));
    }
}
