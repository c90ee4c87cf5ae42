package org.ibhebb.internal.stream;

import org.ibhebb.internal.learner.Host;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A layer as learning sees it where Deeplearning4j's layers are not asked. */
final class ChainHost implements Host {

    private final String name;
    private final int index;
    private final INDArray parameters;
    private INDArray input;
    private int iteration;

    /**
     * @param name as messages have it
     * @param index in the network
     * @param parameters the layer's view of the network's
     */
    ChainHost(String name, int index, INDArray parameters) {
        this.name = name;
        this.index = index;
        this.parameters = parameters;
    }

    /** A training pass begins. */
    void take(INDArray of, int updates) {
        input = of;
        iteration = updates;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int iteration() {
        return iteration;
    }

    @Override
    public INDArray input() {
        return input;
    }

    @Override
    public boolean changesInput() {
        return false;
    }

    @Override
    public INDArray mask() {
        return null;
    }

    @Override
    public INDArray parameters() {
        return parameters;
    }
}
