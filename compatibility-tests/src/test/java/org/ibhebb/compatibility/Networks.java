package org.ibhebb.compatibility;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.ConversionReport;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Small networks, and the questions that the tests ask of them, for both of DL4J's kinds of network. */
final class Networks {

    private Networks() {}

    /** What most test networks have in common. */
    static NeuralNetConfiguration.Builder builder() {
        return new NeuralNetConfiguration.Builder().seed(42).updater(new Adam(1e-2)).activation(Activation.RELU);
    }

    /** A dense hidden layer whose input is inferred or, in a chain, given. */
    static DenseLayer dense(int nOut) {
        return new DenseLayer.Builder().nOut(nOut).build();
    }

    /** A softmax readout. */
    static OutputLayer readout(int nOut) {
        return new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                .activation(Activation.SOFTMAX).nOut(nOut).build();
    }

    /** A ready network. */
    static MultiLayerNetwork network(MultiLayerConfiguration conf) {
        MultiLayerNetwork network = new MultiLayerNetwork(conf);
        network.init();
        return network;
    }

    /** A ready network. */
    static ComputationGraph network(ComputationGraphConfiguration conf) {
        ComputationGraph network = new ComputationGraph(conf);
        network.init();
        return network;
    }

    /** The network as DL4J makes it, with hidden layers that stay as they were initialised. */
    static MultiLayerNetwork frozen(MultiLayerConfiguration conf) {
        return network(Frozen.hidden(conf));
    }

    /** The network as DL4J makes it, with hidden layers that stay as they were initialised. */
    static ComputationGraph frozen(ComputationGraphConfiguration conf) {
        return network(Frozen.hidden(conf));
    }

    /** Fits some epochs of mini-batches of 32. */
    static void train(Model network, DataSet data, int epochs) {
        train(network, new MultiDataSet(data.getFeatures(), data.getLabels()), epochs);
    }

    /** Fits some epochs of mini-batches of 32. */
    static void train(Model network, MultiDataSet data, int epochs) {
        train(network, data, epochs, () -> {});
    }

    /** Fits some epochs of mini-batches of 32, and does something after each. */
    static void train(Model network, MultiDataSet data, int epochs, Runnable afterStep) {
        List<MultiDataSet> batches = batches(data, 32);
        for (int epoch = 0; epoch < epochs; epoch++) {
            for (MultiDataSet batch : batches) {
                if (network instanceof MultiLayerNetwork chain) {
                    chain.fit(single(batch));
                } else {
                    ((ComputationGraph) network).fit(batch);
                }
                afterStep.run();
            }
        }
    }

    /** What a chain takes. (DL4J's fit of a MultiDataSet fails where it has one mask and not the other.) */
    static DataSet single(MultiDataSet data) {
        return new DataSet(data.getFeatures(0), data.getLabels(0),
                first(data.getFeaturesMaskArrays()), first(data.getLabelsMaskArrays()));
    }

    private static INDArray first(INDArray[] arrays) {
        return arrays == null ? null : arrays[0];
    }

    /** Not by MultiDataSet's own means, which know arrays of up to four dimensions. */
    private static List<MultiDataSet> batches(MultiDataSet data, int size) {
        List<MultiDataSet> batches = new ArrayList<>();
        long samples = data.getFeatures(0).size(0);
        for (long from = 0; from < samples; from += size) {
            long to = Math.min(samples, from + size);
            batches.add(new MultiDataSet(part(data.getFeatures(), from, to), part(data.getLabels(), from, to),
                    part(data.getFeaturesMaskArrays(), from, to), part(data.getLabelsMaskArrays(), from, to)));
        }
        return batches;
    }

    /** Null where there is no mask, of all or of one. */
    private static INDArray[] part(INDArray[] arrays, long from, long to) {
        return arrays == null ? null : Arrays.stream(arrays)
                .map(array -> array == null ? null : array.get(NDArrayIndex.interval(from, to)).dup('c'))
                .toArray(INDArray[]::new);
    }

    /** The outputs for these inputs, one array an output layer. */
    static INDArray[] outputs(Model network, INDArray... inputs) {
        return network instanceof MultiLayerNetwork chain
                ? new INDArray[] {chain.output(inputs[0])}
                : ((ComputationGraph) network).output(inputs);
    }

    /** The fraction of samples whose most probable class is their label. */
    static double accuracy(Model network, DataSet data) {
        return accuracy(outputs(network, data.getFeatures())[0], data.getLabels());
    }

    /** The fraction of rows whose greatest elements stand in the same column. */
    static double accuracy(INDArray predicted, INDArray labels) {
        return predicted.argMax(1).eq(labels.argMax(1)).castTo(predicted.dataType()).meanNumber().doubleValue();
    }

    /** The numbers of an array, to be compared exactly: INDArray's own equals allows a difference of 1e-5. */
    static double[] values(INDArray array) {
        return array.dup('c').reshape(array.length()).toDoubleVector();
    }

    /** All parameters by layer. */
    static Map<String, double[]> parametersByLayer(Model network) {
        Map<String, List<Double>> all = new TreeMap<>();
        for (Map.Entry<String, INDArray> entry : new TreeMap<>(network.paramTable()).entrySet()) {
            List<Double> values = all.computeIfAbsent(layerOf(network, entry.getKey()), name -> new ArrayList<>());
            Arrays.stream(values(entry.getValue())).forEach(values::add);
        }
        Map<String, double[]> result = new TreeMap<>();
        all.forEach((layer, values) -> result.put(layer, values.stream().mapToDouble(Double::doubleValue).toArray()));
        return result;
    }

    /** The layer that a parameter belongs to: in a chain its index, in a graph its name. */
    static String layerOf(Model network, String parameter) {
        return network instanceof MultiLayerNetwork
                ? parameter.substring(0, parameter.indexOf('_'))
                : ((ComputationGraph) network).getConfiguration().getVertices().keySet().stream()
                        .filter(layer -> parameter.startsWith(layer + "_"))
                        .max(Comparator.comparing(String::length))
                        .orElseThrow();
    }

    /** How each layer of the network learns. */
    static ConversionReport report(Model network) {
        return network instanceof MultiLayerNetwork chain
                ? IbHebb.report(chain.getLayerWiseConfigurations())
                : IbHebb.report(((ComputationGraph) network).getConfiguration());
    }

    /**
     * A rule as in version 0.1: gradients are those of an objective of a window, and the configuration's own updater
     * gets them as they are.
     */
    static LearningRule.Builder plain() {
        return LearningRule.builder()
                .objective(Objective.neighbourhood())
                .normalization(LearningRule.Normalization.LAYER_NORM)
                .gain(false)
                .updaters(LearningRule.Updaters.CONFIGURED);
    }
}
