package org.ibhebb.internal.arithmetic;

import java.util.stream.IntStream;
import org.ibhebb.rule.Objective;
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
final class ReferenceArithmetic extends ReferencePlasticity implements Arithmetic {

    @Override
    public boolean isFinite(INDArray array) {
        // In half precision the sum of finite values is soon infinite.
        double sum = array.castTo(Arithmetic.typeFor(array.dataType())).sumNumber().doubleValue();
        return !Double.isNaN(sum) && !Double.isInfinite(sum);
    }

    @Override
    public void copyRows(INDArray from, int fromRow, int count, INDArray to, int toRow) {
        Rows.between(to, toRow, toRow + count).assign(Rows.between(from, fromRow, fromRow + count));
    }

    @Override
    public void normalize(INDArray rows, double epsilon, INDArray normalized, INDArray inverseDeviation) {
        long n = rows.rows();
        normalized.assign(rows.subColumnVector(rows.mean(1).reshape(n, 1)));
        inverseDeviation.assign(normalized.mul(normalized).mean(1).reshape(n, 1)).addi(epsilon);
        Transforms.sqrt(inverseDeviation, false).rdivi(1);
        normalized.muliColumnVector(inverseDeviation);
    }

    @Override
    public void denormalize(INDArray signal, INDArray normalized, INDArray inverseDeviation, INDArray derivative) {
        long n = signal.rows();
        INDArray along = signal.mul(normalized).mean(1).reshape(n, 1);
        derivative.assign(signal.subColumnVector(signal.mean(1).reshape(n, 1))
                .subi(normalized.mulColumnVector(along))
                .muliColumnVector(inverseDeviation));
    }

    @Override
    public boolean sameLabel(INDArray labels, int n, boolean independent, INDArray kernel) {
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
        INDArray used = Rows.first(rows.rows(), n);
        INDArray distances = Kernels.squaredDistances(used);
        kernel.assign(Kernels.gaussian(
                distances, Kernels.squaredBandwidth(median, sigma, distances, used.columns())));
    }

    @Override
    public void centre(INDArray a, INDArray b, double factor, INDArray centred) {
        centred.assign(Kernels.centred(b == null ? a : a.sub(b.mul(factor))));
    }

    /**
     * The published code keeps a_q = (H (Kx - g Ky) H)_qq only, and (H K H)_qq = K_qq - 2/N sum_r K_qr + 1/N^2 sum K:
     * dL/dK_pr = 2/(N-1)^2 [a_p d_pr - (a_p + a_r)/N + (sum a)/N^2]. K_pp is the constant 1, so that d_pr moves
     * nothing.
     */
    @Override
    public void diagonalOnly(INDArray balance, INDArray sensitivity) {
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
    public void gradient(Objective objective, Window window, SlotRows u, double factor, boolean add,
            INDArray signal) {
        INDArray gradient = Term.of(objective, window, Rows.first(u.rows(), window.size())).gradient().muli(factor);
        if (add) {
            signal.addi(gradient);
        } else {
            signal.assign(gradient);
        }
    }

    @Override
    public void affine(INDArray input, INDArray weights, INDArray bias, INDArray preActivation) {
        input.mmuli(weights, preActivation);
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
        if (bias != null) {
            delta.sum(bias, 0);
        }
        Nd4j.gemm(input, delta, weights, true, false, 1, 0);
    }

    @Override
    public void moments(INDArray maps, int channelDimension, INDArray mean, INDArray variance) {
        int[] others = IntStream.range(0, maps.rank()).filter(i -> i != channelDimension).toArray();
        mean.assign(maps.mean(others).reshape(mean.shape()));
        variance.assign(maps.var(false, others).reshape(variance.shape()));
    }

    @Override
    public void standardize(INDArray maps, int channelDimension, INDArray mean, INDArray variance, double epsilon,
            INDArray gain, INDArray offset, INDArray standardized) {
        INDArray factor = inverseDeviation(variance, epsilon).muli(gain.reshape(gain.length()));
        INDArray centred = forChannels(new BroadcastSubOp(plain(maps), flat(mean), standardized, channelDimension));
        forChannels(new BroadcastMulOp(centred, factor, standardized, channelDimension));
        forChannels(new BroadcastAddOp(standardized, flat(offset), standardized, channelDimension));
    }

    @Override
    public void standardizeGradient(INDArray maps, int channelDimension, INDArray mean, INDArray variance,
            double epsilon, INDArray gain, INDArray signal, INDArray gainGradient, INDArray offsetGradient,
            INDArray derivative) {
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
