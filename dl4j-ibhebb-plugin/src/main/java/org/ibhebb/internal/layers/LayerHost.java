package org.ibhebb.internal.layers;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.learner.Host;
import org.ibhebb.internal.learner.LayerLearner;
import org.ibhebb.internal.learner.Network;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A layer of Deeplearning4j's as learning sees it. */
final class LayerHost implements Host {

    private final Layer layer;
    private INDArray parameters;
    /** Held, for a network that nobody holds forgets. */
    private Network network;
    private boolean masked;
    /** How many passes of the network had failed when the mask was set. */
    private int failuresBefore;
    /** The input of the last forward pass, if that was one of training. */
    private INDArray seen;
    /** Whether the last forward pass was one of inference. */
    private boolean inferred;

    LayerHost(Layer layer) {
        this.layer = layer;
    }

    /** The same layer, with its view of the network's parameters as it is now. */
    LayerHost with(INDArray view) {
        parameters = view;
        return this;
    }

    /**
     * DL4J gives the layer a mask, or takes it away.
     *
     * @param mask null for none
     * @param view of the network's parameters; null or empty for a layer without some, which stands behind one that has
     *     some and is asked first
     */
    void masked(INDArray mask, INDArray view) {
        masked = mask != null && view != null && !view.isEmpty();
        if (masked) {
            failuresBefore = network(view).failures();
        }
    }

    /**
     * Runs the layer's training forward pass.
     *
     * @throws IllegalStateException if the layer's mask was set for a step that failed
     */
    <T> T forward(INDArray view, Supplier<T> pass) {
        seen = null;
        inferred = false;
        T result = pass(view, pass);
        seen = layer.input();
        return result;
    }

    /** The layer does an inference pass: what the last training pass left belongs to another input. */
    void inference() {
        seen = null;
        inferred = true;
    }

    /**
     * Runs the layer's backward pass. In a FrozenLayerWithBackprop it learns nothing, and passes nothing below: DL4J
     * asks it for a backward pass after a forward pass of inference.
     *
     * @throws IllegalStateException if the layer takes part in the step under way, and its last forward pass was none
     *     of training, or on another input
     */
    Pair<Gradient, INDArray> backward(LayerLearner learner, INDArray view, LayerWorkspaceMgr workspaces,
            Supplier<Pair<Gradient, INDArray>> pass) {
        if (inferred && !learner.takesPart()) {
            return new Pair<>(new DefaultGradient(), nothingBelow(layer, workspaces));
        }
        return pass(view, () -> {
            INDArray input = layer.input();
            if (input != null && input != seen) {
                throw new IllegalStateException(name() + ": a backward pass needs a training forward pass before it,"
                        + " on the same input");
            }
            return pass.get();
        });
    }

    /**
     * Runs a training pass, forward or backward. DL4J clears masks only after a step that succeeds: those of one that
     * failed would go on leaving time steps out of mini-batches of the same length.
     *
     * @throws IllegalStateException if the layer's mask was set for a step that failed
     */
    <T> T pass(INDArray view, Supplier<T> pass) {
        try {
            if (masked && network(view).failures() != failuresBefore) {
                throw new IllegalStateException(name() + ": its mask was set for a step that failed, and"
                        + " Deeplearning4j keeps masks until a step succeeds: clear the network's masks before it"
                        + " trains on (network.clearLayerMaskArrays()), or give this step masks of its own");
            }
            return pass.get();
        } catch (RuntimeException | Error e) {
            Network failed = view == null || view.isEmpty() ? Network.current() : network(view);
            if (failed != null) {
                failed.failed();
            }
            throw e;
        }
    }

    /** The network that the layer's parameters belong to. */
    Network network(INDArray view) {
        if (network == null || !network.has(view)) {
            network = Network.of(view);
        }
        return network;
    }

    @Override
    public String name() {
        return name(layer);
    }

    /** A layer as messages name it. */
    static String name(Layer layer) {
        String name = layer.conf().getLayer().getLayerName();
        return "layer " + (name == null ? "" : "'" + name + "' ") + "(index " + layer.getIndex() + ")";
    }

    @Override
    public int index() {
        return layer.getIndex();
    }

    @Override
    public int iteration() {
        return layer.getIterationCount();
    }

    @Override
    public INDArray input() {
        return layer.input();
    }

    @Override
    public boolean changesInput() {
        return layer.conf().getLayer().getIDropout() != null;
    }

    @Override
    public INDArray mask() {
        return layer.getMaskArray();
    }

    @Override
    public INDArray parameters() {
        return parameters;
    }

    /** Makes the layer's input outlive its forward pass: dropout may work in place on it later in the step. */
    UnaryOperator<INDArray> lasting(LayerWorkspaceMgr workspaces) {
        return array -> workspaces.leverageTo(ArrayType.ACTIVATIONS,
                changesInput() ? workspaces.dup(ArrayType.ACTIVATIONS, array) : array);
    }

    /** An epsilon of zeros for the layer below: DL4J's pre-processors and vertices can't do with null. */
    static INDArray nothingBelow(Layer layer, LayerWorkspaceMgr workspaces) {
        INDArray input = layer.input();
        return workspaces.create(ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
    }
}
