package org.ibhebb.internal.stream;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A layer, or a unit of layers, that takes part in mini-batches without Deeplearning4j's training step. */
interface HiddenLayer {

    /** Whether it has a signal of its own. */
    boolean learns();

    /**
     * The training forward pass.
     *
     * @param input rows of the network's type; must not change before the step is over
     * @param iteration how many updates the network has had
     * @return what it passes on, rows that are overwritten by the next pass
     */
    INDArray forward(INDArray input, int iteration);

    /** Forms the signal, and of it what the parameters are going to move by. */
    void backward();

    /** The step does not count. */
    void forget();
}
