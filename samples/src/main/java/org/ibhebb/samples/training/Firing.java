package org.ibhebb.samples.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.spiking.SpikingLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How often the neurons of a spiking network fire. */
public final class Firing {

    private final List<Double> rates = new ArrayList<>();
    private final List<Double> silent = new ArrayList<>();

    /** Of each spiking layer, the first one first, on such inputs. */
    Firing(MultiLayerNetwork network, INDArray inputs) {
        List<INDArray> activations = network.feedForward(inputs, false);
        for (int layer = 0; layer < network.getnLayers(); layer++) {
            if (network.getLayer(layer).conf().getLayer() instanceof SpikingLayer) {
                INDArray spikes = activations.get(layer + 1);
                INDArray ofNeurons = spikes.mean(0, 2);
                rates.add(ofNeurons.meanNumber().doubleValue());
                silent.add(ofNeurons.eq(0).castTo(ofNeurons.dataType()).meanNumber().doubleValue());
            }
        }
    }

    /** One line for people. */
    @Override
    public String toString() {
        return "spikes a neuron and time step, layer by layer: " + join(rates, "%.3f") + " (neurons that never fire: "
                + join(silent, "%.2f") + ")";
    }

    private static String join(List<Double> values, String format) {
        return values.stream().map(value -> String.format(Locale.ROOT, format, value))
                .collect(Collectors.joining(", "));
    }
}
