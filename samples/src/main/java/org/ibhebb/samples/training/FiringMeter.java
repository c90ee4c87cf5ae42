package org.ibhebb.samples.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.spiking.SpikingLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Lets samples through a spiking network, and counts spikes and what they set to work. */
final class FiringMeter {

    /** So many at a time: feature maps at all time steps take room. */
    private static final int SAMPLES = 100;

    private final MultiLayerNetwork network;
    /** One a layer; null for those that do not spike. */
    private final List<Neurons> neurons = new ArrayList<>();
    /** One a layer; null for those that have no weights. */
    private final List<Connections> connections = new ArrayList<>();
    private int samples;

    private FiringMeter(MultiLayerNetwork network) {
        this.network = network;
        for (Layer layer : network.getLayers()) {
            neurons.add(layer.conf().getLayer() instanceof SpikingLayer ? new Neurons(name(layer)) : null);
            connections.add(layer.paramTable().containsKey(DefaultParamInitializer.WEIGHT_KEY)
                    ? new Connections(layer) : null);
        }
    }

    static String name(Layer layer) {
        String given = layer.conf().getLayer().getLayerName();
        return given == null ? "layer" + layer.getIndex() : given;
    }

    /** Measured on such inputs, one sample at least. */
    static Firing of(MultiLayerNetwork network, INDArray inputs) {
        FiringMeter meter = new FiringMeter(network);
        for (long from = 0; from < inputs.size(0); from += SAMPLES) {
            meter.see(inputs.get(NDArrayIndex.interval(from, Math.min(from + SAMPLES, inputs.size(0)))));
        }
        return meter.firing();
    }

    private void see(INDArray inputs) {
        List<INDArray> activations = network.feedForward(inputs, false);
        samples += (int) inputs.size(0);
        for (int layer = 0; layer < network.getnLayers(); layer++) {
            INDArray output = activations.get(layer + 1);
            if (neurons.get(layer) != null) {
                neurons.get(layer).see(output);
            }
            if (connections.get(layer) != null) {
                InputPreProcessor before = network.getLayerWiseConfigurations().getInputPreProcess(layer);
                INDArray activity = activations.get(layer);
                connections.get(layer).see(before == null ? activity : before.preProcess(
                        activity, (int) inputs.size(0), LayerWorkspaceMgr.noWorkspaces()), output);
            }
        }
    }

    private Firing firing() {
        List<Neurons> spiking = neurons.stream().filter(each -> each != null).toList();
        List<Connections> weighted = connections.stream().filter(each -> each != null).toList();
        double spikes = spiking.stream().mapToDouble(each -> each.spikes).sum();
        double chances = spiking.stream().mapToDouble(each -> each.chances).sum();
        long weights = weighted.stream().mapToLong(Connections::weights).sum();
        long zeros = weighted.stream().mapToLong(Connections::zeros).sum();
        long membranes = spiking.stream().mapToLong(each -> each.fired.length()).sum();
        double macs = 0;
        double acs = 0;
        double dense = 0;
        for (Connections each : weighted) {
            dense += each.dense();
            if (each.accumulates()) {
                acs += each.effective();
            } else {
                macs += each.effective();
            }
        }
        return new Firing(samples, spiking.stream().map(Neurons::firing).toList(), 1 - spikes / chances,
                (double) zeros / weights, (network.numParams() + membranes) * network.params().dataType().width(),
                new Firing.SynapticOperations(dense / samples, macs / samples, acs / samples));
    }

    /** The neurons of a layer. */
    private static final class Neurons {

        private static final double SATURATED = 0.9;

        private final String layer;
        /** Spikes of each; null before the first sample. */
        private INDArray fired;
        private int timeSteps;
        /** Samples times time steps. */
        private long times;
        private double spikes;
        /** How many there could have been. */
        private double chances;

        Neurons(String layer) {
            this.layer = layer;
        }

        /** @param output samples x neurons, or maps, x time steps, for maps x height x width */
        void see(INDArray output) {
            INDArray each = output.sum(0, 2);
            fired = fired == null ? each : fired.add(each);
            timeSteps = (int) output.size(2);
            times += output.size(0) * timeSteps;
            spikes += each.sumNumber().doubleValue();
            chances += output.length();
        }

        Firing.OfLayer firing() {
            return new Firing.OfLayer(layer, fired.length(), timeSteps, spikes / chances,
                    share(fired.eq(0)), share(fired.gt(SATURATED * times)), histogram());
        }

        private List<Integer> histogram() {
            Integer[] bins = new Integer[Firing.OfLayer.BINS];
            Arrays.fill(bins, 0);
            for (double count : fired.dup('c').data().asDouble()) {
                bins[(int) Math.min(bins.length - 1, count * bins.length / times)]++;
            }
            return List.of(bins);
        }

        private double share(INDArray such) {
            return such.castTo(fired.dataType()).meanNumber().doubleValue();
        }
    }
}
