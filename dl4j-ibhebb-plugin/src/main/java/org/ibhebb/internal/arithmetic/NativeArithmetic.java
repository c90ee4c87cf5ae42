package org.ibhebb.internal.arithmetic;

import static org.ibhebb.internal.arithmetic.Arguments.stride;

import java.lang.ref.Reference;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.ibhebb.rule.Kernel;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/**
 * In C++, on the buffers of ND4J's CPU backend, with the OpenBLAS that ND4J has loaded. Takes FLOAT and DOUBLE. Native
 * code can't defend itself: whatever is handed to it has been checked here.
 */
final class NativeArithmetic extends NativeSpiking implements Arithmetic {

    /** For what costs no time in a step, and for what no native code is needed. */
    private final Arithmetic composed;

    /**
     * Loads the library.
     *
     * @param composed computes what is not worth native code
     * @throws UnsupportedOperationException if ND4J's backend is not the CPU's, or has no OpenBLAS
     * @throws UnsatisfiedLinkError if the plugin's native library is not on the class path, or does not load
     */
    NativeArithmetic(Arithmetic composed) {
        this.composed = composed;
        OpExecutioner.ExecutionerType backend = Nd4j.getExecutioner().type();
        if (backend != OpExecutioner.ExecutionerType.NATIVE_CPU) {
            throw new UnsupportedOperationException("ND4J's backend is " + backend + ", and the native kernel works on"
                    + " the buffers of NATIVE_CPU");
        }
        NativeLibrary.load();
        NativeLibrary.useBlas(blas("cblas_sgemm"), blas("cblas_dgemm"), blas("cblas_ssyrk"), blas("cblas_dsyrk"));
    }

    private static long blas(String name) {
        Pointer function = Loader.addressof(name);
        if (function == null || function.isNull()) {
            throw new UnsupportedOperationException("ND4J has loaded no BLAS that has " + name);
        }
        return function.address();
    }

    static boolean takes(DataType type) {
        return type == DataType.FLOAT || type == DataType.DOUBLE;
    }

    /** Values of other types are seen in single precision, which holds all of theirs. */
    @Override
    public boolean isFinite(INDArray given) {
        if (given.isEmpty()) {
            return true;
        }
        INDArray array = takes(given.dataType()) ? given : given.castTo(DataType.FLOAT);
        int type = type(array);
        boolean finite;
        if (array.rank() == 2) {
            finite = NativeLibrary.isFinite(
                    type, address(array), stride(array, 0), stride(array, 1), array.size(0), array.size(1));
        } else {
            // Whatever order the elements of an array without gaps have.
            INDArray gapless = array.elementWiseStride() == 1 ? array : array.dup();
            finite = NativeLibrary.isFinite(type, address(gapless), gapless.length(), 1, 1, gapless.length());
            Reference.reachabilityFence(gapless);
        }
        Reference.reachabilityFence(array);
        return finite;
    }

    @Override
    public void copyRows(INDArray from, int fromRow, int count, INDArray to, int toRow) {
        int type = type(from);
        Arguments.copyRows(from, fromRow, count, to, toRow);
        NativeLibrary.copyRows(
                type,
                address(from) + fromRow * stride(from, 0) * width(from),
                stride(from, 0), stride(from, 1), count, from.size(1),
                address(to) + toRow * to.size(1) * width(to));
        Reference.reachabilityFence(from);
        Reference.reachabilityFence(to);
    }

    @Override
    public void normalize(INDArray rows, double epsilon, INDArray normalized, INDArray inverseDeviation) {
        int type = type(rows);
        Arguments.normalize(rows, normalized, inverseDeviation);
        NativeLibrary.normalize(type, address(rows), stride(rows, 0), stride(rows, 1), rows.size(0), rows.size(1),
                epsilon, address(normalized), address(inverseDeviation));
        Reference.reachabilityFence(rows);
        Reference.reachabilityFence(normalized);
        Reference.reachabilityFence(inverseDeviation);
    }

    @Override
    public void denormalize(INDArray signal, INDArray normalized, INDArray inverseDeviation, INDArray derivative) {
        int type = type(signal);
        Arguments.denormalize(signal, normalized, inverseDeviation, derivative);
        status(NativeLibrary.denormalize(type, address(signal), address(normalized), address(inverseDeviation),
                signal.size(0), signal.size(1), address(derivative), stride(derivative, 0), stride(derivative, 1)));
        Reference.reachabilityFence(signal);
        Reference.reachabilityFence(normalized);
        Reference.reachabilityFence(inverseDeviation);
        Reference.reachabilityFence(derivative);
    }

