package org.ibhebb.internal.view;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.ibhebb.internal.term.window.SignalAssert.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.ibhebb.Fixtures;
import org.ibhebb.internal.arithmetic.Buffers;
import org.ibhebb.internal.term.window.TestWindow;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.LearningRule.Normalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What the signal sees, against loops over its definition. */
class RepresentationTest {

    static Stream<Arguments> mapsAndGrids() {
        return Stream.of(
                Arguments.of(new long[] {2, 3, 7}, 2),
                Arguments.of(new long[] {2, 3, 5, 7}, 2),
                Arguments.of(new long[] {2, 3, 5, 7}, 3),
                Arguments.of(new long[] {2, 3, 1, 1}, 2),
                Arguments.of(new long[] {2, 1, 1, 4}, 3),
                Arguments.of(new long[] {1, 3, 4, 4}, 1),
                Arguments.of(new long[] {2, 2, 3, 4, 5}, 2));
    }

    /** Cell i of P covers positions floor(i L/P) to ceil((i+1) L/P), with no more cells than positions. */
    @ParameterizedTest
    @MethodSource("mapsAndGrids")
    void poolsAdaptively(long[] shape, int grid) {
        INDArray maps = random(shape);

        assertThat(view(maps, grid, Normalization.NONE, false).rows()).isCloseTo(pooled(maps, grid), 1e-14);
    }

    @ParameterizedTest
    @MethodSource("mapsAndGrids")
    void channelsLastSeesTheSame(long[] shape, int grid) {
        INDArray first = random(shape);
        INDArray last = first.permute(lastOrder(shape.length)).dup('c');
        Representation.View expected = view(first, grid, Normalization.LAYER_NORM, false);
        Representation.View view = view(last, grid, Normalization.LAYER_NORM, true);

        assertThat(view.rows()).isCloseTo(expected.rows(), 1e-13);
        INDArray signal = random(view.rows().shape());
        assertThat(view.backward(signal.dup()))
                .isCloseTo(expected.backward(signal.dup()).permute(lastOrder(shape.length)), 1e-13);
    }

    @ParameterizedTest
    @MethodSource("mapsAndGrids")
    void backwardIsTheDerivative(long[] shape, int grid) {
        for (Normalization normalization : List.of(Normalization.LAYER_NORM, Normalization.NONE)) {
            INDArray maps = random(shape);
            Representation.View view = view(maps, grid, normalization, false);
            INDArray weights = random(view.rows().shape());

            assertThat(view.backward(weights.dup())).isDerivativeOf(
                    each -> view(each, grid, normalization, false).rows().mul(weights).sumNumber().doubleValue(),
                    maps, 1e-2);
        }
    }

