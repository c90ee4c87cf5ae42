package org.ibhebb.internal.arithmetic;

import java.util.function.Consumer;
import org.ibhebb.internal.arithmetic.OperationCounter.Operation;
import org.ibhebb.rule.Kernel;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Says what each operation of another form reads, writes and computes: it looks at the arrays that the operation is
 * given, and at nothing else.
 */
final class CountingArithmetic implements Arithmetic {

    private final Arithmetic counted;
    private final Consumer<Operation> told;

    CountingArithmetic(Arithmetic counted, Consumer<Operation> told) {
        this.counted = counted;
        this.told = told;
    }

    private void tell(String name, long read, long written) {
        told.accept(new Operation(name, read, written, 0, 0, 0));
    }

    private void tell(String name, long read, long written, long macs) {
        told.accept(new Operation(name, read, written, macs, macs, 0));
    }

    private void tell(String name, long read, long written, long macs, INDArray presynaptic) {
        long active = count(presynaptic.isEmpty() ? presynaptic : presynaptic.neq(0));
        boolean binary = active > 0 && count(presynaptic.eq(1)) == active;
        long effective = presynaptic.isEmpty() ? 0 : Math.round((double) macs * active / presynaptic.length());
        told.accept(new Operation(name, read, written, macs, binary ? 0 : effective, binary ? effective : 0));
    }

    private static long count(INDArray those) {
        return those.isEmpty() ? 0 : Math.round(those.castTo(DataType.DOUBLE).sumNumber().doubleValue());
    }

    private static long bytes(INDArray... arrays) {
        long sum = 0;
        for (INDArray array : arrays) {
            sum += array == null ? 0 : array.length() * array.dataType().width();
        }
        return sum;
    }

    private static long rows(INDArray matrix, long count) {
        return count * matrix.size(1) * matrix.dataType().width();
    }

    /** Rows that are compared, and whether what is kept of their products was asked for. */
    private static final class Asked implements SlotRows {

        private final SlotRows given;
        private INDArray products;

        Asked(SlotRows given) {
            this.given = given;
        }

        @Override
        public INDArray rows() {
            return given.rows();
        }

        @Override
        public INDArray products() {
            products = given.products();
            return products;
        }

        long read(long n) {
            return CountingArithmetic.rows(rows(), n)
                    + (products == null ? 0 : n * n * products.dataType().width());
        }
    }

    @Override
    public String name() {
        return counted.name();
    }

    @Override
    public boolean isFinite(INDArray array) {
        tell("isFinite", bytes(array), 0);
        return counted.isFinite(array);
    }

    @Override
    public void copyRows(INDArray from, int fromRow, int count, INDArray to, int toRow) {
        tell("copyRows", rows(from, count), rows(to, count));
        counted.copyRows(from, fromRow, count, to, toRow);
    }

    @Override
    public void normalize(INDArray rows, double epsilon, INDArray normalized, INDArray inverseDeviation) {
        tell("normalize", bytes(rows), bytes(normalized, inverseDeviation));
        counted.normalize(rows, epsilon, normalized, inverseDeviation);
    }

    @Override
    public void denormalize(INDArray signal, INDArray normalized, INDArray inverseDeviation, INDArray derivative) {
        tell("denormalize", bytes(signal, normalized, inverseDeviation), bytes(derivative));
        counted.denormalize(signal, normalized, inverseDeviation, derivative);
    }

    @Override
    public boolean sameLabel(INDArray labels, int n, boolean independent, INDArray kernel) {
        tell("sameLabel", rows(labels, n), bytes(kernel), (long) n * n * labels.size(1));
        return counted.sameLabel(labels, n, independent, kernel);
    }

    @Override
    public void products(INDArray rows, int n, int first, int count, INDArray products) {
        tell("products", rows(rows, n), 2L * count * n * products.dataType().width(),
                (long) count * n * rows.size(1));
        counted.products(rows, n, first, count, products);
    }

    @Override
    public void gaussian(SlotRows rows, int n, boolean median, double sigma, INDArray kernel) {
        Asked asked = new Asked(rows);
        counted.gaussian(asked, n, median, sigma, kernel);
        tell("gaussian", asked.read(n), bytes(kernel), asked.products == null ? (long) n * n * rows.rows().size(1) : 0);
    }

    @Override
    public void centre(INDArray a, INDArray b, double factor, INDArray centred) {
        tell("centre", bytes(a, b), bytes(centred));
        counted.centre(a, b, factor, centred);
    }

    @Override
    public void diagonalOnly(INDArray balance, INDArray sensitivity) {
        tell("diagonalOnly", balance.size(0) * balance.dataType().width(), bytes(sensitivity));
        counted.diagonalOnly(balance, sensitivity);
    }

    @Override
    public void cosine(INDArray rows, int n, INDArray kernel) {
        tell("cosine", rows(rows, n), bytes(kernel), (long) n * n * rows.size(1));
        counted.cosine(rows, n, kernel);
    }

