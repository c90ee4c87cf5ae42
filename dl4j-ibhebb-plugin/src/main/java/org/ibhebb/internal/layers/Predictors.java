package org.ibhebb.internal.layers;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.ibhebb.internal.learner.Network;
import org.ibhebb.internal.learner.SignalObserver;
import org.ibhebb.internal.term.prediction.LabelPredictor;
import org.ibhebb.rule.Objective;

/** What a network of Deeplearning4j's has learnt beside its parameters, for whoever looks at it from outside. */
public final class Predictors {

    private Predictors() {}

    /**
     * What a layer remembers of how its activations go with the labels.
     *
     * @param network a MultiLayerNetwork or a ComputationGraph
     * @param layer the layer at the end of a unit
     * @param prediction how a predictor learns that knows nothing yet, if the layer has none
     * @return a copy
     */
    public static LabelPredictor copyOf(Model network, Layer layer, Objective prediction) {
        return Network.of(network.params()).predictor(layer.getIndex(), prediction);
    }

    /**
     * The name by which an output's labels are remembered.
     *
     * @param output an output layer
     * @return as {@link org.ibhebb.internal.view.Labels#output} has it
     */
    public static String nameOf(Layer output) {
        return LayerHost.name(output);
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
        Network memory = Network.of(to.params());
        memory.copyPredictors(Network.of(from.params()));
        return memory;
    }

    /**
     * Says that the update of the step under way has been applied: Deeplearning4j tells listeners before it tells
     * layers.
     *
     * @param network a MultiLayerNetwork or a ComputationGraph
     */
    public static void applied(Model network) {
        Network.of(network.params()).applied();
    }

    /**
     * Asks for the signals of the step that is under way, and of no other: a listener asks anew at each
     * {@code onForwardPass}.
     *
     * @param network a MultiLayerNetwork or a ComputationGraph
     * @param observer told of each layer that learns locally, the last one first
     */
    public static void observe(Model network, SignalObserver observer) {
        Network.of(network.params()).step().observe(observer);
    }
}
