package org.ibhebb.internal.layers;

import org.ibhebb.internal.learner.Network;
import org.ibhebb.rule.LearningRule;

/** A layer that learns locally, and so has a part in what its network remembers. */
interface Remembering {

    /**
     * How the layer learns.
     *
     * @return null for one that learns by no signal of its own
     */
    LearningRule rule();

    /**
     * Makes the layer keep a network, which lives as long as its layers keep it.
     *
     * @param network what the layer's parameters belong to
     */
    void join(Network network);
}