    @Override
    public boolean sameLabel(INDArray labels, int n, boolean independent, INDArray kernel) {
        Arguments.sameLabel(labels, n, kernel);
        INDArray rows = packed(labels, n);
        int type = type(rows);
        int status = NativeLibrary.sameLabel(type, address(rows), n, rows.size(1), independent, address(kernel));
        Reference.reachabilityFence(rows);
        Reference.reachabilityFence(kernel);
        if (status == NativeLibrary.OUT_OF_RANGE) {
            return false;
        }
        status(status);
        return true;
    }

    @Override
    public void products(INDArray rows, int n, int first, int count, INDArray products) {
        int type = type(rows);
        Arguments.products(rows, n, first, count, products);
        status(NativeLibrary.products(
                type, address(rows), n, rows.size(1), first, count, address(products), products.size(1)));
        Reference.reachabilityFence(rows);
        Reference.reachabilityFence(products);
    }

    @Override
    public void gaussian(SlotRows rows, int n, boolean median, double sigma, INDArray kernel) {
        int type = type(rows.rows());
        Arguments.gaussian(rows, n, sigma, kernel);
        INDArray all = packed(rows.rows(), n);
        INDArray products = rows.products();
        if (products != null) {
            Arguments.kept(products, n, all);
        }
        status(NativeLibrary.gaussian(type, address(all), n, all.size(1),
                products == null ? 0 : address(products), products == null ? 0 : products.size(1),
                median ? NativeLibrary.MEDIAN_GAUSSIAN : NativeLibrary.GAUSSIAN, sigma, address(kernel)));
        Reference.reachabilityFence(products);
        Reference.reachabilityFence(all);
        Reference.reachabilityFence(kernel);
    }

    @Override
    public void centre(INDArray a, INDArray b, double factor, INDArray centred) {
        int type = type(a);
        Arguments.centre(a, b, centred);
        status(NativeLibrary.centre(
                type, address(a), b == null ? 0 : address(b), factor, a.size(0), address(centred)));
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
        Reference.reachabilityFence(centred);
    }

    @Override
    public void diagonalOnly(INDArray balance, INDArray sensitivity) {
        int type = type(balance);
        Arguments.diagonalOnly(balance, sensitivity);
        NativeLibrary.diagonalOnly(type, address(balance), balance.size(0), address(sensitivity));
        Reference.reachabilityFence(balance);
        Reference.reachabilityFence(sensitivity);
    }

    /** Values are for whoever looks; the composed form has them. */
    @Override
    public void cosine(INDArray rows, int n, INDArray kernel) {
        composed.cosine(rows, n, kernel);
    }

    @Override
    public double neighbourhoodLoss(INDArray u, Span span, Kernel kernel, INDArray same) {
        return composed.neighbourhoodLoss(u, span, kernel, same);
    }

    @Override
    public void neighbourhood(SlotRows u, Span span, Kernel kernel, INDArray same, double factor, boolean add,
            INDArray signal) {
        int type = type(u.rows());
        Arguments.derivative(u.rows(), span, same, signal);
        INDArray rows = packed(u.rows(), span.size());
        INDArray products = products(u, span, kernel.type() == Kernel.Type.MEDIAN_GAUSSIAN);
        status(NativeLibrary.neighbourhood(type, address(rows), span.size(), rows.size(1), span.first(), span.count(),
                address(products), line(products), address(same), gaussian(kernel), kernel.sigma(), factor, add,
                address(signal)));
        Reference.reachabilityFence(products);
        Reference.reachabilityFence(rows);
        Reference.reachabilityFence(same);
        Reference.reachabilityFence(signal);
    }

    @Override
    public void throughKernel(SlotRows u, Span span, Kernel kernel, INDArray sensitivity, double factor, boolean add,
            INDArray signal) {
        dependence(u, span, kernel, kernel.type() == Kernel.Type.MEDIAN_GAUSSIAN, NativeLibrary.GIVEN, sensitivity, 0,
                factor, add, signal);
    }

