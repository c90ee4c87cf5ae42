package org.ibhebb.internal.stream;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.ibhebb.internal.arithmetic.Neuron;
import org.ibhebb.internal.layers.SpikeRate;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.ibhebb.spiking.SpikingDenseLayer.Reset;

/**
 * What a layer does in time: its neurons spike, or it makes rates of spikes. Sequences lie as Deeplearning4j has them:
 * the time steps of one value, then those of the next.
 *
 * @param steps how many time steps a sample has here, at least 1
 * @param series whether what comes in has time steps; else it is a current that is the same at each of them
 * @param neuron of which kind the layer's neurons are; null for what makes rates
 * @param leak of the membrane that integrates spikes, of what makes rates; 0 for none
 * @param last whether rates are those of the last time step, not the mean over all
 * @param scale multiplies rates
 * @param normalized whether rates are brought to mean 0 and variance 1, in the place of being multiplied
 */
record Timing(int steps, boolean series, Neuron neuron, double leak, boolean last, double scale, boolean normalized) {

    /** How many numbers native code reads of each layer, but for the weights of time steps. */
    private static final int NUMBERS = 13;
    /** Native code does so many time steps at once. */
    private static final int LANES = 8;

    /** What neurons have done: their spikes, how often each has fired, and the mean of each one's slope. */
    record Fired(double[] spikes, double[] rates, double[] slopes) {}

    static Timing ofNeurons(SpikingDenseLayer layer, int steps, boolean series) {
        Neuron neuron = new Neuron(layer.getLeak(), layer.getThreshold(), layer.getReset() == Reset.TO_ZERO,
                layer.getSteepness(), layer.getSynapticDecay(), layer.getRefractorySteps(), false);
        return new Timing(steps, series, neuron, 0, false, 1, false);
    }

    static Timing ofRates(SpikeRateLayer layer, int steps) {
        return new Timing(
                steps, true, null, layer.getLeak(), layer.isLast(), layer.getScale(), layer.isNormalized());
    }

    boolean spikes() {
        return neuron != null;
    }

    /** How many values a sample has of so many inputs. */
    int values(int inputs) {
        return series ? inputs * steps : inputs;
    }

    /** By which a sum over time is the mean of an input's traces, or what is read of spikes. */
    private double[] weights() {
        return spikes() ? neuron.meanTrace(steps) : SpikeRate.weights(leak, last, steps);
    }

    /** The mean trace of an input that is always 1. */
    double ofConstant() {
        return Arrays.stream(weights()).sum();
    }

    // ----------------------------------------------------------------------------------------------------------------
    // What native code reads
    // ----------------------------------------------------------------------------------------------------------------

    /** Time steps, and room for those that fill up the last lanes. */
    int room() {
        return (steps + LANES - 1) / LANES * LANES;
    }

    /** The weights of time steps, 0 for the lanes behind them. */
    double[] roomOfWeights() {
        return Arrays.copyOf(weights(), room());
    }

    /**
     * What native code reads of a layer.
     *
     * @param timing null for a layer that knows no time
     * @param weights at which number the weights of its time steps begin
     */
    static double[] numbers(Timing timing, int weights) {
        return timing == null ? new double[NUMBERS] : timing.numbers(weights);
    }

    /** How many numbers the above are. */
    static int count() {
        return NUMBERS;
    }

    private double[] numbers(int weights) {
        DoubleStream of = spikes()
                ? DoubleStream.of(neuron.leak(), neuron.threshold(), neuron.toZero() ? 1 : 0, neuron.steepness(),
                        neuron.synapticDecay(), neuron.refractorySteps())
                : Arrays.stream(new double[6]);
        return DoubleStream.concat(DoubleStream.concat(DoubleStream.of(spikes() ? 1 : 2, steps, series ? 1 : 0), of),
                DoubleStream.of(normalized ? 1 : 0, normalized ? 1 : scale, ofConstant(), weights)).toArray();
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Values, by the definitions
    // ----------------------------------------------------------------------------------------------------------------

    /** What a value is at a time step. */
    private double at(double[] values, int value, int step) {
        return series ? values[value * steps + step] : values[value];
    }

    /** The mean over time of each input's traces, or what is read of its spikes. */
    double[] overTime(double[] inputs, int count) {
        double[] weights = weights();
        double[] sums = new double[count];
        for (int i = 0; i < count; i++) {
            for (int step = 0; step < steps; step++) {
                sums[i] += weights[step] * at(inputs, i, step);
            }
        }
        return sums;
    }

    /** What neurons do, of what comes in: one after the other, as if each were the only one. */
    Fired fire(double[] inputs, int count, double[] bias, Reals by, long place) {
        int neurons = bias.length;
        Fired fired = new Fired(new double[neurons * steps], new double[neurons], new double[neurons]);
        for (int j = 0; j < neurons; j++) {
            double membrane = 0;
            double synapse = 0;
            int rest = 0;
            double current = 0;
            for (int step = 0; step < steps; step++) {
                if (series || step == 0) {
                    current = bias[j];
                    for (int i = 0; i < count; i++) {
                        double value = at(inputs, i, step);
                        current += value == 0 ? 0 : value * by.get(place + (long) j * count + i);
                    }
                }
                synapse = neuron.synapticDecay() * synapse + current;
                if (rest > 0) {
                    rest--;
                    continue;
                }
                double potential = neuron.leak() * membrane + synapse;
                double root = 1 / (1 + neuron.steepness() * Math.abs(potential - neuron.threshold()));
                fired.slopes()[j] += root * root / steps;
                boolean spike = potential > neuron.threshold();
                membrane = !spike ? potential : neuron.toZero() ? 0 : potential - neuron.threshold();
                if (spike) {
                    fired.spikes()[j * steps + step] = 1;
                    fired.rates()[j] += 1.0 / steps;
                    rest = neuron.refractorySteps();
                }
            }
        }
        return fired;
    }

    /** What is read of spikes. */
    double[] rates(double[] spikes, int count) {
        double[] rates = overTime(spikes, count);
        double mean = normalized ? Arrays.stream(rates).average().orElse(0) : 0;
        double variance = normalized
                ? Arrays.stream(rates).map(rate -> (rate - mean) * (rate - mean)).average().orElse(0)
                : 0;
        double factor = normalized ? 1 / Math.sqrt(variance + SpikeRate.EPSILON) : scale;
        for (int j = 0; j < count; j++) {
            rates[j] = factor * (rates[j] - mean);
        }
        return rates;
    }
}
