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
 * @param height of its feature maps; 0 where it makes no images
 * @param width of them
 * @param patch values of the input that one neuron reads
 * @param weights their number
 * @param biases their number
 * @param updater turns its gradients into steps; null where it has no parameters
 * @param uses how often one sample's forward pass meets each of them
 * @param steps time steps of its output; 1 where that is no sequence
 * @param inputSteps time steps of what it reads; 0 where that is no sequence
 * @param stepwise whether each of them is a sample of its own to the rule
 * @param retained the share of its input that dropout leaves; 1 for none
 * @param readsSpikes whether its input is zeros and ones
 */
record Stage(String name, Type type, Layer layer, List<String> inputs, Learning learning, LearningRule rule,
        long in, long out, long maps, long height, long width, long patch, long weights, long biases,
        IUpdater updater, long uses, long steps, long inputSteps, boolean stepwise, double retained,
        boolean readsSpikes) {

    /** The name of the network's input. */
    static final String INPUT = "input";

    enum Type {
        DENSE,
        OUTPUT,
        CONVOLUTION,
        /** Whatever learns around Deeplearning4j's own backward pass: convolutions of other kinds. */
        WRAPPED,
        POOLING,
        ACTIVATION,
        /** Dropout as a layer of its own. */
        DROPOUT,
        /** By the statistics of a mini-batch: gains are its weights, and offsets its biases. */
        NORMALIZATION,
        RECURRENT,
        /** Spiking neurons. */
        SPIKING,
        /** From spike trains to rates. */
        RATE,
        JOIN
    }

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

    /** Places of a feature map at one time step, at which the same weights are used. */
    long places() {
        return maps == 0 ? 1 : out / maps / steps;
    }

    /** Values of a sample, or of a time step, that its signal sees. */
    long pooled() {
        return rule == null ? neurons() : pooled(rule);
    }

    /** The same by another rule. */
    long pooled(LearningRule by) {
        return height == 0 ? neurons() : maps * Math.min(by.pooling(), height) * Math.min(by.pooling(), width);
    }

    /** Values of a sample that it makes at one time step. */
    long neurons() {
        return out / steps;
    }

    /** Multiply-accumulates of one sample's forward pass. */
    long macs() {
        return weights * uses;
    }

    /** Whether what comes in has time steps of its own. */
    boolean readsSequence() {
        return inputSteps > 0;
    }

    /** The same stage, where it learns otherwise. */
    Stage with(Learning other) {
        return new Stage(name, type, layer, inputs, other, rule, in, out, maps, height, width, patch, weights, biases,
                updater, uses, steps, inputSteps, stepwise, retained, readsSpikes);
    }

    boolean hasWeights() {
        return weights > 0;
    }

    boolean hasActivationFunction() {
        return type == Type.DENSE || type == Type.CONVOLUTION || type == Type.WRAPPED;
    }
}
