package org.ibhebb.internal.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.ibhebb.Fixtures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Spiking neurons over time, by the form of the arithmetic that is in use and by ND4J's, against plain loops. */
class SpikingTest {

    private static final Arithmetic[] FORMS = {Arithmetic.of(DataType.DOUBLE), Arithmetic.named("nd4j")};

    /** Sizes are prime, or degenerate, or more than go through time together. */
    @ParameterizedTest
    @CsvSource({"7, 5, 3", "1, 5, 3", "7, 1, 3", "7, 5, 1", "1, 1, 1", "3, 13, 47", "2, 521, 3"})
    void neuronsFireAsTheDefinitionSays(int steps, int n, int d) {
        for (Neuron neuron : new Neuron[] {
            new Neuron(0.9, 1, false, 5, false), new Neuron(0.8, 0.7, true, 2, false),
            new Neuron(1, 1, false, 25, false), new Neuron(0, 0.5, true, 5, false),
            new Neuron(0.9, 1, false, 5, true), new Neuron(0.7, 0.8, true, 3, true)}) {
            for (boolean constant : new boolean[] {false, true}) {
                INDArray currents = Fixtures.noise(1, constant ? n : (long) steps * n, d).addi(0.5);
                double[][][] expected = plain(currents.toDoubleMatrix(), steps, n, d, neuron);
                for (Arithmetic form : FORMS) {
                    for (char order : new char[] {'c', 'f'}) {
                        INDArray spikes = series(order, steps, n, d);
                        INDArray slopes = series(order, steps, n, d);
                        INDArray carried = series(order, steps, n, d);
                        INDArray mean = series(order, 1, n, d);
                        form.fire(currents.dup(order), steps, neuron, spikes, slopes, carried, mean);
                        close(spikes, expected[0]);
                        close(slopes, expected[1]);
                        close(carried, expected[2]);
                        close(mean, expected[3]);

                        INDArray spikesAlone = series(order, steps, n, d);
                        if (!constant) {
                            spikesAlone.assign(currents);
                        }
                        form.fire(constant ? currents.dup(order) : spikesAlone, steps, neuron, spikesAlone, null,
                                null, null);
                        close(spikesAlone, expected[0]);
                    }
                }
            }
        }
    }

