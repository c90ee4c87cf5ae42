package org.ibhebb.internal.view;

import java.util.Arrays;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Rows;
import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.rule.LabelKernel;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMixtureDensity;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

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
        REAL;

        /**
         * How an output layer's labels are to be compared.
         *
         * @param loss the output layer's
         * @return real values for all losses that are no cross-entropy
         */
        public static Encoding of(ILossFunction loss) {
            if (loss instanceof LossMCXENT || loss instanceof LossKLD || loss instanceof LossSparseMCXENT) {
                return CLASSES;
            }
            return loss instanceof LossBinaryXENT ? INDEPENDENT : REAL;
        }
    }

    /**
     * The labels of an output layer as its loss reads them.
     *
     * @param output the output layer's name, for messages
     * @param given N x width; where the loss is sparse N x 1, the numbers of the classes
     * @param loss the output layer's: it says how labels are to be compared
     * @param width how many values a sample the output layer gives
     * @return the labels; numbers of classes have become one-hot rows
     * @throws IllegalArgumentException if the labels do not fit the output layer, or a number is not that of a class
     */
    public static Labels of(String output, INDArray given, ILossFunction loss, long width) {
        boolean sparse = loss instanceof LossSparseMCXENT;
        long expected = sparse ? 1 : width;
        if (given.rank() != 2 || given.size(1) != expected && !(loss instanceof LossMixtureDensity)) {
            throw new IllegalArgumentException(output + ": labels of shape " + Arrays.toString(given.shape())
                    + " do not fit this output layer, which takes " + expected + " a sample");
        }
        return new Labels(output, sparse ? oneHot(output, given, width) : given, Encoding.of(loss));
    }

    private static INDArray oneHot(String output, INDArray classes, long width) {
        INDArray rows = Nd4j.create(classes.dataType(), classes.size(0), width);
        for (int sample = 0; sample < classes.size(0); sample++) {
            double number = classes.getDouble(sample, 0);
            int label = (int) number;
            if (label != number || label < 0 || label >= width) {
                throw new IllegalArgumentException(output + ": label "
                        + (label == number ? String.valueOf(label) : String.valueOf(number)) + " of sample " + sample
                        + " must be a whole number from 0 to " + (width - 1));
            }
            rows.putScalar(sample, label, 1);
        }
        return rows;
    }

    /**
     * The same labels so many times, below one another.
     *
     * @param times 1 or more
     * @return these, if it is 1
     */
    public Labels repeated(int times) {
        return times == 1 ? this : new Labels(output, Nd4j.tile(rows, times, 1), encoding);
    }

    /**
     * How alike the first N of these labels are.
     *
     * @param arithmetic for arrays of the labels' type
     * @param kernel which similarity
     * @param n how many of the first rows count
     * @param result receives N x N values
     * @throws IllegalArgumentException if labels that are to be compared as classes do not lie in [0, 1]
     */
    public void kernel(Arithmetic arithmetic, LabelKernel kernel, int n, INDArray result) {
        LabelKernel.Type type = kernel.type();
        double sigma = kernel.sigma();
        if (type == LabelKernel.Type.AUTO) {
            type = encoding == Encoding.REAL ? LabelKernel.Type.MEDIAN_GAUSSIAN : LabelKernel.Type.SAME_LABEL;
            sigma = sigma > 0 ? sigma : 1;
        }
        if (type != LabelKernel.Type.SAME_LABEL) {
            arithmetic.gaussian(SlotRows.of(rows), n, type == LabelKernel.Type.MEDIAN_GAUSSIAN, sigma, result);
        } else if (!arithmetic.sameLabel(rows, n, encoding == Encoding.INDEPENDENT, result)) {
            INDArray used = Rows.between(rows, 0, n);
            throw new IllegalArgumentException("output layer '" + output + "': the same-label kernel compares classes,"
                    + " whose labels lie in [0, 1], and found labels from " + used.minNumber() + " to "
                    + used.maxNumber() + ": use LabelKernel.medianGaussian(1) for real-valued labels");
        }
    }
}
