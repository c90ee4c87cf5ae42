package org.ibhebb.internal.arithmetic;

import java.util.Arrays;
import org.ibhebb.rule.Kernel;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What each operation of {@link Arithmetic} asks of its arguments, for all forms of it. Native code can't defend itself,
 * and ND4J's operations answer what does not fit in many ways.
 */
final class Arguments {

    private Arguments() {}

    static void copyRows(INDArray from, int fromRow, int count, INDArray to, int toRow) {
        sameType(from, to);
        if (fromRow < 0 || count < 0 || toRow < 0) {
            throw new IllegalArgumentException(
                    count + " rows can't be copied from row " + fromRow + " to row " + toRow);
        }
        rowsOf(from, (long) fromRow + count);
        gapless(to, "the destination");
        rowsOf(to, (long) toRow + count);
        check(from.size(1) == to.size(1), "rows of width ", from, " can't be copied to rows of width ", to);
    }

    static void normalize(INDArray rows, INDArray normalized, INDArray inverseDeviation) {
        rowsOf(rows, 1);
        like(normalized, rows, "the normalised rows");
        column(inverseDeviation, rows);
    }

    static void denormalize(INDArray signal, INDArray normalized, INDArray inverseDeviation, INDArray derivative) {
        rowsOf(signal, 1);
        gapless(signal, "the signal");
        like(normalized, signal, "the normalised rows");
        column(inverseDeviation, signal);
        sameType(signal, derivative);
        sameShape(derivative, signal, "the derivative");
    }

    static void sameLabel(INDArray labels, int n, INDArray kernel) {
        window(labels, n);
        square(kernel, n, labels);
    }

    static void products(INDArray rows, int n, int first, int count, INDArray products) {
        window(rows, n);
        gapless(rows, "the rows");
        if (first < 0 || first >= n || count < 1 || count > n) {
            throw new IllegalArgumentException(
                    count + " new rows, from row " + first + " on, are not among " + n + " rows");
        }
        kept(products, n, rows);
    }

    static void gaussian(SlotRows rows, int n, double sigma, INDArray kernel) {
        window(rows.rows(), n);
        square(kernel, n, rows.rows());
        if (!(sigma > 0)) {
            throw new IllegalArgumentException("the bandwidth sigma (" + sigma + ") must be above 0");
        }
    }

    /** The neighbourhood objective takes logarithms of its kernel. */
    static void gaussian(Kernel kernel) {
        if (kernel.type() == Kernel.Type.COSINE) {
            throw new IllegalArgumentException("the neighbourhood objective takes Gaussian kernels, not " + kernel);
        }
    }

    static void cosine(INDArray rows, int n, INDArray kernel) {
        window(rows, n);
        square(kernel, n, rows);
    }

    static void centre(INDArray a, INDArray b, INDArray centred) {
        rowsOf(a, 1);
        square(a, a.size(0), a);
        square(centred, a.size(0), a);
        if (b != null) {
            square(b, a.size(0), a);
        }
    }

    static void diagonalOnly(INDArray balance, INDArray sensitivity) {
        rowsOf(balance, 2);
        square(balance, balance.size(0), balance);
        square(sensitivity, balance.size(0), balance);
    }

    /** A derivative of a window's current rows, by a matrix that compares all of them. */
    static void derivative(INDArray u, Span span, INDArray comparison, INDArray signal) {
        window(u, span.size());
        square(comparison, span.size(), u);
        signal(u, span, signal);
    }

    private static void signal(INDArray u, Span span, INDArray signal) {
        sameType(u, signal);
        gapless(signal, "the signal");
        check(signal.size(0) == span.count() && signal.size(1) == u.size(1),
                "the signal ", signal, " does not fit the rows ", u);
    }

    static void group(INDArray u, int n, int groups, INDArray sizes, INDArray values) {
        window(u, n);
        groups(u.size(1), groups);
        matrix(sizes, n, groups, u, "the sizes");
        matrix(values, n, groups, u, "the values");
    }

    static void ungroup(INDArray u, Span span, INDArray sizes, INDArray gradient, INDArray signal) {
        window(u, span.size());
        rowsOf(sizes, span.size());
        groups(u.size(1), (int) sizes.size(1));
        matrix(sizes, span.size(), sizes.size(1), u, "the sizes");
        matrix(gradient, span.count(), sizes.size(1), u, "the gradient");
        signal(u, span, signal);
    }

    private static void groups(long width, int groups) {
        if (groups < 1 || width % groups != 0) {
            throw new IllegalArgumentException("groups (" + groups + ") must divide the width that the signal sees ("
                    + width + "): choose a divisor, or 0 for no groups");
        }
    }

