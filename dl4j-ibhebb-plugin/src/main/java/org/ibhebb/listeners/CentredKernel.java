package org.ibhebb.listeners;

import java.util.List;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.rule.LabelKernel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * {@code H K H} of the kernel matrix K of a few samples, in double precision whatever the network's: dependence is a
 * small difference of large sums.
 */
final class CentredKernel {

    /** Below it, for each sample, the norm is rounding error: nothing varies. */
    private static final double ROUNDING = 1e-12;

    private final INDArray matrix;
    private final double norm;

    private CentredKernel(INDArray kernel) {
        matrix = Nd4j.createUninitialized(DataType.DOUBLE, kernel.shape(), 'c');
        Arithmetic.of(DataType.DOUBLE).centre(kernel, null, 0, matrix);
        norm = matrix.norm2Number().doubleValue();
    }

    /**
     * By a Gaussian kernel.
     *
     * @param samples N x anything
     * @param sigma relative to the square root of the width
     */
    static CentredKernel ofSamples(INDArray samples, double sigma) {
        int n = (int) samples.size(0);
        INDArray rows = samples.castTo(DataType.DOUBLE).dup('c').reshape('c', n, samples.length() / n);
        INDArray kernel = square(n);
        Arithmetic.of(DataType.DOUBLE).gaussian(SlotRows.of(rows), n, false, sigma, kernel);
        return new CentredKernel(kernel);
    }

    /**
     * By the kernel that fits each output layer's loss; the mean over the outputs.
     */
    static CentredKernel ofLabels(List<Labels> outputs) {
        int n = outputs.get(0).rows().rows();
        INDArray mean = Nd4j.create(DataType.DOUBLE, n, n);
        INDArray next = square(n);
        for (Labels labels : outputs) {
            new Labels(labels.output(), labels.rows().castTo(DataType.DOUBLE), labels.encoding())
                    .kernel(Arithmetic.of(DataType.DOUBLE), LabelKernel.auto(), n, next);
            mean.addi(next);
        }
        return new CentredKernel(mean.divi(outputs.size()));
    }

    private static INDArray square(int n) {
        return Nd4j.createUninitialized(DataType.DOUBLE, new long[] {n, n}, 'c');
    }

    /** tr(K H L H) / (N - 1)^2: the biased estimate of HSIC. */
    double hsic(CentredKernel other) {
        double pairs = (matrix.rows() - 1.0) * (matrix.rows() - 1.0);
        return inner(other) / pairs;
    }

    /** HSIC divided by what it could be at most: from 0 to 1; 0 where either does not vary. */
    double normalized(CentredKernel other) {
        double rounding = ROUNDING * matrix.rows();
        if (norm <= rounding || other.norm <= rounding) {
            return 0;
        }
        // Both matrices are positive semi-definite, so that only rounding leaves the interval.
        return Math.max(0, Math.min(1, inner(other) / (norm * other.norm)));
    }

    private double inner(CentredKernel other) {
        return matrix.mul(other.matrix).sumNumber().doubleValue();
    }
}
