package org.ibhebb.samples.stream;

import java.util.Random;

/**
 * SEA (Street and Kim, 2001): three numbers in [0, 10), of which the first two tell the class, 0 where their sum is at
 * most a threshold: 8, and from the drift on 9.5. One label in ten is wrong.
 */
final class SeaStream extends GeneratedSource {

    static final double BEFORE = 8;
    static final double AFTER = 9.5;
    static final double NOISE = 0.1;
    private static final int NUMBERS = 3;
    private static final double RANGE = 10;

    private final Random random;
    private final long drift;
    private long count;

    /** @param drift how many samples come before it */
    SeaStream(long seed, long drift) {
        super(Column.numbers(NUMBERS), 2);
        this.random = new Random(seed);
        this.drift = drift;
    }

    @Override
    public int next(float[] x, int first) {
        for (int i = 0; i < NUMBERS; i++) {
            x[first + i] = (float) (RANGE * random.nextDouble());
        }
        int label = x[first] + x[first + 1] <= (count++ < drift ? BEFORE : AFTER) ? 0 : 1;
        return random.nextDouble() < NOISE ? 1 - label : label;
    }
}
