package org.ibhebb.internal.pretraining;

import java.util.Arrays;
import java.util.Random;

/**
 * Streams of samples that stand for those of any task: of each kind that a layer's activations, labels or inputs may
 * be. Each has statistics of its own, drawn at random, and lasts a while; then another one begins.
 */
public final class SyntheticStreams {

    private static final int LENGTH = 200;
    /** By how much means wander at each sample, relative to the deviations. */
    private static final double DRIFT = 0.05;

    private enum Kind {
        /** Columns without anything in common. */
        WHITE,
        /** Correlated columns with means of their own. */
        CORRELATED,
        /** The same, while the means wander. */
        DRIFTING,
        /** The same after rectification and layer normalisation: what a signal sees of a layer. */
        ACTIVATIONS,
        /** One-hot labels. */
        LABELS
    }

    private final int width;
    private final int labels;
    private final Random random;

    private int left;
    private Kind kind;
    /** Of the columns; those behind do not occur, as in the last block of a wide layer. */
    private int used;
    private double[][] mixing;
    private double[] means;

    public SyntheticStreams(int width, int labels, long seed) {
        this.width = width;
        this.labels = labels;
        this.random = new Random(seed);
    }

    /** The next sample. */
    public void next(float[] sample) {
        if (left-- == 0) {
            begin();
        }
        Arrays.fill(sample, 0);
        switch (kind) {
            case WHITE -> {
                for (int column = 0; column < used; column++) {
                    sample[column] = (float) random.nextGaussian();
                }
            }
            case CORRELATED -> mix(sample);
            case DRIFTING -> {
                mix(sample);
                for (int column = 0; column < used; column++) {
                    means[column] += DRIFT * random.nextGaussian();
                }
            }
            case ACTIVATIONS -> {
                mix(sample);
                normalizeRectified(sample, used);
            }
            case LABELS -> sample[random.nextInt(used)] = 1;
        }
    }

    private void begin() {
        left = LENGTH - 1;
        kind = Kind.values()[random.nextInt(Kind.values().length)];
        used = kind == Kind.LABELS ? Math.min(labels, width) : random.nextBoolean() ? width : 1 + random.nextInt(width);
        int causes = 1 + random.nextInt(used);
        double deviation = 1 / Math.sqrt(causes);
        mixing = new double[causes][used];
        for (double[] cause : mixing) {
            for (int column = 0; column < used; column++) {
                cause[column] = deviation * random.nextGaussian();
            }
        }
        double spread = random.nextDouble();
        means = new double[used];
        for (int column = 0; column < used; column++) {
            means[column] = spread * random.nextGaussian();
        }
    }

    private void mix(float[] sample) {
        double[] sums = means.clone();
        for (double[] cause : mixing) {
            double strength = random.nextGaussian();
            for (int column = 0; column < used; column++) {
                sums[column] += strength * cause[column];
            }
        }
        for (int column = 0; column < used; column++) {
            sample[column] = (float) sums[column];
        }
    }

    /** Rectifies the first columns and brings them to mean 0 and variance 1. */
    static void normalizeRectified(float[] sample, int columns) {
        double mean = 0;
        for (int column = 0; column < columns; column++) {
            sample[column] = Math.max(0, sample[column]);
            mean += sample[column] / columns;
        }
        double variance = 0;
        for (int column = 0; column < columns; column++) {
            variance += (sample[column] - mean) * (sample[column] - mean) / columns;
        }
        for (int column = 0; column < columns; column++) {
            sample[column] = (float) ((sample[column] - mean) / Math.sqrt(variance + 1e-5));
        }
    }
}
