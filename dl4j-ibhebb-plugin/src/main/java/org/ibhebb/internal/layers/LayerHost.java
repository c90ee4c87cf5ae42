package org.ibhebb.internal.layers;

import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.learner.Host;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A layer of Deeplearning4j's as learning sees it. */
final class LayerHost implements Host {

    private final Layer layer;
    private INDArray parameters;

    LayerHost(Layer layer) {
        this.layer = layer;
    }

    /** The same layer, with its view of the network's parameters as it is now. */
    LayerHost with(INDArray view) {
        parameters = view;
        return this;
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
