package org.ibhebb.internal.arithmetic;

import java.util.stream.IntStream;
import org.ibhebb.rule.Kernel;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BroadcastOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastAddOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastMulOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastSubOp;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.convolution.Convolution;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Composed of ND4J's operations: for any backend and data type, and what the native kernel is checked against. */
final class ReferenceArithmetic extends ReferenceSpiking implements Arithmetic {

    @Override
    public boolean isFinite(INDArray array) {
        // x - x is 0 for finite values and NaN for all others; sums of the values themselves may overflow.
        return array.isEmpty() || array.sub(array).sumNumber().doubleValue() == 0;
    }

    @Override
    public void copyRows(INDArray from, int fromRow, int count, INDArray to, int toRow) {
        Arguments.copyRows(from, fromRow, count, to, toRow);
        if (count == 0) {
            return;
        }
        Rows.between(to, toRow, toRow + count).assign(Rows.between(from, fromRow, fromRow + count));
    }

    @Override
    public void normalize(INDArray rows, double epsilon, INDArray normalized, INDArray inverseDeviation) {
        Arguments.normalize(rows, normalized, inverseDeviation);
        long n = rows.rows();
        normalized.assign(rows.subColumnVector(rows.mean(1).reshape(n, 1)));
        inverseDeviation.assign(normalized.mul(normalized).mean(1).reshape(n, 1)).addi(epsilon);
        Transforms.sqrt(inverseDeviation, false).rdivi(1);
        normalized.muliColumnVector(inverseDeviation);
    }

    @Override
    public void denormalize(INDArray signal, INDArray normalized, INDArray inverseDeviation, INDArray derivative) {
        Arguments.denormalize(signal, normalized, inverseDeviation, derivative);
        long n = signal.rows();
        INDArray along = signal.mul(normalized).mean(1).reshape(n, 1);
        derivative.assign(signal.subColumnVector(signal.mean(1).reshape(n, 1))
                .subi(normalized.mulColumnVector(along))
                .muliColumnVector(inverseDeviation));
    }

    @Override
    public boolean sameLabel(INDArray labels, int n, boolean independent, INDArray kernel) {
        Arguments.sameLabel(labels, n, kernel);
        INDArray rows = Rows.first(labels, n);
        if (rows.minNumber().doubleValue() < 0 || rows.maxNumber().doubleValue() > 1 + 1e-6) {
            return false;
        }
        kernel.assign(Nd4j.gemm(rows, rows, false, true));
        if (independent) {
            INDArray neither = rows.rsub(1);
            kernel.addi(Nd4j.gemm(neither, neither, false, true)).divi(rows.columns());
        }
        return true;
    }

    @Override
    public void products(INDArray rows, int n, int first, int count, INDArray products) {
        Arguments.products(rows, n, first, count, products);
        INDArray all = Rows.first(rows, n);
        INDArray fresh = Nd4j.gemm(Rows.around(all, first, count), all, false, true);
        // One by one: nothing here reads kept products, so that only their values matter.
        for (int i = 0; i < count; i++) {
            int slot = (first + i) % n;
            for (int other = 0; other < n; other++) {
                products.putScalar(slot, other, fresh.getDouble(i, other));
                products.putScalar(other, slot, fresh.getDouble(i, other));
            }
        }
    }

    @Override
    public void gaussian(SlotRows rows, int n, boolean median, double sigma, INDArray kernel) {
        Arguments.gaussian(rows, n, sigma, kernel);
        INDArray used = Rows.first(rows.rows(), n);
        INDArray distances = Kernels.squaredDistances(used);
        kernel.assign(Kernels.gaussian(
                distances, Kernels.squaredBandwidth(median, sigma, distances, used.columns())));
    }

    @Override
    public void centre(INDArray a, INDArray b, double factor, INDArray centred) {
        Arguments.centre(a, b, centred);
        centred.assign(Kernels.centred(b == null ? a : a.sub(b.mul(factor))));
    }

