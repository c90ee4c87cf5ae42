package org.ibhebb.internal.layers;

import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What every layer gets that a configuration makes. */
public final class NewLayer {

    private NewLayer() {}

    /**
     * Gives a new layer what DL4J gives its own.
     *
     * @param layer just made
     * @param own its configuration
     * @param conf as DL4J gives it, as the others are
     * @param listeners of the network
     * @param index of the layer
     * @param parameters its view of the network's parameters
     * @param initialize whether it is to be filled
     * @return the layer
     */
    public static Layer ready(
            AbstractLayer<?> layer,
            org.deeplearning4j.nn.conf.layers.Layer own,
            NeuralNetConfiguration conf,
            @Nullable Collection<TrainingListener> listeners,
            int index,
            @Nullable INDArray parameters,
            boolean initialize) {
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        Map<String, INDArray> table = own.initializer().init(conf, parameters, initialize);
        layer.setParamTable(table);
        layer.setConf(conf);
        return layer;
    }
}
