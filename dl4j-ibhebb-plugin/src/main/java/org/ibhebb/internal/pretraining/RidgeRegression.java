package org.ibhebb.internal.pretraining;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The linear map from states to targets with the least squared error, in double precision, from moments that are summed
 * chunk by chunk. Small weights are preferred: {@code W = (S'S / n + ridge I)^-1 S'T / n}.
 */
public final class RidgeRegression {

    /** Systems of so few equations are solved one by one. */
    private static final int SMALL = 64;

    private final INDArray moments;
    private final INDArray products;
    private long samples;

    public RidgeRegression(int inputs, int outputs) {
        moments = Nd4j.create(DataType.DOUBLE, new long[] {inputs, inputs}, 'f');
        products = Nd4j.create(DataType.DOUBLE, new long[] {inputs, outputs}, 'f');
    }

    /**
     * Adds samples.
     *
     * @param states n x inputs
     * @param targets n x outputs
     */
    public void add(INDArray states, INDArray targets) {
        Nd4j.gemm(states, states, moments, true, false, 1, 1);
        Nd4j.gemm(states, targets, products, true, false, 1, 1);
        samples += states.rows();
    }

    /**
     * The map. Afterwards this object is spent.
     *
     * @return inputs x outputs weights, by rows
     */
    public float[] solve(double ridge) {
        moments.divi(samples);
        products.divi(samples);
        for (int i = 0; i < moments.rows(); i++) {
            moments.putScalar(i, i, moments.getDouble(i, i) + ridge);
        }
        return solve(moments, products).dup('c').castTo(DataType.FLOAT).data().asFloat();
    }

    /**
     * The solution X of {@code A X = B} by block elimination, so that nearly all of the work is matrix products: ND4J
     * has a Cholesky decomposition, but its triangular solver fails. Needs no pivots where A is positive definite.
     *
     * @param a n x n, symmetric and positive definite
     * @param b n x m
     */
    static INDArray solve(INDArray a, INDArray b) {
        int n = a.rows();
        if (n <= SMALL) {
            return eliminate(a, b);
        }
        int half = n / 2;
        INDArray upper = part(a, 0, half, half, n);
        INDArray solved = solve(part(a, 0, half, 0, half), Nd4j.hstack(upper, part(b, 0, half, 0, b.columns())));
        INDArray ofUpper = part(solved, 0, half, 0, n - half);
        INDArray ofB = part(solved, 0, half, n - half, solved.columns());
        INDArray lower = solve(
                part(a, half, n, half, n).subi(Nd4j.gemm(upper, ofUpper, true, false)),
                part(b, half, n, 0, b.columns()).subi(Nd4j.gemm(upper, ofB, true, false)));
        return Nd4j.vstack(ofB.subi(Nd4j.gemm(ofUpper, lower, false, false)), lower);
    }

    private static INDArray part(INDArray matrix, int fromRow, int toRow, int fromColumn, int toColumn) {
        return matrix.get(NDArrayIndex.interval(fromRow, toRow), NDArrayIndex.interval(fromColumn, toColumn)).dup('f');
    }

    private static INDArray eliminate(INDArray a, INDArray b) {
        double[][] left = a.toDoubleMatrix();
        double[][] right = b.toDoubleMatrix();
        int n = left.length;
        for (int pivot = 0; pivot < n; pivot++) {
            if (!(left[pivot][pivot] > 0)) {
                throw new ArithmeticException("the reservoir's states are too much alike for a readout: pivot "
                        + left[pivot][pivot] + " must be above 0. Choose more units or less recall");
            }
            for (int row = pivot + 1; row < n; row++) {
                double factor = left[row][pivot] / left[pivot][pivot];
                subtract(left[row], factor, left[pivot]);
                subtract(right[row], factor, right[pivot]);
            }
        }
        for (int pivot = n - 1; pivot >= 0; pivot--) {
            for (int later = pivot + 1; later < n; later++) {
                subtract(right[pivot], left[pivot][later], right[later]);
            }
            for (int column = 0; column < right[pivot].length; column++) {
                right[pivot][column] /= left[pivot][pivot];
            }
        }
        return Nd4j.createFromArray(right);
    }

    private static void subtract(double[] row, double factor, double[] other) {
        for (int column = 0; column < row.length; column++) {
            row[column] -= factor * other[column];
        }
    }
}