    /**
     * The published code keeps a_q = (H (Kx - g Ky) H)_qq only, and (H K H)_qq = K_qq - 2/N sum_r K_qr + 1/N^2 sum K:
     * dL/dK_pr = 2/(N-1)^2 [a_p d_pr - (a_p + a_r)/N + (sum a)/N^2]. K_pp is the constant 1, so that d_pr moves
     * nothing.
     */
    @Override
    public void diagonalOnly(INDArray balance, INDArray sensitivity) {
        Arguments.diagonalOnly(balance, sensitivity);
        int n = balance.rows();
        double pairs = (n - 1.0) * (n - 1.0);
        INDArray a = Nd4j.diag(balance).dup();
        sensitivity.assign(a.sumNumber().doubleValue() / ((double) n * n));
        sensitivity
                .subiColumnVector(a.div(n).reshape(n, 1))
                .subiRowVector(a.div(n).reshape(1, n))
                .muli(2 / pairs);
    }

    @Override
    public void cosine(INDArray rows, int n, INDArray kernel) {
        Arguments.cosine(rows, n, kernel);
        kernel.assign(Kernels.of(Kernel.cosine(), Rows.first(rows, n)).matrix());
    }

    @Override
    public double neighbourhoodLoss(INDArray u, Span span, Kernel kernel, INDArray same) {
        Arguments.gaussian(kernel);
        return new Neighbours(Rows.first(u, span.size()), span, kernel, same).loss();
    }

    @Override
    public void neighbourhood(SlotRows u, Span span, Kernel kernel, INDArray same, double factor, boolean add,
            INDArray signal) {
        Arguments.gaussian(kernel);
        Arguments.derivative(u.rows(), span, same, signal);
        put(new Neighbours(Rows.first(u.rows(), span.size()), span, kernel, same).gradient(), factor, add, signal);
    }

    @Override
    public void throughKernel(SlotRows u, Span span, Kernel kernel, INDArray sensitivity, double factor, boolean add,
            INDArray signal) {
        Arguments.derivative(u.rows(), span, sensitivity, signal);
        put(kernel(kernel, u, span).gradient(sensitivity, span), factor, add, signal);
    }

    @Override
    public void hsicZz(SlotRows u, Span span, Kernel kernel, INDArray task, double gamma, double factor, boolean add,
            INDArray signal) {
        Arguments.derivative(u.rows(), span, task, signal);
        Kernels.Differentiable own = kernel(kernel, u, span);
        double pairs = Math.max(1, (span.size() - 1.0) * (span.size() - 1.0));
        INDArray sensitivity = Kernels.centred(own.matrix()).muli(2).subi(task.mul(gamma)).divi(pairs);
        put(own.gradient(sensitivity, span), factor, add, signal);
    }

    @Override
    public void normalizedHsic(SlotRows u, Span span, Kernel kernel, INDArray task, double factor, boolean add,
            INDArray signal) {
        Arguments.derivative(u.rows(), span, task, signal);
        Kernels.Differentiable own = kernel(kernel, u, span);
        INDArray centred = Kernels.centred(own.matrix());
        double ownNorm = centred.norm2Number().doubleValue();
        double taskNorm = task.norm2Number().doubleValue();
        double rounding = Arithmetic.rounding(span.size(), task.dataType());
        if (ownNorm <= rounding || taskNorm <= rounding) {
            put(Nd4j.zerosLike(signal), 0, add, signal);
            return;
        }
        double inner = Kernels.inner(task, centred);
        INDArray sensitivity = centred.mul(inner / (ownNorm * ownNorm)).subi(task).divi(taskNorm * ownNorm);
        put(own.gradient(sensitivity, span), factor, add, signal);
    }

    private static Kernels.Differentiable kernel(Kernel kernel, SlotRows u, Span span) {
        return Kernels.of(kernel, Rows.first(u.rows(), span.size()));
    }

    private static void put(INDArray gradient, double factor, boolean add, INDArray signal) {
        gradient.muli(factor);
        if (add) {
            signal.addi(gradient);
        } else {
            signal.assign(gradient);
        }
    }

    @Override
    public void group(INDArray u, int n, int groups, INDArray sizes, INDArray values) {
        Arguments.group(u, n, groups, sizes, values);
        sizes.assign(Grouping.sizes(Rows.first(u, n), groups));
        values.assign(Grouping.acrossGroups(sizes));
    }