    static void affine(INDArray input, INDArray weights, INDArray bias, INDArray preActivation) {
        rowsOf(input, 1);
        rowsOf(weights, 0);
        sameType(input, weights);
        sameType(input, preActivation);
        check(input.size(1) == weights.size(0), "the weights ", weights, " do not fit the input ", input);
        check(preActivation.rank() == 2 && preActivation.size(0) == input.size(0)
                        && preActivation.size(1) == weights.size(1)
                        && (stride(preActivation, 0) == 1 || preActivation.size(0) == 1)
                        && (stride(preActivation, 1) >= preActivation.size(0) || preActivation.size(1) == 1)
                        && stride(preActivation, 1) <= Integer.MAX_VALUE,
                "the pre-activation ", preActivation, " must be stored by columns and fit the weights ", weights);
        bias(bias, weights);
    }

    static void fire(INDArray currents, int steps, INDArray spikes, INDArray slopes, INDArray carried,
            INDArray meanSlope) {
        series(spikes, steps, "the spikes ");
        overTime(currents, steps, spikes, "the currents ");
        eachStep(slopes, spikes, "the slopes ");
        eachStep(carried, spikes, "the carried derivatives ");
        if (meanSlope != null) {
            overTime(meanSlope, steps, spikes, "the mean slopes ");
            check(steps == 1 || meanSlope.size(0) < spikes.size(0), "the mean slopes ", meanSlope,
                    " must be one a sample, for spikes ", spikes);
        }
    }

    static void backInTime(INDArray errors, int steps, INDArray slopes, INDArray carried, INDArray deltas) {
        series(deltas, steps, "the deltas ");
        overTime(errors, steps, deltas, "the errors ");
        eachStep(slopes, deltas, "the slopes ");
        eachStep(carried, deltas, "the carried derivatives ");
    }

    static void overTime(INDArray series, double[] weights, INDArray sum) {
        rowsOf(series, 0);
        rowsOf(sum, 0);
        sameType(series, sum);
        check(weights.length > 0 && series.size(0) == weights.length * sum.size(0) && series.size(1) == sum.size(1),
                weights.length + " time steps of the sum ", sum, " do not make the series ", series);
    }

    /** T n rows, stored in one of both orders. */
    private static void series(INDArray series, int steps, String what) {
        rowsOf(series, 0);
        if (steps < 1) {
            throw new IllegalArgumentException("time steps (" + steps + ") must be at least 1");
        }
        check(series.size(0) % steps == 0, what, series, " must have " + steps + " time steps of each sample: ",
                series);
        check(isByRows(series) || isByColumns(series), what, series, " must be stored without gaps: ", series);
    }

    /** As a series of T n rows; or n rows, for what is the same at each time step. */
    private static void overTime(INDArray values, int steps, INDArray series, String what) {
        rowsOf(values, 0);
        sameType(values, series);
        check((values.size(0) == series.size(0) || values.size(0) * steps == series.size(0))
                && values.size(1) == series.size(1), what, values, " do not fit ", series);
        sameOrder(values, series, what);
    }

    private static void eachStep(INDArray values, INDArray series, String what) {
        if (values != null) {
            rowsOf(values, 0);
            sameType(values, series);
            check(values.size(0) == series.size(0) && values.size(1) == series.size(1), what, values, " do not fit ",
                    series);
            sameOrder(values, series, what);
        }
    }

    private static void sameOrder(INDArray values, INDArray series, String what) {
        check(isByRows(series) ? isByRows(values) : isByColumns(values), what, values,
                " must be stored without gaps, in the order of ", series);
    }

    /** Whether a matrix lies row by row without gaps. */
    static boolean isByRows(INDArray values) {
        return isDense(values, 1, 0);
    }

    private static boolean isByColumns(INDArray values) {
        return isDense(values, 0, 1);
    }

    private static boolean isDense(INDArray values, int inner, int outer) {
        return (values.size(inner) < 2 || stride(values, inner) == 1)
                && (values.size(outer) < 2 || stride(values, outer) == values.size(inner));
    }

    static void denseGradient(INDArray input, INDArray delta, INDArray weights, INDArray bias) {
        rowsOf(input, 0);
        rowsOf(delta, 0);
        rowsOf(weights, 0);
        sameType(input, delta);
        sameType(input, weights);
        check(input.size(0) == delta.size(0), "the input ", input, " and delta ", delta);
        check(weights.size(0) == input.size(1) && weights.size(1) == delta.size(1),
                "the weights ", weights, " do not fit delta ", delta);
        bias(bias, weights);
    }

    /** A bias is a row or a vector with a value for each column of the weights. */
    private static void bias(INDArray bias, INDArray weights) {
        if (bias != null) {
            sameType(bias, weights);
            check(bias.length() == weights.size(1) && bias.rank() <= 2 && bias.size(-1) == bias.length(),
                    "the bias ", bias, " does not fit the weights ", weights);
        }
    }

