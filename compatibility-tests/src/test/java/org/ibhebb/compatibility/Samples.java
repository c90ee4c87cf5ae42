package org.ibhebb.compatibility;

import java.util.Collections;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Small data sets with a fixed seed. Most are XOR arrangements: two hidden factors, each +1 or -1, and a class that says
 * whether they agree. No readout can tell these classes apart without hidden layers that have learnt something.
 */
final class Samples {

    /** How far the factors stand out of noise of variance 1. */
    private static final double STRENGTH = 5;

    private Samples() {}

    /** XOR in a space of this many dimensions, most of them noise; the factors point in two directions of that space. */
    static DataSet xor(long seed, int samples, int dimensions) {
        return xor(seed, samples, new long[] {dimensions}, direction(1, dimensions), direction(2, dimensions));
    }

    /** XOR of images: the factors are the signs of two patterns, a vertical and a horizontal edge. */
    static DataSet xorImages(long seed, int samples, int side) {
        double[] vertical = new double[side * side];
        double[] horizontal = new double[side * side];
        for (int pixel = 0; pixel < side * side; pixel++) {
            vertical[pixel] = (pixel % side < side / 2 ? 1.0 : -1.0) / side;
            horizontal[pixel] = (pixel / side < side / 2 ? 1.0 : -1.0) / side;
        }
        return xor(seed, samples, new long[] {1, side, side}, vertical, horizontal);
    }

    /** Four textures that look alike on average; the classes are two pairs of opposite ones. */
    static DataSet textures(long seed, int samples, int side) {
        Random random = new Random(seed);
        INDArray images = Nd4j.create(DataType.FLOAT, samples, 1, side, side);
        INDArray labels = Nd4j.create(DataType.FLOAT, samples, 2);
        for (int sample = 0; sample < samples; sample++) {
            int texture = random.nextInt(4);
            int phase = random.nextInt(2);
            for (int row = 0; row < side; row++) {
                for (int column = 0; column < side; column++) {
                    int bright = switch (texture) {
                        case 0 -> row + phase;
                        case 1 -> column + phase;
                        case 2 -> row + column + phase;
                        default -> (row + column + phase) / 2;
                    };
                    images.putScalar(new long[] {sample, 0, row, column},
                            (bright % 2 == 0 ? 1 : -1) + 0.8 * random.nextGaussian());
                }
            }
            labels.putScalar(sample, texture % 3 == 0 ? 0 : 1, 1);
        }
        return new DataSet(images, labels);
    }

    /** XOR of sequences (samples, features, time): the factors are the signs of two features' means over time. */
    static DataSet xorSequences(long seed, int samples, int features, int steps) {
        double[] first = new double[features * steps];
        double[] second = new double[features * steps];
        for (int step = 0; step < steps; step++) {
            first[step] = 1 / Math.sqrt(steps);
            second[steps + step] = 1 / Math.sqrt(steps);
        }
        return xor(seed, samples, new long[] {features, steps}, first, second);
    }

    /**
     * A class that one direction tells, in noise of many dimensions. A narrow layer that looks elsewhere loses it, so
     * that readouts above hidden layers that have learnt nothing are left with little; no curved function is needed.
     */
    static DataSet needle(long seed, int samples, int dimensions) {
        return needle(seed, samples, direction(1, dimensions), dimensions);
    }

    /** The same for sequences (samples, features, time): the direction is one of features, at every time step. */
    static DataSet needleSequences(long seed, int samples, int features, int steps) {
        double[] each = direction(1, features);
        double[] direction = new double[features * steps];
        for (int i = 0; i < direction.length; i++) {
            direction[i] = each[i / steps] / Math.sqrt(steps);
        }
        return needle(seed, samples, direction, features, steps);
    }

    /**
     * Sequences (samples, features, time) with a label for each time step: the sign that one direction had at the time
     * step before (at the first one, has now).
     */
    static DataSet echoes(long seed, int samples, int features, int steps) {
        double[] direction = direction(1, features);
        Random random = new Random(seed);
        INDArray series = noise(seed + 1000, samples, features, steps);
        INDArray labels = Nd4j.create(DataType.FLOAT, samples, 2, steps);
        for (int sample = 0; sample < samples; sample++) {
            boolean before = false;
            for (int step = 0; step < steps; step++) {
                boolean now = random.nextBoolean();
                for (int i = 0; i < features; i++) {
                    long[] index = {sample, i, step};
                    series.putScalar(index, series.getDouble(index) + (now ? STRENGTH : -STRENGTH) * direction[i]);
                }
                labels.putScalar(new long[] {sample, (step == 0 ? now : before) ? 1 : 0, step}, 1);
                before = now;
            }
        }
        return new DataSet(series, labels);
    }