    @Override
    public void neighbourhood(SlotRows u, Span span, Kernel kernel, INDArray same, double factor, boolean add,
            INDArray signal) {
        Asked asked = new Asked(u);
        counted.neighbourhood(asked, span, kernel, same, factor, add, signal);
        derivative("neighbourhood", asked, span, compared(kernel, span), rowsOf(same, span), add, signal);
    }

    @Override
    public double neighbourhoodLoss(INDArray u, Span span, Kernel kernel, INDArray same) {
        tell("neighbourhoodLoss", rows(u, span.size()) + rowsOf(same, span), 0,
                (long) span.count() * span.size() * u.size(1));
        return counted.neighbourhoodLoss(u, span, kernel, same);
    }

    @Override
    public void throughKernel(SlotRows u, Span span, Kernel kernel, INDArray sensitivity, double factor, boolean add,
            INDArray signal) {
        Asked asked = new Asked(u);
        counted.throughKernel(asked, span, kernel, sensitivity, factor, add, signal);
        derivative("throughKernel", asked, span, compared(kernel, span), rowsOf(sensitivity, span), add, signal);
    }

    @Override
    public void hsicZz(SlotRows u, Span span, Kernel kernel, INDArray task, double gamma, double factor, boolean add,
            INDArray signal) {
        Asked asked = new Asked(u);
        counted.hsicZz(asked, span, kernel, task, gamma, factor, add, signal);
        derivative("hsicZz", asked, span, span.size(), rowsOf(task, span), add, signal);
    }

    @Override
    public void normalizedHsic(SlotRows u, Span span, Kernel kernel, INDArray task, double factor, boolean add,
            INDArray signal) {
        Asked asked = new Asked(u);
        counted.normalizedHsic(asked, span, kernel, task, factor, add, signal);
        derivative("normalizedHsic", asked, span, span.size(), bytes(task), add, signal);
    }

    /** The rows of a window's matrix that belong to current samples. */
    private static long rowsOf(INDArray square, Span span) {
        return (long) span.count() * span.size() * square.dataType().width();
    }

    /** How many rows are compared with all others where nothing but their similarities to those is needed. */
    private static int compared(Kernel kernel, Span span) {
        return switch (kernel.type()) {
            case GAUSSIAN -> span.count();
            case MEDIAN_GAUSSIAN -> span.size();
            case COSINE -> 0;
        };
    }

    private void derivative(String name, Asked u, Span span, long rows, long read, boolean add, INDArray signal) {
        long n = span.size();
        long d = u.rows().size(1);
        long compared = u.products != null ? 0 : rows * n * d;
        tell(name, u.read(n) + read + (add ? bytes(signal) : 0), bytes(signal), compared + span.count() * n * d);
    }

    @Override
    public void group(INDArray u, int n, int groups, INDArray sizes, INDArray values) {
        tell("group", rows(u, n), bytes(sizes, values));
        counted.group(u, n, groups, sizes, values);
    }

    @Override
    public void ungroup(INDArray u, Span span, INDArray sizes, INDArray gradient, boolean add, INDArray signal) {
        tell("ungroup", rows(u, span.count()) + rows(sizes, span.count()) + bytes(gradient)
                + (add ? bytes(signal) : 0), bytes(signal));
        counted.ungroup(u, span, sizes, gradient, add, signal);
    }

    @Override
    public void affine(INDArray input, INDArray weights, INDArray bias, INDArray preActivation) {
        tell("affine", bytes(input, weights, bias), bytes(preActivation), input.size(0) * weights.length(), input);
        counted.affine(input, weights, bias, preActivation);
    }

    @Override
    public INDArray slope(IActivation activation, INDArray preActivation, INDArray signal) {
        if (!(activation instanceof ActivationIdentity)) {
            tell("slope", bytes(preActivation, signal), bytes(signal));
        }
        return counted.slope(activation, preActivation, signal);
    }

    @Override
    public void convolve(INDArray images, Patches patches, INDArray weights, INDArray bias, INDArray preActivation) {
        tell("convolve", bytes(images, weights, bias), bytes(preActivation),
                weights.length() * positions(preActivation), images);
        counted.convolve(images, patches, weights, bias, preActivation);
    }

    private static long positions(INDArray maps) {
        return maps.size(0) * maps.size(2) * maps.size(3);
    }

    @Override
    public void convolutionGradient(
            INDArray images, Patches patches, INDArray delta, INDArray weights, INDArray bias) {
        tell("convolutionGradient", bytes(images, delta), bytes(weights, bias), weights.length() * positions(delta),
                images);
        counted.convolutionGradient(images, patches, delta, weights, bias);
    }

    @Override
    public void denseGradient(INDArray input, INDArray delta, INDArray weights, INDArray bias) {
        tell("denseGradient", bytes(input, delta), bytes(weights, bias), input.size(0) * weights.length(), input);
        counted.denseGradient(input, delta, weights, bias);
    }