    @Override
    public void hsicZz(SlotRows u, Span span, Kernel kernel, INDArray task, double gamma, double factor, boolean add,
            INDArray signal) {
        dependence(u, span, kernel, true, NativeLibrary.HSIC_ZZ, task, gamma, factor, add, signal);
    }

    @Override
    public void normalizedHsic(SlotRows u, Span span, Kernel kernel, INDArray task, double factor, boolean add,
            INDArray signal) {
        dependence(u, span, kernel, true, NativeLibrary.NORMALIZED_HSIC, task, 0, factor, add, signal);
    }

    /**
     * @param comparesAll whether the derivative depends on how remembered rows compare with each other
     * @param kind one of the library's
     */
    private static void dependence(SlotRows u, Span span, Kernel kernel, boolean comparesAll, int kind, INDArray task,
            double gamma, double factor, boolean add, INDArray signal) {
        int type = type(u.rows());
        Arguments.derivative(u.rows(), span, task, signal);
        INDArray rows = packed(u.rows(), span.size());
        INDArray products = products(u, span, comparesAll);
        status(NativeLibrary.dependence(type, address(rows), span.size(), rows.size(1), span.first(), span.count(),
                address(products), line(products), kind, address(task), type(kernel), kernel.sigma(), gamma, factor,
                add, address(signal)));
        Reference.reachabilityFence(products);
        Reference.reachabilityFence(rows);
        Reference.reachabilityFence(task);
        Reference.reachabilityFence(signal);
    }

    /** Where all rows are current, nothing that was kept is of use; null then. */
    private static INDArray products(SlotRows u, Span span, boolean comparesAll) {
        INDArray products = comparesAll && span.remembers() ? u.products() : null;
        if (products != null) {
            Arguments.kept(products, span.size(), u.rows());
        }
        return products;
    }

    private static long line(INDArray products) {
        return products == null ? 0 : products.size(1);
    }

    private static int type(Kernel kernel) {
        return switch (kernel.type()) {
            case GAUSSIAN -> NativeLibrary.GAUSSIAN;
            case MEDIAN_GAUSSIAN -> NativeLibrary.MEDIAN_GAUSSIAN;
            case COSINE -> NativeLibrary.COSINE;
        };
    }

    private static int gaussian(Kernel kernel) {
        Arguments.gaussian(kernel);
        return type(kernel);
    }

    @Override
    public void group(INDArray u, int n, int groups, INDArray sizes, INDArray values) {
        int type = type(u);
        Arguments.group(u, n, groups, sizes, values);
        INDArray rows = packed(u, n);
        NativeLibrary.group(
                type, address(rows), n, groups, rows.size(1) / groups, address(sizes), address(values));
        Reference.reachabilityFence(rows);
        Reference.reachabilityFence(sizes);
        Reference.reachabilityFence(values);
    }

    @Override
    public void ungroup(INDArray u, Span span, INDArray sizes, INDArray gradient, boolean add, INDArray signal) {
        int type = type(u);
        Arguments.ungroup(u, span, sizes, gradient, signal);
        INDArray rows = packed(u, span.size());
        long groups = sizes.size(1);
        NativeLibrary.ungroup(type, address(rows), span.size(), span.first(), span.count(), groups,
                rows.size(1) / groups, address(sizes), address(gradient), add, address(signal));
        Reference.reachabilityFence(rows);
        Reference.reachabilityFence(sizes);
        Reference.reachabilityFence(gradient);
        Reference.reachabilityFence(signal);
    }

    @Override
    public void affine(INDArray input, INDArray weights, INDArray bias, INDArray preActivation) {
        int type = type(input);
        Arguments.affine(input, weights, bias, preActivation);
        if (input.isEmpty() || weights.isEmpty()) {
            composed.affine(input, weights, bias, preActivation);
            return;
        }
        status(NativeLibrary.affine(
                type,
                address(input), stride(input, 0), stride(input, 1),
                address(weights), stride(weights, 0), stride(weights, 1),
                address(bias), bias == null ? 0 : stride(bias, -1),
                input.size(0), input.size(1), weights.size(1),
                address(preActivation), Math.max(stride(preActivation, 1), preActivation.size(0))));
        Reference.reachabilityFence(input);
        Reference.reachabilityFence(weights);
        Reference.reachabilityFence(bias);
        Reference.reachabilityFence(preActivation);
    }

