package org.ibhebb.samples.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The digits of a seven-segment display (Breiman and others, 1984), in which each segment is wrong one time in ten, and
 * seventeen more that say nothing. Seven of those that say nothing have changed places with the segments.
 */
final class LedStream extends GeneratedSource {

    private static final int DIGITS = 10;
    private static final int SEGMENTS = 7;
    private static final int ATTRIBUTES = 24;
    private static final double NOISE = 0.1;
    /** Of each digit: top, upper left, upper right, middle, lower left, lower right, bottom. */
    private static final String[] LIT = {"1110111", "0010010", "1011101", "1011011", "0111010", "1101011", "1101111",
        "1010010", "1111111", "1111011"};

    private final Random random;
    /** By attribute: the segment that it shows, if it is below {@link #SEGMENTS}. */
    private final int[] shown = new int[ATTRIBUTES];

    LedStream(long seed) {
        super(segments(), DIGITS);
        this.random = new Random(seed);
        List<Integer> others = new ArrayList<>();
        for (int i = 0; i < ATTRIBUTES; i++) {
            shown[i] = i;
            if (i >= SEGMENTS) {
                others.add(i);
            }
        }
        for (int i = 0; i < SEGMENTS; i++) {
            int other = others.remove(random.nextInt(others.size()));
            shown[i] = other;
            shown[other] = i;
        }
    }

    private static List<Column> segments() {
        List<Column> columns = new ArrayList<>();
        for (int i = 1; i <= ATTRIBUTES; i++) {
            columns.add(nominal("segment " + i, 2));
        }
        return columns;
    }

    @Override
    public int next(float[] x, int first) {
        int digit = random.nextInt(DIGITS);
        for (int i = 0; i < ATTRIBUTES; i++) {
            boolean lit = shown[i] < SEGMENTS
                    ? LIT[digit].charAt(shown[i]) == '1' != random.nextDouble() < NOISE
                    : random.nextBoolean();
            x[first + 2 * i] = lit ? 0 : 1;
            x[first + 2 * i + 1] = lit ? 1 : 0;
        }
        return digit;
    }
}
