package org.ibhebb.internal.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.ibhebb.Fixtures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
            new Neuron(0.9, 1, false, 5, true), new Neuron(0.7, 0.8, true, 3, true),
            new Neuron(0.9, 1, false, 5, 0.7, 0, false), new Neuron(0.8, 0.7, true, 2, 0, 2, false),
            new Neuron(0.8, 0.7, false, 2, 0, 1, false), new Neuron(0.9, 1, true, 5, 0.6, 100, false),
            new Neuron(1, 0.6, false, 5, 0.4, 3, true), new Neuron(0.7, 0.8, true, 3, 0.5, 1, true),
            new Neuron(0, 0.2, false, 5, 0, Integer.MAX_VALUE, false)}) {
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
                double current = 0;
                long awakeFrom = 0;
                for (int step = 0; step < steps; step++) {
                    current = neuron.synapticDecay() * current
                            + currents[currents.length == n ? sample : step * n + sample][j];
                    if (step < awakeFrom) {
                        all[2][step * n + sample][j] = 1;
                        continue;
                    }
                    double u = neuron.leak() * v + current;
                    double x = u - neuron.threshold();
                    double slope = 1 / Math.pow(1 + neuron.steepness() * Math.abs(x), 2);
                    double spike = neuron.smooth()
                            ? 0.5 + x / (1 + neuron.steepness() * Math.abs(x))
                            : u > neuron.threshold() ? 1 : 0;
                    v = neuron.toZero() ? u * (1 - spike) : u - neuron.threshold() * spike;
                    if (x > 0) {
                        awakeFrom = step + 1L + neuron.refractorySteps();
                    }
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
        for (Neuron neuron : new Neuron[] {new Neuron(0.85, 1, false, 5, false),
            new Neuron(0.85, 1, false, 5, 0.6, 0, false), new Neuron(0.85, 1, false, 5, 0, 1, false),
            new Neuron(0, 1, false, 5, 0.3, 2, false)}) {
            INDArray slopes = Fixtures.noise(2, (long) steps * n, d);
            if (neuron.refractorySteps() > 0) {
                slopes.muli(Fixtures.noise(7, (long) steps * n, d).gt(0).castTo(DataType.DOUBLE));
            }
            errorsGoBackInTime(steps, n, d, neuron, slopes);
            errorsGoBackInTime(steps, n, d, neuron, null);
        }
    }

    private static void errorsGoBackInTime(int steps, int n, int d, Neuron neuron, INDArray slopes) {
        double factor = 1.5;
        for (boolean constant : new boolean[] {false, true}) {
            INDArray errors = Fixtures.noise(3, constant ? n : (long) steps * n, d);
            for (INDArray carried : new INDArray[] {null, Fixtures.noise(4, (long) steps * n, d)}) {
                double[][] expected = new double[steps * n][d];
                for (int sample = 0; sample < n; sample++) {
                    for (int j = 0; j < d; j++) {
                        double ofMembrane = 0;
                        double ofCurrent = 0;
                        for (int step = steps - 1; step >= 0; step--) {
                            int row = step * n + sample;
                            ofCurrent *= neuron.synapticDecay();
                            double slope = slopes == null ? 1 : slopes.getDouble(row, j);
                            if (neuron.refractorySteps() == 0 || slope != 0) {
                                double own = (carried == null ? 1 : carried.getDouble(row, j)) * ofMembrane
                                        + factor * errors.getDouble(constant ? sample : row, j) * slope;
                                ofMembrane = neuron.leak() * own;
                                ofCurrent += own;
                            }
                            expected[row][j] = ofCurrent;
                        }
                    }
                }
                for (Arithmetic form : FORMS) {
                    for (char order : new char[] {'c', 'f'}) {
                        INDArray deltas = series(order, steps, n, d);
                        form.backInTime(errors.dup(order), steps, factor, neuron,
                                slopes == null ? null : slopes.dup(order),
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
    @CsvSource({"0, 0", "0.5, 0", "0.9, 0", "1, 0", "0.9, 0.7", "1, 0.5", "0, 0.3", "0.6, 0.6"})
    void theMeanTraceIsTheMeanOfTheTraces(double leak, double synapticDecay) {
        double[] input = {1, 0, 0.5, 2, 0, 0, 3};
        double current = 0;
        double trace = 0;
        double mean = 0;
        double currentOfOne = 0;
        double traceOfOne = 0;
        Neuron neuron = new Neuron(leak, 1, false, 5, synapticDecay, 0, false);
        for (int step = 0; step < input.length; step++) {
            current = synapticDecay * current + input[step];
            trace = leak * trace + current;
            mean += trace / input.length;
            currentOfOne = synapticDecay * currentOfOne + 1;
            traceOfOne = leak * traceOfOne + currentOfOne;
            assertThat(neuron.traceOfOne(input.length)[step]).isCloseTo(traceOfOne, within(1e-14));
        }
        double[] weights = neuron.meanTrace(input.length);
        double weighted = 0;
        for (int step = 0; step < input.length; step++) {
            weighted += weights[step] * input[step];
        }
        assertThat(weighted).isCloseTo(mean, within(1e-13));
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
        for (double wrong : new double[] {-0.1, 1, Double.NaN}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Neuron(0.9, 1, false, 5, wrong, 0, false))
                    .withMessageContaining("synapticDecay (" + wrong + ") must be in [0, 1)");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new Neuron(0.9, 1, false, 5, 0, -1, false))
                .withMessageContaining("refractorySteps (-1) must be at least 0");
    }

    private static INDArray series(char order, int steps, int n, int d) {
        return Nd4j.valueArrayOf(new long[] {(long) steps * n, d}, -7.0, DataType.DOUBLE).dup(order);
    }

    private static void close(INDArray values, double[][] expected) {
        double[] found = values.dup('c').data().asDouble();
        assertThat(found).hasSize(expected.length * expected[0].length);
        for (int i = 0; i < found.length; i++) {
            double each = expected[i / expected[0].length][i % expected[0].length];
            // An assertion for each of so many values would take most of the time.
            if (!(Math.abs(found[i] - each) <= 1e-12)) {
                assertThat(found[i]).as("value " + i).isCloseTo(each, within(1e-12));
            }
        }
    }
}