    @Override
    public INDArray slope(IActivation activation, INDArray preActivation, INDArray signal) {
        if (activation instanceof ActivationIdentity) {
            return signal;
        }
        // An operation of ND4J's for all others.
        if (!Rectifiers.fit(activation, preActivation, signal)) {
            return activation.backprop(preActivation, signal).getFirst();
        }
        NativeLibrary.rectified(type(signal), address(preActivation), signal.length(), address(signal));
        Reference.reachabilityFence(preActivation);
        Reference.reachabilityFence(signal);
        return signal;
    }

    @Override
    public void convolve(INDArray images, Patches patches, INDArray weights, INDArray bias, INDArray preActivation) {
        int type = type(images);
        Arguments.convolution(images, patches, preActivation, weights, bias);
        status(NativeLibrary.convolve(
                type,
                address(images), stride(images, 0), stride(images, 1), stride(images, 2), stride(images, 3),
                images.size(0), images.size(1), images.size(2), images.size(3),
                patches.kernelHeight(), patches.kernelWidth(), patches.strideHeight(), patches.strideWidth(),
                patches.paddingTop(), patches.paddingLeft(), patches.dilationHeight(), patches.dilationWidth(),
                preActivation.size(2), preActivation.size(3),
                address(weights), address(bias), weights.size(0), address(preActivation)));
        Reference.reachabilityFence(images);
        Reference.reachabilityFence(weights);
        Reference.reachabilityFence(bias);
        Reference.reachabilityFence(preActivation);
    }

    @Override
    public void convolutionGradient(
            INDArray images, Patches patches, INDArray delta, INDArray weights, INDArray bias) {
        int type = type(images);
        Arguments.convolution(images, patches, delta, weights, bias);
        status(NativeLibrary.convolutionGradient(
                type,
                address(images), stride(images, 0), stride(images, 1), stride(images, 2), stride(images, 3),
                images.size(0), images.size(1), images.size(2), images.size(3),
                patches.kernelHeight(), patches.kernelWidth(), patches.strideHeight(), patches.strideWidth(),
                patches.paddingTop(), patches.paddingLeft(), patches.dilationHeight(), patches.dilationWidth(),
                delta.size(2), delta.size(3),
                address(delta), weights.size(0), address(weights), address(bias)));
        Reference.reachabilityFence(images);
        Reference.reachabilityFence(delta);
        Reference.reachabilityFence(weights);
        Reference.reachabilityFence(bias);
    }

    @Override
    public void denseGradient(INDArray input, INDArray delta, INDArray weights, INDArray bias) {
        int type = type(input);
        Arguments.denseGradient(input, delta, weights, bias);
        if (input.isEmpty() || delta.isEmpty()) {
            composed.denseGradient(input, delta, weights, bias);
            return;
        }
        status(NativeLibrary.denseGradient(
                type,
                address(input), stride(input, 0), stride(input, 1),
                address(delta), stride(delta, 0), stride(delta, 1),
                input.size(0), input.size(1), delta.size(1),
                address(weights), stride(weights, 0), stride(weights, 1),
                address(bias), bias == null ? 0 : stride(bias, -1)));
        Reference.reachabilityFence(input);
        Reference.reachabilityFence(delta);
        Reference.reachabilityFence(weights);
        Reference.reachabilityFence(bias);
    }

    @Override
    public void moments(INDArray maps, int channelDimension, INDArray mean, INDArray variance) {
        int type = type(maps);
        Arguments.channels(maps, channelDimension, mean, variance);
        INDArray values = isStoredPlainly(maps) ? maps : maps.dup('c');
        Channels channels = Channels.of(values, channelDimension);
        status(NativeLibrary.moments(type, address(values), channels.outer(), channels.count(), channels.inner(),
                address(mean), address(variance)));
        Reference.reachabilityFence(values);
        Reference.reachabilityFence(mean);
        Reference.reachabilityFence(variance);
    }

