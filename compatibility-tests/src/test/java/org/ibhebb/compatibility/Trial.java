package org.ibhebb.compatibility;

import static org.ibhebb.compatibility.Networks.parametersByLayer;
import static org.ibhebb.compatibility.Networks.train;
import static org.ibhebb.compatibility.Networks.values;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.ConversionReport;
import org.ibhebb.ConversionReport.Learning;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a model that is converted and trained.
 *
 * @param layers how many of its hidden layers with weights learn locally, of how many; empty if it was refused
 * @param result in words; empty where only training could tell, and there was none
 * @param fine whether it learns or was refused, for those are the things that a model may do
 */
record Trial(String layers, String result, boolean fine) {

    private static final Logger LOG = LoggerFactory.getLogger(Trial.class);
    /** The loss that is left, as a part of the one that is left when hidden layers stay as they were initialised. */
    private static final double CLEARLY = 0.8;

    static Trial of(Specimen specimen) {
        return of(specimen, true);
    }

    /** @param trained whether it is trained, which takes long; or else only converted */
    static Trial of(Specimen specimen, boolean trained) {
        ConversionReport report;
        try {
            report = specimen.report().get();
        } catch (IllegalArgumentException refused) {
            return new Trial("", "refused: " + refused.getMessage(), true);
        }
        long hidden = report.layers().stream()
                .filter(entry -> entry.learning() != Learning.NO_WEIGHTS && entry.learning() != Learning.READOUT)
                .count();
        String layers = report.count(Learning.LOCAL) + " of " + hidden;
        if (specimen.data() == null) {
            return new Trial(layers, "converts; too large to be trained by a test", true);
        }
        if (!trained) {
            return new Trial(layers, "", true);
        }
        Model local = specimen.local().get();
        Map<String, double[]> before = parametersByLayer(local);
        try {
            train(local, specimen.data(), specimen.epochs());
        } catch (IllegalStateException refused) {
            return new Trial(layers, "refused in training: " + refused.getMessage(),
                    refused.getMessage().startsWith("layer '"));
        }
        Map<String, double[]> after = parametersByLayer(local);
        after.keySet().removeIf(layer -> !Arrays.equals(after.get(layer), before.get(layer)));
        if (after.size() != report.count(Learning.FROZEN)) {
            return new Trial(layers, "layers that stay as they are: " + after.keySet(), false);
        }
        if (!DoubleStream.of(values(local.params())).allMatch(Double::isFinite)) {
            return new Trial(layers, "parameters are no numbers any more", false);
        }
        double loss = loss(local, specimen.data());
        double control = frozenLoss(specimen);
        LOG.info("{}: loss {}, and {} with frozen hidden layers", specimen, loss, control);
        return loss < CLEARLY * control
                ? new Trial(layers, "learns" + (after.isEmpty() ? "" : ", with frozen layers as asked"), true)
                : new Trial(layers, "does no better than with frozen hidden layers: is left with a loss of " + loss
                        + ", and they with " + control, false);
    }

    /** The same network, seed and steps, but that every step leaves hidden layers as they were initialised. */
    private static double frozenLoss(Specimen specimen) {
        Model network = specimen.local().get();
        Map<String, INDArray> initial = new TreeMap<>();
        hidden(network).forEach((name, array) -> initial.put(name, array.dup()));
        train(network, specimen.data(), specimen.epochs(),
                () -> hidden(network).forEach((name, array) -> array.assign(initial.get(name))));
        return loss(network, specimen.data());
    }

    /** The parameters that a frozen hidden layer keeps; what batch normalisation has seen is none of them. */
    private static Map<String, INDArray> hidden(Model network) {
        Set<String> readouts = network instanceof MultiLayerNetwork chain
                ? Set.of("" + (chain.getnLayers() - 1))
                : Set.copyOf(((ComputationGraph) network).getConfiguration().getNetworkOutputs());
        return network.paramTable().entrySet().stream()
                .filter(entry -> !readouts.contains(Networks.layerOf(network, entry.getKey())))
                .filter(entry -> !entry.getKey().matches(".*_(mean|var|log10stdev)"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /**
     * Without what regularisation adds, which can be more than all the rest. In half precision a loss is no number once a
     * probability is 0, which 1e-8 is there: that of a network that has learnt well is computed in single precision.
     */
    private static double loss(Model network, MultiDataSet data) {
        if (network instanceof MultiLayerNetwork chain) {
            if (chain.params().dataType() == DataType.FLOAT16) {
                return loss(chain.convertDataType(DataType.FLOAT), data);
            }
            return chain.score(Networks.single(data)) - chain.calcRegularizationScore(true);
        }
        ComputationGraph graph = (ComputationGraph) network;
        return graph.score(data) - graph.calcRegularizationScore(true);
    }
}
