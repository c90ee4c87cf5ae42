package org.ibhebb.internal.arithmetic;

import java.util.Arrays;
import org.ibhebb.rule.Kernel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Kernel matrices over the rows of a window, their centring, and the derivative of a kernel with respect to its rows.
 */
final class Kernels {

    private Kernels() {}

    /** The squared Euclidean distance between all rows of u: N x N, never negative, exactly 0 on the diagonal. */
    static INDArray squaredDistances(INDArray u) {
        return squaredDistances(u, 0, u.rows());
    }

    /** The same from so many rows of u, from the first on and around the end, to all rows: current x N. */
    static INDArray squaredDistances(INDArray u, int first, int current) {
        INDArray products = Nd4j.gemm(Rows.around(u, first, current), u, false, true);
        // Where they are among the products, a row's own one is summed as the others, so that equal rows are at distance 0.
        INDArray squares = current == u.rows() && first == 0 ? Nd4j.diag(products).dup() : u.mul(u).sum(1);
        INDArray sums = Nd4j.zeros(u.dataType(), current, u.rows())
                .addiRowVector(squares.reshape(1, u.rows()))
                .addiColumnVector(Rows.around(squares.reshape(u.rows(), 1), first, current));
        INDArray distances = sums.sub(products.muli(2));
        // Where two rows are nearly equal, what is left is rounding error. (A product, so that NaN stays NaN.)
        distances.muli(distances.gt(sums.muli(rounding(u.dataType()))).castTo(u.dataType()));
        for (int i = 0; i < current; i++) {
            distances.putScalar(i, (first + i) % u.rows(), 0);
        }
        return distances;
    }

    /**
     * A difference of two numbers is 0 if it is below this part of their sum: a few units in the last place.
     *
     * @param type of the numbers
     */
    static double rounding(DataType type) {
        return type == DataType.DOUBLE ? 0x1p-51 : 0x1p-22;
    }

    /**
     * The squared bandwidth of a Gaussian kernel.
     *
     * @param width the number of columns that the distances were computed over
     */
    static double squaredBandwidth(boolean median, double sigma, INDArray squaredDistances, long width) {
        return sigma * sigma * (median ? medianDistance(squaredDistances) : width);
    }

    /**
     * The kernel matrix of rows with these squared distances; all ones where the bandwidth is 0 (all rows are equal).
     */
    static INDArray gaussian(INDArray squaredDistances, double squaredBandwidth) {
        if (squaredBandwidth == 0) {
            return Nd4j.onesLike(squaredDistances);
        }
        if (Double.isNaN(squaredBandwidth)) {
            // ND4J takes a factor that is NaN for 1e-5.
            return Nd4j.valueArrayOf(squaredDistances.shape(), Double.NaN, squaredDistances.dataType());
        }
        return Transforms.exp(squaredDistances.mul(-1 / (2 * squaredBandwidth)), false);
    }

    /** H k H: rows and columns brought to mean 0. */
    static INDArray centred(INDArray k) {
        INDArray columnMeans = k.mean(0);
        INDArray rowMeans = k.mean(1);
        double mean = columnMeans.meanNumber().doubleValue();
        return k.subRowVector(columnMeans.reshape(1, k.columns()))
                .subiColumnVector(rowMeans.reshape(k.rows(), 1))
                .addi(mean);
    }

    /** The sum of the elementwise product: the inner product of two matrices. */
    static double inner(INDArray a, INDArray b) {
        return a.mul(b).sumNumber().doubleValue();
    }

    /** The kernel that an objective puts on the rows of u, with the means to differentiate through it. */
    static Differentiable of(Kernel kernel, INDArray u) {
        return kernel.type() == Kernel.Type.COSINE ? new Cosine(u) : new Gaussian(kernel, u);
    }

    /** A kernel matrix K over the rows of u that can carry dL/dK back to dL/du. */
    interface Differentiable {

        /** K: N x N, symmetric. */
        INDArray matrix();

        /**
         * dL/du of the current rows of a window.
         *
         * @param sensitivity dL/dK: N x N, symmetric
         * @return current x d
         */
        INDArray gradient(INDArray sensitivity, Span span);
    }

    private static final class Gaussian implements Differentiable {

        private final INDArray u;
        private final INDArray matrix;
        private final double squaredBandwidth;

        Gaussian(Kernel kernel, INDArray u) {
            this.u = u;
            INDArray distances = squaredDistances(u);
            squaredBandwidth = squaredBandwidth(
                    kernel.type() == Kernel.Type.MEDIAN_GAUSSIAN, kernel.sigma(), distances, u.columns());
            matrix = gaussian(distances, squaredBandwidth);
        }

        @Override
        public INDArray matrix() {
            return matrix;
        }

        @Override
        public INDArray gradient(INDArray sensitivity, Span span) {
            INDArray rows = span.of(u);
            if (squaredBandwidth == 0) {
                return Nd4j.zerosLike(rows);
            }
            INDArray m = span.of(sensitivity).mul(span.of(matrix));
            INDArray towards = Nd4j.gemm(m, u, false, false);
            INDArray own = rows.mulColumnVector(m.sum(1).reshape(rows.rows(), 1));
            return own.subi(towards).muli(-2 / squaredBandwidth);
        }
    }

    private static final class Cosine implements Differentiable {

        private final INDArray directions;
        private final INDArray inverseNorms;
        private final INDArray matrix;

        Cosine(INDArray u) {
            INDArray norms = u.norm2(1).reshape(u.rows(), 1);
            // A row of zeros has no direction: it is like nothing, and nothing moves it.
            inverseNorms = norms.dup();
            for (int i = 0; i < u.rows(); i++) {
                double norm = norms.getDouble(i);
                inverseNorms.putScalar(i, norm == 0 ? 0 : 1 / norm);
            }
            directions = u.mulColumnVector(inverseNorms);
            matrix = Nd4j.gemm(directions, directions, false, true);
        }

        @Override
        public INDArray matrix() {
            return matrix;
        }

        @Override
        public INDArray gradient(INDArray sensitivity, Span span) {
            INDArray own = span.of(directions);
            INDArray b = Nd4j.gemm(span.of(sensitivity), directions, false, false).muli(2);
            INDArray radial = b.mul(own).sum(1).reshape(own.rows(), 1);
            return b.subi(own.mulColumnVector(radial)).muliColumnVector(span.of(inverseNorms));
        }
    }

    /** The median of the squared distances between different rows; their mean where the median is 0. */
    private static double medianDistance(INDArray squaredDistances) {
        int n = squaredDistances.rows();
        if (n < 2) {
            return 0;
        }
        double[][] values = squaredDistances.toDoubleMatrix();
        double[] pairs = new double[n * (n - 1) / 2];
        int filled = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                pairs[filled++] = values[i][j];
            }
        }
        Arrays.sort(pairs);
        // Sorted, NaN comes last.
        if (Double.isNaN(pairs[pairs.length - 1])) {
            return Double.NaN;
        }
        double median = (pairs[(pairs.length - 1) / 2] + pairs[pairs.length / 2]) / 2;
        return median > 0 ? median : Arrays.stream(pairs).average().orElse(0);
    }
}
