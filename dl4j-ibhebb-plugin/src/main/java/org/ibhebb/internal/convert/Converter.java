package org.ibhebb.internal.convert;

import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** The ways into this package: what {@code org.ibhebb.IbHebb} offers, for both kinds of network. */
public final class Converter {

    private Converter() {}

    /**
     * The configuration with its hidden layers learning locally.
     *
     * @param conf not changed
     * @param rules how its layers learn
     * @param told is told what was decided about each layer
     * @return a converted copy
     * @throws IllegalArgumentException naming the layer and the reason, if a layer could not learn as asked
     */
    public static MultiLayerConfiguration convert(
            MultiLayerConfiguration conf, Rules rules, Consumer<List<Decision>> told) {
        MultiLayerConfiguration copy = foldedCopy(conf);
        apply(new Conversion(Topology.of(copy), rules), told);
        return copy;
    }

    /**
     * The configuration with its hidden layers learning locally.
     *
     * @param conf not changed
     * @param rules how its layers learn
     * @param told is told what was decided about each layer
     * @return a converted copy
     * @throws IllegalArgumentException naming the layer and the reason, if a layer could not learn as asked
     */
    public static ComputationGraphConfiguration convert(
            ComputationGraphConfiguration conf, Rules rules, Consumer<List<Decision>> told) {
        ComputationGraphConfiguration copy = foldedCopy(conf);
        apply(new Conversion(Topology.of(copy), rules), told);
        return copy;
    }

    /**
     * A network that goes on learning locally from where another one is.
     *
     * @param network not changed
     * @param rules how its layers learn
     * @param told is told what was decided about each layer
     * @return a new network
     * @throws IllegalArgumentException naming the layer and the reason, if a layer could not learn as asked
     */
    public static MultiLayerNetwork convert(MultiLayerNetwork network, Rules rules, Consumer<List<Decision>> told) {
        network.init();
        return TrainedNetworks.continuing(network, convert(network.getLayerWiseConfigurations(), rules, told));
    }

    /**
     * A graph that goes on learning locally from where another one is.
     *
     * @param network not changed
     * @param rules how its layers learn
     * @param told is told what was decided about each layer
     * @return a new network
     * @throws IllegalArgumentException naming the layer and the reason, if a layer could not learn as asked
     */
    public static ComputationGraph convert(ComputationGraph network, Rules rules, Consumer<List<Decision>> told) {
        network.init();
        return TrainedNetworks.continuing(network, convert(network.getConfiguration(), rules, told));
    }

    /**
     * What conversion would decide.
     *
     * @param conf not changed
     * @param rules how its layers are to learn
     * @return one decision a layer, inputs first
     * @throws IllegalArgumentException naming the layer and the reason, if a layer could not learn as asked
     */
    public static List<Decision> decisions(MultiLayerConfiguration conf, Rules rules) {
        return new Conversion(Topology.of(foldedCopy(conf)), rules).decisions();
    }

    /**
     * What conversion would decide.
     *
     * @param conf not changed
     * @param rules how its layers are to learn
     * @return one decision a layer, inputs first
     * @throws IllegalArgumentException naming the layer and the reason, if a layer could not learn as asked
     */
    public static List<Decision> decisions(ComputationGraphConfiguration conf, Rules rules) {
        return new Conversion(Topology.of(foldedCopy(conf)), rules).decisions();
    }

    /**
     * The configuration with Deeplearning4j's own layers again.
     *
     * @param conf not changed
     * @return a copy without anything of this library
     */
    public static MultiLayerConfiguration revert(MultiLayerConfiguration conf) {
        MultiLayerConfiguration copy = Configurations.copy(conf);
        Reversion.apply(Topology.of(copy));
        return copy;
    }

    /**
     * The configuration with Deeplearning4j's own layers again.
     *
     * @param conf not changed
     * @return a copy without anything of this library
     */
    public static ComputationGraphConfiguration revert(ComputationGraphConfiguration conf) {
        ComputationGraphConfiguration copy = Configurations.copy(conf);
        Reversion.apply(Topology.of(copy));
        return copy;
    }

    /**
     * The network with Deeplearning4j's own layers again.
     *
     * @param network not changed
     * @return a new network
     */
    public static MultiLayerNetwork revert(MultiLayerNetwork network) {
        network.init();
        return TrainedNetworks.continuing(network, revert(network.getLayerWiseConfigurations()));
    }

    /**
     * The graph with Deeplearning4j's own layers again.
     *
     * @param network not changed
     * @return a new network
     */
    public static ComputationGraph revert(ComputationGraph network) {
        network.init();
        return TrainedNetworks.continuing(network, revert(network.getConfiguration()));
    }

    /**
     * Whether conversion has nothing to do.
     *
     * @param conf not changed
     * @return false also where conversion refuses
     */
    public static boolean isConverted(MultiLayerConfiguration conf) {
        try {
            return new Conversion(Topology.of(foldedCopy(conf)), Rules.NONE).isApplied();
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    /**
     * Whether conversion has nothing to do.
     *
     * @param conf not changed
     * @return false also where conversion refuses
     */
    public static boolean isConverted(ComputationGraphConfiguration conf) {
        try {
            return new Conversion(Topology.of(foldedCopy(conf)), Rules.NONE).isApplied();
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    private static MultiLayerConfiguration foldedCopy(MultiLayerConfiguration conf) {
        conf.getConfs().forEach(Converter::checkTraining);
        MultiLayerConfiguration copy = Configurations.copy(conf);
        LossLayers.fold(copy);
        return copy;
    }

    private static ComputationGraphConfiguration foldedCopy(ComputationGraphConfiguration conf) {
        checkTraining(conf.getDefaultConfiguration());
        conf.getVertices().values().stream()
                .filter(LayerVertex.class::isInstance)
                .forEach(vertex -> checkTraining(((LayerVertex) vertex).getLayerConf()));
        ComputationGraphConfiguration copy = Configurations.copy(conf);
        LossLayers.fold(copy);
        return copy;
    }

    private static void checkTraining(NeuralNetConfiguration conf) {
        OptimizationAlgorithm algorithm = conf.getOptimizationAlgo();
        if (algorithm != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT) {
            throw new IllegalArgumentException("optimisation algorithm " + algorithm + " searches along the network's"
                    + " loss, which local layers do not descend: use STOCHASTIC_GRADIENT_DESCENT");
        }
    }

    private static void apply(Conversion conversion, Consumer<List<Decision>> told) {
        conversion.apply();
        told.accept(conversion.decisions());
    }
}
