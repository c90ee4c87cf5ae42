package org.ibhebb.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ibhebb.Fixtures;
import org.ibhebb.internal.memory.Placement;
import org.ibhebb.internal.memory.Slots;
import org.ibhebb.internal.memory.WorkingMemory;
import org.ibhebb.internal.pretraining.MeanCosine;
import org.ibhebb.internal.pretraining.RidgeRegression;
import org.ibhebb.internal.pretraining.SignalStream;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What pretraining reaches, and that it is what was asked for. */
class MemoryPretrainerTest {

    private static final MemoryNetwork SMALL =
            MemoryPretrainer.builder().units(100).activityWidth(8).recall(8).labelWidth(3).build().pretrain(done -> {});

    /** (S'S/n + ridge I) W = S'T/n, by elimination with pivots, in plain loops. */
    @Property(tries = 20)
    void readoutIsTheDirectSolution(
            @ForAll @IntRange(min = 1, max = 150) int units,
            @ForAll @IntRange(min = 1, max = 5) int outputs,
            @ForAll @IntRange(min = 1, max = 1000) int seed) {
        int samples = units + 20;
        INDArray states = Fixtures.noise(seed, samples, units);
        INDArray targets = Fixtures.noise(seed + 1, samples, outputs);
        double ridge = 1e-3;
        RidgeRegression regression = new RidgeRegression(units, outputs);
        for (int from = 0; from < samples; from += 40) {
            int to = Math.min(samples, from + 40);
            regression.add(org.ibhebb.internal.arithmetic.Rows.between(states, from, to).dup(),
                    org.ibhebb.internal.arithmetic.Rows.between(targets, from, to).dup());
        }
        float[] solved = regression.solve(ridge);

        double[][] s = states.toDoubleMatrix();
        double[][] t = targets.toDoubleMatrix();
        double[][] system = new double[units][units + outputs];
        for (int i = 0; i < units; i++) {
            for (int sample = 0; sample < samples; sample++) {
                for (int j = 0; j < units; j++) {
                    system[i][j] += s[sample][i] * s[sample][j] / samples;
                }
                for (int j = 0; j < outputs; j++) {
                    system[i][units + j] += s[sample][i] * t[sample][j] / samples;
                }
            }
            system[i][i] += ridge;
        }
        eliminateWithPivots(system);
        for (int i = 0; i < units; i++) {
            for (int j = 0; j < outputs; j++) {
                double expected = system[i][units + j];
                assertThat((double) solved[i * outputs + j])
                        .isCloseTo(expected, within(1e-6 * (1 + Math.abs(expected))));
            }
        }
    }

    private static void eliminateWithPivots(double[][] system) {
        for (int pivot = 0; pivot < system.length; pivot++) {
            int best = pivot;
            for (int row = pivot; row < system.length; row++) {
                best = Math.abs(system[row][pivot]) > Math.abs(system[best][pivot]) ? row : best;
            }
            double[] swapped = system[pivot];
            system[pivot] = system[best];
            system[best] = swapped;
            for (int row = 0; row < system.length; row++) {
                double factor = row == pivot ? 0 : system[row][pivot] / system[pivot][pivot];
                for (int column = pivot; factor != 0 && column < system[row].length; column++) {
                    system[row][column] -= factor * system[pivot][column];
                }
            }
        }
        for (int row = 0; row < system.length; row++) {
            double own = system[row][row];
            for (int column = 0; column < system[row].length; column++) {
                system[row][column] /= own;
            }
        }
    }

    @Test
    void aReservoirWithOneAndAHalfTimesTheUnitsRecallsAllThatIsAsked() {
        assertThat(SMALL.statistics().recall()).hasSize(7).allSatisfy(part -> assertThat(part).isGreaterThan(0.97));
        assertThat(SMALL.statistics().capacity()).isBetween(6.9, 7.0);
        assertThat(SMALL.statistics().cosine()).isGreaterThan(0.97);
    }

    @Test
    void aReservoirWithTooFewUnitsForgetsAndItsStatisticsSaySo() {
        MemoryNetwork tooFew = MemoryPretrainer.builder().units(24).activityWidth(8).recall(8).build()
                .pretrain(done -> {});
        assertThat(tooFew.statistics().capacity()).isBetween(1.0, 24.0 / 8 + 0.5);
        assertThat(tooFew.statistics().recall().get(6)).isLessThan(0.3);
    }

