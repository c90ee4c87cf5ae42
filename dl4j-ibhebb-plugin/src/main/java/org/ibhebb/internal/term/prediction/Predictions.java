package org.ibhebb.internal.term.prediction;

import org.ibhebb.internal.view.Labels;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What a readout's sums say of labels, and how far they are from the truth. */
final class Predictions {

    private Predictions() {}

    /** The predictions that sums stand for; the sums may be changed. */
    static INDArray of(INDArray sums, Labels.Encoding encoding) {
        return switch (encoding) {
            // ND4J's softmax fails for rows whose entries are all far below 0.
            case CLASSES -> Transforms.softmax(sums.subiColumnVector(sums.max(true, 1)), false);
            case INDEPENDENT -> Transforms.sigmoid(sums, false);
            case REAL -> sums;
        };
    }

    /** The sum over samples of the cross-entropy, or of half the squared error for real values. */
    static double loss(INDArray predicted, Labels labels) {
        INDArray given = labels.rows();
        return switch (labels.encoding()) {
            case CLASSES -> -given.mul(Transforms.log(predicted)).sumNumber().doubleValue();
            case INDEPENDENT -> -given.mul(Transforms.log(predicted))
                    .addi(given.rsub(1).muli(Transforms.log(predicted.rsub(1)))).sumNumber().doubleValue();
            case REAL -> Math.pow(predicted.sub(given).norm2Number().doubleValue(), 2) / 2;
        };
    }
}
