package org.ibhebb.internal.convert;

import org.deeplearning4j.nn.conf.layers.Layer;
import org.ibhebb.conf.layers.ConvertedLayer;
import org.ibhebb.internal.convert.Topology.Node;

/** Puts Deeplearning4j's own layers back in place. */
final class Reversion {

    private Reversion() {}

    /** Changes the configuration that the topology was made of. */
    static void apply(Topology topology) {
        for (Node node : topology.nodes) {
            if (node.layer == null) {
                Updaters.unwrap(node.vertex);
                Updaters.takeConfigured(node.vertex);
            } else {
                node.replaceBy(stock(node.layer));
            }
        }
    }

    private static Layer stock(Layer layer) {
        Layer stock = layer instanceof ConvertedLayer converted ? converted.toStock() : layer;
        // Transfer learning freezes layers, local ones too, by wrapping them.
        Updaters.inside(stock, Reversion::stock);
        // A local layer that was built directly may have any updater.
        Updaters.unwrap(stock);
        Updaters.takeConfigured(stock);
        return stock;
    }
}
