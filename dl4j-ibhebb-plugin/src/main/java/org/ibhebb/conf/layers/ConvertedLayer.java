package org.ibhebb.conf.layers;

import org.deeplearning4j.nn.conf.layers.Layer;

/** A layer configuration that conversion put in the place of one of DL4J's own. */
public interface ConvertedLayer {

    /**
     * The layer as it was before conversion.
     *
     * @return a configuration of DL4J's own class, with the same settings and parameters
     */
    Layer toStock();
}
