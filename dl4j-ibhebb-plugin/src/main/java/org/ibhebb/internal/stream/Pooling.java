package org.ibhebb.internal.stream;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Pooling that nothing learns through, by Deeplearning4j's own layer. */
final class Pooling implements HiddenLayer {

    private final Layer layer;
    private final Images images;
    private final LayerWorkspaceMgr scratch;

    /**
     * @param layer Deeplearning4j's
     * @param images that it reads
     * @param scratch what a step makes
     */
    Pooling(Layer layer, Images images, LayerWorkspaceMgr scratch) {
        this.layer = layer;
        this.images = images;
        this.scratch = scratch;
    }

    @Override
    public boolean learns() {
        return false;
    }

    @Override
    public INDArray forward(INDArray input, int iteration) {
        return Images.flat(pool(images.of(input)));
    }

    /** The training forward pass on images. */
    INDArray pool(INDArray input) {
        return layer.activate(input, true, scratch);
    }

    /** Takes a signal back to what was pooled. */
    INDArray back(INDArray signal) {
        return layer.backpropGradient(signal, scratch).getSecond();
    }

    @Override
    public void backward() {
        throw new UnsupportedOperationException("pooling has no signal of its own");
    }

    /** Lets go of what the last pass has left. */
    @Override
    public void forget() {
        layer.clear();
    }
}
