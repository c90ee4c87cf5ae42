package org.ibhebb.internal.learner;

import java.util.List;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Is shown what the working memory made of a training step: each layer's signal, with all that it was formed from. */
@FunctionalInterface
public interface SignalObserver {

    /**
     * Is shown what one layer did. Arrays are the layer's own: they are not to be changed, and mean nothing after the
     * step.
     *
     * @param seen one layer's part of the step
     */
    void observe(Seen seen);

    /**
     * What one layer did in a training step.
     *
     * @param layer the layer at the end of its unit, as messages name it
     * @param index its place in the network
     * @param rule the objectives of the window, as they weighed in this step
     * @param remembered samples that working memory held before
     * @param rows what the signal saw of the mini-batch's activations: B x d
     * @param inputs the network's inputs: B x dx; null where the rule reads none
     * @param labels those that the layer saw, B rows each, one entry an output
     * @param signal B x d: what the objectives of the window gave, before any prediction is added
     */
    record Seen(String layer, int index, LearningRule rule, int remembered, INDArray rows, INDArray inputs,
            List<Labels> labels, INDArray signal) {}
}
