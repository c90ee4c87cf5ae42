package org.ibhebb.internal.convert;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;

/** Makes a network of another one's configuration, converted or reverted, that goes on from where that one is. */
final class TrainedNetworks {

    private TrainedNetworks() {}

    /** A network of this configuration with copies of the other one's parameters and of its updater's state. */
    static MultiLayerNetwork continuing(MultiLayerNetwork from, MultiLayerConfiguration conf) {
        MultiLayerNetwork to = new MultiLayerNetwork(conf);
        to.init(from.params(), true);
        INDArray state = from.getUpdater(false) == null ? null : from.getUpdater(false).getStateViewArray();
        if (state != null && to.getUpdater().getStateViewArray() != null && sameUpdaters(from, to)) {
            to.getUpdater().setStateViewArray(to, state.dup(), false);
        }
        return to;
    }

    /** A graph of this configuration with copies of the other one's parameters and of its updater's state. */
    static ComputationGraph continuing(ComputationGraph from, ComputationGraphConfiguration conf) {
        ComputationGraph to = new ComputationGraph(conf);
        to.init(from.params(), true);
        if (!List.copyOf(to.paramTable().keySet()).equals(List.copyOf(from.paramTable().keySet()))) {
            throw new IllegalStateException("Deeplearning4j orders the layers of the new graph in another way ("
                    + to.paramTable().keySet() + ") than those of the given one (" + from.paramTable().keySet()
                    + "), so that parameters can't be carried over: convert its configuration before it is trained");
        }
        INDArray state = from.getUpdater(false) == null ? null : from.getUpdater(false).getStateViewArray();
        if (state != null && to.getUpdater().getStateViewArray() != null && sameUpdaters(from, to)) {
            to.getUpdater().setStateViewArray(state.dup());
        }
        return to;
    }

    /** What one updater remembers means nothing to another. */
    private static boolean sameUpdaters(Model from, Model to) {
        return updaters(from).equals(updaters(to));
    }

    private static List<IUpdater> updaters(Model network) {
        Layer[] layers = network instanceof ComputationGraph graph
                ? graph.getLayers()
                : ((MultiLayerNetwork) network).getLayers();
        return Arrays.stream(layers)
                .flatMap(layer ->
                        layer.paramTable().keySet().stream().map(layer.conf().getLayer()::getUpdaterByParam))
                .toList();
    }
}
