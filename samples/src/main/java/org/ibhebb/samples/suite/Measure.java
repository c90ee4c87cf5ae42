package org.ibhebb.samples.suite;

import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/** How wrong a network's answers are, from 0 (not at all), and the output layer that such answers take. */
enum Measure {
    /** The share of the samples whose class is not the most likely one. */
    ERROR("error", LossFunction.MCXENT, Activation.SOFTMAX) {
        @Override
        double of(INDArray outputs, INDArray labels) {
            return outputs.argMax(1).neq(labels.argMax(1)).castTo(labels.dataType()).meanNumber().doubleValue();
        }
    },

    /** The same for each class by itself, averaged over the classes: a rare one counts as much as a frequent one. */
    BALANCED_ERROR("error, averaged over the classes", LossFunction.MCXENT, Activation.SOFTMAX) {
        @Override
        double of(INDArray outputs, INDArray labels) {
            INDArray wrong = outputs.argMax(1).neq(labels.argMax(1)).castTo(labels.dataType());
            double sum = 0;
            int classes = 0;
            for (int c = 0; c < labels.columns(); c++) {
                INDArray members = labels.getColumn(c);
                double count = members.sumNumber().doubleValue();
                if (count > 0) {
                    sum += members.mul(wrong).sumNumber().doubleValue() / count;
                    classes++;
                }
            }
            return sum / classes;
        }
    },

    /** 1 - F1 over all tags of all samples; a tag is said to be there from 0.5 on. */
    TAGS("1 - F1", LossFunction.XENT, Activation.SIGMOID) {
        @Override
        double of(INDArray outputs, INDArray labels) {
            INDArray said = outputs.gt(0.5).castTo(labels.dataType());
            double hits = said.mul(labels).sumNumber().doubleValue();
            double all = said.sumNumber().doubleValue() + labels.sumNumber().doubleValue();
            return all == 0 ? 0 : 1 - 2 * hits / all;
        }
    },

    /** The mean squared error over the variance: 1 is what the mean alone would reach. */
    UNEXPLAINED("unexplained variance", LossFunction.MSE, Activation.IDENTITY) {
        @Override
        double of(INDArray outputs, INDArray labels) {
            double squares = Transforms.pow(outputs.sub(labels), 2).sumNumber().doubleValue();
            double variance = Transforms.pow(labels.subRowVector(labels.mean(0)), 2).sumNumber().doubleValue();
            return squares / variance;
        }
    };

    /** Of real values, worse answers than this are as bad: what has diverged must not drown the mean of the others. */
    private static final double WORST_VALUES = 2;

    final String title;
    final LossFunction loss;
    final Activation activation;

    Measure(String title, LossFunction loss, Activation activation) {
        this.title = title;
        this.loss = loss;
        this.activation = activation;
    }

    /** Of rows of answers and what they should be. */
    abstract double of(INDArray outputs, INDArray labels);

    /** The same, where a network may have diverged, and where there may be time steps: [samples, columns, steps]. */
    final double bounded(INDArray outputs, INDArray labels) {
        double value = of(rows(outputs), rows(labels));
        return Double.isNaN(value) || !Double.isFinite(outputs.sumNumber().doubleValue())
                ? worst()
                : Math.min(value, worst());
    }

    /** What counts for a network that has diverged. */
    final double worst() {
        return this == UNEXPLAINED ? WORST_VALUES : 1;
    }

    private static INDArray rows(INDArray array) {
        return array.rank() == 2
                ? array
                : Nd4j.toFlattened('c', array.permute(0, 2, 1)).reshape(array.size(0) * array.size(2), array.size(1));
    }
}
