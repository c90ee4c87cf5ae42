package org.ibhebb.samples.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.ibhebb.samples.training.Speed;
import org.junit.jupiter.api.Test;

/** On speeds of round numbers: one row trains 1,000 images a second, evaluates 10,000 and warms up on none. */
class BudgetTest {

    private static final Budget.RowCost ROW = new Budget.RowCost(new Speed(1_000, 10_000), 0, false);

    private static Scale scale(int images, int epochs, int seeds) {
        return new Scale(List.of(new Part.Size(images, epochs)), seeds, seeds);
    }

    private static Budget budget(Scale asked) {
        return new Budget(asked, List.of(new Budget.PartCost(10_000, List.of(ROW))));
    }

    @Test
    void aRunTakesItsTrainingItsEvaluationsAndItsWarmUp() {
        Budget budget = new Budget(scale(60_000, 10, 3), List.of(
                new Budget.PartCost(10_000, List.of(ROW, new Budget.RowCost(new Speed(500, 5_000), 1_000, false)))));
        assertThat(budget.seconds(scale(60_000, 10, 3))).isEqualTo(3 * (600 + 10 + 1200 + 20 + 2), within(1e-9));
    }

    @Test
    void nothingIsCutWhereThereIsTime() {
        Scale asked = scale(60_000, 10, 3);
        assertThat(budget(asked).fit(3 * (600 + 10))).isEqualTo(asked);
    }

    @Test
    void imagesAreCutFirst() {
        // 3 x (10 epochs of 12 s + 10 s).
        assertThat(budget(scale(60_000, 10, 3)).fit(390)).isEqualTo(scale(12_000, 10, 3));
        assertThat(budget(scale(60_000, 10, 3)).fit(389)).isEqualTo(scale(11_900, 10, 3));
        // The least: 3 x (20 + 10).
        assertThat(budget(scale(60_000, 10, 3)).fit(90)).isEqualTo(scale(2_000, 10, 3));
    }

    @Test
    void thenSeedsAndWhatThatSavesGoesToImages() {
        // Two seeds of 34.5 s each: 24.5 s for 10 epochs.
        assertThat(budget(scale(60_000, 10, 3)).fit(69)).isEqualTo(scale(2_400, 10, 2));
        assertThat(budget(scale(60_000, 10, 3)).fit(30)).isEqualTo(scale(2_000, 10, 1));
    }

    @Test
    void thenEpochs() {
        // An epoch takes 3 s.
        assertThat(budget(scale(60_000, 10, 3)).fit(14)).isEqualTo(scale(2_000, 4, 1));
        assertThat(budget(scale(60_000, 10, 3)).fit(3)).isEqualTo(scale(2_000, 1, 1));
    }

    @Test
    void theLeastIsDoneInAnyCase() {
        assertThat(budget(scale(60_000, 10, 3)).fit(0.1)).isEqualTo(scale(2_000, 1, 1));
    }

    @Test
    void fewImagesAreNotMadeMore() {
        assertThat(budget(scale(500, 10, 3)).fit(20)).isEqualTo(scale(500, 10, 1));
    }

    @Test
    void partsAreCutInProportion() {
        Scale asked = new Scale(List.of(new Part.Size(60_000, 1), new Part.Size(20_000, 1)), 1, 1);
        Budget budget = new Budget(asked, List.of(
                new Budget.PartCost(0, List.of(ROW)), new Budget.PartCost(0, List.of(ROW))));
        assertThat(budget.fit(40)).isEqualTo(
                new Scale(List.of(new Part.Size(30_000, 1), new Part.Size(10_000, 1)), 1, 1));
        assertThat(budget.fit(5)).isEqualTo(
                new Scale(List.of(new Part.Size(3_000, 1), new Part.Size(2_000, 1)), 1, 1));
    }
}
