package org.ibhebb.internal.arithmetic;

import static org.ibhebb.internal.arithmetic.Arguments.stride;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** In C++: the checks before each call, for native code can't defend itself. */
abstract class NativePlasticity implements Plasticity {

    @Override
    public void gain(INDArray errors, INDArray squares, double kept, double share, double correction, double floor,
            double factor, INDArray next) {
        int type = type(errors);
        check(errors.rank() >= 2, "errors of rank 2 and more are needed", errors);
        long d = errors.size(1);
        vector(squares, d, errors, "mean squares");
        vector(next, d, errors, "mean squares");
        if (errors.isEmpty()) {
            return;
        }
        long places = errors.length() / errors.size(0) / d;
        // Places at one distance of each other, by which native code goes through them.
        INDArray given = errors.rank() <= 3 ? errors : errors.dup('c').reshape('c', errors.size(0), d, places);
        long placeStride = given.rank() == 2 ? 1 : stride(given, 2);
        status(NativeLibrary.gain(type, address(given), stride(given, 0), stride(given, 1), placeStride, given.size(0),
                d, places, address(squares), kept, share, correction, floor, factor, address(next)));
        if (given != errors) {
            errors.assign(given.reshape('c', errors.shape()));
        }
        Reference.reachabilityFence(given);
        Reference.reachabilityFence(squares);
        Reference.reachabilityFence(next);
    }

    @Override
    public double readout(INDArray u, INDArray labels, Link link, int block, double rate, double biasRate,
            double weight, boolean add, INDArray v, INDArray bias, INDArray signal) {
        int type = type(u);
        matrix(u, u.size(0), u.size(1), u, "activations");
        matrix(labels, u.size(0), labels.size(1), u, "labels");
        matrix(v, labels.size(1), u.size(1), u, "readout's weights");
        matrix(signal, u.size(0), u.size(1), u, "signal");
        vector(bias, labels.size(1), u, "readout's bias");
        if (block < 1) {
            throw new IllegalArgumentException("block (" + block + ") must be at least 1");
        }
        double squares = NativeLibrary.readout(type, address(u), u.size(0), u.size(1), address(labels), labels.size(1),
                link.ordinal(), block, rate, biasRate, weight, add, address(v), address(bias), address(signal));
        Reference.reachabilityFence(u);
        Reference.reachabilityFence(labels);
        Reference.reachabilityFence(v);
        Reference.reachabilityFence(bias);
        Reference.reachabilityFence(signal);
        status(squares < 0 ? NativeLibrary.OUT_OF_MEMORY : NativeLibrary.OK);
        return squares;
    }

    @Override
    public double meanSquare(INDArray values) {
        int type = type(values);
        if (values.isEmpty()) {
            return 0;
        }
        double sum;
        if (values.rank() == 2) {
            sum = NativeLibrary.squares(type, address(values), stride(values, 0), stride(values, 1), values.size(0),
                    values.size(1));
        } else {
            // Whatever order the elements of an array without gaps have.
            INDArray gapless = values.elementWiseStride() == 1 ? values : values.dup();
            sum = NativeLibrary.squares(type, address(gapless), gapless.length(), 1, 1, gapless.length());
            Reference.reachabilityFence(gapless);
        }
        Reference.reachabilityFence(values);
        return sum / values.length();
    }

    @Override
    public double meanVariance(INDArray rows) {
        check(rows.rank() == 2, "a matrix is needed", rows);
        if (rows.isEmpty()) {
            return 0;
        }
        double sum = NativeLibrary.variances(
                type(rows), address(rows), stride(rows, 0), stride(rows, 1), rows.size(0), rows.size(1));
        Reference.reachabilityFence(rows);
        return sum / rows.size(0);
    }

    @Override
    public void average(INDArray gradient, INDArray deviation, double rate, double share) {
        int type = type(gradient);
        vector(gradient, gradient.length(), gradient, "gradient");
        vector(deviation, gradient.length(), gradient, "deviation");
        NativeLibrary.average(type, address(gradient), address(deviation), gradient.length(), rate, share);
        Reference.reachabilityFence(gradient);
        Reference.reachabilityFence(deviation);
    }

    @Override
    public void plusScaled(INDArray a, INDArray b, double factor, INDArray sum) {
        int type = type(a);
        vector(a, a.length(), a, "first term");
        vector(b, a.length(), a, "second term");
        vector(sum, a.length(), a, "sum");
        NativeLibrary.plusScaled(type, address(a), address(b), factor, a.length(), address(sum));
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
        Reference.reachabilityFence(sum);
    }

