package org.ibhebb.internal.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.ibhebb.Fixtures;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.memory.MemoryPretrainer;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;

/** The published form is here for comparison, and this is the comparison. */
class SignalReadoutTest {

    private static final LearningRule RULE = Fixtures.plain().memory(8).build();

    @Test
    void aLinearReadoutOfTheSignalDoesNotGeneralise() {
        SignalReadout readout = SignalReadout.pretrain(RULE, 10, 5, 200, 500, 1);
        assertThat(Math.abs(readout.cosine(500, 500, 99))).as("on tasks it never saw").isLessThan(0.5);

        MemoryNetwork recall = MemoryPretrainer.builder().units(200).activityWidth(15).recall(8).labelWidth(5).build()
                .pretrain(done -> {});
        assertThat(recall.statistics().cosine()).as("recall, with as many units for as many columns")
                .isGreaterThan(0.95);
    }

    @Test
    void whatItCantServeIsRefused() {
        assertThatThrownBy(() -> SignalReadout.pretrain(
                RULE.toBuilder().objective(Objective.hsic()).build(), 10, 5, 200, 500, 1))
                .hasMessageContaining("inputs");
        assertThatThrownBy(() -> SignalReadout.pretrain(RULE, 10, 5, 14, 500, 1))
                .hasMessageContainingAll("units (14)", "at least 15");
    }
}
