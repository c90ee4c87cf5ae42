package org.ibhebb.internal.convert;

import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.ibhebb.conf.layers.ConvertedLayer;
import org.ibhebb.internal.convert.Topology.Node;

/** Puts Deeplearning4j's own layers back in place. */
final class Reversion {

    private Reversion() {}

    /** Changes the configuration that the topology was made of. */
    static void apply(Topology topology) {
        for (Node node : topology.nodes) {
            if (node.layer != null) {
                node.replaceBy(stock(node.layer));
            }
        }
    }

    private static Layer stock(Layer layer) {
        if (layer instanceof ConvertedLayer converted) {
            return converted.toStock();
        }
        // Transfer learning freezes layers, local ones too, by wrapping them.
        if (layer instanceof FrozenLayer frozen) {
            return named(new FrozenLayer(stock(frozen.getLayer())), layer);
        }
        if (layer instanceof FrozenLayerWithBackprop frozen) {
            return named(new FrozenLayerWithBackprop(stock(frozen.getUnderlying())), layer);
        }
        Updaters.unwrap(layer);
        return layer;
    }

    private static Layer named(Layer layer, Layer as) {
        layer.setLayerName(as.getLayerName());
        return layer;
    }
}
