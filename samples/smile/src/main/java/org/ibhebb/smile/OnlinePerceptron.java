package org.ibhebb.smile;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import smile.base.mlp.Layer;
import smile.base.mlp.LayerBuilder;
import smile.base.mlp.OutputFunction;
import smile.classification.MLP;
import smile.math.MathEx;
import smile.math.TimeFunction;

/**
 * Smile's multilayer perceptron learns images from standard input, one at a time, by {@code MLP.update}, and says how
 * many a second it took of this thread's processor time, and how many test images it gets right.
 *
 * <p>Standard input, big-endian: the numbers of inputs, classes and hidden layers and the size of each of those (32
 * bits each), the seed (64 bits), the mean and the deviation of pixels in [0, 1] (32-bit floats); then twice, for
 * training and test images, their number, and of each its class and its pixels (a byte each). Standard output: one line,
 * samples a second and per cent right.
 */
public final class OnlinePerceptron {

    /** What fits one pass best, of those that were tried; it falls to 0 with the last sample. */
    private static final double RATE = 0.01;
    /** Until here the compiler is at work, and time does not count. */
    private static final int WARM_UP = 10_000;
    private static final double LARGEST = 255;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final DataInputStream in;
    private final int inputs;
    private final float mean;
    private final float deviation;
    private final byte[] pixels;
    private final double[] x;
    private int label;

    private OnlinePerceptron(DataInputStream in, int inputs, float mean, float deviation) {
        this.in = in;
        this.inputs = inputs;
        this.mean = mean;
        this.deviation = deviation;
        this.pixels = new byte[inputs];
        this.x = new double[inputs];
    }

    /**
     * Learns what is on standard input.
     *
     * @param args none
     * @throws IOException if it ends too early
     */
    public static void main(String[] args) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 16));
        int inputs = in.readInt();
        int classes = in.readInt();
        LayerBuilder[] layers = new LayerBuilder[in.readInt() + 2];
        layers[0] = Layer.input(inputs);
        for (int i = 1; i < layers.length - 1; i++) {
            layers[i] = Layer.rectifier(in.readInt());
        }
        layers[layers.length - 1] = Layer.mle(classes, OutputFunction.SOFTMAX);
        MathEx.setSeed(in.readLong());
        new OnlinePerceptron(in, inputs, in.readFloat(), in.readFloat()).run(new MLP(layers));
    }

    private void run(MLP network) throws IOException {
        int training = in.readInt();
        network.setLearningRate(TimeFunction.linear(RATE, training, 0));
        long nanos = 0;
        int counted = 0;
        for (int i = 0; i < training; i++) {
            read();
            long start = THREADS.getCurrentThreadCpuTime();
            network.update(x, label);
            if (i >= WARM_UP) {
                nanos += THREADS.getCurrentThreadCpuTime() - start;
                counted++;
            }
        }
        int test = in.readInt();
        int right = 0;
        for (int i = 0; i < test; i++) {
            read();
            right += network.predict(x) == label ? 1 : 0;
        }
        System.out.printf(Locale.ROOT, "%.1f %.4f%n", nanos == 0 ? 0 : counted * 1e9 / nanos, 100.0 * right / test);
    }

    private void read() throws IOException {
        label = in.readUnsignedByte();
        in.readFully(pixels);
        for (int k = 0; k < inputs; k++) {
            x[k] = ((pixels[k] & 0xFF) / LARGEST - mean) / deviation;
        }
    }
}