    @Override
    public void ungroup(INDArray u, Span span, INDArray sizes, INDArray gradient, boolean add, INDArray signal) {
        Arguments.ungroup(u, span, sizes, gradient, signal);
        put(Grouping.backward(span.of(u), span.of(sizes), gradient), 1, add, signal);
    }

    @Override
    public void affine(INDArray input, INDArray weights, INDArray bias, INDArray preActivation) {
        Arguments.affine(input, weights, bias, preActivation);
        if (input.isEmpty() || weights.isEmpty()) {
            preActivation.assign(0);
        } else {
            input.mmuli(weights, preActivation);
        }
        if (bias != null) {
            preActivation.addiRowVector(bias);
        }
    }

    @Override
    public INDArray slope(IActivation activation, INDArray preActivation, INDArray signal) {
        return activation.backprop(preActivation, signal).getFirst();
    }

    @Override
    public void convolve(INDArray images, Patches patches, INDArray weights, INDArray bias, INDArray preActivation) {
        Arguments.convolution(images, patches, preActivation, weights, bias);
        long maps = weights.size(0);
        INDArray columns = columns(images, patches, preActivation);
        INDArray filters = weights.reshape('c', maps, weights.length() / maps);
        for (int sample = 0; sample < images.size(0); sample++) {
            INDArray values = sample(preActivation, sample, maps);
            Nd4j.gemm(filters, fill(columns, images, patches, sample), values, false, false, 1, 0);
            if (bias != null) {
                values.addiColumnVector(bias.reshape(maps, 1));
            }
        }
    }

    @Override
    public void convolutionGradient(
            INDArray images, Patches patches, INDArray delta, INDArray weights, INDArray bias) {
        Arguments.convolution(images, patches, delta, weights, bias);
        long maps = weights.size(0);
        if (bias != null) {
            bias.assign(delta.sum(0, 2, 3).reshape(bias.shape()));
        }
        INDArray columns = columns(images, patches, delta);
        INDArray gradient = weights.reshape('c', maps, weights.length() / maps).transpose();
        for (int sample = 0; sample < images.size(0); sample++) {
            Nd4j.gemm(fill(columns, images, patches, sample), sample(delta, sample, maps), gradient, false, true, 1,
                    sample == 0 ? 0 : 1);
        }
    }

    /** Room for one image's patches: they stay in the processor's cache, where those of a batch would not. */
    private static INDArray columns(INDArray images, Patches patches, INDArray output) {
        return Nd4j.createUninitialized(images.dataType(), new long[] {
            1, images.size(1), patches.kernelHeight(), patches.kernelWidth(), output.size(2), output.size(3)
        }, 'c');
    }

    /** One row for each value of a patch, one column for each position. */
    private static INDArray fill(INDArray columns, INDArray images, Patches patches, int sample) {
        // ND4J asks for the mode in order to check the size of the output, which is given here.
        boolean sameMode = columns.size(4) != padded(images.size(2), patches.kernelHeight(), patches.strideHeight(),
                        patches.paddingTop(), patches.dilationHeight())
                || columns.size(5) != padded(images.size(3), patches.kernelWidth(), patches.strideWidth(),
                        patches.paddingLeft(), patches.dilationWidth());
        Convolution.im2col(Rows.between(images, sample, sample + 1),
                patches.kernelHeight(), patches.kernelWidth(), patches.strideHeight(), patches.strideWidth(),
                patches.paddingTop(), patches.paddingLeft(), patches.dilationHeight(), patches.dilationWidth(),
                sameMode, columns);
        long positions = columns.size(4) * columns.size(5);
        return columns.reshape('c', columns.length() / positions, positions);
    }

    /** Positions along a dimension that is padded equally on both sides. */
    private static long padded(long size, int kernel, int stride, int padding, int dilation) {
        return (size + 2L * padding - (kernel - 1L) * dilation - 1) / stride + 1;
    }

