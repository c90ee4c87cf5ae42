package org.ibhebb.internal.arithmetic;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/**
 * In C++, on the buffers of ND4J's CPU backend, with the OpenBLAS that ND4J has loaded. Takes FLOAT and DOUBLE. Native
 * code can't defend itself: whatever is handed to it has been checked here.
 */
final class NativeArithmetic extends NativePlasticity implements Arithmetic {

    /**
     * Loads the library.
     *
     * @throws UnsupportedOperationException if ND4J's backend is not the CPU's, or has no OpenBLAS
     * @throws UnsatisfiedLinkError if the plugin's native library is not on the class path, or does not load
     */
    NativeArithmetic() {
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

    @Override
    public boolean isFinite(INDArray array) {
        int type = type(array);
        boolean finite;
        if (array.isEmpty()) {
            return true;
        }
        if (array.rank() == 2) {
            finite = NativeLibrary.isFinite(
                    type, address(array), array.stride(0), array.stride(1), array.size(0), array.size(1));
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
        sameType(from, to);
        if (fromRow < 0 || count < 0 || toRow < 0) {
            throw new IllegalArgumentException(
                    count + " rows can't be copied from row " + fromRow + " to row " + toRow);
        }
        rowsOf(from, (long) fromRow + count);
        gapless(to, "the destination");
        rowsOf(to, (long) toRow + count);
        check(from.size(1) == to.size(1), "rows of width ", from, " can't be copied to rows of width ", to);
        NativeLibrary.copyRows(
                type,
                address(from) + fromRow * from.stride(0) * width(from),
                from.stride(0), from.stride(1), count, from.size(1),
                address(to) + toRow * to.size(1) * width(to));
        Reference.reachabilityFence(from);
        Reference.reachabilityFence(to);
    }

    @Override
    public void normalize(INDArray rows, double epsilon, INDArray normalized, INDArray inverseDeviation) {
        int type = type(rows);
        rowsOf(rows, 0);
        like(normalized, rows, "the normalised rows");
        column(inverseDeviation, rows);
        NativeLibrary.normalize(type, address(rows), rows.stride(0), rows.stride(1), rows.size(0), rows.size(1),
                epsilon, address(normalized), address(inverseDeviation));
        Reference.reachabilityFence(rows);
        Reference.reachabilityFence(normalized);
        Reference.reachabilityFence(inverseDeviation);
    }

    @Override
    public void denormalize(INDArray signal, INDArray normalized, INDArray inverseDeviation, INDArray derivative) {
        int type = type(signal);
        gapless(signal, "the signal");
        like(normalized, signal, "the normalised rows");
        column(inverseDeviation, signal);
        sameType(signal, derivative);
        sameShape(derivative, signal, "the derivative");
        status(NativeLibrary.denormalize(type, address(signal), address(normalized), address(inverseDeviation),
                signal.size(0), signal.size(1), address(derivative), derivative.stride(0), derivative.stride(1)));
        Reference.reachabilityFence(signal);
        Reference.reachabilityFence(normalized);
        Reference.reachabilityFence(inverseDeviation);
        Reference.reachabilityFence(derivative);
    }

    @Override
    public boolean sameLabel(INDArray labels, int n, boolean independent, INDArray kernel) {
        INDArray rows = packed(labels, n);
        int type = type(rows);
        square(kernel, n, rows);
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
        rowsOf(rows, n);
        gapless(rows, "the rows");
        if (first < 0 || first >= n || count < 1 || count > n) {
            throw new IllegalArgumentException(
                    count + " new rows, from row " + first + " on, are not among " + n + " rows");
        }
        kept(products, n, rows);
        status(NativeLibrary.products(
                type, address(rows), n, rows.size(1), first, count, address(products), products.size(1)));
        Reference.reachabilityFence(rows);
        Reference.reachabilityFence(products);
    }

    @Override
    public void gaussian(SlotRows rows, int n, boolean median, double sigma, INDArray kernel) {
        INDArray all = packed(rows.rows(), n);
        int type = type(all);
        square(kernel, n, all);
        INDArray products = rows.products();
        if (products != null) {
            kept(products, n, all);
        }
        status(NativeLibrary.gaussian(type, address(all), n, all.size(1),
                products == null ? 0 : address(products), products == null ? 0 : products.size(1),
                (median ? Kernel.Type.MEDIAN_GAUSSIAN : Kernel.Type.GAUSSIAN).ordinal(), sigma, address(kernel)));
        Reference.reachabilityFence(products);
        Reference.reachabilityFence(all);
        Reference.reachabilityFence(kernel);
    }

    @Override
    public void centre(INDArray a, INDArray b, double factor, INDArray centred) {
        int type = type(a);
        square(a, a.size(0), a);
        square(centred, a.size(0), a);
        if (b != null) {
            square(b, a.size(0), a);
        }
        status(NativeLibrary.centre(
                type, address(a), b == null ? 0 : address(b), factor, a.size(0), address(centred)));
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
        Reference.reachabilityFence(centred);
    }

    @Override
    public void diagonalOnly(INDArray balance, INDArray sensitivity) {
        int type = type(balance);
        square(balance, balance.size(0), balance);
        square(sensitivity, balance.size(0), balance);
        NativeLibrary.diagonalOnly(type, address(balance), balance.size(0), address(sensitivity));
        Reference.reachabilityFence(balance);
        Reference.reachabilityFence(sensitivity);
    }

    @Override
    public void gradient(Objective objective, Window window, SlotRows u, double factor, boolean add,
            INDArray signal) {
        INDArray rows = packed(u.rows(), window.size());
        sameType(rows, signal);
        gapless(signal, "the signal");
        check(signal.size(0) == window.current() && signal.size(1) == rows.size(1),
                "the signal ", signal, " does not fit the rows ", rows);
        int groups = objective.groups();
        if (groups == 0) {
            // Where all samples are current, nothing that was kept is of use; and most objectives compare only these.
            INDArray products =
                    window.current() < window.size() && comparesAll(objective) ? u.products() : null;
            if (products != null) {
                kept(products, window.size(), rows);
            }
            ungrouped(objective, window, rows, products, factor, add, signal);
            Reference.reachabilityFence(products);
        } else {
            Grouping.check(rows.size(1), groups);
            INDArray sizes = window.scratch("group sizes", rows.dataType(), window.size(), groups);
            INDArray values = window.scratch("group values", rows.dataType(), window.size(), groups);
            INDArray gradient = window.scratch("group gradient", rows.dataType(), window.current(), groups);
            int type = type(rows);
            long units = rows.size(1) / groups;
            NativeLibrary.group(
                    type, address(rows), window.size(), groups, units, address(sizes), address(values));
            ungrouped(objective, window, values, null, factor, false, gradient);
            NativeLibrary.ungroup(type, address(rows), window.size(), window.first(), window.current(), groups, units,
                    address(sizes), address(gradient), add, address(signal));
            Reference.reachabilityFence(sizes);
        }
        Reference.reachabilityFence(rows);
        Reference.reachabilityFence(signal);
    }

    /** Whether the derivative depends on how remembered samples compare with each other. */
    private static boolean comparesAll(Objective objective) {
        return objective.kernel().type() == Kernel.Type.MEDIAN_GAUSSIAN
                || objective.kind() == Objective.Kind.HSIC_ZZ
                || objective.kind() == Objective.Kind.NORMALIZED_HSIC;
    }

    private static void ungrouped(Objective objective, Window window, INDArray rows, INDArray products, double factor,
            boolean add, INDArray signal) {
        int n = window.size();
        double pairs = (n - 1.0) * (n - 1.0);
        switch (objective.kind()) {
            case NEIGHBOURHOOD -> {
                INDArray same = window.labelKernel(objective.labels());
                square(same, n, rows);
                status(NativeLibrary.neighbourhood(type(rows), address(rows), n, rows.size(1), window.first(),
                        window.current(), products == null ? 0 : address(products),
                        products == null ? 0 : products.size(1), address(same), objective.kernel().type().ordinal(),
                        objective.kernel().sigma(), factor, add, address(signal)));
                Reference.reachabilityFence(same);
            }
            case HSIC -> dependence(objective, window, rows, products, NativeLibrary.GIVEN,
                    window.balance(objective), n < 2 ? 0 : factor / pairs, add, signal);
            case REFERENCE -> dependence(objective, window, rows, products, NativeLibrary.GIVEN,
                    window.diagonalOnly(objective), factor, add, signal);
            case HSIC_ZZ -> dependence(objective, window, rows, products, NativeLibrary.HSIC_ZZ,
                    window.centredLabelKernel(objective.labels()), factor, add, signal);
            case NORMALIZED_HSIC -> dependence(objective, window, rows, products, NativeLibrary.NORMALIZED_HSIC,
                    window.centredLabelKernel(objective.labels()), factor, add, signal);
        }
    }

    private static void dependence(Objective objective, Window window, INDArray rows, INDArray products, int kind,
            INDArray task, double factor, boolean add, INDArray signal) {
        square(task, window.size(), rows);
        status(NativeLibrary.dependence(type(rows), address(rows), window.size(), rows.size(1), window.first(),
                window.current(), products == null ? 0 : address(products), products == null ? 0 : products.size(1),
                kind, address(task), objective.kernel().type().ordinal(), objective.kernel().sigma(),
                objective.gamma(), factor, add, address(signal)));
        Reference.reachabilityFence(task);
    }

    @Override
    public void affine(INDArray input, INDArray weights, INDArray bias, INDArray preActivation) {
        int type = type(input);
        rowsOf(input, 0);
        rowsOf(weights, 0);
        sameType(input, weights);
        sameType(input, preActivation);
        check(input.size(1) == weights.size(0), "the weights ", weights, " do not fit the input ", input);
        check(preActivation.rank() == 2 && preActivation.size(0) == input.size(0)
                        && preActivation.size(1) == weights.size(1)
                        && (preActivation.stride(0) == 1 || preActivation.size(0) == 1)
                        && (preActivation.stride(1) >= preActivation.size(0) || preActivation.size(1) == 1),
                "the pre-activation ", preActivation, " must be stored by columns and fit the weights ", weights);
        status(NativeLibrary.affine(
                type,
                address(input), input.stride(0), input.stride(1),
                address(weights), weights.stride(0), weights.stride(1),
                bias == null ? 0 : address(bias), bias == null ? 0 : vectorStride(bias, weights),
                input.size(0), input.size(1), weights.size(1),
                address(preActivation), Math.max(preActivation.stride(1), preActivation.size(0))));
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
        // Only where f is linear on both sides of 0; an operation of ND4J's for all others.
        boolean rectifies = activation instanceof ActivationReLU relu
                && relu.getMax() == null && relu.getThreshold() == null && relu.getNegativeSlope() == null;
        if (!rectifies || preActivation.ordering() != signal.ordering()
                || preActivation.elementWiseStride() != 1 || signal.elementWiseStride() != 1
                || preActivation.dataType() != signal.dataType()
                || !Arrays.equals(preActivation.shape(), signal.shape())) {
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
        convolution(images, patches, preActivation, weights, bias);
        status(NativeLibrary.convolve(
                type,
                address(images), images.stride(0), images.stride(1), images.stride(2), images.stride(3),
                images.size(0), images.size(1), images.size(2), images.size(3),
                patches.kernelHeight(), patches.kernelWidth(), patches.strideHeight(), patches.strideWidth(),
                patches.paddingTop(), patches.paddingLeft(), patches.dilationHeight(), patches.dilationWidth(),
                preActivation.size(2), preActivation.size(3),
                address(weights), bias == null ? 0 : address(bias), weights.size(0), address(preActivation)));
        Reference.reachabilityFence(images);
        Reference.reachabilityFence(weights);
        Reference.reachabilityFence(bias);
        Reference.reachabilityFence(preActivation);
    }

    @Override
    public void convolutionGradient(
            INDArray images, Patches patches, INDArray delta, INDArray weights, INDArray bias) {
        int type = type(images);
        convolution(images, patches, delta, weights, bias);
        status(NativeLibrary.convolutionGradient(
                type,
                address(images), images.stride(0), images.stride(1), images.stride(2), images.stride(3),
                images.size(0), images.size(1), images.size(2), images.size(3),
                patches.kernelHeight(), patches.kernelWidth(), patches.strideHeight(), patches.strideWidth(),
                patches.paddingTop(), patches.paddingLeft(), patches.dilationHeight(), patches.dilationWidth(),
                delta.size(2), delta.size(3),
                address(delta), weights.size(0), address(weights), bias == null ? 0 : address(bias)));
        Reference.reachabilityFence(images);
        Reference.reachabilityFence(delta);
        Reference.reachabilityFence(weights);
        Reference.reachabilityFence(bias);
    }

    private static void convolution(
            INDArray images, Patches patches, INDArray maps, INDArray weights, INDArray bias) {
        sameType(images, maps);
        sameType(images, weights);
        check(images.rank() == 4 && maps.rank() == 4 && images.size(0) == maps.size(0),
                "images ", images, " and feature maps ", maps);
        check(weights.rank() == 4 && weights.size(0) == maps.size(1) && weights.size(1) == images.size(1)
                        && weights.size(2) == patches.kernelHeight() && weights.size(3) == patches.kernelWidth(),
                "the weights ", weights, " do not fit the images ", images);
        check(isGaplessByRows(maps) && isGaplessByRows(weights),
                "feature maps ", maps, " and weights must be stored by rows without gaps: ", weights);
        if (bias != null) {
            sameType(images, bias);
            check(bias.length() == maps.size(1) && isGaplessByRows(bias), "the bias ", bias, " does not fit ", maps);
        }
    }

    private static boolean isGaplessByRows(INDArray array) {
        long expected = 1;
        for (int dimension = array.rank() - 1; dimension >= 0; dimension--) {
            if (array.size(dimension) > 1 && array.stride(dimension) != expected) {
                return false;
            }
            expected *= array.size(dimension);
        }
        return true;
    }

    @Override
    public void denseGradient(INDArray input, INDArray delta, INDArray weights, INDArray bias) {
        int type = type(input);
        rowsOf(input, 0);
        rowsOf(delta, 0);
        rowsOf(weights, 0);
        sameType(input, delta);
        sameType(input, weights);
        check(input.size(0) == delta.size(0), "the input ", input, " and delta ", delta);
        check(weights.size(0) == input.size(1) && weights.size(1) == delta.size(1),
                "the weights ", weights, " do not fit delta ", delta);
        status(NativeLibrary.denseGradient(
                type,
                address(input), input.stride(0), input.stride(1),
                address(delta), delta.stride(0), delta.stride(1),
                input.size(0), input.size(1), delta.size(1),
                address(weights), weights.stride(0), weights.stride(1),
                bias == null ? 0 : address(bias), bias == null ? 0 : vectorStride(bias, weights)));
        Reference.reachabilityFence(input);
        Reference.reachabilityFence(delta);
        Reference.reachabilityFence(weights);
        Reference.reachabilityFence(bias);
    }

    @Override
    public void moments(INDArray maps, int channelDimension, INDArray mean, INDArray variance) {
        int type = type(maps);
        INDArray values = Channels.of(maps, channelDimension) == null ? maps.dup('c') : maps;
        Channels channels = Channels.of(values, channelDimension);
        channels.check(values, mean, variance);
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
        Channels channels = Channels.ofResult(standardized, channelDimension);
        channels.check(standardized, mean, variance, gain, offset);
        INDArray values = channels.like(standardized, maps, channelDimension);
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
        Channels channels = Channels.ofResult(derivative, channelDimension);
        channels.check(derivative, mean, variance, gain, gainGradient, offsetGradient);
        INDArray values = channels.like(derivative, maps, channelDimension);
        INDArray own = channels.like(derivative, signal, channelDimension);
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

    /** An array as (outer x channels x inner) values without gaps. */
    private record Channels(long outer, long count, long inner) {

        /** Null if the array has gaps, or another order. */
        static Channels of(INDArray maps, int dimension) {
            NativeArithmetic.check((maps.rank() == 2 || maps.rank() == 4)
                    && dimension >= 0 && dimension < maps.rank(), "maps of rank 2 or 4 are needed, not ", maps, "", maps);
            if (isGaplessByRows(maps)) {
                long outer = 1;
                for (int i = 0; i < dimension; i++) {
                    outer *= maps.size(i);
                }
                return new Channels(outer, maps.size(dimension), maps.length() / (outer * maps.size(dimension)));
            }
            boolean columns = maps.rank() == 2 && dimension == 1 && maps.stride(0) == 1
                    && maps.stride(1) == maps.size(0);
            return columns ? new Channels(1, maps.size(1), maps.size(0)) : null;
        }

        static Channels ofResult(INDArray result, int dimension) {
            Channels channels = of(result, dimension);
            NativeArithmetic.check(channels != null, "the result ", result, " must be stored without gaps: ", result);
            return channels;
        }

        void check(INDArray maps, INDArray... perChannel) {
            for (INDArray values : perChannel) {
                sameType(maps, values);
                NativeArithmetic.check(values.length() == count && isGaplessByRows(values),
                        "one value for each channel is needed without gaps: ", values, " does not fit ", maps);
            }
        }

        /** The array itself, or a copy in the order of the result. */
        INDArray like(INDArray result, INDArray array, int dimension) {
            sameType(result, array);
            NativeArithmetic.check(Arrays.equals(result.shape(), array.shape()), "shapes differ: ", result, " and ",
                    array);
            return equals(of(array, dimension)) ? array : array.dup(inner > 1 && outer == 1 && result.rank() == 2
                    ? 'f' : 'c');
        }
    }

    @Override
    public String name() {
        return Arithmetics.NATIVE;
    }

    /** The first rows without gaps: the array itself where it has none. */
    private static INDArray packed(INDArray rows, int n) {
        rowsOf(rows, n);
        return isGapless(rows) ? rows : Rows.first(rows, n).dup('c');
    }

    private static boolean isGapless(INDArray rows) {
        return (rows.stride(1) == 1 || rows.size(1) == 1) && (rows.stride(0) == rows.size(1) || rows.size(0) == 1);
    }

    /** The stride of a bias, which is a row or a vector with a value for each column of the weights. */
    private static long vectorStride(INDArray bias, INDArray weights) {
        sameType(bias, weights);
        check(bias.length() == weights.size(1) && bias.rank() <= 2 && bias.size(-1) == bias.length(),
                "the bias ", bias, " does not fit the weights ", weights);
        return bias.stride(-1);
    }

    private static long address(INDArray array) {
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

    private static void sameType(INDArray a, INDArray b) {
        if (a.dataType() != b.dataType()) {
            throw new IllegalArgumentException("arrays of one type are needed, not " + a.dataType() + " and "
                    + b.dataType());
        }
    }

    private static void rowsOf(INDArray matrix, long rows) {
        if (matrix.rank() != 2 || matrix.size(0) < rows) {
            throw new IllegalArgumentException("a matrix of at least " + rows + " rows is needed, not an array of"
                    + " shape " + Arrays.toString(matrix.shape()));
        }
    }

    private static void gapless(INDArray matrix, String name) {
        if (matrix.rank() != 2 || !isGapless(matrix)) {
            throw new IllegalArgumentException(name + " must be a matrix stored by rows without gaps, not an array of"
                    + " shape " + Arrays.toString(matrix.shape()) + " and strides "
                    + Arrays.toString(matrix.stride()));
        }
    }

    private static void sameShape(INDArray matrix, INDArray other, String name) {
        if (matrix.rank() != 2 || matrix.size(0) != other.size(0) || matrix.size(1) != other.size(1)) {
            throw new IllegalArgumentException(name + " must have shape " + Arrays.toString(other.shape()) + ", not "
                    + Arrays.toString(matrix.shape()));
        }
    }

    private static void like(INDArray matrix, INDArray other, String name) {
        sameType(matrix, other);
        sameShape(matrix, other, name);
        gapless(matrix, name);
    }

    private static void column(INDArray values, INDArray rows) {
        sameType(values, rows);
        if (values.length() != rows.size(0) || values.length() > 1 && values.elementWiseStride() != 1) {
            throw new IllegalArgumentException("one value for each of " + rows.size(0) + " rows is needed, not an array"
                    + " of shape " + Arrays.toString(values.shape()));
        }
    }

    private static void square(INDArray matrix, long n, INDArray like) {
        sameType(matrix, like);
        if (matrix.rank() != 2 || matrix.size(0) != n || matrix.size(1) != n || !isGapless(matrix)) {
            throw new IllegalArgumentException("a matrix of " + n + " x " + n + " stored by rows without gaps is"
                    + " needed, not an array of shape " + Arrays.toString(matrix.shape()));
        }
    }

    private static void kept(INDArray products, long n, INDArray like) {
        sameType(products, like);
        gapless(products, "the kept products");
        if (products.size(0) < n || products.size(1) < n) {
            throw new IllegalArgumentException("kept products of at least " + n + " x " + n + " are needed, not an"
                    + " array of shape " + Arrays.toString(products.shape()));
        }
    }

    private static void check(boolean holds, String before, INDArray a, String between, INDArray b) {
        if (!holds) {
            throw new IllegalArgumentException(before + Arrays.toString(a.shape()) + between
                    + Arrays.toString(b.shape()));
        }
    }

    private static void status(int status) {
        if (status == NativeLibrary.OUT_OF_MEMORY) {
            throw new OutOfMemoryError("the native kernel found no memory for its intermediate results: a smaller"
                    + " working memory or mini-batch needs less");
        }
    }
}
