package org.ibhebb.samples.stream;

import java.util.Random;

/**
 * A hyperplane that turns (Hulten, Spencer and Domingos, 2001): ten numbers in [0, 1), of class 1 where their weighted
 * sum is at least half of the weights' sum. After each sample every weight moves by 0.001, and with a chance of one in
 * ten the other way from then on. One label in twenty is wrong.
 */
final class HyperplaneStream extends GeneratedSource {

    private static final int NUMBERS = 10;
    private static final double STEP = 0.001;
    private static final double TURN = 0.1;
    private static final double NOISE = 0.05;

    private final Random random;
    private final double[] weights = new double[NUMBERS];
    private final int[] directions = new int[NUMBERS];

    HyperplaneStream(long seed) {
        super(Column.numbers(NUMBERS), 2);
        this.random = new Random(seed);
        for (int i = 0; i < NUMBERS; i++) {
            weights[i] = random.nextDouble();
            directions[i] = 1;
        }
    }

    @Override
    public int next(float[] x, int first) {
        double sum = 0;
        double ofWeights = 0;
        for (int i = 0; i < NUMBERS; i++) {
            x[first + i] = random.nextFloat();
            sum += weights[i] * x[first + i];
            ofWeights += weights[i];
        }
        int label = sum >= ofWeights / 2 ? 1 : 0;
        for (int i = 0; i < NUMBERS; i++) {
            weights[i] += directions[i] * STEP;
            directions[i] *= random.nextDouble() < TURN ? -1 : 1;
        }
        return random.nextDouble() < NOISE ? 1 - label : label;
    }
}
