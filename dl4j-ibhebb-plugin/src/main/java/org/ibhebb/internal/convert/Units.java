package org.ibhebb.internal.convert;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.ibhebb.conf.layers.IbHebbWrapperLayer;
import org.ibhebb.conf.layers.LocalLayer;
import org.ibhebb.internal.convert.Topology.Node;
import org.jspecify.annotations.Nullable;

/**
 * Puts units together. A unit is what counts, and what learns, as one layer: a layer with weights, and the batch
 * normalisation, activation and max-pooling layers right behind it that learn in the same way.
 */
public final class Units {

    private Units() {}

    /**
     * All units of a network.
     *
     * @param topology of the network
     * @param learning how each layer learns; never asked about vertices that are no layers
     * @return the layers of each unit, its first one first; units in the order of their first layers, inputs first
     */
    public static List<List<Node>> of(Topology topology, Function<Node, Learning> learning) {
        List<List<Node>> units = new ArrayList<>();
        Set<Node> done = new HashSet<>();
        for (Node node : topology.nodes) {
            if (node.layer != null && learning.apply(node) != Learning.NO_WEIGHTS && !done.contains(node)) {
                List<Node> unit = startingWith(node, learning);
                done.addAll(unit);
                units.add(unit);
            }
        }
        return units;
    }

    /** Follows the layers that may continue a unit as long as nothing else is connected in between. */
    private static List<Node> startingWith(Node start, Function<Node, Learning> learning) {
        Learning how = learning.apply(start);
        List<Node> unit = new ArrayList<>(List.of(start));
        Node end = start;
        while (how != Learning.READOUT
                && !hasRule(end.layer)
                && end.consumers.size() == 1
                && end.consumers.get(0).inputs.size() == 1
                && continues(end.consumers.get(0), how, learning)) {
            end = end.consumers.get(0);
            unit.add(end);
        }
        return unit;
    }

    /** The last layer of a converted unit is the one that has the rule. */
    private static boolean hasRule(Layer layer) {
        return layer instanceof LocalLayer local && local.getRule() != null;
    }

    private static boolean continues(Node node, Learning how, Function<Node, Learning> learning) {
        if (node.layer == null || node.output) {
            return false;
        }
        if (node.layer instanceof IbHebbWrapperLayer wrapper && wrapper.isEndsUnit()) {
            return how == Learning.LOCAL;
        }
        Learning own = learning.apply(node);
        // Conversion leaves frozen layers alone: none of them passes a signal on.
        Layer layer = how == Learning.LOCAL ? node.layer : inner(node.layer);
        return LocalLayer.mayContinueUnit(layer) && (own == Learning.NO_WEIGHTS || own == how);
    }

    /** The layer inside a frozen one, and any other layer itself. */
    static @Nullable Layer frozen(@Nullable Layer layer) {
        if (layer instanceof FrozenLayer frozen) {
            return frozen.getLayer();
        }
        return layer instanceof FrozenLayerWithBackprop frozen ? frozen.getUnderlying() : layer;
    }

    /**
     * The layer that does the work, inside all wrappers.
     *
     * @param layer any layer
     * @return itself if it wraps none
     */
    public static Layer inner(Layer layer) {
        Layer inside = layer;
        while (inside instanceof FrozenLayer || inside instanceof BaseWrapperLayer) {
            inside = inside instanceof FrozenLayer frozen
                    ? frozen.getLayer()
                    : ((BaseWrapperLayer) inside).getUnderlying();
        }
        return inside;
    }
}