    /** Spikes, slopes, derivatives of the membrane, and mean slopes. */
    private static double[][][] plain(double[][] currents, int steps, int n, int d, Neuron neuron) {
        double[][][] all = {new double[steps * n][d], new double[steps * n][d], new double[steps * n][d],
            new double[n][d]};
        for (int sample = 0; sample < n; sample++) {
            for (int j = 0; j < d; j++) {
                double v = 0;
                for (int step = 0; step < steps; step++) {
                    double u = neuron.leak() * v + currents[currents.length == n ? sample : step * n + sample][j];
                    double x = u - neuron.threshold();
                    double slope = 1 / Math.pow(1 + neuron.steepness() * Math.abs(x), 2);
                    double spike = neuron.smooth()
                            ? 0.5 + x / (1 + neuron.steepness() * Math.abs(x))
                            : u > neuron.threshold() ? 1 : 0;
                    v = neuron.toZero() ? u * (1 - spike) : u - neuron.threshold() * spike;
                    all[0][step * n + sample][j] = spike;
                    all[1][step * n + sample][j] = slope;
                    all[2][step * n + sample][j] =
                            neuron.toZero() ? 1 - spike - u * slope : 1 - neuron.threshold() * slope;
                    all[3][sample][j] += slope / steps;
                }
            }
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({"7, 5, 3", "1, 5, 3", "7, 1, 3", "7, 5, 1", "1, 1, 1", "2, 521, 3"})
    void errorsGoBackInTime(int steps, int n, int d) {
        double leak = 0.85;
        double factor = 1.5;
        INDArray slopes = Fixtures.noise(2, (long) steps * n, d);
        for (boolean constant : new boolean[] {false, true}) {
            INDArray errors = Fixtures.noise(3, constant ? n : (long) steps * n, d);
            for (INDArray carried : new INDArray[] {null, Fixtures.noise(4, (long) steps * n, d)}) {
                double[][] expected = new double[steps * n][d];
                for (int step = steps - 1; step >= 0; step--) {
                    for (int sample = 0; sample < n; sample++) {
                        int row = step * n + sample;
                        for (int j = 0; j < d; j++) {
                            double later = step == steps - 1 ? 0 : expected[row + n][j];
                            expected[row][j] = leak * (carried == null ? 1 : carried.getDouble(row, j)) * later
                                    + factor * errors.getDouble(constant ? sample : row, j) * slopes.getDouble(row, j);
                        }
                    }
                }
                for (Arithmetic form : FORMS) {
                    for (char order : new char[] {'c', 'f'}) {
                        INDArray deltas = series(order, steps, n, d);
                        form.backInTime(errors.dup(order), steps, factor, leak, slopes.dup(order),
                                carried == null ? null : carried.dup(order), deltas);
                        close(deltas, expected);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"7, 5, 3", "1, 5, 3", "7, 1, 3", "7, 5, 1", "1, 1, 1"})
    void timeStepsAreSummedByTheirWeights(int steps, int n, int d) {
        INDArray series = Fixtures.noise(5, (long) steps * n, d);
        double[] weights = Fixtures.noise(6, steps).toDoubleVector();
        double[][] expected = new double[n][d];
        for (int row = 0; row < steps * n; row++) {
            for (int j = 0; j < d; j++) {
                expected[row % n][j] += weights[row / n] * series.getDouble(row, j);
            }
        }
        INDArray gaps = Nd4j.zeros(DataType.DOUBLE, 2L * steps * n, 2L * d);
        INDArray view = gaps.get(NDArrayIndex.interval(0, 2, 2L * steps * n),
                NDArrayIndex.interval(0, 2, 2L * d)).reshape('c', (long) steps * n, d);
        view.assign(series);
        for (Arithmetic form : FORMS) {
            for (char order : new char[] {'c', 'f'}) {
                for (INDArray given : new INDArray[] {series, series.dup('f'), view}) {
                    INDArray sum = series(order, 1, n, d);
                    form.overTime(given, weights, sum);
                    close(sum, expected);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 0.9, 1})
    void theMeanTraceIsTheMeanOfTheTraces(double leak) {
        double[] input = {1, 0, 0.5, 2, 0, 0, 3};
        double trace = 0;
        double mean = 0;
        for (double p : input) {
            trace = leak * trace + p;
            mean += trace / input.length;
        }
        double[] weights = new Neuron(leak, 1, false, 5, false).meanTrace(input.length);
        double weighted = 0;
        for (int step = 0; step < input.length; step++) {
            weighted += weights[step] * input[step];
        }
        assertThat(weighted).isCloseTo(mean, within(1e-14));
    }

    @Test
    void singlePrecisionIsTheSameUpToRounding() {
        Neuron neuron = new Neuron(0.9, 1, false, 5, true);
        INDArray currents = Fixtures.noise(1, 35, 3);
        double[][][] expected = plain(currents.toDoubleMatrix(), 7, 5, 3, neuron);
        INDArray single = currents.castTo(DataType.FLOAT).dup('f');
        INDArray spikes = Nd4j.create(DataType.FLOAT, new long[] {35, 3}, 'f');
        INDArray slopes = spikes.dup('f');
        Arithmetic.of(DataType.FLOAT).fire(single, 7, neuron, spikes, slopes, null, null);
        assertThat(spikes.castTo(DataType.DOUBLE).sub(Nd4j.create(expected[0])).amaxNumber().doubleValue())
                .isLessThan(1e-5);
        assertThat(slopes.castTo(DataType.DOUBLE).sub(Nd4j.create(expected[1])).amaxNumber().doubleValue())
                .isLessThan(1e-5);
    }

    @Test
    void arraysThatDoNotFitAreRefused() {
        Neuron neuron = new Neuron(0.9, 1, false, 5, false);
        INDArray series = series('c', 7, 5, 3);
        for (Arithmetic form : FORMS) {
            assertThatIllegalArgumentException().isThrownBy(() ->
                    form.fire(series, 4, neuron, series, null, null, null)).withMessageContaining("4");
            assertThatIllegalArgumentException().isThrownBy(() ->
                    form.fire(series, 0, neuron, series, null, null, null)).withMessageContaining("at least 1");
            assertThatIllegalArgumentException().isThrownBy(() ->
                    form.fire(series.dup('f'), 7, neuron, series, null, null, null)).withMessageContaining("order");
            assertThatIllegalArgumentException().isThrownBy(() ->
                    form.fire(series, 7, neuron, series, series('c', 7, 5, 2), null, null))
                    .withMessageContaining("do not fit");
            assertThatIllegalArgumentException().isThrownBy(() ->
                    form.overTime(series, new double[6], series('c', 1, 5, 3))).withMessageContaining("6 time steps");
        }
        for (double[] wrong : new double[][] {{-0.1, 1, 5}, {1.1, 1, 5}, {0.9, 0, 5}, {0.9, Double.NaN, 5},
            {0.9, 1, 0}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Neuron(wrong[0], wrong[1], false, wrong[2], false))
                    .withMessageContaining("must be");
        }
    }

    private static INDArray series(char order, int steps, int n, int d) {
        return Nd4j.valueArrayOf(new long[] {(long) steps * n, d}, -7.0, DataType.DOUBLE).dup(order);
    }

    private static void close(INDArray values, double[][] expected) {
        double[][] found = values.toDoubleMatrix();
        for (int row = 0; row < expected.length; row++) {
            assertThat(found[row]).containsExactly(expected[row], within(1e-12));
        }
    }
}