    static void convolution(INDArray images, Patches patches, INDArray maps, INDArray weights, INDArray bias) {
        sameType(images, maps);
        sameType(images, weights);
        check(images.rank() == 4 && maps.rank() == 4 && images.size(0) == maps.size(0),
                "images ", images, " and feature maps ", maps);
        check(weights.rank() == 4 && weights.size(0) == maps.size(1) && weights.size(1) == images.size(1)
                        && weights.size(2) == patches.kernelHeight() && weights.size(3) == patches.kernelWidth(),
                "the weights ", weights, " do not fit the images ", images);
        check(images.length() > 0 && maps.length() > 0, "images ", images, " and feature maps must not be empty: ", maps);
        check(isGaplessByRows(maps) && isGaplessByRows(weights),
                "feature maps ", maps, " and weights must be stored by rows without gaps: ", weights);
        if (bias != null) {
            sameType(images, bias);
            check(bias.length() == maps.size(1) && isGaplessByRows(bias), "the bias ", bias, " does not fit ", maps);
        }
    }

    /** Maps, of which each channel has at least one value, and values for each channel. */
    static void channels(INDArray maps, int dimension, INDArray... perChannel) {
        check((maps.rank() == 2 || maps.rank() == 4) && dimension >= 0 && dimension < maps.rank(),
                "maps of rank 2 or 4 are needed, which have the channel dimension, not ", maps, "", maps);
        check(maps.length() > 0, "maps of shape ", maps, " are empty", maps);
        for (INDArray values : perChannel) {
            sameType(maps, values);
            check(values.length() == maps.size(dimension) && isGaplessByRows(values),
                    "one value for each channel is needed without gaps: ", values, " does not fit ", maps);
        }
    }

    /** The result of an operation on maps. */
    static void sameMaps(INDArray maps, INDArray other) {
        sameType(maps, other);
        check(Arrays.equals(maps.shape(), other.shape()), "shapes differ: ", maps, " and ", other);
    }

    static void resultMaps(INDArray maps, INDArray result) {
        sameMaps(maps, result);
        check(isGaplessByRows(result) || isGaplessByColumns(result),
                "the result ", result, " must be stored without gaps: ", result);
    }

    // -----------------------------------------------------------------------------------------------------------------

    static boolean isGapless(INDArray rows) {
        return (stride(rows, 1) == 1 || rows.size(1) == 1) && (stride(rows, 0) == rows.size(1) || rows.size(0) == 1);
    }

    static boolean isGaplessByRows(INDArray array) {
        long expected = 1;
        for (int dimension = array.rank() - 1; dimension >= 0; dimension--) {
            if (array.size(dimension) > 1 && stride(array, dimension) != expected) {
                return false;
            }
            expected *= array.size(dimension);
        }
        return true;
    }

    static boolean isGaplessByColumns(INDArray array) {
        return array.rank() == 2 && (stride(array, 0) == 1 || array.size(0) == 1)
                && (stride(array, 1) == array.size(0) || array.size(1) == 1);
    }

    /** At least so many rows, of at least one column. */
    private static void window(INDArray rows, int n) {
        if (n < 1) {
            throw new IllegalArgumentException("a window has at least one row, not " + n);
        }
        rowsOf(rows, n);
        check(rows.size(1) > 0, "rows of shape ", rows, " have no column", rows);
    }

    private static void matrix(INDArray matrix, long rows, long columns, INDArray like, String name) {
        sameType(matrix, like);
        gapless(matrix, name);
        if (matrix.size(0) != rows || matrix.size(1) != columns) {
            throw new IllegalArgumentException(name + " must have shape [" + rows + ", " + columns + "], not "
                    + Arrays.toString(matrix.shape()));
        }
    }

    static void sameType(INDArray a, INDArray b) {
        if (a.dataType() != b.dataType()) {
            throw new IllegalArgumentException("arrays of one type are needed, not " + a.dataType() + " and "
                    + b.dataType());
        }
    }

    /**
     * How far apart neighbours along a dimension are, in elements. ND4J's own answer is cut to an int.
     *
     * @param dimension from 0 on, or from -1, the last one, down
     */
    static long stride(INDArray array, int dimension) {
        long[] all = array.stride();
        int place = dimension < 0 ? all.length + dimension : dimension;
        if (place < 0 || place >= all.length) {
            throw new IllegalArgumentException("an array of shape " + Arrays.toString(array.shape())
                    + " has no dimension " + dimension);
        }
        return all[place];
    }

    private static void rowsOf(INDArray matrix, long rows) {
        if (matrix.rank() != 2 || matrix.size(0) < rows || matrix.size(0) > Integer.MAX_VALUE
                || matrix.size(1) > Integer.MAX_VALUE) {
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

    static void kept(INDArray products, long n, INDArray like) {
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
}