    @Override
    public void moments(INDArray maps, int channelDimension, INDArray mean, INDArray variance) {
        tell("moments", bytes(maps), bytes(mean, variance));
        counted.moments(maps, channelDimension, mean, variance);
    }

    @Override
    public void standardize(INDArray maps, int channelDimension, INDArray mean, INDArray variance, double epsilon,
            INDArray gain, INDArray offset, INDArray standardized) {
        tell("standardize", bytes(maps, mean, variance, gain, offset), bytes(standardized));
        counted.standardize(maps, channelDimension, mean, variance, epsilon, gain, offset, standardized);
    }

    @Override
    public void standardizeGradient(INDArray maps, int channelDimension, INDArray mean, INDArray variance,
            double epsilon, INDArray gain, INDArray signal, INDArray gainGradient, INDArray offsetGradient,
            INDArray derivative) {
        tell("standardizeGradient", bytes(maps, mean, variance, gain, signal),
                bytes(gainGradient, offsetGradient, derivative));
        counted.standardizeGradient(maps, channelDimension, mean, variance, epsilon, gain, signal, gainGradient,
                offsetGradient, derivative);
    }

    @Override
    public void gain(INDArray errors, INDArray squares, double kept, double share, double correction, double floor,
            double factor, INDArray next) {
        tell("gain", bytes(errors, squares), bytes(errors, next));
        counted.gain(errors, squares, kept, share, correction, floor, factor, next);
    }

    @Override
    public double readout(INDArray u, INDArray labels, Link link, int block, double rate, double biasRate,
            double weight, boolean add, INDArray v, INDArray bias, INDArray signal) {
        tell("readout", bytes(u, labels, v, bias) + (add ? bytes(signal) : 0), bytes(v, bias, signal),
                3 * u.size(0) * v.length());
        return counted.readout(u, labels, link, block, rate, biasRate, weight, add, v, bias, signal);
    }

    @Override
    public double meanSquare(INDArray values) {
        tell("meanSquare", bytes(values), 0);
        return counted.meanSquare(values);
    }

    @Override
    public double meanVariance(INDArray rows) {
        tell("meanVariance", bytes(rows), 0);
        return counted.meanVariance(rows);
    }

    @Override
    public void average(INDArray gradient, INDArray deviation, double rate, double share) {
        tell("average", bytes(gradient, deviation), bytes(gradient, deviation));
        counted.average(gradient, deviation, rate, share);
    }

    @Override
    public void plusScaled(INDArray a, INDArray b, double factor, INDArray sum) {
        tell("plusScaled", bytes(a, b), bytes(sum));
        counted.plusScaled(a, b, factor, sum);
    }

    @Override
    public void advance(INDArray input, INDArray errors, double biasFactor, Averaging step, Moving weights,
            Moving bias) {
        INDArray[] moved = bias == null
                ? new INDArray[] {weights.parameters(), weights.deviation()}
                : new INDArray[] {weights.parameters(), weights.deviation(), bias.parameters(), bias.deviation()};
        tell("advance", bytes(input, errors) + bytes(moved),
                bytes(moved) + bytes(weights.ahead()) + (bias == null ? 0 : bytes(bias.ahead())),
                input.size(0) * weights.parameters().length(), input);
        counted.advance(input, errors, biasFactor, step, weights, bias);
    }

    @Override
    public void deltaRule(INDArray sums, Link link, INDArray labels) {
        tell("deltaRule", bytes(sums, labels), bytes(sums));
        counted.deltaRule(sums, link, labels);
    }

    @Override
    public INDArray activate(IActivation activation, INDArray preActivation, INDArray output) {
        tell("activate", bytes(preActivation), bytes(output));
        return counted.activate(activation, preActivation, output);
    }

    @Override
    public void fire(INDArray currents, int steps, Neuron neuron, INDArray spikes, INDArray slopes, INDArray carried,
            INDArray meanSlope) {
        // A leak is a multiplication for each neuron and time step, and so is a synapse's decay.
        tell("fire", bytes(currents), bytes(spikes, slopes, carried, meanSlope),
                (neuron.synapticDecay() > 0 ? 2 : 1) * spikes.length());
        counted.fire(currents, steps, neuron, spikes, slopes, carried, meanSlope);
    }

    @Override
    public void backInTime(INDArray errors, int steps, double factor, Neuron neuron, INDArray slopes, INDArray carried,
            INDArray deltas) {
        tell("backInTime", bytes(errors, slopes, carried), bytes(deltas),
                (neuron.synapticDecay() > 0 ? 3 : 2) * deltas.length());
        counted.backInTime(errors, steps, factor, neuron, slopes, carried, deltas);
    }

    @Override
    public void overTime(INDArray series, double[] weights, INDArray sum) {
        tell("overTime", bytes(series), bytes(sum), series.length(), series);
        counted.overTime(series, weights, sum);
    }
}
