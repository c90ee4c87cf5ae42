package org.ibhebb.internal.term.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ibhebb.Fixtures;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.internal.view.Labels.Encoding;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A layer's own readout: its signal against finite differences of its loss, its learning against plain loops. */
class LabelPredictorTest {

    private static final double STEP = 1e-5;

    private static Labels labels(String name, Encoding encoding, long seed, int samples, int width) {
        INDArray rows = switch (encoding) {
            case CLASSES -> Fixtures.oneHot(seed, samples, width);
            case INDEPENDENT -> {
                Random random = new Random(seed);
                INDArray bits = Nd4j.create(DataType.DOUBLE, samples, width);
                for (long i = 0; i < bits.length(); i++) {
                    bits.putScalar(i, random.nextInt(2));
                }
                yield bits;
            }
            case REAL -> Fixtures.noise(seed, samples, width);
        };
        return new Labels(name, rows, encoding);
    }

    private static INDArray signal(LabelPredictor predictor, INDArray rows, List<Labels> labels, double weight) {
        INDArray signal = Nd4j.zeros(DataType.DOUBLE, rows.shape());
        predictor.addSignal(rows, labels, weight, signal);
        return signal;
    }

    /** One that has seen some samples. */
    private static LabelPredictor trained(double rate, int width, List<Encoding> encodings) {
        LabelPredictor predictor = new LabelPredictor(rate);
        for (int step = 0; step < 20; step++) {
            List<Labels> given = new ArrayList<>();
            for (int i = 0; i < encodings.size(); i++) {
                given.add(labels("output " + i, encodings.get(i), 7 * step + i, 6, 3));
            }
            signal(predictor, Fixtures.noise(step, 6, width), given, 1);
            predictor.learn();
        }
        return predictor;
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void theSignalIsTheDerivativeOfTheLoss(Encoding encoding) {
        for (int samples : new int[] {1, 2, 7}) {
            for (int width : new int[] {1, 5}) {
                checkDerivative(samples, width, List.of(encoding));
            }
        }
    }

    @Test
    void outputsCountAlike() {
        checkDerivative(5, 4, List.of(Encoding.CLASSES, Encoding.REAL, Encoding.INDEPENDENT));
    }

    private static void checkDerivative(int samples, int width, List<Encoding> encodings) {
        LabelPredictor predictor = trained(0.5, width, encodings);
        INDArray rows = Fixtures.noise(3, samples, width);
        List<Labels> given = new ArrayList<>();
        for (int i = 0; i < encodings.size(); i++) {
            given.add(labels("output " + i, encodings.get(i), 50 + i, samples, 3));
        }
        INDArray signal = signal(predictor, rows, given, 2);
        for (int sample = 0; sample < samples; sample++) {
            for (int unit = 0; unit < width; unit++) {
                double at = rows.getDouble(sample, unit);
                rows.putScalar(sample, unit, at + STEP);
                double above = predictor.loss(rows, given);
                rows.putScalar(sample, unit, at - STEP);
                double below = predictor.loss(rows, given);
                rows.putScalar(sample, unit, at);
                // Each row's loss counts in full, and the loss is their mean.
                assertThat(signal.getDouble(sample, unit))
                        .isCloseTo(2 * samples * (above - below) / (2 * STEP), within(1e-7));
            }
        }
        assertThat(signal.norm2Number().doubleValue()).isPositive();
    }

    /** Cross-entropy by hand; w += rate x e / (sum of |x|^2) and b += rate/B e for e = y - softmax(x w + b). */
    @Test
    void learnsByTheDeltaRule() {
        int width = 3;
        int classes = 2;
        double rate = 1.5;
        LabelPredictor predictor = new LabelPredictor(rate);
        double[][] weights = new double[width][classes];
        double[] bias = new double[classes];
        for (int step = 0; step < 4; step++) {
            int samples = 4 + step;
            INDArray rows = Fixtures.noise(step, samples, width);
            Labels given = labels("out", Encoding.CLASSES, step, samples, classes);
            double[][] x = rows.toDoubleMatrix();
            double[][] y = given.rows().toDoubleMatrix();
            double loss = 0;
            double[][] errors = new double[samples][classes];
            for (int p = 0; p < samples; p++) {
                double[] odds = new double[classes];
                double sum = 0;
                for (int c = 0; c < classes; c++) {
                    double logit = bias[c];
                    for (int i = 0; i < width; i++) {
                        logit += x[p][i] * weights[i][c];
                    }
                    odds[c] = Math.exp(logit);
                    sum += odds[c];
                }
                for (int c = 0; c < classes; c++) {
                    errors[p][c] = y[p][c] - odds[c] / sum;
                    loss -= y[p][c] * Math.log(odds[c] / sum) / samples;
                }
            }
            assertThat(predictor.loss(rows, List.of(given))).isCloseTo(loss, within(1e-12));
            signal(predictor, rows, List.of(given), 1);
            predictor.learn();
            double squares = 1e-5 * samples;
            for (double[] row : x) {
                for (double value : row) {
                    squares += value * value;
                }
            }
            for (int p = 0; p < samples; p++) {
                for (int c = 0; c < classes; c++) {
                    bias[c] += rate / samples * errors[p][c];
                    for (int i = 0; i < width; i++) {
                        weights[i][c] += rate / squares * x[p][i] * errors[p][c];
                    }
                }
            }
        }
    }

    @Test
    void knowsNothingAtFirstAndLearnsNothingUnasked() {
        LabelPredictor predictor = new LabelPredictor(4);
        INDArray rows = Fixtures.noise(1, 5, 4);
        List<Labels> given = List.of(labels("out", Encoding.CLASSES, 2, 5, 3));
        assertThat(Fixtures.values(signal(predictor, rows, given, 1))).containsOnly(0);
        assertThat(Fixtures.values(signal(predictor, rows, given, 1))).containsOnly(0);
        assertThat(predictor.loss(rows, given)).isCloseTo(Math.log(3), within(1e-12));
        predictor.learn();
        assertThat(predictor.loss(rows, given)).isLessThan(Math.log(3));
    }

    @Test
    void addsToTheSignal() {
        LabelPredictor predictor = trained(1, 4, List.of(Encoding.CLASSES));
        INDArray rows = Fixtures.noise(1, 5, 4);
        List<Labels> given = List.of(labels("output 0", Encoding.CLASSES, 2, 5, 3));
        INDArray alone = signal(predictor, rows, given, 1);
        INDArray sum = Fixtures.noise(9, 5, 4);
        INDArray expected = sum.add(alone);
        predictor.addSignal(rows, given, 1, sum);
        assertThat(Fixtures.values(sum)).containsExactly(Fixtures.values(expected), within(1e-12));
    }

    @Test
    void copiesLearnIndependently() {
        LabelPredictor predictor = trained(1, 4, List.of(Encoding.CLASSES));
        LabelPredictor copy = predictor.copy();
        INDArray rows = Fixtures.noise(1, 5, 4);
        List<Labels> given = List.of(labels("output 0", Encoding.CLASSES, 2, 5, 3));
        double before = predictor.loss(rows, given);
        assertThat(copy.loss(rows, given)).isEqualTo(before);
        signal(copy, rows, given, 1);
        copy.learn();
        assertThat(copy.loss(rows, given)).isNotEqualTo(before);
        assertThat(predictor.loss(rows, given)).isEqualTo(before);
    }

    /** All samples alike is the worst case for a step's length. */
    @ParameterizedTest
    @EnumSource(Encoding.class)
    void theDefaultRateConvergesAtAnyScale(Encoding encoding) {
        for (double size : new double[] {1e-3, 1, 1e3}) {
            LabelPredictor predictor = new LabelPredictor(Fixtures.predictionOfMiniBatches().rate());
            INDArray rows = Nd4j.valueArrayOf(new long[] {5, 4}, size, DataType.DOUBLE);
            INDArray same = labels("out", encoding, 2, 1, 3).rows();
            List<Labels> given = List.of(new Labels("out", Nd4j.vstack(same, same, same, same, same), encoding));
            double before = predictor.loss(rows, given);
            for (int step = 0; step < 50; step++) {
                signal(predictor, rows, given, 1);
                predictor.learn();
            }
            assertThat(predictor.loss(rows, given)).isLessThan(0.1 * before);
        }
    }

    /** Far beyond what exp can hold, and all alike. */
    @Test
    void extremeActivationsGiveFiniteSignals() {
        LabelPredictor predictor = trained(4, 4, List.of(Encoding.CLASSES));
        List<Labels> given = List.of(labels("output 0", Encoding.CLASSES, 2, 5, 3));
        for (double size : new double[] {0, 1e4, -1e4}) {
            INDArray signal = signal(predictor, Nd4j.valueArrayOf(new long[] {5, 4}, size, DataType.DOUBLE), given, 1);
            assertThat(Fixtures.values(signal)).doesNotContain(Double.NaN, Double.POSITIVE_INFINITY);
        }
    }
}
