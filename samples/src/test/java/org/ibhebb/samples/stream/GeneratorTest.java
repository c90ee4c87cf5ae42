package org.ibhebb.samples.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The definitions are the oracle. */
class GeneratorTest {

    private static final int MANY = 20_000;

    private static int[] labels(Source source, float[][] rows) throws IOException {
        int[] labels = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new float[source.inputs()];
            labels[i] = source.next(rows[i], 0);
        }
        return labels;
    }

    /** What is said of a sample and its label. */
    private interface Definition {
        boolean holds(float[] row, int label);
    }

    private static double share(float[][] rows, int[] labels, int from, int to, Definition definition) {
        int holds = 0;
        for (int i = from; i < to; i++) {
            holds += definition.holds(rows[i], labels[i]) ? 1 : 0;
        }
        return (double) holds / (to - from);
    }

    @ParameterizedTest
    @EnumSource(Generator.class)
    void seedsDecideAndAllClassesOccur(Generator generator) throws IOException {
        float[][] rows = new float[MANY][];
        int[] labels = labels(Generator.open("generated:" + generator + ":7:10000"), rows);
        float[][] again = new float[MANY][];
        assertThat(labels(Generator.open("generated:" + generator + ":7:10000"), again)).isEqualTo(labels);
        assertThat(again).isDeepEqualTo(rows);
        float[][] others = new float[MANY][];
        labels(Generator.open("generated:" + generator + ":8"), others);
        assertThat(others[0]).isNotEqualTo(rows[0]);
        Source source = Generator.open("generated:" + generator);
        assertThat(Arrays.stream(labels).distinct().count()).isEqualTo(source.classes());
        assertThat(source.columns().stream().mapToInt(Column::inputs).sum()).isEqualTo(source.inputs());
    }

    @Test
    void oneSeaLabelInTenIsWrongAndTheThresholdMoves() throws IOException {
        float[][] rows = new float[MANY][];
        int[] labels = labels(Generator.open("generated:sea:3:10000"), rows);
        assertThat(share(rows, labels, 0, MANY / 2, (x, label) -> x[0] + x[1] <= 8 == (label == 0)))
                .isEqualTo(0.9, within(0.01));
        assertThat(share(rows, labels, MANY / 2, MANY, (x, label) -> x[0] + x[1] <= 9.5 == (label == 0)))
                .isEqualTo(0.9, within(0.01));
        // Between both thresholds lie (9.5^2 - 8^2) / 200 of all samples.
        assertThat(share(rows, labels, MANY / 2, MANY, (x, label) -> x[0] + x[1] <= 8 == (label == 0)))
                .isEqualTo(0.9 - 0.8 * (9.5 * 9.5 - 64) / 200, within(0.015));
    }

    /** Two thirds of all ages, which are evenly drawn from 20 to 80; perturbed by 3 years at most. */
    @Test
    void loansFollowAgeThenSalary() throws IOException {
        float[][] rows = new float[MANY][];
        int[] labels = labels(Generator.open("generated:agrawal:3:10000"), rows);
        assertThat(share(rows, labels, 0, MANY / 2, (x, label) -> label == 0)).isEqualTo(41 / 61.0, within(0.02));
        assertThat(share(rows, labels, 0, MANY / 2, (x, label) -> Math.abs(x[2] - 40) > 3 && Math.abs(x[2] - 60) > 3
                && AgrawalStream.byAge((int) x[2]) != (label == 0))).isZero();
        assertThat(share(rows, labels, MANY / 2, MANY, (x, label) -> AgrawalStream.bySalary((int) x[2], level(x), x[0])
                == (label == 0))).isBetween(0.85, 1.0);
        for (float[] x : rows) {
            // No commission where the salary is above 75,000, by 6,500 at most.
            assertThat(x[1] == 0 || x[0] < 81_501).isTrue();
        }
    }

    private static int level(float[] x) {
        return (int) (x[4] + 2 * x[5] + 3 * x[6] + 4 * x[7]);
    }

    @ParameterizedTest
    @CsvSource({"30, 1, 25000, true", "30, 1, 75001, false", "30, 2, 50000, true", "30, 2, 49999, false",
        "40, 1, 99999, true", "40, 0, 99999, true", "40, 0, 74999, false", "40, 4, 125000, true", "59, 3, 49999, false",
        "60, 2, 100000, true", "60, 1, 25000, true", "60, 1, 75001, false", "60, 2, 25000, false"})
    void theFourthFunctionIsThatOfThePaper(int age, int level, double salary, boolean granted) {
        assertThat(AgrawalStream.bySalary(age, level, salary)).isEqualTo(granted);
    }

    /** Centres stay in the cube, and samples leave it by a normal deviate of a width below 1. */
    @ParameterizedTest
    @ValueSource(strings = {"rbf-fast", "rbf-slow"})
    void clustersStayNearTheCube(String name) throws IOException {
        float[][] rows = new float[MANY][];
        labels(Generator.open("generated:" + name), rows);
        double sum = 0;
        for (float[] row : rows) {
            for (float value : row) {
                assertThat(value).isBetween(-4f, 5f);
                sum += value;
            }
        }
        assertThat(sum / MANY / 10).isEqualTo(0.5, within(0.15));
    }

    /** By the mean of labelled samples, which points along the plane's normal where inputs are independent. */
    @Test
    void theHyperplaneTurnsAndOneLabelInTwentyIsWrong() throws IOException {
        float[][] rows = new float[MANY][];
        int[] labels = labels(Generator.open("generated:hyperplane:5"), rows);
        assertThat(Arrays.stream(labels).average().orElseThrow()).isEqualTo(0.5, within(0.05));
        int part = 2_000;
        double[] early = normal(rows, labels, 0, part);
        assertThat(share(rows, labels, 0, part, (x, label) -> side(early, x) == label)).isBetween(0.89, 0.96);
        double[] late = normal(rows, labels, MANY - part, MANY);
        assertThat(share(rows, labels, MANY - part, MANY, (x, label) -> side(late, x) == label)).isBetween(0.89, 0.96);
        assertThat(share(rows, labels, MANY - part, MANY, (x, label) -> side(early, x) == label)).isLessThan(0.88);
    }

    private static double[] normal(float[][] rows, int[] labels, int from, int to) {
        double[] normal = new double[10];
        for (int n = from; n < to; n++) {
            for (int i = 0; i < 10; i++) {
                normal[i] += (2 * labels[n] - 1) * (rows[n][i] - 0.5);
            }
        }
        return normal;
    }

    private static int side(double[] normal, float[] x) {
        double sum = 0;
        for (int i = 0; i < 10; i++) {
            sum += normal[i] * (x[i] - 0.5);
        }
        return sum >= 0 ? 1 : 0;
    }

    /** Breiman's: by the best rule, which is that of the most likely digit, 74 % are right. */
    @Test
    void sevenOfTwentyFourSegmentsTellTheDigit() throws IOException {
        float[][] rows = new float[MANY][];
        int[] labels = labels(Generator.open("generated:led:5"), rows);
        double[][] ones = new double[10][24];
        int[] counts = new int[10];
        for (int i = 0; i < MANY; i++) {
            counts[labels[i]]++;
            for (int k = 0; k < 24; k++) {
                ones[labels[i]][k] += rows[i][2 * k + 1];
            }
        }
        int informative = 0;
        for (int k = 0; k < 24; k++) {
            int column = k;
            double[] shares = new double[10];
            Arrays.setAll(shares, digit -> ones[digit][column] / counts[digit]);
            if (Arrays.stream(shares).allMatch(share -> Math.abs(share - 0.1) < 0.03 || Math.abs(share - 0.9) < 0.03)) {
                informative++;
                // All seven have changed places.
                assertThat(k).isGreaterThanOrEqualTo(7);
            } else {
                assertThat(Arrays.stream(shares)).allMatch(share -> Math.abs(share - 0.5) < 0.05);
            }
        }
        assertThat(informative).isEqualTo(7);
        int right = 0;
        for (int i = 0; i < MANY; i++) {
            double best = Double.NEGATIVE_INFINITY;
            int said = -1;
            for (int digit = 0; digit < 10; digit++) {
                double likelihood = 0;
                for (int k = 0; k < 24; k++) {
                    double one = ones[digit][k] / counts[digit];
                    likelihood += Math.log(rows[i][2 * k + 1] == 1 ? one : 1 - one);
                }
                if (likelihood > best) {
                    best = likelihood;
                    said = digit;
                }
            }
            right += said == labels[i] ? 1 : 0;
        }
        assertThat((double) right / MANY).isEqualTo(0.74, within(0.01));
    }

    /** Means of each class's points, by the definition: half of each of its two waves. */
    @Test
    void wavesAreMixedByHalvesOnAverage() throws IOException {
        float[][] rows = new float[MANY][];
        int[] labels = labels(Generator.open("generated:waveform:5"), rows);
        List<double[]> expected = List.of(mean(7, 15), mean(7, 11), mean(15, 11));
        for (int k = 0; k < 3; k++) {
            for (int i = 0; i < 21; i++) {
                double sum = 0;
                int count = 0;
                for (int n = 0; n < MANY; n++) {
                    sum += labels[n] == k ? rows[n][i] : 0;
                    count += labels[n] == k ? 1 : 0;
                }
                assertThat(sum / count).isEqualTo(expected.get(k)[i], within(0.12));
            }
        }
    }

    /** Breiman's h1(i) = max(6 - |i - 7|, 0) and the two that are moved, of i from 1 to 21. */
    private static double[] mean(int peak, int other) {
        double[] mean = new double[21];
        for (int i = 1; i <= 21; i++) {
            mean[i - 1] = (Math.max(6 - Math.abs(i - peak), 0) + Math.max(6 - Math.abs(i - other), 0)) / 2.0;
        }
        return mean;
    }

    @ParameterizedTest
    @ValueSource(strings = {"generated:", "generated:see", "generated:sea:x", "generated:sea:1:2:3", "generated:SEA"})
    void whatIsNoneIsOneSentence(String name) {
        assertThatThrownBy(() -> Generator.open(name)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name).hasMessageContaining("rbf-slow, led, waveform");
    }
}
