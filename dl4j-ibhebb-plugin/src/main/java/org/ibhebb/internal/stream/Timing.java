package org.ibhebb.internal.stream;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.ibhebb.internal.arithmetic.Neuron;
import org.ibhebb.internal.layers.SpikeRate;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingDenseLayer.Learning;
import org.ibhebb.spiking.SpikingDenseLayer.Reset;
import org.ibhebb.spiking.SpikingSettings;

/**
 * What a layer does in time: its neurons spike, it makes rates of spikes, or it pools the spikes of feature maps.
 * Sequences lie as Deeplearning4j has them: the time steps of one value, then those of the next.
 *
 * @param kind what it does
 * @param steps how many time steps a sample has here, at least 1
 * @param series whether what comes in has time steps; else it is a current that is the same at each of them
 * @param neuron of which kind the layer's neurons are; null where there are none
 * @param leak of the membrane that integrates spikes, of what makes rates; 0 for none
 * @param last whether rates are those of the last time step, not the mean over all
 * @param scale multiplies rates, or means of what is pooled
 * @param normalized whether rates are brought to mean 0 and variance 1, in the place of being multiplied
 */
record Timing(Kind kind, int steps, boolean series, Neuron neuron, double leak, boolean last, double scale,
        boolean normalized) {

    /** What a layer does, and how what spikes learns; native code reads the number of each. */
    enum Kind {
        NONE, FACTORISED, RATES, POOLS, TRACE, EXACT, PER_STEP;

        private static Kind of(Learning learning) {
            return switch (learning) {
                case FACTORISED -> FACTORISED;
                case TRACE -> TRACE;
                case EXACT -> EXACT;
                case PER_STEP -> PER_STEP;
            };
        }
    }

    /** How many numbers native code reads of each layer, but for the weights of time steps. */
    private static final int NUMBERS = 13;
    /** Native code does so many time steps at once. */
    private static final int LANES = 8;
    /** What the rate that is seen at every time step keeps of the one before. */
    private static final double KEPT = 0.5;

    /**
     * What neurons have done.
     *
     * @param spikes of each neuron, time step by time step
     * @param rates how often each has fired
     * @param slopes at each time step, of each neuron
     * @param carried at each time step, the derivative of each neuron's membrane after it by that before a reset
     */
    record Fired(double[] spikes, double[] rates, double[][] slopes, double[][] carried) {

        double[] meanSlopes() {
            double[] mean = new double[rates.length];
            for (double[] each : slopes) {
                for (int j = 0; j < mean.length; j++) {
                    mean[j] += each[j] / slopes.length;
                }
            }
            return mean;
        }
    }

    static Timing ofNeurons(SpikingSettings settings, int steps, boolean series) {
        Neuron neuron = new Neuron(settings.getLeak(), settings.getThreshold(), settings.getReset() == Reset.TO_ZERO,
                settings.getSteepness(), settings.getSynapticDecay(), settings.getRefractorySteps(), false);
        return new Timing(Kind.of(settings.getLearning()), steps, series, neuron, 0, false, 1, false);
    }

    static Timing ofRates(SpikeRateLayer layer, int steps) {
        return new Timing(Kind.RATES, steps, true, null, layer.getLeak(), layer.isLast(), layer.getScale(),
                layer.isNormalized());
    }

    /** @param scale multiplies the mean of what is pooled */
    static Timing ofPooling(int steps, double scale) {
        return new Timing(Kind.POOLS, steps, true, null, 0, false, scale, false);
    }

    boolean spikes() {
        return neuron != null;
    }

    /** Whether errors meet what comes in at each time step, and not the means over time of both. */
    boolean resolvesTime() {
        return spikes() && kind != Kind.FACTORISED;
    }

    /** How many values a sample has of so many inputs. */
    int values(int inputs) {
        return series ? inputs * steps : inputs;
    }

    /** By which a sum over time is the mean of an input's traces, or what is read of spikes. */
    private double[] weights() {
        return switch (kind) {
            case RATES -> SpikeRate.weights(leak, last, steps);
            // Of which nobody takes a sum.
            case NONE, POOLS -> SpikeRate.weights(0, false, steps);
            case FACTORISED, TRACE, EXACT, PER_STEP -> neuron.meanTrace(steps);
        };
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
        return DoubleStream.concat(DoubleStream.concat(DoubleStream.of(kind.ordinal(), steps, series ? 1 : 0), of),
                DoubleStream.of(normalized ? 1 : 0, normalized ? 1 : scale, ofConstant(), weights)).toArray();
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Values, by the definitions
    // ----------------------------------------------------------------------------------------------------------------

    /** What a value is at a time step. */
    private double at(double[] values, int value, int step) {
        return series ? values[value * steps + step] : values[value];
    }

    /** What so many values are at a time step. */
    double[] now(double[] values, int count, int step) {
        double[] all = new double[count];
        for (int i = 0; i < count; i++) {
            all[i] = at(values, i, step);
        }
        return all;
    }

    /** Values at each time step, as a sequence. */
    double[] sequence(double[][] values) {
        double[] all = new double[values[0].length * steps];
        for (int i = 0; i < all.length; i++) {
            all[i] = values[i % steps][i / steps];
        }
        return all;
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

    /**
     * What neurons do, one after the other, as if each were the only one.
     *
     * @param currents at each time step, or one that is the same at all of them
     */
    Fired fire(double[][] currents) {
        int neurons = currents[0].length;
        Fired fired = new Fired(new double[neurons * steps], new double[neurons], new double[steps][neurons],
                new double[steps][neurons]);
        for (int j = 0; j < neurons; j++) {
            double membrane = 0;
            double synapse = 0;
            int rest = 0;
            for (int step = 0; step < steps; step++) {
                synapse = neuron.synapticDecay() * synapse + currents[currents.length == 1 ? 0 : step][j];
                if (rest > 0) {
                    rest--;
                    fired.carried()[step][j] = 1;
                    continue;
                }
                double potential = neuron.leak() * membrane + synapse;
                double root = 1 / (1 + neuron.steepness() * Math.abs(potential - neuron.threshold()));
                double slope = root * root;
                boolean spike = potential > neuron.threshold();
                fired.slopes()[step][j] = slope;
                fired.carried()[step][j] = neuron.toZero()
                        ? (spike ? 0 : 1) - potential * slope
                        : 1 - neuron.threshold() * slope;
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

    /** How often neurons have fired lately: at each time step, of each neuron. */
    double[][] running(double[] spikes) {
        double[][] rates = new double[steps][spikes.length / steps];
        for (int step = 0; step < steps; step++) {
            for (int j = 0; j < rates[step].length; j++) {
                rates[step][j] = (step == 0 ? 0 : KEPT * rates[step - 1][j]) + (1 - KEPT) * spikes[j * steps + step];
            }
        }
        return rates;
    }

    /** The derivative of a running rate by a spike at the same time step, as a share in the mean over time. */
    double shareOfStep() {
        return (1 - KEPT) / steps;
    }

    /**
     * What meets each input at each time step.
     *
     * @param errors of neurons: those of their rates, for {@link Kind#PER_STEP} at each time step with its slope
     */
    double[][] back(double[][] errors, Fired fired) {
        double[][] deltas = new double[steps][errors[0].length];
        for (int j = 0; j < errors[0].length; j++) {
            double later = 0;
            double synapse = 0;
            for (int step = steps - 1; step >= 0; step--) {
                boolean perStep = kind == Kind.PER_STEP;
                // Who rests carries its errors through, and takes nothing in.
                boolean awake = perStep || fired.slopes()[step][j] > 0;
                double carried = kind == Kind.EXACT ? fired.carried()[step][j] : 1;
                double own = perStep ? errors[step][j] : errors[0][j] / steps * fired.slopes()[step][j];
                double delta = awake ? neuron.leak() * later * carried + own : 0;
                later = awake ? delta : later;
                synapse = neuron.synapticDecay() * synapse + delta;
                deltas[step][j] = synapse;
            }
        }
        return deltas;
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