    private static INDArray sample(INDArray maps, int sample, long count) {
        return Rows.between(maps, sample, sample + 1).reshape('c', count, maps.size(2) * maps.size(3));
    }

    @Override
    public void denseGradient(INDArray input, INDArray delta, INDArray weights, INDArray bias) {
        Arguments.denseGradient(input, delta, weights, bias);
        if (input.isEmpty() || delta.isEmpty()) {
            weights.assign(0);
            if (bias != null) {
                bias.assign(0);
            }
            return;
        }
        if (bias != null) {
            bias.assign(delta.sum(0).reshape(bias.shape()));
        }
        Nd4j.gemm(input, delta, weights, true, false, 1, 0);
    }

    @Override
    public void moments(INDArray maps, int channelDimension, INDArray mean, INDArray variance) {
        Arguments.channels(maps, channelDimension, mean, variance);
        int[] others = IntStream.range(0, maps.rank()).filter(i -> i != channelDimension).toArray();
        mean.assign(maps.mean(others).reshape(mean.shape()));
        variance.assign(maps.var(false, others).reshape(variance.shape()));
    }

    @Override
    public void standardize(INDArray maps, int channelDimension, INDArray mean, INDArray variance, double epsilon,
            INDArray gain, INDArray offset, INDArray standardized) {
        Arguments.channels(maps, channelDimension, mean, variance, gain, offset);
        Arguments.resultMaps(maps, standardized);
        INDArray factor = inverseDeviation(variance, epsilon).muli(gain.reshape(gain.length()));
        INDArray centred = forChannels(new BroadcastSubOp(plain(maps), flat(mean), standardized, channelDimension));
        forChannels(new BroadcastMulOp(centred, factor, standardized, channelDimension));
        forChannels(new BroadcastAddOp(standardized, flat(offset), standardized, channelDimension));
    }

    @Override
    public void standardizeGradient(INDArray maps, int channelDimension, INDArray mean, INDArray variance,
            double epsilon, INDArray gain, INDArray signal, INDArray gainGradient, INDArray offsetGradient,
            INDArray derivative) {
        Arguments.channels(maps, channelDimension, mean, variance, gain, gainGradient, offsetGradient);
        Arguments.sameMaps(maps, signal);
        Arguments.resultMaps(maps, derivative);
        int[] others = IntStream.range(0, maps.rank()).filter(i -> i != channelDimension).toArray();
        double count = (double) maps.length() / maps.size(channelDimension);
        INDArray inverse = inverseDeviation(variance, epsilon);
        INDArray standard = Nd4j.createUninitialized(maps.dataType(), maps.shape(), 'c');
        forChannels(new BroadcastSubOp(plain(maps), flat(mean), standard, channelDimension));
        forChannels(new BroadcastMulOp(standard, inverse, standard, channelDimension));
        INDArray offsets = signal.sum(others);
        INDArray gains = standard.mul(signal).sum(others);
        // signal - mean(signal) - standard mean(signal standard)
        forChannels(new BroadcastMulOp(standard, gains.div(count), standard, channelDimension));
        INDArray rest = signal.sub(standard).dup('c');
        forChannels(new BroadcastSubOp(rest, offsets.div(count), rest, channelDimension));
        forChannels(new BroadcastMulOp(rest, inverse.muli(flat(gain)), rest, channelDimension));
        derivative.assign(rest);
        gainGradient.assign(gains.reshape(gainGradient.shape()));
        offsetGradient.assign(offsets.reshape(offsetGradient.shape()));
    }

    private static INDArray inverseDeviation(INDArray variance, double epsilon) {
        return Transforms.sqrt(flat(variance).add(epsilon), false).rdivi(1);
    }

    private static INDArray flat(INDArray values) {
        return values.reshape(values.length());
    }

    /** ND4J's broadcasts are wrong for some views. */
    private static INDArray plain(INDArray maps) {
        return Shape.strideDescendingCAscendingF(maps) ? maps : maps.dup('c');
    }

    private static INDArray forChannels(BroadcastOp op) {
        return Nd4j.getExecutioner().exec(op);
    }

    @Override
    public String name() {
        return Arithmetics.ND4J;
    }
}
