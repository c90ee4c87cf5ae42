package org.ibhebb.internal.layers;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.internal.learner.LayerLearner;
import org.ibhebb.internal.learner.Network;
import org.ibhebb.internal.state.State;
import org.ibhebb.rule.LearningRule;

/** What a network of Deeplearning4j's remembers beside its parameters and its updater's state. */
public final class Remembered {

    private static final String SOLVERS = "org.deeplearning4j.optimize.solvers.";

    private Remembered() {}

    /**
     * Whether a network has layers that learn locally.
     *
     * @param network a MultiLayerNetwork or a ComputationGraph
     * @return false if it remembers nothing
     * @throws IllegalStateException if it has not been initialised
     */
    public static boolean by(Model network) {
        checkInitialised(network);
        return !learners(network).isEmpty();
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
     * What a network remembers.
     *
     * @param network a MultiLayerNetwork or a ComputationGraph; not changed, but that a step of which somebody only
     *     looked at the gradients is over
     * @return a copy
     * @throws IllegalStateException within a training step, whose update is about to be applied or has just been; if
     *     the network has not been initialised
     */
    public static State of(Model network) {
        checkInitialised(network);
        Network memory = Network.of(network.params());
        if (memory.isStepOpen()) {
            if (StackWalker.getInstance().walk(frames ->
                    frames.anyMatch(frame -> frame.getClassName().startsWith(SOLVERS)))) {
                throw new IllegalStateException("a training step is under way, half of which would be saved: save between"
                        + " mini-batches (after fit, or in a listener's onEpochEnd), or let"
                        + " org.ibhebb.listeners.Checkpoints do it");
            }
            memory.abandonStep();
        }
        return memory.state(network.params().length(), learners(network).keySet());
    }

    /**
     * Makes a network remember what another one did.
     *
     * @param state of a network of the same configuration
     * @param network a MultiLayerNetwork or a ComputationGraph; forgets what it remembered
     * @throws IllegalArgumentException with one sentence that says what does not fit; nothing is remembered then
     * @throws IllegalStateException if the rules' memory network can't be had; nothing is remembered then
     */
    public static void into(Model network, State state) {
        Network memory = Network.of(network.params());
        Map<Integer, LayerLearner> learners = learners(network);
        Map<Integer, LearningRule> rules = new HashMap<>();
        learners.forEach((index, learner) -> {
            if (learner.rule() != null) {
                rules.put(index, learner.rule());
            }
        });
        try {
            memory.restore(state, network.params().length(), rules);
        } finally {
            learners.forEach((index, learner) -> learner.join(memory, index));
        }
    }

    private static void checkInitialised(Model network) {
        Layer[] layers = layers(network);
        if (layers == null || layers.length == 0 || layers[0] == null) {
            throw new IllegalStateException("the network has no layers yet: call network.init() first");
        }
    }

    private static Layer[] layers(Model network) {
        return network instanceof ComputationGraph graph
                ? graph.getLayers()
                : ((MultiLayerNetwork) network).getLayers();
    }

    /** Of the layers that learn locally, by their index. */
    private static Map<Integer, LayerLearner> learners(Model network) {
        Map<Integer, LayerLearner> learners = new LinkedHashMap<>();
        for (Layer layer : layers(network)) {
            if (unfrozen(layer) instanceof Remembering local) {
                learners.put(((Layer) local).getIndex(), local.learner());
            }
        }
        return learners;
    }

    private static Layer unfrozen(Layer layer) {
        if (layer instanceof FrozenLayer frozen) {
            return unfrozen(frozen.getInsideLayer());
        }
        return layer instanceof FrozenLayerWithBackprop frozen ? unfrozen(frozen.getUnderlying()) : layer;
    }
}
