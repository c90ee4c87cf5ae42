package org.ibhebb.internal.term.prediction;

import org.ibhebb.internal.state.Stateful;
import org.ibhebb.internal.view.Labels;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A layer's readout of the labels of one output. What it learns from a mini-batch counts once it is committed. */
interface LabelReadout extends Stateful {

    /**
     * Predicts the labels, adds the derivative of the prediction's loss to a signal, and learns.
     *
     * @param rows what the signal sees of the activations: B x d
     * @param labels of one output: B rows
     * @param weight by which the derivative is multiplied
     * @param signal B x d, without gaps, by rows; added to
     */
    void addSignal(INDArray rows, Labels labels, double weight, INDArray signal);

    /** What was learnt last counts. */
    void commit();

    /** What was learnt last does not count. */
    void discard();

    /**
     * The loss of predicting these labels by what counts.
     *
     * @return the sum over samples, in nats for classes and independent labels, half the squared error for real values
     */
    double loss(INDArray rows, Labels labels);

    /**
     * The running squared error relative to that of a readout that knows nothing.
     *
     * @return in [0, 1]; 1 before anything was learnt
     */
    double share();

    /** A deep copy of what counts. */
    LabelReadout copy();
}
