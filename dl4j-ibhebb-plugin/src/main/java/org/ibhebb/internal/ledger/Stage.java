package org.ibhebb.internal.ledger;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A layer or vertex, as a step passes it.
 *
 * @param name of the layer
 * @param type what it computes
 * @param layer its configuration, without anything of this library; null for a vertex
 * @param inputs the stages that it reads; {@link #INPUT} for the network's input
 * @param learning how its weights change
 * @param rule its own; null where it has none
 * @param in values of a sample that it reads
 * @param out values of a sample that it makes
 * @param maps neurons that share their weights over positions: units of a dense layer, feature maps of a convolution
 * @param pooled values of a sample that a signal sees of its output
 * @param patch values of the input that one neuron reads
 * @param weights their number
 * @param biases their number
 * @param updater turns its gradients into steps; null where it has no parameters
 */
record Stage(String name, Type type, Layer layer, List<String> inputs, Learning learning, LearningRule rule,
        long in, long out, long maps, long pooled, long patch, long weights, long biases,
        IUpdater updater) {

    /** The name of the network's input. */
    static final String INPUT = "input";

    enum Type { DENSE, OUTPUT, CONVOLUTION, POOLING, ACTIVATION, JOIN }

    enum Learning {
        /** By its rule, or as the first layer of a unit that has one. */
        LOCAL,
        /** By an error. */
        ERROR,
        /** Not at all, or it has nothing to learn. */
        NOTHING
    }

    long parameters() {
        return weights + biases;
    }

    /** Places of the output at which the same weights are used. */
    long positions() {
        return maps == 0 ? 1 : out / maps;
    }

    /** Multiply-accumulates of one sample's forward pass. */
    long macs() {
        return weights == 0 ? 0 : weights * positions();
    }

    boolean hasWeights() {
        return weights > 0;
    }

    boolean hasActivationFunction() {
        return type == Type.DENSE || type == Type.CONVOLUTION;
    }
}
