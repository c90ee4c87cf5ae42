package org.ibhebb.samples.stream;

import java.util.Random;

/**
 * Waveforms (Breiman and others, 1984): 21 points of the mixture of two of three triangular waves, in shares that are
 * drawn, with normal noise on each; which two it is is the class.
 */
final class WaveformStream extends GeneratedSource {

    private static final int POINTS = 21;
    private static final int CLASSES = 3;
    private static final double HEIGHT = 6;
    /** Where the three waves are highest. */
    private static final int[] PEAKS = {6, 14, 10};
    private static final int[][] MIXED = {{0, 1}, {0, 2}, {1, 2}};

    private final Random random;

    WaveformStream(long seed) {
        super(Column.numbers(POINTS), CLASSES);
        this.random = new Random(seed);
    }

    @Override
    public int next(float[] x, int first) {
        int label = random.nextInt(CLASSES);
        double share = random.nextDouble();
        for (int i = 0; i < POINTS; i++) {
            x[first + i] = (float) (share * wave(MIXED[label][0], i) + (1 - share) * wave(MIXED[label][1], i)
                    + random.nextGaussian());
        }
        return label;
    }

    private static double wave(int which, int point) {
        return Math.max(0, HEIGHT - Math.abs(point - PEAKS[which]));
    }
}
