package org.ibhebb.internal.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ibhebb.Fixtures;
import org.ibhebb.internal.memory.StepBuffers;
import org.ibhebb.internal.state.State;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The small parts of a learner by their definitions, written once more by plain loops. */
class LearnerPartsTest {

    // ----------------------------------------------------------------------------------------------------------------
    // Rows with a label
    // ----------------------------------------------------------------------------------------------------------------

    @Test
    void labelledRowsAreThoseThatTheMaskLeaves() {
        Random random = new Random(3);
        for (int trial = 0; trial < 60; trial++) {
            int total = 1 + random.nextInt(12);
            int width = 1 + random.nextInt(4);
            int times = 1 + random.nextInt(3);
            INDArray mask = Nd4j.zeros(DataType.DOUBLE, total);
            List<Integer> chosen = new ArrayList<>();
            for (int time = 0; time < times; time++) {
                for (int row = 0; row < total; row++) {
                    if (time == 0 && random.nextInt(3) > 0) {
                        mask.putScalar(row, random.nextBoolean() ? 1 : -0.5);
                    }
                    if (mask.getDouble(row) != 0) {
                        chosen.add(time * total + row);
                    }
                }
            }
            LabelledRows rows = LabelledRows.of(total, mask).repeated(times);
            assertThat(rows.total()).isEqualTo(total * times);
            assertThat(rows.count()).isEqualTo(chosen.size());
            if (chosen.isEmpty()) {
                continue;
            }
            INDArray all = Fixtures.noise(trial, total * times, width);
            INDArray labelled = rows.of(all, "labelled", new StepBuffers());
            assertThat(labelled.shape()).containsExactly(chosen.size(), width);
            for (int i = 0; i < chosen.size(); i++) {
                assertThat(Fixtures.values(labelled.getRow(i)))
                        .containsExactly(Fixtures.values(all.getRow(chosen.get(i))));
            }
            // What a buffer held before does not shine through.
            StepBuffers used = new StepBuffers();
            used.get("all", DataType.DOUBLE, 'c', total * times, width).assign(9);
            INDArray spread = rows.spread(labelled, "all", used);
            for (int row = 0; row < total * times; row++) {
                double[] expected = chosen.contains(row) ? Fixtures.values(all.getRow(row)) : new double[width];
                assertThat(Fixtures.values(spread.getRow(row))).containsExactly(expected);
            }
        }
    }

    @Test
    void withoutAMaskOrWithAFullOneAllRowsAreThemselves() {
        INDArray all = Fixtures.noise(1, 6, 2);
        for (INDArray mask : new INDArray[] {null, Nd4j.ones(DataType.DOUBLE, 6)}) {
            for (int times : new int[] {1, 2}) {
                LabelledRows rows =
                        LabelledRows.of(6 / times, mask == null ? null : Nd4j.ones(6 / times)).repeated(times);
                assertThat(rows.total()).isEqualTo(6);
                assertThat(rows.count()).isEqualTo(6);
                assertThat(rows.of(all, "rows", new StepBuffers())).isSameAs(all);
                assertThat(rows.spread(all, "rows", new StepBuffers())).isSameAs(all);
            }
        }
    }