    @Override
    public void advance(INDArray input, INDArray errors, double biasFactor, Averaging step, Moving weights,
            Moving bias) {
        int type = type(input);
        long n = input.size(0);
        long in = input.size(1);
        long out = errors.size(1);
        check(input.rank() == 2 && n > 0, "a matrix is needed as input", input);
        check(errors.dataType() == input.dataType() && errors.rank() == 2 && errors.size(0) == n,
                "a matrix of " + n + " rows of type " + input.dataType() + " is needed as errors", errors);
        moving(weights, in * out, input, "weights");
        check(weights.parameters().rank() == 2 && weights.parameters().size(0) == in
                && (in == 1 || stride(weights.parameters(), 0) == 1),
                "weights of " + in + " x " + out + ", by columns, are needed", weights.parameters());
        if (bias != null) {
            moving(bias, out, input, "bias");
        }
        status(NativeLibrary.advanceDense(type, address(input), stride(input, 0), stride(input, 1), address(errors),
                stride(errors, 0), stride(errors, 1), n, in, out, biasFactor, step.rate(), step.share(), step.look(),
                address(weights.parameters()), address(weights.deviation()), address(weights.ahead()),
                bias == null ? 0 : address(bias.parameters()), bias == null ? 0 : address(bias.deviation()),
                bias == null ? 0 : address(bias.ahead())));
        Reference.reachabilityFence(input);
        Reference.reachabilityFence(errors);
        Reference.reachabilityFence(weights);
        Reference.reachabilityFence(bias);
    }

    private static void moving(Moving own, long length, INDArray like, String what) {
        vector(own.parameters(), length, like, what);
        vector(own.deviation(), length, like, what + "' deviation");
        vector(own.ahead(), length, like, what + " ahead");
    }

    @Override
    public void deltaRule(INDArray sums, Link link, INDArray labels) {
        int type = type(sums);
        check(sums.rank() == 2 && Arguments.isGaplessByColumns(sums), "a matrix without gaps, by columns, is needed as"
                + " sums", sums);
        check(labels.dataType() == sums.dataType() && Arrays.equals(labels.shape(), sums.shape()),
                "labels of " + sums.size(0) + " x " + sums.size(1) + " of type " + sums.dataType() + " are needed",
                labels);
        status(NativeLibrary.deltaRule(type, link.ordinal(), sums.size(0), sums.size(1), address(labels),
                stride(labels, 0), stride(labels, 1), address(sums), sums.size(0)));
        Reference.reachabilityFence(sums);
        Reference.reachabilityFence(labels);
    }

    @Override
    public INDArray activate(IActivation activation, INDArray preActivation, INDArray output) {
        if (activation instanceof ActivationIdentity) {
            return preActivation;
        }
        if (!Rectifiers.fit(activation, preActivation, output)) {
            return activation.getActivation(output.assign(preActivation), true);
        }
        NativeLibrary.rectify(type(output), address(preActivation), output.length(), address(output));
        Reference.reachabilityFence(preActivation);
        Reference.reachabilityFence(output);
        return output;
    }

    private static long address(INDArray array) {
        DataBuffer buffer = array.data();
        return buffer.address() + array.offset() * buffer.getElementSize();
    }

    private static int type(INDArray array) {
        return array.dataType() == DataType.DOUBLE ? NativeLibrary.DOUBLE : NativeLibrary.FLOAT;
    }

    /** Whose values lie one behind the other, whatever its shape. */
    private static void vector(INDArray values, long length, INDArray like, String what) {
        check(values.dataType() == like.dataType() && values.length() == length
                && (length < 2 || values.elementWiseStride() == 1 || Arguments.isGaplessByRows(values)),
                length + " values without gaps of type " + like.dataType() + " are needed as " + what, values);
    }

    private static void matrix(INDArray values, long rows, long columns, INDArray like, String what) {
        check(values.dataType() == like.dataType() && values.rank() == 2 && values.size(0) == rows
                && values.size(1) == columns && Arguments.isGaplessByRows(values),
                "a matrix of " + rows + " x " + columns + " of type " + like.dataType()
                        + ", by rows without gaps, is needed as " + what, values);
    }

    private static void check(boolean holds, String needed, INDArray given) {
        if (!holds) {
            throw new IllegalArgumentException(needed + ", not an array of shape " + Arrays.toString(given.shape())
                    + ", strides " + Arrays.toString(given.stride()) + " and type " + given.dataType());
        }
    }

    private static void status(int status) {
        if (status == NativeLibrary.OUT_OF_MEMORY) {
            throw new OutOfMemoryError("the native kernel found no memory for its intermediate results: a smaller"
                    + " mini-batch needs less");
        }
    }
}
