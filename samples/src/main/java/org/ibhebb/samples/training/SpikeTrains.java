package org.ibhebb.samples.training;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.spiking.SpikingLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * What the neurons of a spiking network do for one sample.
 *
 * @param label the sample's class
 * @param layers the spiking ones, the first one first
 */
public record SpikeTrains(int label, List<OfLayer> layers) {

    /**
     * What those of one layer do.
     *
     * @param layer its name
     * @param neurons for each, whether it fires at each time step; of feature maps map by map, row by row
     */
    public record OfLayer(String layer, List<boolean[]> neurons) {}

    static List<SpikeTrains> of(MultiLayerNetwork network, DataSet samples) {
        List<INDArray> activations = network.feedForward(samples.getFeatures(), false);
        int[] labels = samples.getLabels().argMax(1).toIntVector();
        List<SpikeTrains> all = new ArrayList<>();
        for (int sample = 0; sample < labels.length; sample++) {
            List<OfLayer> layers = new ArrayList<>();
            for (int layer = 0; layer < network.getnLayers(); layer++) {
                if (network.getLayer(layer).conf().getLayer() instanceof SpikingLayer) {
                    layers.add(new OfLayer(FiringMeter.name(network.getLayer(layer)),
                            neurons(activations.get(layer + 1).slice(sample))));
                }
            }
            all.add(new SpikeTrains(labels[sample], layers));
        }
        return all;
    }

    /** @param spikes neurons x time steps, or maps x time steps x height x width */
    private static List<boolean[]> neurons(INDArray spikes) {
        INDArray timeLast = spikes.rank() == 2 ? spikes : spikes.permute(0, 2, 3, 1);
        int steps = (int) spikes.size(1);
        double[] values = timeLast.dup('c').data().asDouble();
        List<boolean[]> neurons = new ArrayList<>();
        for (int from = 0; from < values.length; from += steps) {
            boolean[] fired = new boolean[steps];
            for (int step = 0; step < steps; step++) {
                fired[step] = values[from + step] != 0;
            }
            neurons.add(fired);
        }
        return neurons;
    }
}
