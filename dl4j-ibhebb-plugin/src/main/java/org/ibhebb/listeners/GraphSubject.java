package org.ibhebb.listeners;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.ibhebb.IbHebb;
import org.ibhebb.internal.convert.Configurations;
import org.ibhebb.internal.convert.Topology;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A computation graph; a layer's id is its name. */
final class GraphSubject implements Subject {

    private final ComputationGraph graph;
    private final ComputationGraphConfiguration conf;
    private final List<Node> layers = new ArrayList<>();

    GraphSubject(ComputationGraph graph) {
        this.graph = graph;
        this.conf = graph.getConfiguration();
        for (int index : graph.topologicalSortOrder()) {
            String name = graph.getVertices()[index].getVertexName();
            if (conf.getVertices().get(name) instanceof LayerVertex vertex) {
                layers.add(new Node(name, name, vertex.getLayerConf().getLayer(), graph.getLayer(name),
                        conf.getVertexInputs().get(name)));
            }
        }
    }

    @Override
    public Model model() {
        return graph;
    }

    @Override
    public List<Node> layers() {
        return layers;
    }

    @Override
    public Topology topology() {
        return Topology.of(conf);
    }

    @Override
    public int inputs() {
        return conf.getNetworkInputs().size();
    }

    @Override
    public List<String> outputs() {
        return conf.getNetworkOutputs();
    }

    @Override
    public int iteration() {
        return graph.getIterationCount();
    }

    @Override
    public INDArray parameters() {
        return graph.params();
    }

    @Override
    public Subject copy(boolean stock, UnaryOperator<Layer> change) {
        ComputationGraphConfiguration changed = stock ? IbHebb.revert(conf) : Configurations.copy(conf);
        for (GraphVertex vertex : changed.getVertices().values()) {
            if (vertex instanceof LayerVertex layer) {
                NeuralNetConfiguration holder = layer.getLayerConf();
                holder.setLayer(change.apply(holder.getLayer()));
            }
        }
        ComputationGraph copy = new ComputationGraph(changed);
        copy.init(graph.params(), true);
        return new GraphSubject(copy);
    }

    @Override
    public Map<String, INDArray> activations(INDArray[] features) {
        return graph.feedForward(features, false);
    }

    @Override
    public INDArray gradient(INDArray[] features, INDArray[] labels) {
        graph.setInputs(features);
        graph.setLabels(labels);
        graph.computeGradientAndScore();
        return graph.getGradientsViewArray();
    }
}