    @Test
    void labelledRowsAreEqualWhereTheyAreTheSame() {
        LabelledRows some = LabelledRows.of(3, Nd4j.createFromArray(1.0, 0, 1));
        assertThat(some).isEqualTo(LabelledRows.of(3, Nd4j.createFromArray(2.0, 0, 5)))
                .hasSameHashCodeAs(LabelledRows.of(3, Nd4j.createFromArray(2.0, 0, 5)))
                .isNotEqualTo(LabelledRows.of(3, Nd4j.createFromArray(1.0, 1, 0)))
                .isNotEqualTo(LabelledRows.of(4, Nd4j.createFromArray(1.0, 0, 1, 0)))
                .isNotEqualTo(LabelledRows.of(3, null)).isNotEqualTo("rows").isNotEqualTo(null);
        assertThat(some.hashCode()).isNotEqualTo(LabelledRows.of(3, Nd4j.createFromArray(1.0, 1, 0)).hashCode())
                .isNotEqualTo(LabelledRows.of(4, Nd4j.createFromArray(1.0, 0, 1, 0)).hashCode());
        assertThat(LabelledRows.of(3, null)).isEqualTo(LabelledRows.of(3, Nd4j.ones(3)));
        assertThat(some.repeated(1)).isSameAs(some);
        assertThat(some.repeated(2)).isEqualTo(LabelledRows.of(6, Nd4j.createFromArray(1.0, 0, 1, 1, 0, 1)));
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Masks of sequences
    // ----------------------------------------------------------------------------------------------------------------

    @Test
    void aMaskFitsWhereItHasAValueForEachStep() {
        INDArray mask = Nd4j.ones(DataType.DOUBLE, 2, 5);
        assertThat(SequenceMask.fits(mask, Fixtures.noise(1, 2, 3, 5), false)).isTrue();
        assertThat(SequenceMask.fits(mask, Fixtures.noise(1, 2, 3, 5), true)).isFalse();
        assertThat(SequenceMask.fits(mask, Fixtures.noise(1, 2, 5, 3), true)).isTrue();
        assertThat(SequenceMask.fits(mask, Fixtures.noise(1, 2, 5, 3), false)).isFalse();
        assertThat(SequenceMask.fits(mask, Fixtures.noise(1, 3, 3, 5), false)).isFalse();
        assertThat(SequenceMask.fits(mask, Fixtures.noise(1, 2, 5), false)).isFalse();
        assertThat(SequenceMask.fits(Nd4j.ones(DataType.DOUBLE, 2, 3, 5), Fixtures.noise(1, 2, 3, 5), false)).isFalse();
    }

    @Test
    void whatIsNotThereIsZeroInACopy() {
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 0, 1}, {0, 1, 1}});
        for (boolean channelsLast : new boolean[] {false, true}) {
            INDArray series = Fixtures.noise(4, channelsLast ? new long[] {2, 3, 4} : new long[] {2, 4, 3});
            INDArray given = series.dup();
            INDArray zeroed = SequenceMask.zeroed(series, mask, channelsLast);
            for (int sample = 0; sample < 2; sample++) {
                for (int step = 0; step < 3; step++) {
                    for (int channel = 0; channel < 4; channel++) {
                        int[] at = channelsLast ? new int[] {sample, step, channel} : new int[] {sample, channel, step};
                        assertThat(zeroed.getDouble(at)).isEqualTo(mask.getDouble(sample, step) * given.getDouble(at));
                    }
                }
            }
            assertThat(Fixtures.values(series)).containsExactly(Fixtures.values(given));
        }
    }

    @Test
    void aSampleWithoutAStepIsNamed() {
        Host layer = (Host) Proxy.newProxyInstance(Host.class.getClassLoader(), new Class<?>[] {Host.class},
                (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("name");
                    return "layer 7";
                });
        assertThatCode(() -> SequenceMask.checkSteps(Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}}), layer))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> SequenceMask.checkSteps(
                Nd4j.createFromArray(new double[][] {{1, 0}, {0, 0}, {0, 0}}), layer))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll("layer 7", "sample 1 ", "leave");
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Averages
    // ----------------------------------------------------------------------------------------------------------------

    /** The newest point's weight by that of all: the square of its number, times that of the largest rate. */
    @Test
    void theShareIsThePointsWeightByThatOfAll() {
        AverageState state = new AverageState(Nd4j.zeros(DataType.DOUBLE, 1, 5 + AverageState.NUMBERS));
        double[] rates = {0.1, 0.2, 0, 0.2, 0.05, -1, Double.NaN, 0.4, 0.1};
        double largest = 0;
        double all = 0;
        int steps = 0;
        for (double rate : rates) {
            double share = state.count(rate);
            if (!(rate > 0)) {
                assertThat(share).isZero();
                continue;
            }
            steps++;
            largest = Math.max(largest, rate);
            double weight = steps * steps * largest * largest;
            all += weight;
            assertThat(share).isCloseTo(weight / all, within(1e-12));
        }
        assertThat(steps).isEqualTo(6);
        for (int i = 0; i < 10_000; i++) {
            state.count(0.4);
        }
        // However long it lasts, something can still change.
        assertThat(state.count(0.4)).isEqualTo(1e-3);
        state.clear();
        assertThat(state.count(0.1)).isEqualTo(1);
    }

    @Test
    void theDeviationIsTheFirstPartOfTheView() {
        INDArray view = Nd4j.zeros(DataType.DOUBLE, 1, 5 + AverageState.NUMBERS);
        AverageState state = new AverageState(view);
        state.deviation(5).assign(2);
        assertThat(state.deviation(5)).isSameAs(state.deviation(5));
        assertThat(Fixtures.values(view)).containsExactly(2, 2, 2, 2, 2, 0, 0, 0);
        assertThat(state.deviation(3).length()).isEqualTo(3);
        state.count(0.5);
        assertThat(Fixtures.values(state.all())).containsExactly(2, 2, 2, 2, 2, 1, 0.5, 1);
        state.clear();
        assertThat(Fixtures.values(view)).containsOnly(0);
    }

    @Test
    void aRateGrowsToItsFullSize() {
        AverageState state = new AverageState(Nd4j.zeros(DataType.DOUBLE, 1, 1 + AverageState.NUMBERS));
        assertThat(state.warmed(0.8, 0)).isEqualTo(0.8);
        assertThat(state.warmed(0.8, 1)).isEqualTo(0.8);
        for (int step = 1; step <= 6; step++) {
            assertThat(state.warmed(0.8, 4)).isCloseTo(0.8 * Math.min(1, step / 4.0), within(1e-15));
            state.count(0.1);
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Sizes of gradients
    // ----------------------------------------------------------------------------------------------------------------

    /** 4 by the running root mean square of a sample's share. */
    @Test
    void aGradientIsBroughtToItsUsualSize() {
        GradientSize size = new GradientSize();
        double memory = 0.99999;
        double square = 0;
        double samples = 0;
        for (int step = 1; step < 6; step++) {
            int count = 3 * step;
            // The third one explodes.
            INDArray gradient = Fixtures.noise(step, 7).mul(step == 3 ? 1e3 : step * 1e-3);
            // As if three samples more had no label, every other time.
            double weight = step % 2 == 0 ? (count + 3.0) / count : 1;
            INDArray scaled = gradient.mul(weight);
            size.scale(scaled, count, weight);
            size.commit();
            double mean = Math.pow(gradient.norm2Number().doubleValue(), 2) / 7;
            double kept = Math.pow(memory, count);
            square = kept * square + (1 - kept) * mean / count;
            samples += count;
            double factor = 4 / Math.sqrt(Math.max(square / (1 - Math.pow(memory, samples)), mean / count));
            for (int i = 0; i < 7; i++) {
                assertThat(scaled.getDouble(i)).isCloseTo(factor * weight * gradient.getDouble(i), within(1e-9));
            }
        }
        INDArray nothing = Nd4j.zeros(DataType.DOUBLE, 4);
        new GradientSize().scale(nothing, 5, 1);
        assertThat(Fixtures.values(nothing)).containsOnly(0);
    }

    @Test
    void whatDoesNotCountLeavesNoTraceInTheSize() {
        GradientSize size = new GradientSize();
        size.scale(Fixtures.noise(1, 5), 4, 1);
        State nothing = State.of(new GradientSize()::state);
        assertThat(State.of(size::state)).isEqualTo(nothing);
        size.discard();
        size.commit();
        assertThat(State.of(size::state)).isEqualTo(nothing);
        size.scale(Fixtures.noise(1, 5), 4, 1);
        size.commit();
        State counted = State.of(size::state);
        assertThat(counted).isNotEqualTo(nothing);
        GradientSize restored = new GradientSize();
        restored.scale(Fixtures.noise(2, 5).muli(1e6), 9, 1);
        counted.into(restored::state, DataType.DOUBLE);
        restored.commit();
        assertThat(State.of(restored::state)).isEqualTo(counted);
    }

    /** The first mini-batch's own mean square, of which later ones change a twentieth, or less if they are small. */
    @Test
    void presynapticActivityIsARunningMean() {
        Gain gain = new Gain();
        double mean = 0;
        for (int rows : new int[] {5, 4, 16, 64, 1}) {
            INDArray activity = Fixtures.noise(rows, rows, 3).muli(rows == 64 ? 0.001 : 7);
            double latest = Math.pow(activity.norm2Number().doubleValue(), 2) / activity.length();
            mean += (latest - mean) * (mean == 0 ? 1 : 0.05 * Math.min(1, rows / 16.0));
            assertThat(gain.presynaptic(activity)).isCloseTo(Math.sqrt(mean), within(1e-12 * mean));
            gain.divide(Fixtures.noise(rows, rows, 2), rows, 1, 1);
            gain.commit();
        }
        // Below 1 it is the square of that, and where there is none nothing is divided.
        Gain small = new Gain();
        assertThat(small.presynaptic(Nd4j.valueArrayOf(new long[] {2, 2}, 0.5, DataType.DOUBLE)))
                .isCloseTo(0.25, within(1e-15));
        assertThat(new Gain().presynaptic(Nd4j.zeros(DataType.DOUBLE, 2, 2))).isEqualTo(1);
        assertThat(new Gain().presynaptic(Nd4j.valueArrayOf(new long[] {2, 2}, 1e-14, DataType.DOUBLE)))
                .isCloseTo(1e-28, within(1e-40));
    }

    @Test
    void gainsComeBackAsTheyWere() {
        Gain gain = new Gain();
        gain.presynaptic(Fixtures.noise(3, 5, 4));
        gain.divide(Fixtures.noise(1, 5, 4), 5, 1, 1);
        gain.commit();
        State state = State.of(gain::state);
        Gain restored = new Gain();
        restored.divide(Fixtures.noise(2, 5, 4), 5, 1, 1);
        state.into(restored::state, DataType.DOUBLE);
        restored.commit();
        assertThat(State.of(restored::state)).isEqualTo(state);
        for (Gain each : List.of(gain, restored)) {
            each.presynaptic(Fixtures.noise(5, 5, 4));
            each.divide(Fixtures.noise(4, 5, 4), 5, 1, 1);
            each.commit();
        }
        assertThat(State.of(restored::state)).isEqualTo(State.of(gain::state)).isNotEqualTo(state);
        State matrix = State.of(store -> {
            store.array("squares", Nd4j.ones(DataType.DOUBLE, 2, 2));
            store.number("samples", 1);
            store.number("presynaptic", 1);
        });
        assertThatThrownBy(() -> matrix.into(new Gain()::state, DataType.DOUBLE)).hasMessageContaining("no list");
        State none = State.of(new Gain()::state);
        none.into(restored::state, DataType.DOUBLE);
        assertThat(State.of(restored::state)).isEqualTo(none);
    }
}
