package org.ibhebb.samples.stream;

import java.util.Random;

/**
 * Moving clusters, as MOA's radial-basis generator has them: fifty centres in the unit cube of ten dimensions, each of
 * one of five classes, with a weight, a width and a direction in which it moves after every sample, and which it turns
 * at the cube's sides.
 */
final class RadialBasisStream extends GeneratedSource {

    private static final int NUMBERS = 10;
    private static final int CLASSES = 5;
    private static final int CENTRES = 50;

    private final Random random;
    private final double speed;
    private final Centre[] centres = new Centre[CENTRES];
    private double weights;

    private static final class Centre {
        private final double[] at = new double[NUMBERS];
        private final double[] direction = new double[NUMBERS];
        private int label;
        private double width;
        private double weight;
    }

    /** @param speed by which every centre moves after each sample */
    RadialBasisStream(long seed, double speed) {
        super(Column.numbers(NUMBERS), CLASSES);
        this.random = new Random(seed);
        this.speed = speed;
        for (int c = 0; c < CENTRES; c++) {
            Centre centre = new Centre();
            double length = 0;
            for (int i = 0; i < NUMBERS; i++) {
                centre.at[i] = random.nextDouble();
                centre.direction[i] = random.nextDouble();
                length += centre.direction[i] * centre.direction[i];
            }
            for (int i = 0; i < NUMBERS; i++) {
                centre.direction[i] /= Math.sqrt(length);
            }
            centre.label = random.nextInt(CLASSES);
            centre.width = random.nextDouble();
            centre.weight = random.nextDouble();
            weights += centre.weight;
            centres[c] = centre;
        }
    }

    @Override
    public int next(float[] x, int first) {
        for (Centre centre : centres) {
            move(centre);
        }
        Centre centre = drawn();
        double[] offset = new double[NUMBERS];
        double length = 0;
        for (int i = 0; i < NUMBERS; i++) {
            offset[i] = 2 * random.nextDouble() - 1;
            length += offset[i] * offset[i];
        }
        double scale = random.nextGaussian() * centre.width / Math.sqrt(length);
        for (int i = 0; i < NUMBERS; i++) {
            x[first + i] = (float) (centre.at[i] + scale * offset[i]);
        }
        return centre.label;
    }

    private void move(Centre centre) {
        for (int i = 0; i < NUMBERS; i++) {
            centre.at[i] += speed * centre.direction[i];
            if (centre.at[i] > 1 || centre.at[i] < 0) {
                centre.at[i] = centre.at[i] > 1 ? 1 : 0;
                centre.direction[i] = -centre.direction[i];
            }
        }
    }

    private Centre drawn() {
        double left = weights * random.nextDouble();
        for (Centre centre : centres) {
            left -= centre.weight;
            if (left < 0) {
                return centre;
            }
        }
        return centres[CENTRES - 1];
    }
}
