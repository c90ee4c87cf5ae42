package org.ibhebb.internal.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.ibhebb.conf.layers.IbHebbOutputLayer;
import org.ibhebb.internal.convert.Topology.Node;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/**
 * Makes one output layer of a dense layer, the activation layers on it, and a loss layer at the end: the same
 * parameters, outputs and loss. DL4J's import of Keras models writes every output like that.
 */
final class LossLayers {

    private LossLayers() {}

    /**
     * Puts an output layer in place of the last layers, where it can do what they do.
     *
     * @param conf is changed
     */
    static void fold(MultiLayerConfiguration conf) {
        List<Node> nodes = Topology.of(conf).nodes;
        Node last = nodes.get(nodes.size() - 1);
        List<Node> end = end(last, node -> conf.getInputPreProcess(nodes.indexOf(node)));
        if (end != null) {
            end.get(0).replaceBy(outputLayer(end));
            int first = nodes.indexOf(end.get(0));
            conf.getConfs().subList(first + 1, nodes.size()).clear();
        }
    }

    /**
     * Puts output layers in place of the last layers, where they can do what those do. An output layer has the name of
     * the dense layer that it comes from.
     *
     * @param conf is changed
     */
    static void fold(ComputationGraphConfiguration conf) {
        for (Node last : Topology.of(conf).nodes) {
            List<Node> end = end(last, node -> ((LayerVertex) conf.getVertices().get(node.name)).getPreProcessor());
            if (end != null) {
                Node dense = end.get(0);
                dense.replaceBy(outputLayer(end));
                conf.getNetworkOutputs().replaceAll(name -> name.equals(last.name) ? dense.name : name);
                Configurations.remove(
                        conf, end.stream().skip(1).map(above -> above.name).collect(Collectors.toSet()));
            }
        }
    }

    /** The layers that an output layer can replace, from the dense one up; null if it can't. */
    private static @Nullable List<Node> end(Node last, Function<Node, @Nullable InputPreProcessor> preProcessor) {
        if (last.layer == null || last.layer.getClass() != LossLayer.class || !last.output) {
            return null;
        }
        List<Node> end = new ArrayList<>(List.of(last));
        while (end.get(0).layer.getClass() != DenseLayer.class) {
            Node top = end.get(0);
            Node below = top.inputs.size() == 1 ? top.inputs.get(0) : null;
            if (below == null || below.output || below.consumers.size() > 1 || !mayEndIn(below.layer)
                    || preProcessor.apply(top) != null || top.layer.getIDropout() != null) {
                return null;
            }
            end.add(0, below);
        }
        return activations(end).size() > 1 || ((DenseLayer) end.get(0).layer).hasLayerNorm() ? null : end;
    }

    private static boolean mayEndIn(@Nullable Layer layer) {
        return layer != null && (layer.getClass() == DenseLayer.class || layer.getClass() == ActivationLayer.class);
    }

    /** The activation functions of these layers, without those that change nothing. */
    private static List<IActivation> activations(List<Node> end) {
        return end.stream()
                .map(node -> node.layer instanceof ActivationLayer layer
                        ? layer.getActivationFn()
                        : ((BaseLayer) node.layer).getActivationFn())
                .filter(activation -> !(activation instanceof ActivationIdentity))
                .toList();
    }

    private static Layer outputLayer(List<Node> end) {
        IActivation activation = activations(end).stream().findFirst().orElseGet(ActivationIdentity::new);
        LossLayer loss = (LossLayer) end.get(end.size() - 1).layer;
        return IbHebbOutputLayer.of((DenseLayer) end.get(0).layer, activation, loss.getLossFn()).toStock();
    }
}
