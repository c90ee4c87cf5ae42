package org.ibhebb.signal;

import org.ibhebb.rule.LabelKernel;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The labels of one network output over a window, current samples first.
 *
 * @param output the output layer's name, for messages
 * @param rows N x c; a window may use only the first of them
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

    /** The N x N kernel matrix of the first N of these labels. */
    void kernel(SignalKernel arithmetic, LabelKernel kernel, int n, INDArray result) {
        LabelKernel.Type type = kernel.type();
        double sigma = kernel.sigma();
        if (type == LabelKernel.Type.AUTO) {
            type = encoding == Encoding.REAL ? LabelKernel.Type.MEDIAN_GAUSSIAN : LabelKernel.Type.SAME_LABEL;
            sigma = 1;
        }
        if (type != LabelKernel.Type.SAME_LABEL) {
            arithmetic.gaussian(SlotRows.of(rows), n, type == LabelKernel.Type.MEDIAN_GAUSSIAN, sigma, result);
        } else if (!arithmetic.sameLabel(rows, n, encoding == Encoding.INDEPENDENT, result)) {
            INDArray used = Rows.first(rows, n);
            throw new IllegalArgumentException("output layer '" + output + "': the same-label kernel compares classes,"
                    + " whose labels lie in [0, 1], and found labels from " + used.minNumber() + " to "
                    + used.maxNumber() + ": use LabelKernel.medianGaussian(1) for real-valued labels");
        }
    }
}