    /** A sample's grid divides its own time steps, wherever they are; where those are few, cells share them. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMaskedSequenceIsSeenAsIfItWereAlone(boolean channelsLast) {
        double[][] mask = {{1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 0, 0, 0}, {0, 0, 1, 0, 1, 1, 1}, {0, 1, 0, 0, 0, 0, 0}};
        double[][][] own = {{{0, 1, 2, 3}, {3, 4, 5, 6}}, {{0, 1}, {2, 3}}, {{2, 4}, {5, 6}}, {{1}, {1}}};
        INDArray series = random(4, 3, 7);
        INDArray expected = Nd4j.create(DataType.DOUBLE, 4, 6);
        for (int sample = 0; sample < 4; sample++) {
            for (int channel = 0; channel < 3; channel++) {
                for (int cell = 0; cell < 2; cell++) {
                    int row = sample;
                    int column = channel;
                    expected.putScalar(sample, 2 * channel + cell, Arrays.stream(own[sample][cell])
                            .map(step -> series.getDouble(row, column, (int) step)).average().orElseThrow());
                }
            }
        }
        INDArray given = channelsLast ? series.permute(0, 2, 1).dup('c') : series;
        INDArray there = Nd4j.createFromArray(mask);

        assertThat(masked(given, there, Normalization.NONE, channelsLast).rows()).isCloseTo(expected, 1e-14);
        for (Normalization normalization : List.of(Normalization.LAYER_NORM, Normalization.NONE)) {
            Representation.View view = masked(given, there, normalization, channelsLast);
            INDArray weights = random(4, 6);
            assertThat(view.backward(weights.dup())).isDerivativeOf(
                    each -> masked(each, there, normalization, channelsLast).rows().mul(weights).sumNumber()
                            .doubleValue(),
                    given, 1e-2);
        }
    }

    /** Alone, padded to any length, beside longer ones: a sequence looks the same, and its width is the same. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void paddingMakesNoDifference(int pooling) {
        LearningRule rule = Fixtures.plain().pooling(pooling).build();
        for (boolean channelsLast : new boolean[] {false, true}) {
            for (int steps = 1; steps <= 7; steps++) {
                INDArray alone = random(1, 3, steps);
                INDArray seen = new Representation(rule, channelsLast, Buffers.fresh())
                        .of(channelsLast ? alone.permute(0, 2, 1).dup('c') : alone).rows();
                assertThat(seen).hasShape(1, 3 * pooling);
                for (int length = steps; length <= 9; length++) {
                    INDArray padded = random(2, 3, length);
                    padded.get(NDArrayIndex.interval(0, 1), NDArrayIndex.all(), NDArrayIndex.interval(0, steps))
                            .assign(alone);
                    INDArray mask = Nd4j.zeros(DataType.DOUBLE, 2, length);
                    for (int step = 0; step < length; step++) {
                        mask.putScalar(0, step, step < steps ? 1 : 0);
                        mask.putScalar(1, step, 1);
                    }
                    INDArray both = new Representation(rule, channelsLast, Buffers.fresh())
                            .of(channelsLast ? padded.permute(0, 2, 1).dup('c') : padded, mask).rows();
                    assertThat(both.getRow(0).reshape(1, 3L * pooling)).isCloseTo(seen, 1e-13);
                }
            }
        }
    }

    private static Representation.View masked(
            INDArray series, INDArray mask, Normalization normalization, boolean channelsLast) {
        LearningRule rule = Fixtures.plain().pooling(2).normalization(normalization).build();
        return new Representation(rule, channelsLast, Buffers.fresh()).of(series, mask);
    }

    @Test
    void normalisesEachRowByItsBiasedVariance() {
        INDArray rows = random(4, 5).muli(3).addi(1);
        double[][] values = rows.toDoubleMatrix();
        for (double[] row : values) {
            double mean = Arrays.stream(row).sum() / row.length;
            double variance = Arrays.stream(row).map(each -> (each - mean) * (each - mean)).sum() / row.length;
            Arrays.setAll(row, i -> (row[i] - mean) / Math.sqrt(variance + 1e-5));
        }

        assertThat(view(rows, 2, Normalization.LAYER_NORM, false).rows())
                .isCloseTo(Nd4j.createFromArray(values), 1e-13);
    }

    /** Wide layers: a hundredth of the running variance stands beside each sample's own, and is no part of the slope. */
    @Test
    void wideLayersAreNormalisedWithARelativeEpsilon() {
        RunningMoments moments = new RunningMoments();
        Representation representation = byWidth(moments);
        INDArray first = random(5, 16);
        representation.of(first);
        moments.commit();
        INDArray rows = random(3, 16).muli(0.01);
        double running = meanVariance(first) + (meanVariance(rows) - meanVariance(first)) / 2;
        double[][] expected = rows.toDoubleMatrix();
        double[] inverse = new double[3];
        for (int row = 0; row < 3; row++) {
            double mean = Arrays.stream(expected[row]).average().orElseThrow();
            double variance = Arrays.stream(expected[row]).map(each -> (each - mean) * (each - mean)).sum() / 16;
            double own = 1 / Math.sqrt(variance + 0.01 * running + 1e-12);
            inverse[row] = own;
            expected[row] = Arrays.stream(expected[row]).map(each -> (each - mean) * own).toArray();
        }
        Representation.View view = representation.of(rows);
        assertThat(view.rows()).isCloseTo(Nd4j.createFromArray(expected), 1e-12);
        INDArray signal = random(3, 16);
        double[][] derivative = signal.toDoubleMatrix();
        for (int row = 0; row < 3; row++) {
            double mean = Arrays.stream(derivative[row]).average().orElseThrow();
            double along = 0;
            for (int unit = 0; unit < 16; unit++) {
                along += derivative[row][unit] * expected[row][unit] / 16;
            }
            for (int unit = 0; unit < 16; unit++) {
                derivative[row][unit] = (derivative[row][unit] - mean - expected[row][unit] * along) * inverse[row];
            }
        }
        assertThat(view.backward(signal)).isCloseTo(Nd4j.createFromArray(derivative), 1e-12);
    }

