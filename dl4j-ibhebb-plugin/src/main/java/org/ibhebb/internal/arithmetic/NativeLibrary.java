package org.ibhebb.internal.arithmetic;

import java.net.URL;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * The entry points of {@code ibhebb.hpp}, where they are described. JavaCPP generates the bridge when the plugin is
 * built. All arguments are addresses, sizes and strides in elements; {@link NativeArithmetic} checks them, and
 * nothing here does.
 */
@Platform(include = "kernel.hpp", library = NativeLibrary.LIBRARY, compiler = "cpp17")
@Namespace("ibhebb")
@NoException
public final class NativeLibrary {

    /** The name of the library that has this class's entry points, and those of streaming networks. */
    public static final String LIBRARY = "jniibhebb";

    /** The number of these entry points, which {@code base.hpp} has too; to be raised whenever one changes. */
    static final int INTERFACE = 8;

    static final int FLOAT = 0;
    static final int DOUBLE = 1;

    static final int OK = 0;
    static final int OUT_OF_MEMORY = 1;
    static final int OUT_OF_RANGE = 2;

    static final int GAUSSIAN = 0;
    static final int MEDIAN_GAUSSIAN = 1;
    static final int COSINE = 2;

    static final int GIVEN = 0;
    static final int HSIC_ZZ = 1;
    static final int NORMALIZED_HSIC = 2;

    private static boolean loaded;
    /** Why it can't be loaded: an error, or an exception that is not checked. JavaCPP fails in this way but once. */
    private static Throwable failure;

    private NativeLibrary() {}

    /** The library for this platform on the class path, be it one that loads or not; null if there is none. */
    private static URL onClassPath() {
        String name = Loader.loadProperties().getProperty("platform.library.prefix", "") + LIBRARY
                + Loader.loadProperties().getProperty("platform.library.suffix", "");
        return NativeLibrary.class.getResource(Loader.getPlatform() + "/" + name);
    }

    /** What to do about a library of another release. */
    static String bothJars() {
        return ": take both jars, dl4j-ibhebb-plugin with and without the classifier " + Loader.getPlatform()
                + ", of one version";
    }

    /**
     * In one sentence, for whoever wants it to load.
     *
     * @param failure what {@link #load} threw
     */
    static String whyNotLoaded(Throwable failure) {
        String platform = Loader.getPlatform();
        return onClassPath() != null
                ? "its library for " + platform + " does not load: " + failure
                : "no library for " + platform + " is on the class path: add the dependency dl4j-ibhebb-plugin with"
                        + " classifier " + platform;
    }

