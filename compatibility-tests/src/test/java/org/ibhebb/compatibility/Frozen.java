package org.ibhebb.compatibility;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.nd4j.linalg.learning.config.Sgd;

/** The control of every test that says something learns: the same network, of which only the readout does. */
public final class Frozen {

    private Frozen() {}

    /** The configuration with hidden layers that stay as they are initialised. */
    public static MultiLayerConfiguration hidden(MultiLayerConfiguration conf) {
        MultiLayerConfiguration copy = conf.clone();
        copy.getConfs().forEach(Frozen::freeze);
        return copy;
    }

    /** The configuration with hidden layers that stay as they are initialised. */
    public static ComputationGraphConfiguration hidden(ComputationGraphConfiguration conf) {
        ComputationGraphConfiguration copy = conf.clone();
        copy.getVertices().values().stream()
                .filter(LayerVertex.class::isInstance)
                .forEach(vertex -> freeze(((LayerVertex) vertex).getLayerConf()));
        return copy;
    }

    private static void freeze(NeuralNetConfiguration conf) {
        if (conf.getLayer() instanceof BaseLayer layer && !(layer instanceof BaseOutputLayer)) {
            layer.setIUpdater(new Sgd(0));
        }
    }
}
