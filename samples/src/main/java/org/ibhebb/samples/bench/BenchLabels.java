package org.ibhebb.samples.bench;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Labels for samples that mean nothing. */
final class BenchLabels {

    private BenchLabels() {}

    /**
     * One-hot labels, class after class.
     *
     * @param used how many of the classes occur
     */
    static INDArray oneHot(int samples, int classes, int used) {
        INDArray labels = Nd4j.zeros(DataType.FLOAT, samples, classes);
        for (int sample = 0; sample < samples; sample++) {
            labels.putScalar(sample, sample % used, 1);
        }
        return labels;
    }
}