    /**
     * Loads the library, if that has not been tried yet.
     *
     * @throws UnsupportedOperationException if it is of another release than these classes
     * @throws UnsatisfiedLinkError if it is not on the class path, is damaged, or does not load
     */
    public static synchronized void load() {
        if (failure == null && !loaded) {
            try {
                check();
                loaded = true;
            } catch (RuntimeException | Error e) {
                failure = e;
            }
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /** Loads it, unless it is not what the build of these classes made. */
    private static void check() {
        URL library = onClassPath();
        if (library != null) {
            LibraryFile.check(library);
        }
        Loader.load(NativeLibrary.class);
        int there;
        try {
            there = interfaceVersion();
        } catch (UnsatisfiedLinkError e) {
            // Loaded, and without this entry point: the first release had none.
            there = 1;
        }
        if (there != INTERFACE) {
            throw new UnsupportedOperationException("its library is of another release than the plugin (interface "
                    + there + ", not " + INTERFACE + ")" + bothJars());
        }
        Processor.use(Processor.required());
    }

    static native int interfaceVersion();

    static native int useProcessor(int most);

    static native void useBlas(long sgemm, long dgemm, long ssyrk, long dsyrk);

    @Name("finite")
    static native boolean isFinite(int type, long a, long rowStride, long columnStride, long rows, long columns);

    static native void copyRows(
            int type, long from, long rowStride, long columnStride, long rows, long columns, long to);

    static native void normalize(
            int type, long a, long rowStride, long columnStride, long n, long d, double epsilon, long u, long inverse);

    static native int denormalize(
            int type, long signal, long u, long inverse, long n, long d, long out, long rowStride, long columnStride);

    static native int sameLabel(int type, long labels, long n, long c, boolean independent, long k);

    static native int products(
            int type, long rows, long n, long d, long first, long count, long kept, long line);

    static native int gaussian(
            int type, long rows, long n, long d, long kept, long line, int kernel, double sigma, long k);

    static native int centre(int type, long a, long b, double factor, long n, long out);

    static native void diagonalOnly(int type, long balance, long n, long out);

    static native int neighbourhood(int type, long rows, long n, long d, long first, long count, long kept,
            long line, long same, int kernel, double sigma, double factor, boolean add, long signal);

    static native int dependence(int type, long rows, long n, long d, long first, long count, long kept, long line,
            int kind, long task, int kernel, double sigma, double gamma, double factor, boolean add, long signal);

    static native void group(int type, long u, long n, long groups, long m, long sizes, long values);

    static native void ungroup(int type, long u, long n, long first, long count, long groups, long m, long sizes,
            long gradient, boolean add, long signal);

    static native int affine(int type, long input, long inputRows, long inputColumns, long weights, long weightRows,
            long weightColumns, long bias, long biasStride, long n, long in, long out, long result,
            long resultColumns);

    static native void rectified(int type, long preActivation, long length, long signal);

    static native int convolve(int type, long images, long sampleStride, long channelStride, long rowStride,
            long columnStride, long n, long channels, long height, long width, long kernelHeight, long kernelWidth,
            long strideHeight, long strideWidth, long paddingTop, long paddingLeft, long dilationHeight,
            long dilationWidth, long outHeight, long outWidth, long weights, long bias, long maps, long output);

    static native int convolutionGradient(int type, long images, long sampleStride, long channelStride, long rowStride,
            long columnStride, long n, long channels, long height, long width, long kernelHeight, long kernelWidth,
            long strideHeight, long strideWidth, long paddingTop, long paddingLeft, long dilationHeight,
            long dilationWidth, long outHeight, long outWidth, long delta, long maps, long weights, long bias);

    static native int denseGradient(int type, long input, long inputRows, long inputColumns, long delta,
            long deltaRows, long deltaColumns, long n, long in, long out, long weights, long weightRows,
            long weightColumns, long bias, long biasStride);

    static native int moments(int type, long x, long outer, long channels, long inner, long mean, long variance);

    static native int standardize(int type, long x, long outer, long channels, long inner, long mean, long variance,
            double epsilon, long gain, long offset, long out);

    static native int standardizeGradient(int type, long x, long outer, long channels, long inner, long mean,
            long variance, double epsilon, long gain, long signal, long gainGradient, long offsetGradient,
            long derivative);

    static native int gain(int type, long errors, long sampleStride, long neuronStride, long placeStride, long n,
            long d, long places, long squares, double kept, double share, double correction, double floor, double factor,
            long next);

    static native double readout(int type, long u, long n, long d, long y, long c, int link, long block, double rate,
            double biasRate, double weight, boolean add, long v, long bias, long signal);

    static native double squares(int type, long a, long rowStride, long columnStride, long rows, long columns);

    static native double variances(int type, long a, long rowStride, long columnStride, long n, long d);

    static native void average(int type, long gradient, long deviation, long length, double rate, double share);

    static native void plusScaled(int type, long a, long b, double factor, long length, long out);

    static native int advanceDense(int type, long input, long inputRows, long inputColumns, long errors,
            long errorRows, long errorColumns, long n, long in, long out, double biasFactor, double rate, double share,
            double look, long weights, long weightDeviation, long weightsAhead, long bias, long biasDeviation,
            long biasAhead);

    static native int deltaRule(int type, int link, long n, long c, long labels, long labelRows, long labelColumns,
            long sums, long sumColumns);

    static native void rectify(int type, long a, long length, long out);

    static native void fire(int type, boolean byRows, long steps, long n, long d, long currents, boolean constant,
            double leak, double threshold, boolean toZero, double steepness, double synapticDecay, int refractorySteps,
            boolean smooth, long spikes, long slopes, long carried, long meanSlope);

    static native void backInTime(int type, boolean byRows, long steps, long n, long d, long errors, boolean constant,
            double factor, double leak, double synapticDecay, boolean refractory, long slopes, long carried,
            long deltas);

    static native void overTime(int type, long steps, long n, long d, long series, long rowStride, long columnStride,
            long weights, long sum, long sumRowStride, long sumColumnStride);
}