    /** Narrow layers, of one unit too: running means, and one running deviation for all units. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15})
    void narrowLayersKeepTheLengthOfASample(int width) {
        RunningMoments moments = new RunningMoments();
        Representation representation = byWidth(moments);
        INDArray first = random(40, width).addi(3);
        representation.of(first);
        moments.commit();
        INDArray rows = random(40, width);
        INDArray means = first.mean(0).add(rows.mean(0)).muli(0.5).reshape(1, width);
        double before = Math.pow(first.subRowVector(first.mean(0)).norm2Number().doubleValue(), 2) / first.length();
        double now = Math.pow(rows.subRowVector(means).norm2Number().doubleValue(), 2) / rows.length();
        double deviation = Math.sqrt((before + now) / 2);
        Representation.View view = representation.of(rows);
        assertThat(view.rows()).isCloseTo(rows.subRowVector(means).divi(deviation), 1e-12);
        INDArray signal = random(40, width);
        INDArray expected = signal.div(deviation);
        assertThat(view.backward(signal)).isCloseTo(expected, 1e-12);
    }

    @Test
    void aLayerThatNeverVariesIsSeenAsZero() {
        INDArray constant = Nd4j.ones(DataType.DOUBLE, 4, 3);
        Representation.View view = byWidth(new RunningMoments()).of(constant);
        assertThat(view.rows()).isCloseTo(Nd4j.zeros(DataType.DOUBLE, 4, 3), 0);
        assertThat(view.backward(random(4, 3))).isCloseTo(Nd4j.zeros(DataType.DOUBLE, 4, 3), 0);
    }

    private static Representation byWidth(RunningMoments moments) {
        LearningRule rule = Fixtures.plain().normalization(Normalization.BY_WIDTH).build();
        return new Representation(rule, false, Buffers.fresh(), moments);
    }

    private static double meanVariance(INDArray rows) {
        return rows.var(false, 1).meanNumber().doubleValue();
    }

    @ParameterizedTest
    @EnumSource(Normalization.class)
    void readsItsInputInAnyOrderAndLeavesItAlone(Normalization normalization) {
        INDArray rows = random(4, 6);
        INDArray wide = random(8, 12);
        INDArray strided = wide.get(NDArrayIndex.interval(0, 2, 8), NDArrayIndex.interval(0, 2, 12));
        strided.assign(rows);
        INDArray expected = view(rows.dup(), 2, normalization, false).rows();

        for (INDArray each : new INDArray[] {rows, rows.dup('f'), strided}) {
            INDArray before = each.dup();
            INDArray seen = view(each, 2, normalization, false).rows();
            assertThat(seen).isCloseTo(expected, 1e-14);
            assertThat(each).isCloseTo(before, 0);
            each.assign(7);
            assertThat(seen).isCloseTo(expected, 1e-14);
        }
    }

    @Test
    void refusesOtherRanks() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> view(random(2, 2, 2, 2, 2, 2), 2, Normalization.NONE, false))
                .withMessageContainingAll("rank 6", "2 to 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> view(Nd4j.zeros(DataType.DOUBLE, 4), 2, Normalization.NONE, false));
    }

    private static Representation.View view(
            INDArray activations, int grid, Normalization normalization, boolean channelsLast) {
        LearningRule rule = Fixtures.plain().pooling(grid).normalization(normalization).build();
        return new Representation(rule, channelsLast, Buffers.fresh()).of(activations);
    }

    private static INDArray random(long... shape) {
        int length = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return TestWindow.normal(new Random(length), 1, length).reshape('c', shape);
    }

    private static int[] lastOrder(int rank) {
        int[] order = new int[rank];
        for (int i = 1; i < rank - 1; i++) {
            order[i] = i + 1;
        }
        order[rank - 1] = 1;
        return order;
    }

    /** In every spatial dimension, missing ones of length 1. */
    private static INDArray pooled(INDArray maps, int grid) {
        int rank = maps.rank();
        int[] length = {1, 1, 1};
        for (int i = 2; i < rank; i++) {
            length[i - 2] = (int) maps.size(i);
        }
        int[] cells = Arrays.stream(length).map(each -> Math.min(grid, each)).toArray();
        INDArray all = maps.reshape('c', maps.size(0), maps.size(1), length[0], length[1], length[2]);
        int perChannel = cells[0] * cells[1] * cells[2];
        double[][] rows = new double[(int) maps.size(0)][(int) maps.size(1) * perChannel];
        for (int n = 0; n < rows.length; n++) {
            for (int column = 0; column < rows[n].length; column++) {
                int[] cell = {
                    column % perChannel / (cells[1] * cells[2]), column / cells[2] % cells[1], column % cells[2]
                };
                double sum = 0;
                int count = 0;
                for (int i = from(cell, 0, length, cells); i < to(cell, 0, length, cells); i++) {
                    for (int j = from(cell, 1, length, cells); j < to(cell, 1, length, cells); j++) {
                        for (int k = from(cell, 2, length, cells); k < to(cell, 2, length, cells); k++) {
                            sum += all.getDouble(n, column / perChannel, i, j, k);
                            count++;
                        }
                    }
                }
                rows[n][column] = sum / count;
            }
        }
        return Nd4j.createFromArray(rows);
    }

    private static int from(int[] cell, int dimension, int[] length, int[] cells) {
        return (int) Math.floor((double) cell[dimension] * length[dimension] / cells[dimension]);
    }

    private static int to(int[] cell, int dimension, int[] length, int[] cells) {
        return (int) Math.ceil((cell[dimension] + 1.0) * length[dimension] / cells[dimension]);
    }
}