    /** The same sequences, of which each has some time steps at the beginning only: as many as there are, or less. */
    static DataSet ofDifferentLengths(DataSet sequences, boolean labelsToo) {
        INDArray features = sequences.getFeatures();
        int steps = (int) features.size(2);
        INDArray mask = Nd4j.create(DataType.FLOAT, features.size(0), steps);
        for (int sample = 0; sample < features.size(0); sample++) {
            for (int step = 0; step < steps - sample % (steps / 2); step++) {
                mask.putScalar(sample, step, 1);
            }
        }
        return new DataSet(features, sequences.getLabels(), mask, labelsToo ? mask : null);
    }

    private static DataSet needle(long seed, int samples, double[] direction, long... shape) {
        return factors(seed, samples, shape, direction, new double[direction.length], true);
    }

    /** Sequences of word numbers, all of them even or all of them odd, which the label tells. */
    static MultiDataSet words(long seed, int samples, int words, int length) {
        Random random = new Random(seed);
        INDArray numbers = Nd4j.create(DataType.FLOAT, samples, length);
        INDArray odd = Nd4j.create(DataType.FLOAT, samples, 2);
        for (int sample = 0; sample < samples; sample++) {
            int remainder = random.nextInt(2);
            for (int i = 0; i < length; i++) {
                numbers.putScalar(sample, i, 2 * random.nextInt(words / 2) + remainder);
            }
            odd.putScalar(sample, remainder, 1);
        }
        return new MultiDataSet(numbers, odd);
    }

    /** Images (samples, 1, height, width), each several times, one behind the other. */
    static MultiDataSet stacked(MultiDataSet images, int depth) {
        INDArray one = images.getFeatures(0);
        INDArray flat = one.reshape(one.size(0), 1, 1, one.size(2), one.size(3));
        INDArray[] copies = Collections.nCopies(depth, flat).toArray(INDArray[]::new);
        return new MultiDataSet(Nd4j.concat(2, copies), images.getLabels(0));
    }

    /** The same data in another shape. */
    static MultiDataSet reshaped(MultiDataSet data, long... shape) {
        return new MultiDataSet(data.getFeatures(0).reshape(shape), data.getLabels(0));
    }

    /** The factors themselves, one column each, as {@link #xor} of the same seed and size uses them. */
    static INDArray factors(long seed, int samples) {
        Random random = new Random(seed);
        INDArray factors = Nd4j.create(DataType.FLOAT, samples, 2);
        for (int i = 0; i < 2 * samples; i++) {
            factors.putScalar(i / 2, i % 2, random.nextBoolean() ? 1 : -1);
        }
        return factors;
    }

    /** Whether each factor is positive, as one-hot rows. */
    static INDArray oneHot(INDArray factor) {
        INDArray labels = Nd4j.create(DataType.FLOAT, factor.length(), 2);
        for (int sample = 0; sample < factor.length(); sample++) {
            labels.putScalar(sample, factor.getDouble(sample) > 0 ? 1 : 0, 1);
        }
        return labels;
    }

    /** Noise of variance 1, in the network's default precision. */
    static INDArray noise(long seed, long... shape) {
        Random random = new Random(seed);
        INDArray array = Nd4j.create(DataType.FLOAT, shape);
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, random.nextGaussian());
        }
        return array;
    }

    private static DataSet xor(long seed, int samples, long[] shape, double[] first, double[] second) {
        return factors(seed, samples, shape, first, second, false);
    }

    /** Two factors in noise, each along a direction; the class is the first one, or whether they agree. */
    private static DataSet factors(
            long seed, int samples, long[] shape, double[] first, double[] second, boolean onlyFirst) {
        INDArray factors = factors(seed, samples);
        INDArray features = noise(seed + 1000, samples, first.length);
        for (int sample = 0; sample < samples; sample++) {
            for (int i = 0; i < first.length; i++) {
                features.putScalar(sample, i, features.getDouble(sample, i)
                        + STRENGTH * (factors.getDouble(sample, 0) * first[i] + factors.getDouble(sample, 1) * second[i]));
            }
        }
        long[] full = new long[shape.length + 1];
        full[0] = samples;
        System.arraycopy(shape, 0, full, 1, shape.length);
        INDArray factor = onlyFirst ? factors.getColumn(0) : factors.getColumn(0).mul(factors.getColumn(1));
        return new DataSet(features.reshape(full), oneHot(factor));
    }

    private static double[] direction(long seed, int dimensions) {
        Random random = new Random(seed);
        double[] direction = random.doubles(dimensions, -1, 1).toArray();
        double norm = 0;
        for (double value : direction) {
            norm += value * value;
        }
        for (int i = 0; i < dimensions; i++) {
            direction[i] /= Math.sqrt(norm);
        }
        return direction;
    }
}
