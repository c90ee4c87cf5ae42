package org.ibhebb.listeners;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.internal.convert.Topology;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network that is looked at: what the two kinds that DL4J has do in two ways. */
interface Subject {

    /**
     * A layer of the network.
     *
     * @param id tells it apart from all other layers, inputs and vertices
     * @param name its name as {@link org.ibhebb.ConversionReport} gives it
     * @param conf its configuration
     * @param layer itself
     * @param inputs the ids of the layers, vertices or network inputs that feed it
     */
    record Node(String id, String name, Layer conf, org.deeplearning4j.nn.api.Layer layer, List<String> inputs) {}

    /**
     * @throws IllegalArgumentException if the model is neither of DL4J's kinds of network
     */
    static Subject of(Model model) {
        if (model instanceof MultiLayerNetwork network) {
            return new MultiLayerSubject(network);
        }
        if (model instanceof ComputationGraph graph) {
            return new GraphSubject(graph);
        }
        throw new IllegalArgumentException("an InformationPlane looks at a MultiLayerNetwork or a ComputationGraph, not"
                + " at a " + model.getClass().getName());
    }

    /** The network. */
    Model model();

    /** Its layers, in the order of the forward pass. */
    List<Node> layers();

    /** Its layers and vertices as a graph, with the same ids. */
    Topology topology();

    /** How many arrays of features it takes. */
    int inputs();

    /** The ids of its output layers, in the order of the arrays of labels. */
    List<String> outputs();

    /** The iteration under way, from 0. */
    int iteration();

    /** All parameters: one row, the network's own. */
    INDArray parameters();

    /**
     * A network of the same structure with a copy of the parameters, no listeners, and an untouched updater.
     *
     * @param stock whether its layers are DL4J's own again
     * @param change may change each layer's configuration, which is the copy's own, or return another
     */
    Subject copy(boolean stock, UnaryOperator<Layer> change);

    /** What all layers and vertices give in inference, and the inputs, by id. */
    Map<String, INDArray> activations(INDArray[] features);

    /** What one training step would hand to the updater, in the order of the {@link #parameters}; reused. */
    INDArray gradient(INDArray[] features, INDArray[] labels);
}
