package org.ibhebb.internal.arithmetic;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Composed of ND4J's operations. */
abstract class ReferencePlasticity implements Plasticity {

    @Override
    public void gain(INDArray errors, INDArray squares, double kept, double share, double correction, double floor,
            double factor, INDArray next) {
        long d = errors.size(1);
        int[] others = IntStream.range(0, errors.rank()).filter(i -> i != 1).toArray();
        INDArray latest = errors.mul(errors).mean(others).reshape(squares.shape());
        next.assign(squares.mul(kept).addi(latest.muli(share)));
        INDArray roots = Transforms.sqrt(next.mul(correction), false);
        double mean = roots.meanNumber().doubleValue();
        INDArray factors = Nd4j.createUninitialized(errors.dataType(), d);
        for (int neuron = 0; neuron < d; neuron++) {
            double divisor = roots.getDouble(neuron) + floor * mean;
            factors.putScalar(neuron, divisor > 0 ? factor / divisor : 0);
        }
        long[] alongNeurons = new long[errors.rank()];
        Arrays.fill(alongNeurons, 1);
        alongNeurons[1] = d;
        errors.muli(factors.reshape(alongNeurons).broadcast(errors.shape()));
    }

    @Override
    public double readout(INDArray u, INDArray labels, Link link, int block, double rate, double biasRate,
            double weight, boolean add, INDArray v, INDArray bias, INDArray signal) {
        int n = (int) u.size(0);
        double squares = 0;
        for (int from = 0; from < n; from += block) {
            int to = Math.min(n, from + block);
            INDArray rows = Rows.between(u, from, to);
            INDArray sums = Nd4j.gemm(rows, v, false, true).addiRowVector(bias.reshape(1, bias.length()));
            INDArray error = linked(link, sums).subi(Rows.between(labels, from, to));
            squares += square(error);
            INDArray back = Nd4j.gemm(error, v, false, false).muli(weight);
            INDArray part = Rows.between(signal, from, to);
            if (add) {
                part.addi(back);
            } else {
                part.assign(back);
            }
            int count = to - from;
            double length = Math.max(square(rows) / count, u.size(1));
            v.subi(Nd4j.gemm(error, rows, true, false).muli(rate / length / count));
            bias.subi(error.sum(0).muli(biasRate / count).reshape(bias.shape()));
        }
        return squares;
    }

    private static INDArray linked(Link link, INDArray sums) {
        return switch (link) {
            // ND4J's softmax fails for rows whose entries are all far below 0.
            case SOFTMAX -> Transforms.softmax(sums.subiColumnVector(sums.max(true, 1)), false);
            case LOGISTIC -> Transforms.sigmoid(sums, false);
            case IDENTITY -> sums;
        };
    }

    private static double square(INDArray values) {
        double length = values.norm2Number().doubleValue();
        return length * length;
    }

    @Override
    public double meanSquare(INDArray values) {
        // Squares of half precision would leave what it can hold.
        return values.isEmpty() ? 0 : square(values.castTo(Arithmetic.typeFor(values.dataType()))) / values.length();
    }

    @Override
    public double meanVariance(INDArray rows) {
        if (rows.isEmpty()) {
            return 0;
        }
        INDArray centred = rows.subColumnVector(rows.mean(1).reshape(rows.size(0), 1));
        return square(centred) / rows.length();
    }

    @Override
    public void average(INDArray gradient, INDArray deviation, double rate, double share) {
        INDArray moved = deviation.sub(gradient.mul(rate).reshape(deviation.shape()));
        gradient.assign(moved.mul(-share).reshape(gradient.shape()));
        deviation.assign(moved.muli(1 - share));
    }

    @Override
    public void plusScaled(INDArray a, INDArray b, double factor, INDArray sum) {
        sum.assign(a.add(b.mul(factor).reshape(a.shape())).reshape(sum.shape()));
    }

    @Override
    public void advance(INDArray input, INDArray errors, double biasFactor, Averaging step, Moving weights,
            Moving bias) {
        advance(input.transpose().mmul(errors), step, weights);
        if (bias != null) {
            advance(errors.sum(0).muli(biasFactor), step, bias);
        }
    }

    private static void advance(INDArray gradient, Averaging step, Moving own) {
        INDArray moved = own.deviation().sub(gradient.muli(step.rate()).reshape(own.deviation().shape()));
        own.parameters().addi(moved.mul(step.share()).reshape(own.parameters().shape()));
        own.deviation().assign(moved.muli(1 - step.share()));
        own.ahead().assign(own.parameters().add(own.deviation().mul(step.look()).reshape(own.parameters().shape()))
                .reshape(own.ahead().shape()));
    }

    @Override
    public void deltaRule(INDArray sums, Link link, INDArray labels) {
        sums.assign(linked(link, sums.dup()).subi(labels));
    }

    @Override
    public INDArray activate(IActivation activation, INDArray preActivation, INDArray output) {
        return activation.getActivation(output.assign(preActivation), true);
    }
}
