package org.ibhebb.internal.learner;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The layer that a {@link LayerLearner} works for, as far as learning has to know it. */
public interface Host {

    /**
     * The layer as messages name it.
     *
     * @return such as {@code layer 'hidden' (index 1)}
     */
    String name();

    /**
     * The layer's place in its network, by which the network knows what the layer remembers.
     *
     * @return from 0
     */
    int index();

    /**
     * How many updates the network has had.
     *
     * @return from 0
     */
    int iteration();

    /**
     * The layer's input in the pass under way.
     *
     * @return samples first
     */
    INDArray input();

    /**
     * Whether the layer is going to change its input, as dropout does.
     *
     * @return true if whoever needs the input later has to take a copy
     */
    boolean changesInput();

    /**
     * The mask of the layer's input.
     *
     * @return null for none
     */
    INDArray mask();

    /**
     * The layer's view of the network's parameters.
     *
     * @return null, or an empty array, for a layer that has none
     */
    INDArray parameters();
}
