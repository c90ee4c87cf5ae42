package org.ibhebb.samples.training;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * How often the neurons of a spiking network fire, and what that costs a machine that computes where there are spikes,
 * by the definitions of NeuroBench (Yik et al. 2025, Nature Communications 16:1545). The content of {@code firing} in
 * JSON.
 *
 * @param samples on so many it was measured, none of which the network was trained on
 * @param layers the spiking ones, the first one first
 * @param activationSparsity the share of neurons and time steps without a spike, in all spiking layers together
 * @param connectionSparsity the share of weights that are 0, in all layers that have any
 * @param footprintBytes parameters, and a membrane for each neuron
 * @param synapticOperations of one sample, all time steps together
 */
public record Firing(int samples, List<OfLayer> layers, double activationSparsity, double connectionSparsity,
        long footprintBytes, SynapticOperations synapticOperations) {

    /**
     * How often the neurons of one layer fire.
     *
     * @param layer its name
     * @param neurons how many there are
     * @param timeSteps for how many a sample lasts
     * @param rate spikes a neuron and time step
     * @param silent the share of neurons that never fire
     * @param saturated the share of neurons that fire at more than nine of ten time steps
     * @param histogram how many neurons have a rate from 0 up to, but without, .05, from there up to .1, and so on; a
     *     rate of 1 belongs to the last
     */
    public record OfLayer(String layer, long neurons, int timeSteps, double rate, double silent, double saturated,
            List<Integer> histogram) {

        /** Of a histogram. */
        public static final int BINS = 20;

        public OfLayer {
            histogram = List.copyOf(histogram);
        }
    }

    /**
     * What connections do for one sample. Biases do not count, nor do places outside of an image.
     *
     * @param dense of all connections, as a machine needs them that can't leave out zeros; the first layer's once a
     *     sample where its input is the same at each time step, which the layer multiplies once
     * @param effectiveMacs multiply-accumulates: those of inputs and weights that are not 0, in layers that are given
     *     values, such as pixels, averages of spikes, and rates
     * @param effectiveAcs accumulates: the same in layers that are given spikes
     */
    public record SynapticOperations(double dense, double effectiveMacs, double effectiveAcs) {}

    public Firing {
        layers = List.copyOf(layers);
    }

    /** Spikes a neuron and time step, over all spiking layers. */
    public double meanRate() {
        return 1 - activationSparsity;
    }

    /** One line for people. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "spikes a neuron and time step, layer by layer: %s (neurons that never fire:"
                + " %s; that nearly always do: %s); a sample takes %,.0f accumulates and %,.0f multiply-accumulates of"
                + " %,.0f connections' operations",
                join("%.3f", OfLayer::rate), join("%.2f", OfLayer::silent), join("%.2f", OfLayer::saturated),
                synapticOperations.effectiveAcs(), synapticOperations.effectiveMacs(), synapticOperations.dense());
    }

    /** A figure of each layer, by commas. */
    public String join(String format, ToDoubleFunction<OfLayer> figure) {
        return layers.stream().map(layer -> String.format(Locale.ROOT, format, figure.applyAsDouble(layer)))
                .collect(Collectors.joining(", "));
    }
}
