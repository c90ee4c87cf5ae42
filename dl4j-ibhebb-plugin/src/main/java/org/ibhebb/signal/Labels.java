package org.ibhebb.signal;

import org.ibhebb.rule.LabelKernel;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The labels of one network output over a window, current samples first.
 *
 * @param output the output layer's name, for messages
 * @param rows N x c
 * @param encoding how to read them
 */
public record Labels(String output, INDArray rows, Encoding encoding) {

    /** How the rows of {@link Labels} are to be compared. */
    public enum Encoding {
        /** Probabilities of exclusive classes: one-hot, or soft. */
        CLASSES,
        /** Probabilities of independent (sigmoid) labels. */
        INDEPENDENT,
        /** Real values. */
        REAL
    }

    /** The N x N kernel matrix of these labels. */
    INDArray kernel(LabelKernel kernel) {
        LabelKernel.Type type = kernel.type();
        double sigma = kernel.sigma();
        if (type == LabelKernel.Type.AUTO) {
            type = encoding == Encoding.REAL ? LabelKernel.Type.MEDIAN_GAUSSIAN : LabelKernel.Type.SAME_LABEL;
            sigma = 1;
        }
        if (type == LabelKernel.Type.SAME_LABEL) {
            return sameLabel();
        }
        INDArray distances = Kernels.squaredDistances(rows);
        return Kernels.gaussian(distances, Kernels.squaredBandwidth(
                type == LabelKernel.Type.MEDIAN_GAUSSIAN, sigma, distances, rows.columns()));
    }

    private INDArray sameLabel() {
        double least = rows.minNumber().doubleValue();
        double most = rows.maxNumber().doubleValue();
        if (least < 0 || most > 1 + 1e-6) {
            throw new IllegalArgumentException("output layer '" + output + "': the same-label kernel compares classes,"
                    + " whose labels lie in [0, 1], and found labels from " + least + " to " + most
                    + ": use LabelKernel.medianGaussian(1) for real-valued labels");
        }
        INDArray both = Nd4j.gemm(rows, rows, false, true);
        if (encoding != Encoding.INDEPENDENT) {
            return both;
        }
        INDArray neither = rows.rsub(1);
        return both.addi(Nd4j.gemm(neither, neither, false, true)).divi(rows.columns());
    }
}
