package org.ibhebb.signal;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * What the modulatory signal sees of a layer's output, one row a sample: feature maps and sequences average-pooled to a
 * small grid and flattened, then layer-normalised. The network's own forward pass does not change. A layer makes one,
 * calls {@link #of} in each forward pass, and carries the signal back with {@link View#backward}.
 */
public final class Representation {

    private static final double EPSILON = 1e-5;

    private final LearningRule rule;
    private final boolean channelsLast;
    private INDArray pool;
    private long[] pooledShape;

    /**
     * @param rule says how far to pool and whether to normalise
     * @param channelsLast whether activations of rank 3 and more have their channels in the last dimension (NHWC, NWC)
     *     instead of the second (NCHW, NCW)
     */
    public Representation(LearningRule rule, boolean channelsLast) {
        this.rule = rule;
        this.channelsLast = channelsLast;
    }

    /**
     * What the signal sees of these activations, in whatever memory is current. See {@link #of(INDArray,
     * UnaryOperator)}.
     *
     * @param activations a layer's output
     * @return the view on them
     */
    public View of(INDArray activations) {
        return of(activations, UnaryOperator.identity());
    }

    /**
     * What the signal sees of these activations. They are not changed, and later changes of them have no effect.
     *
     * @param activations a layer's output, samples first: rank 2 (N x d), or 3 to 5 with one to three spatial
     *     dimensions
     * @param keep moves an array to where it lives as long as the view, such as a workspace
     * @return the view on them
     * @throws IllegalArgumentException if the rank is another
     */
    public View of(INDArray activations, UnaryOperator<INDArray> keep) {
        if (activations.rank() < 2 || activations.rank() > 5) {
            throw new IllegalArgumentException("the modulatory signal sees activations of rank 2 to 5, not of rank "
                    + activations.rank() + " (shape " + Arrays.toString(activations.shape()) + ")");
        }
        long[] shape = activations.shape();
        INDArray flat = shape.length == 2 ? activations : pooled(activations);
        if (rule.normalization() == LearningRule.Normalization.NONE) {
            return new View(shape, keep.apply(flat == activations ? flat.dup() : flat), null);
        }
        long rows = flat.rows();
        INDArray centred = flat.subColumnVector(flat.mean(1).reshape(rows, 1));
        INDArray inverseDeviation = centred.mul(centred).mean(1).reshape(rows, 1).addi(EPSILON);
        Transforms.sqrt(inverseDeviation, false).rdivi(1);
        return new View(shape, keep.apply(centred.muliColumnVector(inverseDeviation)), keep.apply(inverseDeviation));
    }

    /**
     * Average-pools to the rule's grid: a matrix product with the averaging matrix, so that its transpose is the way
     * back.
     */
    private INDArray pooled(INDArray activations) {
        INDArray channelsFirst = channelsLast ? activations.permute(toChannelsFirst(activations.rank())) : activations;
        long[] shape = channelsFirst.shape();
        long[] space = Arrays.copyOfRange(shape, 2, shape.length);
        if (pool == null || pool.dataType() != activations.dataType() || !Arrays.equals(space, pooledShape)) {
            pool = averaging(space, rule.pooling(), activations.dataType());
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
        try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            return Nd4j.createFromArray(all).castTo(type);
        }
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

        private final long[] shape;
        private final INDArray rows;
        private final INDArray inverseDeviation;

        private View(long[] shape, INDArray rows, INDArray inverseDeviation) {
            this.shape = shape;
            this.rows = rows;
            this.inverseDeviation = inverseDeviation;
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
         * @param signal dL/d{@link #rows}; may be changed
         * @return dL/d(activations), in the shape of the activations
         */
        public INDArray backward(INDArray signal) {
            INDArray flat = signal;
            if (inverseDeviation != null) {
                long count = rows.rows();
                INDArray along = signal.mul(rows).mean(1).reshape(count, 1);
                flat = signal.subiColumnVector(signal.mean(1).reshape(count, 1))
                        .subi(rows.mulColumnVector(along))
                        .muliColumnVector(inverseDeviation);
            }
            return shape.length == 2 ? flat : unpooled(flat);
        }

        private INDArray unpooled(INDArray flat) {
            long channels = channelsLast ? shape[shape.length - 1] : shape[1];
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
