package org.ibhebb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;

/** A configuration's layers and vertices as one directed graph, for both kinds of network. */
final class Topology {

    /** A layer, or another vertex, and what it is connected to. */
    static final class Node {

        final String name;
        /** Null for a vertex that is no layer. */
        final Layer layer;
        /** Null in a multi-layer network and for layers. */
        final GraphVertex vertex;
        final List<Node> inputs = new ArrayList<>();
        final List<Node> consumers = new ArrayList<>();
        final boolean output;
        private final Consumer<Layer> replace;

        private Node(String name, Layer layer, GraphVertex vertex, boolean output, Consumer<Layer> replace) {
            this.name = name;
            this.layer = layer;
            this.vertex = vertex;
            this.output = output;
            this.replace = replace;
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

    /** Inputs before what they feed. */
    final List<Node> nodes;
    /** How far errors go back in time. */
    final BackpropType backprop;

    private Topology(List<Node> nodes, BackpropType backprop) {
        this.nodes = nodes;
        this.backprop = backprop;
    }

    static Topology of(MultiLayerConfiguration conf) {
        List<Node> nodes = new ArrayList<>();
        int count = conf.getConfs().size();
        for (int i = 0; i < count; i++) {
            NeuralNetConfiguration holder = conf.getConf(i);
            Layer layer = holder.getLayer();
            String name = layer.getLayerName() == null ? "layer" + i : layer.getLayerName();
            Node node = new Node(name, layer, null, i == count - 1, holder::setLayer);
            if (i > 0) {
                node.connect(nodes.get(i - 1));
            }
            nodes.add(node);
        }
        return new Topology(nodes, conf.getBackpropType());
    }

    static Topology of(ComputationGraphConfiguration conf) {
        Map<String, Node> done = new LinkedHashMap<>();
        for (String name : conf.getVertices().keySet()) {
            add(name, conf, done);
        }
        return new Topology(List.copyOf(done.values()), conf.getBackpropType());
    }

    private static void add(String name, ComputationGraphConfiguration conf, Map<String, Node> done) {
        if (done.containsKey(name) || conf.getNetworkInputs().contains(name)) {
            return;
        }
        List<String> before = conf.getVertexInputs().getOrDefault(name, List.of());
        before.forEach(input -> add(input, conf, done));
        GraphVertex vertex = conf.getVertices().get(name);
        boolean output = conf.getNetworkOutputs().contains(name);
        Node node;
        if (vertex instanceof LayerVertex holder) {
            NeuralNetConfiguration layerConf = holder.getLayerConf();
            node = new Node(name, layerConf.getLayer(), null, output, layerConf::setLayer);
        } else {
            node = new Node(name, null, vertex, output, layer -> {
                throw new IllegalStateException("vertex '" + name + "' is no layer");
            });
        }
        for (String input : before) {
            if (done.containsKey(input)) {
                node.connect(done.get(input));
            }
        }
        done.put(name, node);
    }
}
