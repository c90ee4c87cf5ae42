package org.ibhebb.samples.suite;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.ibhebb.samples.data.DataSets;
import org.ibhebb.samples.data.Digits;
import org.ibhebb.samples.data.Examples;
import org.ibhebb.samples.data.ImageShape;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.data.Images;
import org.ibhebb.samples.data.Tables;
import org.ibhebb.samples.folder.DataException;

/** Where the samples of a task come from: data sets, tables that come with this program, and random generators. */
enum Source {
    /** Handwritten digits of 28 x 28 pixels; held out are the last of the training images. */
    MNIST {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) throws IOException {
            return images(DataSets.MNIST, size, dataDir, notes);
        }
    },

    /** Pictures of clothes, likewise. */
    FASHION_MNIST {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) throws IOException {
            try {
                return images(DataSets.FASHION_MNIST, size, dataDir, notes);
            } catch (DataException e) {
                if (dataDir == null) {
                    throw e;
                }
                // The folder has other data sets; this one is looked for where Debian has it.
                return images(DataSets.FASHION_MNIST, size, null, notes);
            }
        }
    },

    /** Colour images, likewise. */
    CIFAR10 {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) throws IOException {
            return images(DataSets.CIFAR10, size, dataDir, notes);
        }
    },

    /** Handwritten digits of 8 x 8 pixels: the training part of them, of which some are held out. */
    DIGITS {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) throws IOException {
            return digits(false).split(HELD, true, Measure.ERROR, random);
        }
    },

    /** The same digits as what is to be reproduced, from 0 to 1. */
    DIGITS_THEMSELVES {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) throws IOException {
            return digits(true).split(HELD, false, Measure.UNEXPLAINED, random);
        }
    },

    /** Three kinds of flowers. */
    IRIS {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) throws IOException {
            return table(Tables.IRIS, random);
        }
    },

    /** Three cultivars of wine. */
    WINE {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) throws IOException {
            return table(Tables.WINE, random);
        }
    },

    /** Benign and malignant tumours. */
    BREAST_CANCER {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) throws IOException {
            return table(Tables.BREAST_CANCER, random);
        }
    },

    /** Two half circles that reach into each other. */
    MOONS {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            Samples samples = new Samples();
            for (int i = 0; i < 1000; i++) {
                int label = i % 2;
                double angle = Math.PI * random.nextDouble();
                double x = label == 0 ? Math.cos(angle) : 1 - Math.cos(angle);
                double y = label == 0 ? Math.sin(angle) : 0.5 - Math.sin(angle);
                samples.add(noisy(random, 0.2, x, y), label, 2);
            }
            return samples.split(HALF, true, Measure.ERROR, random);
        }
    },

    /** A circle around a smaller one. */
    CIRCLES {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            Samples samples = new Samples();
            for (int i = 0; i < 1000; i++) {
                double radius = i % 2 == 0 ? 1 : 0.4;
                double angle = 2 * Math.PI * random.nextDouble();
                samples.add(noisy(random, 0.1, radius * Math.cos(angle), radius * Math.sin(angle)), i % 2, 2);
            }
            return samples.split(HALF, true, Measure.ERROR, random);
        }
    },

    /** A ball inside a ring, far from standardised. */
    SATURN {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            Samples samples = new Samples();
            for (int i = 0; i < 1000; i++) {
                double radius = i % 2 == 0 ? 3 * Math.sqrt(random.nextDouble()) : 8 + 2 * random.nextDouble();
                double angle = 2 * Math.PI * random.nextDouble();
                samples.add(noisy(random, 0.3, radius * Math.cos(angle), radius * Math.sin(angle)), i % 2, 2);
            }
            return samples.split(HALF, false, Measure.ERROR, random);
        }
    },

    /** Normal distributions around as many random places as there are classes: in 2 dimensions for up to 4, else 20. */
    BLOBS {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            int dimensions = size <= 4 ? 2 : 20;
            double deviation = size <= 4 ? 2 : 3;
            double[][] centres = new double[size][dimensions];
            for (double[] centre : centres) {
                for (int i = 0; i < dimensions; i++) {
                    centre[i] = 20 * random.nextDouble() - 10;
                }
            }
            Samples samples = new Samples();
            int count = Math.max(1000, 40 * size);
            for (int i = 0; i < count; i++) {
                samples.add(noisy(random, deviation, centres[i % size]), i % size, size);
            }
            return samples.split(0.25, true, Measure.ERROR, random);
        }
    },

    /** Exclusive or of two bits. */
    XOR {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            Samples samples = new Samples();
            for (int i = 0; i < 4; i++) {
                samples.add(new double[] {i & 1, i >> 1}, (i & 1) ^ (i >> 1), 2);
            }
            return samples.whole(Measure.ERROR);
        }
    },

    /** The parity of four bits, which are -1 or 1. */
    PARITY {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            Samples samples = new Samples();
            for (int i = 0; i < 16; i++) {
                int bits = i;
                samples.add(IntStream.range(0, 4).mapToDouble(bit -> 2 * (bits >> bit & 1) - 1).toArray(),
                        Integer.bitCount(i) % 2, 2);
            }
            return samples.whole(Measure.ERROR);
        }
    },

    /** A class of 95 samples in 100 and one of 5, which lies in a ring around the first. */
    IMBALANCE {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            Samples samples = new Samples();
            for (int i = 0; i < 3000; i++) {
                int label = i % 20 == 0 ? 1 : 0;
                double[] point = noisy(random, 1, new double[4]);
                if (label == 1) {
                    double length = Math.sqrt(IntStream.range(0, 4).mapToDouble(j -> point[j] * point[j]).sum());
                    for (int j = 0; j < point.length; j++) {
                        point[j] *= (3.2 + 0.4 * random.nextGaussian()) / length;
                    }
                }
                samples.add(point, label, 2);
            }
            return samples.split(HELD, true, Measure.BALANCED_ERROR, random);
        }
    },

    /** 40 tags, of which each sample has a few: each is there where two random features of the inputs agree. */
    TAGS {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            int inputs = 20;
            int tags = 40;
            double[][] first = gaussian(random, tags, inputs);
            double[][] second = gaussian(random, tags, inputs);
            Samples samples = new Samples();
            for (int i = 0; i < 3000; i++) {
                double[] input = noisy(random, 1, new double[inputs]);
                double[] label = new double[tags];
                for (int tag = 0; tag < tags; tag++) {
                    label[tag] = dot(first[tag], input) > 2.5 && dot(second[tag], input) > -4 ? 1 : 0;
                }
                samples.add(input, label);
            }
            return samples.split(HELD, true, Measure.TAGS, random);
        }
    },

    /** The sum of two numbers. */
    SUM {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            Samples samples = new Samples();
            for (int i = 0; i < 1000; i++) {
                double a = 3 * random.nextDouble();
                double b = 3 * random.nextDouble();
                samples.add(new double[] {a, b}, new double[] {a + b});
            }
            return samples.split(0.2, false, Measure.UNEXPLAINED, random);
        }
    },

    /** sin(x) / x over three periods to either side. */
    SINC {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            return function(random, 1000, 10, x -> Math.sin(x) / x);
        }
    },

    /** A period of the sine. */
    SINE {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            return function(random, 1000, Math.PI, Math::sin);
        }
    },

    /** The square, of which no unit sees anything by itself to begin with. */
    SQUARE {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            return function(random, 600, 1, x -> x * x);
        }
    },

    /** Friedman's first function, of five of six inputs, without noise; standardised. */
    FRIEDMAN {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            Samples samples = new Samples();
            for (int i = 0; i < 1000; i++) {
                double[] x = random.doubles(6).toArray();
                double y = 10 * Math.sin(Math.PI * x[0] * x[1]) + 20 * (x[2] - 0.5) * (x[2] - 0.5) + 10 * x[3]
                        + 5 * x[4];
                samples.add(x, new double[] {(y - 14.4) / 4.9});
            }
            return samples.split(0.2, true, Measure.UNEXPLAINED, random);
        }
    },

    /** Eight one-hot rows, to be reproduced. */
    EIGHT {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            Samples samples = new Samples();
            for (int i = 0; i < 8; i++) {
                samples.add(Samples.oneHot(i, 8), i, 8);
            }
            return samples.whole(Measure.UNEXPLAINED);
        }
    },

    /** Eight numbers that two hidden ones make up, to be reproduced. */
    BUNDLE {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            double[][] mixing = gaussian(random, 8, 2);
            Samples samples = new Samples();
            for (int i = 0; i < 1000; i++) {
                double[] hidden = {random.nextGaussian(), random.nextGaussian()};
                double[] row = IntStream.range(0, 8).mapToDouble(j -> Math.tanh(dot(mixing[j], hidden))).toArray();
                samples.add(row, row);
            }
            return samples.split(0.2, false, Measure.UNEXPLAINED, random);
        }
    },

    /** Control charts of 30 steps: normal, cyclic, rising, falling, shifted up, shifted down (Alcock 1999). */
    CHARTS {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            Samples samples = new Samples();
            int steps = 30;
            for (int i = 0; i < 480; i++) {
                int label = i % 6;
                double amplitude = 10 + 5 * random.nextDouble();
                double period = 8 + 5 * random.nextDouble();
                double slope = 0.2 + 0.3 * random.nextDouble();
                double jump = 7.5 + 12.5 * random.nextDouble();
                double start = steps / 3.0 + random.nextDouble() * steps / 3;
                double[] chart = new double[steps];
                for (int t = 0; t < steps; t++) {
                    double change = switch (label) {
                        case 1 -> amplitude * Math.sin(2 * Math.PI * t / period);
                        case 2 -> slope * t;
                        case 3 -> -slope * t;
                        case 4 -> t < start ? 0 : jump;
                        case 5 -> t < start ? 0 : -jump;
                        default -> 0;
                    };
                    chart[t] = (2 * random.nextGaussian() + change) / 10;
                }
                samples.add(chart, label, 6);
            }
            return samples.split(HELD, false, Measure.ERROR, random)
                    .shaped(new long[] {1, steps}, new long[] {6});
        }
    },

    /** A random bit every step; to be told is the one of two steps before. */
    ECHO {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            int steps = 16;
            int delay = 2;
            Samples samples = new Samples();
            for (int i = 0; i < 800; i++) {
                double[] bits = new double[steps];
                double[] labels = new double[2 * steps];
                for (int t = 0; t < steps; t++) {
                    bits[t] = random.nextInt(2);
                    int told = t < delay ? 0 : (int) bits[t - delay];
                    labels[told * steps + t] = 1;
                }
                samples.add(bits, labels);
            }
            return samples.split(HELD, false, Measure.ERROR, random)
                    .shaped(new long[] {1, steps}, new long[] {2, steps});
        }
    },

    /** Five noisy waves of one frequency out of three, each a little later than the one before, at any phase. */
    WAVES {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            int waves = 5;
            int steps = 16;
            int frequencies = 3;
            Samples samples = new Samples();
            for (int i = 0; i < 1500; i++) {
                int frequency = random.nextInt(frequencies);
                double phase = 2 * Math.PI * random.nextDouble();
                double[] sequence = new double[waves * steps];
                for (int wave = 0; wave < waves; wave++) {
                    for (int t = 0; t < steps; t++) {
                        sequence[wave * steps + t] = Math.sin(phase + wave + (0.5 + 0.35 * frequency) * t)
                                + 0.8 * random.nextGaussian();
                    }
                }
                double[] label = new double[frequencies];
                label[frequency] = 1;
                samples.add(sequence, label);
            }
            return samples.split(HELD, false, Measure.ERROR, random)
                    .shaped(new long[] {waves, steps}, new long[] {frequencies});
        }
    },

    /** Random numbers, two of them marked; to be told at the end is the sum of those. */
    ADDING {
        @Override
        TaskData make(int size, Random random, Path dataDir, PrintWriter notes) {
            int steps = 10;
            Samples samples = new Samples();
            for (int i = 0; i < 1000; i++) {
                int first = random.nextInt(steps / 2);
                int second = steps / 2 + random.nextInt(steps / 2);
                double[] sequence = new double[2 * steps];
                for (int t = 0; t < steps; t++) {
                    sequence[t] = random.nextDouble();
                }
                sequence[steps + first] = 1;
                sequence[steps + second] = 1;
                samples.add(sequence, new double[] {sequence[first] + sequence[second]});
            }
            return samples.split(HELD, false, Measure.UNEXPLAINED, random)
                    .shaped(new long[] {2, steps}, new long[] {1});
        }
    };

    private static final double HELD = 0.3;
    private static final double HALF = 0.5;
    private static final int MOST_HELD_IMAGES = 5000;

    /** Of one variable, from {@code -range} to {@code range}. */
    private interface Function {
        double of(double x);
    }

    /**
     * The samples; equal seeds give equal ones.
     *
     * @param size as in {@link Task.Data}
     * @param dataDir where data sets are looked for; null for where they usually are
     * @param notes gets a line for each thing that the user should know
     * @throws DataException if a data set is not there
     */
    abstract TaskData make(int size, Random random, Path dataDir, PrintWriter notes) throws IOException;

    private static TaskData images(DataSets data, int size, Path dataDir, PrintWriter notes) throws IOException {
        LearningTask task = data.loadForValidation(dataDir, notes).trainingOnFirst(size);
        Examples held = task.evaluation().first(MOST_HELD_IMAGES);
        ImageShape shape = held.shape();
        return TaskData.of(task, held, new long[] {shape.channels(), shape.height(), shape.width()});
    }

    private static Samples digits(boolean themselves) throws IOException {
        Images images = Digits.train();
        Samples samples = new Samples();
        int size = images.shape().size();
        for (int i = 0; i < images.count(); i++) {
            double[] pixels = new double[size];
            for (int j = 0; j < size; j++) {
                pixels[j] = images.pixels()[i * size + j] / 16.0;
            }
            if (themselves) {
                samples.add(pixels, pixels);
            } else {
                samples.add(pixels, images.labels()[i], 10);
            }
        }
        return samples;
    }

    private static TaskData table(Tables table, Random random) throws IOException {
        Tables.Content content = table.read();
        int classes = content.labels().stream().mapToInt(Integer::intValue).max().orElseThrow() + 1;
        Samples samples = new Samples();
        for (int i = 0; i < content.labels().size(); i++) {
            samples.add(content.inputs().get(i), content.labels().get(i), classes);
        }
        return samples.split(HELD, true, Measure.ERROR, random);
    }

    private static TaskData function(Random random, int count, double range, Function function) {
        Samples samples = new Samples();
        for (int i = 0; i < count; i++) {
            double x = range * (2 * random.nextDouble() - 1);
            samples.add(new double[] {x}, new double[] {function.of(x)});
        }
        return samples.split(0.2, true, Measure.UNEXPLAINED, random);
    }

    private static double[] noisy(Random random, double deviation, double... around) {
        double[] noisy = around.clone();
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] += deviation * random.nextGaussian();
        }
        return noisy;
    }

    private static double[][] gaussian(Random random, int rows, int columns) {
        double[][] values = new double[rows][];
        for (int i = 0; i < rows; i++) {
            values[i] = noisy(random, 1, new double[columns]);
        }
        return values;
    }

    private static double dot(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