    @Override
    public void standardize(INDArray maps, int channelDimension, INDArray mean, INDArray variance, double epsilon,
            INDArray gain, INDArray offset, INDArray standardized) {
        int type = type(maps);
        Arguments.channels(maps, channelDimension, mean, variance, gain, offset);
        Arguments.resultMaps(maps, standardized);
        Channels channels = Channels.of(standardized, channelDimension);
        INDArray values = inOrderOf(standardized, maps);
        status(NativeLibrary.standardize(type, address(values), channels.outer(), channels.count(), channels.inner(),
                address(mean), address(variance), epsilon, address(gain), address(offset), address(standardized)));
        Reference.reachabilityFence(values);
        Reference.reachabilityFence(mean);
        Reference.reachabilityFence(variance);
        Reference.reachabilityFence(gain);
        Reference.reachabilityFence(offset);
        Reference.reachabilityFence(standardized);
    }

    @Override
    public void standardizeGradient(INDArray maps, int channelDimension, INDArray mean, INDArray variance,
            double epsilon, INDArray gain, INDArray signal, INDArray gainGradient, INDArray offsetGradient,
            INDArray derivative) {
        int type = type(maps);
        Arguments.channels(maps, channelDimension, mean, variance, gain, gainGradient, offsetGradient);
        Arguments.sameMaps(maps, signal);
        Arguments.resultMaps(maps, derivative);
        Channels channels = Channels.of(derivative, channelDimension);
        INDArray values = inOrderOf(derivative, maps);
        INDArray own = inOrderOf(derivative, signal);
        status(NativeLibrary.standardizeGradient(type, address(values), channels.outer(), channels.count(),
                channels.inner(), address(mean), address(variance), epsilon, address(gain), address(own),
                address(gainGradient), address(offsetGradient), address(derivative)));
        Reference.reachabilityFence(values);
        Reference.reachabilityFence(own);
        Reference.reachabilityFence(mean);
        Reference.reachabilityFence(variance);
        Reference.reachabilityFence(gain);
        Reference.reachabilityFence(gainGradient);
        Reference.reachabilityFence(offsetGradient);
        Reference.reachabilityFence(derivative);
    }

    /** Whether an array has no gaps, and its values are in an order that {@link Channels} can tell. */
    private static boolean isStoredPlainly(INDArray maps) {
        return Arguments.isGaplessByRows(maps) || Arguments.isGaplessByColumns(maps);
    }

    /** The array itself, or a copy whose values are in the order of the result's. */
    private static INDArray inOrderOf(INDArray result, INDArray array) {
        boolean byRows = Arguments.isGaplessByRows(result);
        boolean same = byRows ? Arguments.isGaplessByRows(array) : Arguments.isGaplessByColumns(array);
        return same ? array : array.dup(byRows ? 'c' : 'f');
    }

    /** A plainly stored array as (outer x channels x inner) values without gaps. */
    private record Channels(long outer, long count, long inner) {

        static Channels of(INDArray maps, int dimension) {
            long count = maps.size(dimension);
            if (!Arguments.isGaplessByRows(maps)) {
                // A matrix stored by columns is its transpose stored by rows.
                return dimension == 0 ? new Channels(maps.size(1), count, 1) : new Channels(1, count, maps.size(0));
            }
            long outer = 1;
            for (int i = 0; i < dimension; i++) {
                outer *= maps.size(i);
            }
            return new Channels(outer, count, maps.length() / (outer * count));
        }
    }

    @Override
    public String name() {
        return Arithmetics.NATIVE;
    }

    /** The first rows without gaps: the array itself where it has none. */
    private static INDArray packed(INDArray rows, int n) {
        return Arguments.isGapless(rows) ? rows : Rows.first(rows, n).dup('c');
    }

    /** Where the first value is; 0 for no array. */
    private static long address(INDArray array) {
        if (array == null) {
            return 0;
        }
        DataBuffer buffer = array.data();
        return buffer.address() + array.offset() * buffer.getElementSize();
    }

    private static long width(INDArray array) {
        return array.data().getElementSize();
    }

    private static int type(INDArray array) {
        return switch (array.dataType()) {
            case FLOAT -> NativeLibrary.FLOAT;
            case DOUBLE -> NativeLibrary.DOUBLE;
            default -> throw new UnsupportedOperationException("the native kernel takes FLOAT and DOUBLE, not "
                    + array.dataType());
        };
    }

    private static void status(int status) {
        if (status == NativeLibrary.OUT_OF_MEMORY) {
            throw new OutOfMemoryError("the native kernel found no memory for its intermediate results: a smaller"
                    + " working memory or mini-batch needs less");
        }
    }
}
