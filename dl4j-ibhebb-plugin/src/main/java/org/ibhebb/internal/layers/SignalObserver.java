package org.ibhebb.internal.layers;

import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Is shown the modulatory signals of a training step, each with all that it was formed from. */
@FunctionalInterface
public interface SignalObserver {

    /**
     * Is shown what one layer did. Arrays are the layer's own: they are not to be changed, and mean nothing after the
     * step.
     *
     * @param step one layer's part of the step
     */
    void observe(Step step);

    /**
     * Asks for the signals of the step that is under way, and of no other: a listener asks anew at each
     * {@code onForwardPass}.
     *
     * @param network a MultiLayerNetwork or a ComputationGraph
     * @param observer told of each layer that learns locally, the last one first
     */
    static void ofThisStep(Model network, SignalObserver observer) {
        NetworkMemory.of(network.params()).observe(observer);
    }

    /**
     * What one layer did in a training step.
     *
     * @param layer the layer at the end of its unit
     * @param rule how it learns
     * @param remembered samples that working memory held before
     * @param rows what the signal saw of the mini-batch's activations: B x d
     * @param inputs the network's inputs: B x dx; null where the rule reads none
     * @param labels those that the layer saw, B rows each, one entry an output
     * @param signal B x d
     */
    record Step(Layer layer, LearningRule rule, int remembered, INDArray rows, INDArray inputs, List<Labels> labels,
            INDArray signal) {}
}
