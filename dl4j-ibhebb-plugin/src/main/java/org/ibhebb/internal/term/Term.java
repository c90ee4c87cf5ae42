package org.ibhebb.internal.term;

import java.util.List;
import org.ibhebb.internal.state.Stateful;
import org.ibhebb.internal.view.Labels;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An objective at work that remembers something of its own, beside the samples of the window: what one layer has learnt
 * by it. What it learns from a mini-batch counts once it has {@linkplain #learn learnt} it.
 */
public interface Term extends Stateful {

    /**
     * Adds the derivative of the objective to a signal, and learns on the way. Each row's loss counts in full, so that
     * the signal's mean over a mini-batch is the derivative of the mean loss. What was learnt before, and not yet said
     * to count, is forgotten.
     *
     * @param rows what the signal sees of the activations: B x d
     * @param labels B rows each, one entry an output
     * @param weight by which the derivative is multiplied
     * @param signal B x d, without gaps, by rows; added to
     */
    void addSignal(INDArray rows, List<Labels> labels, double weight, INDArray signal);

    /** What was learnt from the samples of the last signal counts. */
    void learn();

    /** What was learnt from the samples of the last signal does not count. */
    void forget();

    /**
     * What it is called in saved state, which users look into.
     *
     * @return a word; always the same
     */
    String name();

    /**
     * One that knows the same, and forgets it independently.
     *
     * @return a deep copy
     */
    Term copy();
}
