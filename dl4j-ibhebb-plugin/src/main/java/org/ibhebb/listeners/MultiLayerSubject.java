package org.ibhebb.listeners;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.ibhebb.internal.convert.Topology;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A multi-layer network; a layer's id is its index, for its name need not be its own. */
final class MultiLayerSubject implements Subject {

    private static final String INPUT = "input";

    private final MultiLayerNetwork network;
    private final List<Node> layers = new ArrayList<>();

    MultiLayerSubject(MultiLayerNetwork network) {
        this.network = network;
        for (int i = 0; i < network.getnLayers(); i++) {
            Layer conf = network.getLayerWiseConfigurations().getConf(i).getLayer();
            String name = conf.getLayerName() == null ? "layer" + i : conf.getLayerName();
            layers.add(new Node(id(i), name, conf, network.getLayer(i), List.of(i == 0 ? INPUT : id(i - 1))));
        }
    }

    private static String id(int layer) {
        return String.valueOf(layer);
    }

    @Override
    public Model model() {
        return network;
    }

    @Override
    public List<Node> layers() {
        return layers;
    }

    @Override
    public Topology topology() {
        return Topology.of(network.getLayerWiseConfigurations());
    }

    @Override
    public int inputs() {
        return 1;
    }

    @Override
    public List<String> outputs() {
        return List.of(id(layers.size() - 1));
    }

    @Override
    public int iteration() {
        return network.getIterationCount();
    }

    @Override
    public INDArray parameters() {
        return network.params();
    }

    @Override
    public Subject copy(boolean stock, UnaryOperator<Layer> change) {
        MultiLayerConfiguration own = network.getLayerWiseConfigurations();
        MultiLayerConfiguration conf = stock ? IbHebb.revert(own) : own.clone();
        for (NeuralNetConfiguration holder : conf.getConfs()) {
            holder.setLayer(change.apply(holder.getLayer()));
        }
        MultiLayerNetwork copy = new MultiLayerNetwork(conf);
        copy.init(network.params(), true);
        return new MultiLayerSubject(copy);
    }

    @Override
    public Map<String, INDArray> activations(INDArray[] features) {
        List<INDArray> all = network.feedForward(features[0], false);
        Map<String, INDArray> byId = new HashMap<>();
        byId.put(INPUT, all.get(0));
        for (int i = 0; i < layers.size(); i++) {
            byId.put(id(i), all.get(i + 1));
        }
        return byId;
    }

    @Override
    public INDArray gradient(INDArray[] features, INDArray[] labels) {
        network.setInput(features[0]);
        network.setLabels(labels[0]);
        network.computeGradientAndScore();
        return network.getGradientsViewArray();
    }
}
