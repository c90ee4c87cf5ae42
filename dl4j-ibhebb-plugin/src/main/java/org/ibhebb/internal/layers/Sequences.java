package org.ibhebb.internal.layers;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Deeplearning4j's sequences, and those whose time steps stand one below another: of vectors (n x d x T and T n x d),
 * and of images (n x channels x T x height x width, as 3D convolutions have it, and T n x channels x height x width).
 * The samples of the first time step come first.
 */
public final class Sequences {

    private Sequences() {}

    /**
     * Time steps below one another.
     *
     * @param sequence of rank 3 or 5
     * @return of rank 2 or 4; a view where strides allow one
     */
    public static INDArray rows(INDArray sequence) {
        long rows = sequence.size(0) * sequence.size(2);
        return sequence.rank() == 3
                ? sequence.permute(2, 0, 1).reshape('c', rows, sequence.size(1))
                : sequence.permute(2, 0, 1, 3, 4)
                        .reshape('c', rows, sequence.size(1), sequence.size(3), sequence.size(4));
    }

    /**
     * A row for each sample, or for each sample and time step, whatever a sample is.
     *
     * @param rows of rank 2 or more
     * @return of rank 2; a view where strides allow one
     */
    public static INDArray matrix(INDArray rows) {
        return rows.rank() == 2 ? rows : rows.reshape('c', rows.size(0), rows.length() / rows.size(0));
    }

    /**
     * The way back: a sequence of time steps that stand below one another.
     *
     * @param rows of rank 2 or 4
     * @param steps how many time steps they are
     * @return of rank 3 or 5; a view
     */
    public static INDArray of(INDArray rows, int steps) {
        long n = rows.size(0) / steps;
        long[] stride = rows.stride();
        return rows.rank() == 2
                ? Nd4j.create(rows.data(), new long[] {n, rows.size(1), steps},
                        new long[] {stride[0], stride[1], stride[0] * n}, rows.offset(), 'f')
                : Nd4j.create(rows.data(), new long[] {n, rows.size(1), steps, rows.size(2), rows.size(3)},
                        new long[] {stride[0], stride[1], stride[0] * n, stride[2], stride[3]}, rows.offset(), 'c');
    }
}
