package org.ibhebb.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.NativeRun;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Sums over matrices that change row by row are those of the whole matrices. */
class RowSumsTest {

    private static final int IN = 6;
    private static final int CLASSES = 3;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 9, 64, 65, 150})
    void areThoseOfTheMatrix(int n) {
        Random random = new Random(n);
        double[][] matrix = new double[n][n];
        Reals numbers = Reals.allocate(DataType.DOUBLE, 5 + RowSums.numbers(n));
        RowSums sums = new RowSums(numbers, 5, n);
        for (int sample = 0; sample < 2 * n + 3; sample++) {
            int slot = sample % n;
            int filled = Math.min(n, sample + 1);
            for (int q = 0; q < filled; q++) {
                matrix[slot][q] = random.nextGaussian();
                matrix[q][slot] = matrix[slot][q];
            }
            sums.refresh(slot, false, filled, (p, q) -> matrix[p][q]);
            double all = 0;
            for (int p = 0; p < filled; p++) {
                double row = Arrays.stream(matrix[p], 0, filled).sum();
                assertThat(sums.row(p)).as("sample %d, row %d", sample, p).isCloseTo(row, within(1e-12));
                all += row;
            }
            assertThat(sums.total()).isCloseTo(all, within(1e-11));
        }
        double before = sums.row(n - 1);
        sums.refresh(0, true, n, (p, q) -> matrix[p][q]);
        assertThat(sums.row(n - 1)).as("formed anew").isEqualTo(before);
    }

    /** With sums that are kept, and with sums that are formed anew for each sample, networks have the same bits. */
    @Test
    void engineKeepsThem() {
        keepsSums(Engines.java(), 23);
    }

    @Test
    void nativeEngineKeepsThem() {
        NativeRun.assume();
        keepsSums(new NativeEngine(), 23);
        keepsSums(new NativeEngine(), 150);
    }

    private static void keepsSums(Engine engine, int memory) {
        Contents kept = contents(memory);
        Contents anew = contents(memory);
        int samples = 2 * memory + 5;
        int[] classes = Chains.classes(5, samples, CLASSES);
        double[] rows = Chains.inputs(7, classes, IN);
        Batch batch = new Batch(DataType.FLOAT, IN, CLASSES);
        for (int i = 0; i < samples; i++) {
            batch.inputs(rows, i, 1);
            batch.oneClass(classes[i]);
            engine.learn(kept, batch, false);
            anew.sums().put(0, Plan.NONE);
            engine.learn(anew, batch, false);
        }
        assertThat(numbers(kept.learning())).isEqualTo(numbers(anew.learning()));
        assertThat(numbers(kept.state())).isEqualTo(numbers(anew.state()));
        assertThat(numbers(kept.sums())).isEqualTo(numbers(anew.sums()));
        isOfMatrix(kept, memory);
    }

    /** The centred kernel of all that is remembered, by its definition. */
    private static void isOfMatrix(Contents contents, int memory) {
        Plan plan = contents.plan();
        for (int k = 0; k < plan.terms().size(); k++) {
            long gram = plan.terms().get(k).gram();
            RowSums sums = new RowSums(contents.sums(), plan.sumsOfTerm(k), memory);
            for (int p = 0; gram != Plan.NONE && p < memory; p++) {
                double row = 0;
                for (int q = 0; q < memory; q++) {
                    row += contents.state().get(gram + (long) p * memory + q);
                }
                assertThat(sums.row(p)).as("objective %d, row %d", k, p).isCloseTo(row, within(1e-12 * memory));
            }
        }
    }

    private static Contents contents(int memory) {
        MultiLayerNetwork network =
                Chains.network(DataType.FLOAT, Activation.TANH, LossFunction.MCXENT, IN, 17, 5, CLASSES);
        LearningRule rule = Chains.rule(memory, Objective.hsic(), Objective.normalizedHsic(), Objective.hsicZZ());
        return new Contents(
                Drawing.of(LayerChain.of(network), Chains.settings(rule, Schedule.CONSTANT, 1e-3, 1e-3)),
                network.params());
    }

    private static double[] numbers(Reals reals) {
        double[] numbers = new double[(int) reals.length()];
        reals.get(0, numbers, 0, numbers.length);
        return numbers;
    }
}
