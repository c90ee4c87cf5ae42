package org.ibhebb.internal.layers;

import org.ibhebb.internal.learner.LayerLearner;

/** A layer that learns locally, and so has a part in what its network remembers. */
interface Remembering {

    /** What learns for the layer, and keeps the network that its parameters belong to. */
    LayerLearner learner();
}
