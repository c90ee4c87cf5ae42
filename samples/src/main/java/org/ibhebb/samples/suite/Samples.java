package org.ibhebb.samples.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Samples under construction: inputs and labels, to be divided into training and held-out ones. */
final class Samples {

    private static final double SMALLEST_DEVIATION = 1e-6;

    private final List<double[]> inputs = new ArrayList<>();
    private final List<double[]> labels = new ArrayList<>();

    void add(double[] input, double[] label) {
        inputs.add(input);
        labels.add(label);
    }

    /** The label is a class. */
    void add(double[] input, int label, int classes) {
        add(input, oneHot(label, classes));
    }

    static double[] oneHot(int label, int classes) {
        double[] hot = new double[classes];
        hot[label] = 1;
        return hot;
    }

    TaskData whole(Measure measure) {
        return TaskData.whole(floats(inputs), floats(labels), measure);
    }

    /**
     * Draws the held-out samples.
     *
     * @param share of all samples that is held out
     * @param standardise each input, by mean and standard deviation of the training samples
     */
    TaskData split(double share, boolean standardise, Measure measure, Random random) {
        int[] order = TaskData.shuffled(inputs.size(), random);
        int held = (int) Math.round(share * order.length);
        List<double[]> trainX = new ArrayList<>();
        List<double[]> trainY = new ArrayList<>();
        List<double[]> testX = new ArrayList<>();
        List<double[]> testY = new ArrayList<>();
        for (int i = 0; i < order.length; i++) {
            (i < held ? testX : trainX).add(inputs.get(order[i]).clone());
            (i < held ? testY : trainY).add(labels.get(order[i]));
        }
        if (standardise) {
            standardise(trainX, testX);
        }
        return TaskData.rows(floats(trainX), floats(trainY), floats(testX), floats(testY), measure);
    }

    private static void standardise(List<double[]> train, List<double[]> test) {
        for (int column = 0; column < train.get(0).length; column++) {
            int c = column;
            double mean = train.stream().mapToDouble(row -> row[c]).average().orElseThrow();
            double variance = train.stream().mapToDouble(row -> (row[c] - mean) * (row[c] - mean)).average()
                    .orElseThrow();
            double deviation = Math.sqrt(variance) + SMALLEST_DEVIATION;
            train.forEach(row -> row[c] = (row[c] - mean) / deviation);
            test.forEach(row -> row[c] = (row[c] - mean) / deviation);
        }
    }

    private static float[][] floats(List<double[]> rows) {
        float[][] floats = new float[rows.size()][];
        for (int i = 0; i < floats.length; i++) {
            double[] row = rows.get(i);
            floats[i] = new float[row.length];
            for (int j = 0; j < row.length; j++) {
                floats[i][j] = (float) row[j];
            }
        }
        return floats;
    }
}
