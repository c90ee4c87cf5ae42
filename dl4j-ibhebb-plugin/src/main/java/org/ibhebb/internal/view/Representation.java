package org.ibhebb.internal.view;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Buffers;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * What the modulatory signal sees of a layer's output, one row a sample: feature maps and sequences average-pooled to a
 * small grid and flattened, then layer-normalised. A dimension of feature maps has no more cells than positions; a
 * sequence always has as many cells as the rule says, so that its length, and what it was padded to, make no difference
 * to the width. The network's own forward pass does not change. A layer makes one,
 * calls {@link #of} in each forward pass, and carries the signal back with {@link View#backward}.
 */
public final class Representation {

    private static final double EPSILON = 1e-5;
    /** Of the running mean variance. */
    private static final double RELATIVE_EPSILON = 0.01;
    /** Where a layer has never varied there is nothing to divide by. */
    private static final double SMALLEST_VARIANCE = 1e-12;

    private final LearningRule rule;
    private final boolean channelsLast;
    private final Buffers buffers;
    private final RunningMoments moments;
    private INDArray pool;
    private long[] pooledShape;
    /** Where samples differ in length: samples x time steps x cells. */
    private INDArray pools;

    /**
     * @param rule says how far to pool and whether to normalise
     * @param channelsLast whether activations of rank 3 and more have their channels in the last dimension (NHWC, NWC)
     *     instead of the second (NCHW, NCW)
     * @param buffers hold the latest view, and what it carries back
     */
    public Representation(LearningRule rule, boolean channelsLast, Buffers buffers) {
        this(rule, channelsLast, buffers, new RunningMoments());
    }

    /**
     * A representation that knows how the layer's activations have varied.
     *
     * @param rule as above
     * @param channelsLast as above
     * @param buffers as above
     * @param moments moved by each view; whoever keeps them says which ones count
     */
    public Representation(LearningRule rule, boolean channelsLast, Buffers buffers, RunningMoments moments) {
        this.rule = rule;
        this.channelsLast = channelsLast;
        this.buffers = buffers;
        this.moments = moments;
    }

    /**
     * What the signal sees of these activations. They are not changed, and later changes of them have no effect.
     *
     * @param activations a layer's output, samples first: rank 2 (N x d), or 3 to 5 with one to three spatial
     *     dimensions
     * @return the view on them; where buffers are used again, until the next one
     * @throws IllegalArgumentException if the rank is another
     */
    public View of(INDArray activations) {
        return of(activations, null);
    }

    /**
     * What the signal sees of sequences of different lengths, padded to one: a sample's grid divides its own time
     * steps, so that it looks as it would alone. (One of fewer steps than the grid has cells has some in two cells.)
     *
     * @param activations as above; of rank 3 where there is a mask
     * @param mask samples x time steps, 0 where a sample has no such step; null for none
     * @return the view on them; what it carries back is 0 where the mask is
     * @throws IllegalArgumentException if the rank is another
     */
    public View of(INDArray activations, INDArray mask) {
        if (activations.rank() < 2 || activations.rank() > 5) {
            throw new IllegalArgumentException("the modulatory signal sees activations of rank 2 to 5, not of rank "
                    + activations.rank() + " (shape " + Arrays.toString(activations.shape()) + ")");
        }
        pools = mask == null ? null : averagingOfEach(mask, activations.dataType());
        INDArray flat = activations.rank() == 2 ? activations : pooled(activations);
        DataType type = flat.dataType();
        Arithmetic kernel = Arithmetic.of(type);
        INDArray rows = buffers.get("rows", type, 'c', flat.size(0), flat.size(1));
        boolean byWidth = rule.normalization() == LearningRule.Normalization.BY_WIDTH;
        if (byWidth && flat.size(1) < LearningRule.WIDE) {
            INDArray means = moments.unitMeans(flat, kernel);
            double inverse = inverseOfUnits();
            rows.assign(flat.subRowVector(means).muli(inverse));
            return new View(kernel, activations, rows, means, null, inverse, 0);
        }
        if (rule.normalization() == LearningRule.Normalization.NONE) {
            kernel.copyRows(flat, 0, (int) flat.size(0), rows, 0);
            return new View(kernel, activations, rows, null, null, 1, 0);
        }
        INDArray inverseDeviation = buffers.get("inverse deviation", type, 'c', flat.size(0), 1);
        double epsilon = byWidth ? relative(moments.sampleVariance(flat, kernel)) : EPSILON;
        kernel.normalize(flat, epsilon, rows, inverseDeviation);
        return new View(kernel, activations, rows, null, inverseDeviation, 1, byWidth ? epsilon : 0);
    }

    /** The inverse of the units' deviation; 0 where they have never varied, and are all at their means. */
    private double inverseOfUnits() {
        double variance = moments.unitVariance();
        return variance > 0 ? 1 / Math.sqrt(variance) : 0;
    }

    /** What is added to the samples' variances, which are so large on average. */
    private static double relative(double variance) {
        return RELATIVE_EPSILON * variance + SMALLEST_VARIANCE;
    }

    /**
     * Average-pools to the rule's grid: a matrix product with the averaging matrix, so that its transpose is the way
     * back.
     */
    private INDArray pooled(INDArray activations) {
        INDArray channelsFirst = channelsLast ? activations.permute(toChannelsFirst(activations.rank())) : activations;
        long[] shape = channelsFirst.shape();
        long[] space = Arrays.copyOfRange(shape, 2, shape.length);
        if (pools != null) {
            return Nd4j.matmul(channelsFirst.dup('c'), pools).dup('c').reshape('c', shape[0], shape[1] * pools.size(2));
        }
        if (pool == null || pool.dataType() != activations.dataType() || !Arrays.equals(space, pooledShape)) {
            pool = space.length == 1
                    ? averaging(averagingAlong((int) space[0], rule.pooling()), activations.dataType())
                    : averaging(space, rule.pooling(), activations.dataType());
            pooledShape = space;
        }
        INDArray maps = channelsFirst.dup('c').reshape('c', shape[0] * shape[1], pool.rows());
        return maps.mmul(pool).dup('c').reshape('c', shape[0], shape[1] * pool.columns());
    }

    /** positions x cells: the average over each cell of a grid with at most that many cells along each dimension. */
    private static INDArray averaging(long[] space, int cells, DataType type) {
        double[][] all = {{1}};
        for (long length : space) {
            all = kronecker(all, averagingAlong((int) length, (int) Math.min(cells, length)));
        }
        return averaging(all, type);
    }

    private static INDArray averaging(double[][] all, DataType type) {
        try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            return Nd4j.createFromArray(all).castTo(type);
        }
    }

    private INDArray averagingOfEach(INDArray mask, DataType type) {
        double[][] there = mask.toDoubleMatrix();
        int cells = rule.pooling();
        double[][][] each = new double[there.length][there[0].length][cells];
        for (int sample = 0; sample < there.length; sample++) {
            double[] steps = there[sample];
            int[] own = IntStream.range(0, steps.length).filter(step -> steps[step] != 0).toArray();
            double[][] average = averagingAlong(own.length, cells);
            for (int i = 0; i < own.length; i++) {
                each[sample][own[i]] = average[i];
            }
        }
        INDArray pools = buffers.get("pools", type, 'c', each.length, each[0].length, cells);
        return pools.assign(Nd4j.createFromArray(each));
    }

    private static double[][] averagingAlong(int length, int cells) {
        double[][] average = new double[length][cells];
        for (int cell = 0; cell < cells; cell++) {
            int from = cell * length / cells;
            int to = ((cell + 1) * length + cells - 1) / cells;
            for (int position = from; position < to; position++) {
                average[position][cell] = 1.0 / (to - from);
            }
        }
        return average;
    }

    private static double[][] kronecker(double[][] a, double[][] b) {
        double[][] product = new double[a.length * b.length][a[0].length * b[0].length];
        for (int row = 0; row < product.length; row++) {
            for (int column = 0; column < product[0].length; column++) {
                product[row][column] = a[row / b.length][column / b[0].length]
                        * b[row % b.length][column % b[0].length];
            }
        }
        return product;
    }

    private static int[] toChannelsFirst(int rank) {
        int[] order = new int[rank];
        order[1] = rank - 1;
        for (int i = 2; i < rank; i++) {
            order[i] = i - 1;
        }
        return order;
    }

    private static int[] toChannelsLast(int rank) {
        int[] order = new int[rank];
        order[rank - 1] = 1;
        for (int i = 1; i < rank - 1; i++) {
            order[i] = i + 1;
        }
        return order;
    }

    /** One mini-batch as the signal sees it. */
    public final class View {

        private final Arithmetic kernel;
        private final long[] shape;
        private final char order;
        private final INDArray rows;
        /** What was taken from each row; null where rows are not centred by running means. */
        private final INDArray means;
        /** Of each row; null where all have one. */
        private final INDArray inverseDeviation;
        /** Of all rows. */
        private double inverse;
        /** Of each row's variance; 0 where it does not go by running moments. */
        private final double epsilon;

        private View(Arithmetic kernel, INDArray activations, INDArray rows, INDArray means,
                INDArray inverseDeviation, double inverse, double epsilon) {
            this.kernel = kernel;
            this.shape = activations.shape();
            this.order = activations.ordering();
            this.rows = rows;
            this.means = means;
            this.inverseDeviation = inverseDeviation;
            this.inverse = inverse;
            this.epsilon = epsilon;
        }

        /**
         * Lets some rows alone say how activations vary: the others have no label, and may be padding.
         *
         * @param some takes these out of an array of all rows
         */
        public void varyAs(UnaryOperator<INDArray> some) {
            if (means != null) {
                INDArray flat = (inverse == 0 ? rows : rows.div(inverse)).addRowVector(means);
                INDArray own = moments.unitMeans(some.apply(flat), kernel);
                inverse = inverseOfUnits();
                rows.assign(flat.subiRowVector(own).muli(inverse));
            } else if (epsilon > 0) {
                INDArray variances = Transforms.pow(inverseDeviation, -2).subi(epsilon);
                INDArray own = Transforms.pow(
                        variances.addi(relative(moments.sampleVariance(some.apply(variances)))), -0.5, false);
                rows.muliColumnVector(own.div(inverseDeviation));
                inverseDeviation.assign(own);
            }
        }

        /**
         * What the signal sees.
         *
         * @return one row a sample
         */
        public INDArray rows() {
            return rows;
        }

        /**
         * Carries a derivative back to the layer's activations: the Jacobians of normalisation and pooling.
         *
         * @param signal dL/d{@link #rows}, without gaps, by rows; may be changed
         * @return dL/d(activations), in the shape of the activations; may be the signal itself
         */
        public INDArray backward(INDArray signal) {
            if (inverseDeviation == null) {
                if (inverse != 1) {
                    signal.muli(inverse);
                }
                return shape.length == 2 ? signal : unpooled(signal);
            }
            // Operations on two arrays are fastest where both have one order.
            INDArray flat = buffers.get("derivative", signal.dataType(), shape.length == 2 ? order : 'c',
                    signal.size(0), signal.size(1));
            kernel.denormalize(signal, rows, inverseDeviation, flat);
            return shape.length == 2 ? flat : unpooled(flat);
        }

        private INDArray unpooled(INDArray flat) {
            long channels = channelsLast ? shape[shape.length - 1] : shape[1];
            if (pools != null) {
                INDArray cells = flat.dup('c').reshape('c', shape[0], channels, pools.size(2));
                INDArray series = Nd4j.matmul(cells, pools.permute(0, 2, 1).dup('c'));
                return channelsLast ? series.permute(toChannelsLast(shape.length)) : series;
            }
            INDArray cells = flat.dup('c').reshape('c', shape[0] * channels, pool.columns());
            INDArray maps = Nd4j.gemm(cells, pool, false, true).dup('c');
            long[] channelsFirst = new long[shape.length];
            channelsFirst[0] = shape[0];
            channelsFirst[1] = channels;
            System.arraycopy(pooledShape, 0, channelsFirst, 2, pooledShape.length);
            INDArray unpooled = maps.reshape('c', channelsFirst);
            return channelsLast ? unpooled.permute(toChannelsLast(shape.length)) : unpooled;
        }
    }
}
