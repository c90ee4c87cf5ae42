package org.ibhebb.internal.layers;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.ibhebb.memory.LabelPredictor;

/** What the layers of a network remember for the prediction objective, for whoever looks at a network from outside. */
public final class Predictors {

    private Predictors() {}

    /**
     * What a layer remembers.
     *
     * @param network a MultiLayerNetwork or a ComputationGraph
     * @param layer the layer at the end of a unit
     * @param rate of a predictor that knows nothing yet, if the layer has none
     * @return a copy
     */
    public static LabelPredictor copyOf(Model network, Layer layer, double rate) {
        return NetworkMemory.of(network.params()).predictor(layer.getIndex(), rate).copy();
    }

    /**
     * The name by which an output's labels are remembered.
     *
     * @param output an output layer
     * @return as {@link org.ibhebb.internal.view.Labels#output} has it
     */
    public static String nameOf(Layer output) {
        return LocalLearner.name(output);
    }

    /**
     * Lets a network know what another one knows.
     *
     * @param from not changed
     * @param to of the same configuration; forgets what it knew
     * @return to be kept reachable until the other network has trained a step: a network's memory lives as long as its
     *     layers use it
     */
    public static Object copy(Model from, Model to) {
        NetworkMemory memory = NetworkMemory.of(to.params());
        memory.copyPredictors(NetworkMemory.of(from.params()));
        return memory;
    }
}