    /** Streams whose like was not among the synthetic ones, wider than a block. */
    @Property(tries = 30)
    void recallsWhatItNeverSaw(@ForAll @IntRange(min = 1, max = 30) int width, @ForAll long seed) {
        Random random = new Random(seed);
        WorkingMemory memory = WorkingMemory.ofActivations(Fixtures.plain().memory(SMALL).build());
        Slots slots = new Slots(SMALL.recall());
        Deque<double[]> queue = new ArrayDeque<>();
        double error = 0;
        double size = 0;
        for (int t = 0; t < 60; t++) {
            double[] row = new double[width];
            for (int column = 0; column < width; column++) {
                // Heavy tails, and a rhythm that the means follow.
                row[column] = Math.pow(random.nextGaussian(), 3) + 2 * Math.sin(0.3 * t + column);
            }
            List<Placement> plan = slots.plan(1);
            Placement placement = plan.get(0);
            memory.write(Nd4j.create(row, new long[] {1, width}, 'c').castTo(DataType.FLOAT), placement);
            INDArray window = memory.window(placement).rows();
            int back = 1;
            for (double[] earlier : queue) {
                int slot = Math.floorMod(placement.slot() - back++, placement.capacity());
                for (int column = 0; column < width; column++) {
                    error += Math.pow(window.getDouble(slot, column) - earlier[column], 2);
                    size += Math.pow(earlier[column], 2);
                }
            }
            for (int column = 0; column < width; column++) {
                assertThat(window.getDouble(placement.slot(), column))
                        .as("the current sample is exact").isEqualTo((double) (float) row[column]);
            }
            queue.addFirst(row);
            if (queue.size() == SMALL.recall()) {
                queue.removeLast();
            }
            slots.commit(plan);
        }
        assertThat(error / size).isLessThan(0.02);
    }

    @Test
    void theSameSeedGivesTheSameFile(@TempDir Path folder) throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (long seed : new long[] {5, 5, 6}) {
            Path file = folder.resolve("memory" + files.size() + ".ibmem");
            MemoryPretrainer.builder().units(90).activityWidth(7).recall(5).seed(seed).build()
                    .pretrain(done -> {}).save(file);
            files.add(Files.readAllBytes(file));
        }
        assertThat(files.get(1)).isEqualTo(files.get(0));
        assertThat(files.get(2)).isNotEqualTo(files.get(0));
    }

    @Test
    void progressRisesToOne() {
        List<Double> told = new ArrayList<>();
        MemoryPretrainer.builder().units(20).activityWidth(2).recall(3).build().pretrain(told::add);
        assertThat(told).isSorted().hasSizeGreaterThan(4).endsWith(1.0);
    }

    @Test
    void sizesOutOfRangeAreRefusedByName() {
        assertThatThrownBy(() -> MemoryPretrainer.builder().units(8).activityWidth(9).build())
                .hasMessageContainingAll("units (8)", "from 9 to 8192");
        assertThatThrownBy(() -> MemoryPretrainer.builder().units(9000).build()).hasMessageContaining("units (9000)");
        assertThatThrownBy(() -> MemoryPretrainer.builder().activityWidth(0).build())
                .hasMessageContaining("activityWidth (0)");
        assertThatThrownBy(() -> MemoryPretrainer.builder().recall(1).build()).hasMessageContaining("recall (1)");
        assertThatThrownBy(() -> MemoryPretrainer.builder().labelWidth(1).build())
                .hasMessageContaining("labelWidth (1)");
        assertThatThrownBy(() -> MemoryPretrainer.builder().units(8192).activityWidth(2048).recall(1000).build())
                .hasMessageContainingAll("readout", "activityWidth");
    }

    /** The input's distances survive projection approximately, everything else exactly enough. */
    @Test
    void signalsThatReadInputsComeCloseToo() {
        LearningRule exact = Fixtures.plain().objective(Objective.hsic()).memory(8).build();
        LearningRule recalled = exact.toBuilder().memory(SMALL, 8).build();
        SignalStream exactly = new SignalStream(exact);
        SignalStream byRecall = new SignalStream(recalled);
        MeanCosine cosine = new MeanCosine();
        for (int t = 0; t < 200; t++) {
            INDArray rows = Fixtures.noise(3000 + t, 1, 20);
            INDArray inputs = Fixtures.noise(t, 1, 50);
            var labels = List.of(Fixtures.classes(Fixtures.oneHot(t, 1, 3)));
            cosine.add(byRecall.next(rows, inputs, labels), exactly.next(rows, inputs, labels));
        }
        assertThat(cosine.value()).isGreaterThan(0.95);
    }
}
