package org.ibhebb.internal.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.ibhebb.Fixtures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The form of the arithmetic that is in use, against plain loops over the definitions. */
class PlasticityTest {

    private static final Arithmetic ARITHMETIC = Arithmetic.of(DataType.DOUBLE);

    /** Errors of all shapes and orders: n x d, n x d x places, and views with gaps. */
    static Stream<INDArray> errors() {
        return Stream.of(
                Fixtures.noise(1, 7, 5),
                Fixtures.noise(2, 7, 5).dup('f'),
                Fixtures.noise(3, 1, 1),
                Fixtures.noise(4, 5, 7).transpose(),
                Fixtures.noise(5, 3, 2, 11),
                Fixtures.noise(6, 3, 2, 11).dup('f'),
                Fixtures.noise(7, 3, 11, 2).permute(0, 2, 1),
                Fixtures.noise(8, 2, 3, 5, 7),
                Fixtures.noise(12, 2, 3, 2, 5, 3),
                Fixtures.noise(9, 2, 3, 1, 7),
                Fixtures.noise(10, 2, 3, 7, 1),
                Fixtures.noise(11, 2, 5, 7, 3).permute(0, 3, 1, 2));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void gainIsTheRunningRootMeanSquareOfEachNeuron(INDArray errors) {
        int n = (int) errors.size(0);
        int d = (int) errors.size(1);
        double kept = 0.75;
        double share = 0.3;
        double correction = 1.5;
        double floor = 0.2;
        double factor = 3;
        INDArray squares = Fixtures.noise(20, d).mul(2);
        squares.muli(squares);
        INDArray next = Nd4j.create(DataType.DOUBLE, d);
        INDArray plain = errors.dup('c').reshape('c', n, d, errors.length() / n / d);
        double[] expectedNext = new double[d];
        double[] roots = new double[d];
        double mean = 0;
        for (int neuron = 0; neuron < d; neuron++) {
            double sum = 0;
            for (int sample = 0; sample < n; sample++) {
                for (int place = 0; place < plain.size(2); place++) {
                    sum += Math.pow(plain.getDouble(sample, neuron, place), 2);
                }
            }
            expectedNext[neuron] = kept * squares.getDouble(neuron) + share * sum / n / plain.size(2);
            roots[neuron] = Math.sqrt(correction * expectedNext[neuron]);
            mean += roots[neuron] / d;
        }

        ARITHMETIC.gain(errors, squares, kept, share, correction, floor, factor, next);

        assertThat(next.toDoubleVector()).containsExactly(expectedNext, within(1e-12));
        INDArray divided = errors.dup('c').reshape('c', n, d, plain.size(2));
        for (int sample = 0; sample < n; sample++) {
            for (int neuron = 0; neuron < d; neuron++) {
                for (int place = 0; place < plain.size(2); place++) {
                    assertThat(divided.getDouble(sample, neuron, place)).isCloseTo(
                            factor * plain.getDouble(sample, neuron, place) / (roots[neuron] + floor * mean),
                            within(1e-12));
                }
            }
        }
    }

    @Test
    void aSilentNeuronStaysSilent() {
        INDArray errors = Nd4j.zeros(DataType.DOUBLE, 4, 3);
        INDArray squares = Nd4j.zeros(DataType.DOUBLE, 3);
        ARITHMETIC.gain(errors, squares, 0.9, 0.1, 10, 0, 1, squares);
        assertThat(errors.toDoubleMatrix()).isDeepEqualTo(new double[4][3]);
        assertThat(squares.toDoubleVector()).containsOnly(0);
    }

    /** At prime sizes, blocks that do and do not divide the mini-batch, one class and more. */
    @ParameterizedTest
    @CsvSource({"7, 5, 3, 1", "7, 5, 3, 2", "7, 5, 3, 7", "7, 5, 3, 11", "1, 1, 1, 1", "13, 17, 1, 4", "6, 1, 2, 3"})
    void aReadoutLearnsBlockByBlock(int n, int d, int c, int block) {
        for (Plasticity.Link link : Plasticity.Link.values()) {
            INDArray u = Fixtures.noise(1, n, d);
            INDArray y = Fixtures.noise(2, n, c);
            INDArray v = Fixtures.noise(3, c, d);
            INDArray bias = Fixtures.noise(4, c);
            INDArray signal = Fixtures.noise(5, n, d);
            double rate = 0.7;
            double biasRate = 0.2;
            double weight = 1.5;
            double[][] weights = v.toDoubleMatrix();
            double[] offsets = bias.toDoubleVector();
            double[][] expected = signal.toDoubleMatrix();
            double squares = 0;
            for (int from = 0; from < n; from += block) {
                int to = Math.min(n, from + block);
                double[][] errors = new double[to - from][];
                double length = 0;
                for (int i = from; i < to; i++) {
                    double[] sums = offsets.clone();
                    for (int k = 0; k < d; k++) {
                        length += Math.pow(u.getDouble(i, k), 2);
                        for (int j = 0; j < c; j++) {
                            sums[j] += weights[j][k] * u.getDouble(i, k);
                        }
                    }
                    errors[i - from] = linked(link, sums);
                    for (int j = 0; j < c; j++) {
                        errors[i - from][j] -= y.getDouble(i, j);
                        squares += Math.pow(errors[i - from][j], 2);
                        for (int k = 0; k < d; k++) {
                            expected[i][k] += weight * errors[i - from][j] * weights[j][k];
                        }
                    }
                }
                double step = rate / Math.max(length / (to - from), d) / (to - from);
                for (int i = from; i < to; i++) {
                    for (int j = 0; j < c; j++) {
                        offsets[j] -= biasRate * errors[i - from][j] / (to - from);
                        for (int k = 0; k < d; k++) {
                            weights[j][k] -= step * errors[i - from][j] * u.getDouble(i, k);
                        }
                    }
                }
            }

            double sum = ARITHMETIC.readout(u, y, link, block, rate, biasRate, weight, true, v, bias, signal);

            assertThat(sum).isCloseTo(squares, within(1e-9 * Math.max(1, squares)));
            assertClose(v, weights);
            assertClose(signal, expected);
            assertThat(bias.toDoubleVector()).containsExactly(offsets, within(1e-10));
        }
    }

    private static double[] linked(Plasticity.Link link, double[] sums) {
        double total = 0;
        for (double sum : sums) {
            total += Math.exp(sum);
        }
        double[] linked = new double[sums.length];
        for (int i = 0; i < sums.length; i++) {
            linked[i] = switch (link) {
                case SOFTMAX -> Math.exp(sums[i]) / total;
                case LOGISTIC -> 1 / (1 + Math.exp(-sums[i]));
                case IDENTITY -> sums[i];
            };
        }
        return linked;
    }

    private static void assertClose(INDArray matrix, double[][] expected) {
        double[][] values = matrix.toDoubleMatrix();
        for (int row = 0; row < expected.length; row++) {
            assertThat(values[row]).containsExactly(expected[row], within(1e-10));
        }
    }

    @ParameterizedTest
    @EnumSource(Plasticity.Link.class)
    void aReadoutOfLargeSumsIsFinite(Plasticity.Link link) {
        INDArray v = Nd4j.create(new double[][] {{1e3}, {-1e3}});
        INDArray signal = Nd4j.zeros(DataType.DOUBLE, 1, 1);
        double sum = ARITHMETIC.readout(Nd4j.ones(DataType.DOUBLE, 1, 1), Nd4j.zeros(DataType.DOUBLE, 1, 2), link, 1, 1,
                0.1, 1, false, v, Nd4j.zeros(DataType.DOUBLE, 2), signal);
        assertThat(sum).isFinite();
        assertThat(signal.getDouble(0)).isFinite();
    }

    @Test
    void meansAreOverAllValues() {
        for (INDArray values : List.of(Fixtures.noise(1, 7, 5), Fixtures.noise(1, 7, 5).transpose(),
                Fixtures.noise(2, 3, 5, 7), Fixtures.noise(3, 1, 1))) {
            double sum = 0;
            for (double value : Fixtures.values(values)) {
                sum += value * value;
            }
            assertThat(ARITHMETIC.meanSquare(values)).isCloseTo(sum / values.length(), within(1e-12));
        }
        INDArray rows = Nd4j.create(new double[][] {{1, 3}, {2, 2}, {0, 4}});
        assertThat(ARITHMETIC.meanVariance(rows)).isCloseTo((1 + 0 + 4) / 3.0, within(1e-12));
        assertThat(ARITHMETIC.meanVariance(rows.dup('f'))).isCloseTo((1 + 0 + 4) / 3.0, within(1e-12));
    }

    @Test
    void averagingMovesBothPoints() {
        INDArray gradient = Fixtures.noise(1, 11);
        INDArray deviation = Fixtures.noise(2, 11);
        INDArray moved = deviation.sub(gradient.mul(0.3));
        ARITHMETIC.average(gradient, deviation, 0.3, 0.25);
        assertThat(gradient.toDoubleVector()).containsExactly(moved.mul(-0.25).toDoubleVector(), within(1e-15));
        assertThat(deviation.toDoubleVector()).containsExactly(moved.mul(0.75).toDoubleVector(), within(1e-15));
    }

    @Test
    void sumsAreWrittenWhereTheyAreWanted() {
        INDArray sum = Nd4j.create(DataType.DOUBLE, 5);
        INDArray a = Fixtures.noise(1, 5);
        INDArray b = Fixtures.noise(2, 5);
        ARITHMETIC.plusScaled(a, b, -2, sum);
        assertThat(sum.toDoubleVector()).containsExactly(a.sub(b.mul(2)).toDoubleVector(), within(1e-15));
    }

    /** Samples, inputs and neurons: few and many, none a round number. */
    @ParameterizedTest
    @CsvSource({"1,1,1", "1,7,5", "3,5,2", "11,3,131", "13,17,3"})
    void aDenseLayerMovesInOnePass(int n, int in, int out) {
        INDArray silent = Fixtures.noise(1, n, in);
        silent.muli(silent.gt(0));
        INDArray errors = Fixtures.noise(2, n, out);
        for (INDArray input : List.of(silent, silent.dup('f'), withGaps(silent))) {
            for (INDArray of : List.of(errors, errors.dup('f'), withGaps(errors))) {
                for (boolean biased : new boolean[] {true, false}) {
                    moves(input, of, biased);
                }
            }
        }
    }

    private static void moves(INDArray input, INDArray errors, boolean biased) {
        int in = (int) input.size(1);
        int out = (int) errors.size(1);
        Plasticity.Moving weights = moving(in, out);
        Plasticity.Moving bias = moving(1, out);
        INDArray[] expected = expected(weights, input, errors, 0.03);
        INDArray[] expectedBias = expected(bias, Nd4j.ones(DataType.DOUBLE, errors.size(0), 1), errors, 0.03 * 2.5);

        ARITHMETIC.advance(input, errors, 2.5, new Plasticity.Averaging(0.03, 0.25, 0.2), weights,
                biased ? bias : null);

        compare(weights, expected);
        if (biased) {
            compare(bias, expectedBias);
        }
    }

    private static Plasticity.Moving moving(int in, int out) {
        return new Plasticity.Moving(Fixtures.noise(3, in, out).dup('f'), Fixtures.noise(4, in, out).dup('f'),
                Nd4j.create(DataType.DOUBLE, new long[] {in, out}, 'f'));
    }

    private static INDArray[] expected(Plasticity.Moving own, INDArray input, INDArray errors, double rate) {
        INDArray average = own.parameters().dup();
        INDArray deviation = own.deviation().dup();
        INDArray ahead = own.ahead().dup();
        for (int i = 0; i < input.size(1); i++) {
            for (int k = 0; k < errors.size(1); k++) {
                double gradient = 0;
                for (int sample = 0; sample < input.size(0); sample++) {
                    gradient += input.getDouble(sample, i) * errors.getDouble(sample, k);
                }
                double moved = deviation.getDouble(i, k) - rate * gradient;
                average.putScalar(i, k, average.getDouble(i, k) + 0.25 * moved);
                deviation.putScalar(i, k, 0.75 * moved);
                ahead.putScalar(i, k, average.getDouble(i, k) + 0.2 * 0.75 * moved);
            }
        }
        return new INDArray[] {average, deviation, ahead};
    }

    private static void compare(Plasticity.Moving own, INDArray[] expected) {
        assertThat(Fixtures.values(own.parameters())).containsExactly(Fixtures.values(expected[0]), within(1e-13));
        assertThat(Fixtures.values(own.deviation())).containsExactly(Fixtures.values(expected[1]), within(1e-13));
        assertThat(Fixtures.values(own.ahead())).containsExactly(Fixtures.values(expected[2]), within(1e-13));
    }

    private static INDArray withGaps(INDArray plain) {
        INDArray wide = Nd4j.valueArrayOf(new long[] {2 * plain.size(0) + 1, plain.size(1) + 2}, Double.NaN,
                DataType.DOUBLE);
        return wide.get(NDArrayIndex.interval(1, 2, 2 * plain.size(0) + 1), NDArrayIndex.interval(1, plain.size(1) + 1))
                .reshape(plain.shape()).assign(plain);
    }

    @ParameterizedTest
    @EnumSource(Plasticity.Link.class)
    void theDeltaRulesErrorsArePredictionLessLabel(Plasticity.Link link) {
        INDArray sums = Fixtures.noise(5, 7, 3).mul(40).dup('f');
        INDArray labels = Fixtures.noise(6, 7, 3);
        INDArray predicted = switch (link) {
            case SOFTMAX -> softmax(sums);
            case LOGISTIC -> Transforms.sigmoid(sums.dup('c'), true);
            case IDENTITY -> sums.dup('c');
        };
        INDArray bySums = sums.dup('f');
        ARITHMETIC.deltaRule(bySums, link, labels);
        assertThat(Fixtures.values(bySums)).containsExactly(Fixtures.values(predicted.sub(labels)), within(1e-13));
        ARITHMETIC.deltaRule(sums, link, withGaps(labels));
        assertThat(Fixtures.values(sums)).containsExactly(Fixtures.values(bySums), within(1e-15));
    }

    private static INDArray softmax(INDArray sums) {
        INDArray predicted = Nd4j.create(DataType.DOUBLE, sums.shape());
        for (int row = 0; row < sums.rows(); row++) {
            double total = 0;
            double most = sums.getRow(row).maxNumber().doubleValue();
            for (int k = 0; k < sums.columns(); k++) {
                total += Math.exp(sums.getDouble(row, k) - most);
            }
            for (int k = 0; k < sums.columns(); k++) {
                predicted.putScalar(row, k, Math.exp(sums.getDouble(row, k) - most) / total);
            }
        }
        return predicted;
    }

    @Test
    void activationFunctionsMakeWhatDeeplearning4jMakes() {
        for (IActivation function : List.of(new ActivationReLU(), new ActivationReLU(1.0, 0.1, 0.2),
                new ActivationLReLU(), new ActivationTanH(), new ActivationIdentity())) {
            for (char order : new char[] {'c', 'f'}) {
                INDArray given = Fixtures.noise(7, 5, 3).dup(order);
                INDArray kept = given.dup(order);
                INDArray made = ARITHMETIC.activate(
                        function, given, Nd4j.create(DataType.DOUBLE, new long[] {5, 3}, order));
                assertThat(Fixtures.values(given)).containsExactly(Fixtures.values(kept));
                assertThat(Fixtures.values(made)).containsExactly(
                        Fixtures.values(function.getActivation(kept, true)), within(1e-15));
            }
        }
    }

    /** Native code can't defend itself. */
    @Test
    void shapesThatDoNotFitAreRefused() {
        Arithmetic arithmetic = ARITHMETIC;
        if (arithmetic instanceof ReferenceArithmetic) {
            return;
        }
        INDArray rows = Fixtures.noise(1, 4, 3);
        INDArray three = Fixtures.noise(2, 3);
        assertThatIllegalArgumentException().isThrownBy(() ->
                arithmetic.gain(rows, Fixtures.noise(2, 4), 1, 0, 1, 0, 1, three)).withMessageContaining("[4]");
        assertThatIllegalArgumentException().isThrownBy(() -> arithmetic.gain(three, three, 1, 0, 1, 0, 1, three));
        assertThatIllegalArgumentException().isThrownBy(() -> arithmetic.readout(rows, Fixtures.noise(1, 3, 2),
                Plasticity.Link.SOFTMAX, 1, 1, 1, 1, true, Fixtures.noise(1, 2, 3), Fixtures.noise(1, 2), rows.dup()));
        assertThatIllegalArgumentException().isThrownBy(() -> arithmetic.readout(rows, Fixtures.noise(1, 4, 2),
                Plasticity.Link.SOFTMAX, 0, 1, 1, 1, true, Fixtures.noise(1, 2, 3), Fixtures.noise(1, 2), rows.dup()))
                .withMessageContaining("block (0)");
        assertThatIllegalArgumentException().isThrownBy(() ->
                arithmetic.average(three, Fixtures.noise(1, 4), 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() ->
                arithmetic.plusScaled(three, three.castTo(DataType.FLOAT), 1, three));
        Plasticity.Averaging step = new Plasticity.Averaging(1, 1, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> arithmetic.advance(
                rows, Fixtures.noise(1, 3, 2), 1, step, moving(3, 2), null)).withMessageContaining("4 rows");
        assertThatIllegalArgumentException().isThrownBy(() -> arithmetic.advance(
                rows, Fixtures.noise(1, 4, 2), 1, step, moving(3, 3), null)).withMessageContaining("6 values");
        assertThatIllegalArgumentException().isThrownBy(() -> arithmetic.advance(
                rows, Fixtures.noise(1, 4, 2), 1, step, moving(2, 3), null)).withMessageContaining("3 x 2");
        assertThatIllegalArgumentException().isThrownBy(() -> arithmetic.advance(
                rows, Fixtures.noise(1, 4, 2), 1, step, moving(3, 2), moving(1, 3))).withMessageContaining("bias");
        assertThatIllegalArgumentException().isThrownBy(() -> arithmetic.deltaRule(
                rows, Plasticity.Link.SOFTMAX, rows)).withMessageContaining("by columns");
        assertThatIllegalArgumentException().isThrownBy(() -> arithmetic.deltaRule(
                rows.dup('f'), Plasticity.Link.SOFTMAX, three)).withMessageContaining("4 x 3");
    }
}
