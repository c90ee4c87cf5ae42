package org.ibhebb.internal.convert;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.jspecify.annotations.Nullable;

/**
 * A configuration's layers and vertices as one directed graph, for both kinds of network. Whoever walks it goes through
 * the nodes once, in their order or against it, and never along paths: residual blocks double their number.
 */
public final class Topology {

    /** A layer, or another vertex, and what it is connected to. */
    public static final class Node {

        final String id;
        final String name;
        /** The layer's configuration; null for a vertex that is no layer. */
        final @Nullable Layer layer;
        /** The vertex that is no layer; null for layers. */
        final @Nullable GraphVertex vertex;
        final List<Node> inputs = new ArrayList<>();
        final List<Node> consumers = new ArrayList<>();
        final boolean output;
        private final Consumer<Layer> replace;

        private Node(
                String id,
                String name,
                @Nullable Layer layer,
                @Nullable GraphVertex vertex,
                boolean output,
                Consumer<Layer> replace) {
            this.id = id;
            this.name = name;
            this.layer = layer;
            this.vertex = vertex;
            this.output = output;
            this.replace = replace;
        }

        /**
         * What tells the node apart from all others.
         *
         * @return a graph's name of it; in a multi-layer network its index, for names need not be unique there
         */
        public String id() {
            return id;
        }

        /**
         * The layer's configuration.
         *
         * @return null for a vertex that is no layer
         */
        public @Nullable Layer layer() {
            return layer;
        }

        /** Puts another layer configuration in this one's place. */
        void replaceBy(Layer other) {
            replace.accept(other);
        }

        private void connect(Node input) {
            inputs.add(input);
            input.consumers.add(this);
        }

        @Override
        public String toString() {
            return "'" + name + "' (" + (layer == null ? vertex : layer).getClass().getSimpleName() + ")";
        }
    }

    /** All nodes, inputs before what they feed. */
    final List<Node> nodes;
    /** Says how far errors go back in time. */
    final BackpropType backprop;

    private Topology(List<Node> nodes, BackpropType backprop) {
        this.nodes = nodes;
        this.backprop = backprop;
    }

    /**
     * All layers and vertices.
     *
     * @return inputs before what they feed
     */
    public List<Node> nodes() {
        return List.copyOf(nodes);
    }

    /**
     * The chain of a multi-layer network's layers.
     *
     * @param conf changes with what is put in the nodes' places
     * @return its topology
     */
    public static Topology of(MultiLayerConfiguration conf) {
        List<Node> nodes = new ArrayList<>();
        int count = conf.getConfs().size();
        for (int i = 0; i < count; i++) {
            NeuralNetConfiguration holder = conf.getConf(i);
            Layer layer = holder.getLayer();
            String name = layer.getLayerName() == null ? "layer" + i : layer.getLayerName();
            Node node = new Node(String.valueOf(i), name, layer, null, i == count - 1, holder::setLayer);
            if (i > 0) {
                node.connect(nodes.get(i - 1));
            }
            nodes.add(node);
        }
        return new Topology(nodes, conf.getBackpropType());
    }

    /**
     * The layers and vertices of a graph, without its inputs.
     *
     * @param conf changes with what is put in the nodes' places
     * @return its topology
     * @throws IllegalArgumentException naming a vertex, if there is a cycle
     */
    public static Topology of(ComputationGraphConfiguration conf) {
        Set<String> inputs = new HashSet<>(conf.getNetworkInputs());
        Set<String> outputs = new HashSet<>(conf.getNetworkOutputs());
        Map<String, Node> done = new LinkedHashMap<>();
        Set<String> begun = new HashSet<>();
        Deque<String> open = new ArrayDeque<>();
        for (String vertex : conf.getVertices().keySet()) {
            open.push(vertex);
            while (!open.isEmpty()) {
                String name = open.peek();
                List<String> before = conf.getVertexInputs().getOrDefault(name, List.of());
                List<String> missing =
                        before.stream().filter(input -> !inputs.contains(input) && !done.containsKey(input)).toList();
                if (done.containsKey(name) || missing.isEmpty()) {
                    open.pop();
                    done.computeIfAbsent(name, added -> node(added, conf, outputs.contains(added), before, done));
                } else {
                    if (!begun.add(name)) {
                        throw new IllegalArgumentException("the graph has a cycle, which goes through '" + name + "'");
                    }
                    // The first one of them is to be on top.
                    for (int i = missing.size() - 1; i >= 0; i--) {
                        open.push(missing.get(i));
                    }
                }
            }
        }
        return new Topology(List.copyOf(done.values()), conf.getBackpropType());
    }

    private static Node node(
            String name,
            ComputationGraphConfiguration conf,
            boolean output,
            List<String> before,
            Map<String, Node> done) {
        GraphVertex vertex = conf.getVertices().get(name);
        Node node;
        if (vertex instanceof LayerVertex holder) {
            NeuralNetConfiguration layerConf = holder.getLayerConf();
            node = new Node(name, name, layerConf.getLayer(), null, output, layerConf::setLayer);
        } else {
            node = new Node(name, name, null, vertex, output, layer -> {
                throw new IllegalStateException("vertex '" + name + "' is no layer");
            });
        }
        before.stream().map(done::get).filter(input -> input != null).forEach(node::connect);
        return node;
    }
}
