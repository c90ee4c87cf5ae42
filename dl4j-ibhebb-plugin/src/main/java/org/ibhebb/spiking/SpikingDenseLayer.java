package org.ibhebb.spiking;

import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.ibhebb.internal.arithmetic.Neuron;
import org.ibhebb.internal.layers.Fields;
import org.ibhebb.internal.layers.NewLayer;
import org.ibhebb.internal.layers.SpikingDense;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonIgnore;

/**
 * A dense layer of leaky integrate-and-fire neurons. At each time step t = 1, ..., T, from a membrane of 0,
 *
 * <pre>{@code u(t) = leak v(t-1) + W p(t) + b;   s(t) = 1 if u(t) > threshold, otherwise 0;
 * v(t) = u(t) - threshold s(t)   (reset by subtraction), or   v(t) = u(t) (1 - s(t))   (reset to zero)}</pre>
 *
 * <p>Where there is a {@linkplain Builder#synapticDecay synaptic current}, the membrane takes in {@code i(t) = decay
 * i(t-1) + W p(t) + b} in the place of {@code W p(t) + b}. Where there is a {@linkplain Builder#refractorySteps
 * refractory time}, {@code s(t) = 0} and {@code v(t) = v(t-1)} for so many time steps after a spike.
 *
 * <p>Its input is a sequence (samples x inputs x time steps), of spikes or of anything else; or a vector for each
 * sample, which is then the same at each of {@link Builder#timeSteps} time steps. Feature maps of spiking convolutions
 * are made sequences, as feature maps are made vectors for dense layers. Its output is a sequence of spikes
 * (samples x neurons x time steps), 0 or 1. Another spiking layer takes that as it is; a {@link SpikeRateLayer} makes
 * of it what stock layers read, output layers for one. The layer has no activation function. Masks are refused:
 * sequences are of one length.
 *
 * <p>As it is, it learns by back-propagation through time, in which the slope {@code 1 / (1 + steepness |u -
 * threshold|)^2} takes the place of a spike's derivative. {@code IbHebb.convert} makes it local, and
 * {@code IbHebb.revert} gives this layer again. The class name and the fields are part of saved models.
 */
public class SpikingDenseLayer extends FeedForwardLayer implements SpikingLayer {

    /** What a spike does to the membrane. */
    public enum Reset {
        /** Takes the threshold from it, so that what is beyond counts later. */
        SUBTRACTION,
        /** Sets it to 0: the one reset that other machines and NIR have in common. */
        TO_ZERO
    }

    /** How errors, or a local layer's signal, reach earlier time steps. */
    public enum Learning {
        /**
         * Locally once a sample, what is learnt from constant in the number of time steps: the mean over time of each
         * input's trace {@code P(t) = leak P(t-1) + p(t)} meets the mean of each neuron's slope and the signal. By
         * back-propagation the same as {@link #TRACE}.
         */
        FACTORISED,
        /** Step by step through the leak, as if the reset did not depend on the weights. */
        TRACE,
        /**
         * Locally at every time step: the signal sees how often each neuron has fired lately, {@code r(t) = (r(t-1) +
         * s(t)) / 2}, and meets the slope and the inputs' traces of the same time step; the update is the mean over
         * time. Objectives that compare samples see r at the last time step alone. By back-propagation the same as
         * {@link #TRACE}.
         */
        PER_STEP,
        /** Step by step through leak and reset: the exact gradient, but for the slope in the place of the spike's. */
        EXACT
    }

    /** What a membrane keeps from one time step to the next. */
    private double leak = 0.9;
    /** Beyond what a neuron fires. */
    private double threshold = 1;
    /** What a spike does to the membrane. */
    private Reset reset = Reset.SUBTRACTION;
    /** How fast the slope falls with the distance from the threshold. */
    private double steepness = 5;
    /** How many time steps an input lasts that is no sequence. */
    private int timeSteps = 8;
    /** How errors, or the signal, reach earlier time steps. */
    private Learning learning = Learning.FACTORISED;
    /** What a synaptic current keeps from one time step to the next. */
    private double synapticDecay;
    /** For how many time steps after a spike a neuron is refractory. */
    private int refractorySteps;

    /** Makes an empty configuration for JSON to fill. */
    public SpikingDenseLayer() {}

    /**
     * Takes a builder's settings.
     *
     * @param builder of the layer
     */
    protected SpikingDenseLayer(Builder builder) {
        super(builder);
        leak = builder.settings.getLeak();
        threshold = builder.settings.getThreshold();
        reset = builder.settings.getReset();
        steepness = builder.settings.getSteepness();
        timeSteps = builder.settings.getTimeSteps();
        learning = builder.settings.getLearning();
        synapticDecay = builder.settings.getSynapticDecay();
        refractorySteps = builder.settings.getRefractorySteps();
        activationFn = new ActivationIdentity();
        initializeConstraints(builder);
    }

    /**
     * What a membrane keeps from one time step to the next.
     *
     * @return in [0, 1]; 1 for integrate-and-fire
     */
    public double getLeak() {
        return leak;
    }

    /**
     * Beyond what a neuron fires.
     *
     * @return above 0
     */
    public double getThreshold() {
        return threshold;
    }

    /**
     * What a spike does to the membrane.
     *
     * @return never null
     */
    public Reset getReset() {
        return reset;
    }

    /**
     * How fast the slope falls with the distance from the threshold.
     *
     * @return above 0
     */
    public double getSteepness() {
        return steepness;
    }

    /**
     * How many time steps an input lasts that is no sequence.
     *
     * @return at least 1
     */
    public int getTimeSteps() {
        return timeSteps;
    }

    /**
     * How errors reach earlier time steps.
     *
     * @return never null
     */
    public Learning getLearning() {
        return learning;
    }

    /**
     * What a synaptic current keeps from one time step to the next.
     *
     * @return in [0, 1); 0 for none
     */
    public double getSynapticDecay() {
        return synapticDecay;
    }

    /**
     * For how many time steps after a spike a neuron is refractory.
     *
     * @return at least 0
     */
    public int getRefractorySteps() {
        return refractorySteps;
    }

    /** {@inheritDoc} In saved models they stand one by one. */
    @Override
    @JsonIgnore
    public SpikingSettings getSettings() {
        return new SpikingSettings(
                timeSteps, leak, threshold, reset, steepness, learning, synapticDecay, refractorySteps);
    }

    /**
     * The neurons, as arithmetic has them.
     *
     * @return never null
     * @throws IllegalArgumentException if a setting that was read is not one a neuron can have
     */
    protected Neuron neuron() {
        return getSettings().neuron();
    }

    /**
     * Refuses settings that no builder lets through, as a model's JSON may have them.
     *
     * @param index of the layer
     * @throws IllegalArgumentException naming the layer, the setting, its value and its limits
     */
    protected void check(int index) {
        getSettings().check(getLayerName(), index);
    }

    /**
     * A stock layer with spiking neurons in the place of its activation function.
     *
     * @param stock with a bias, and without layer normalisation, neither of which is looked at; not changed
     * @param settings of the neurons
     * @return a layer with all of the stock layer's other settings
     */
    public static SpikingDenseLayer of(DenseLayer stock, SpikingSettings settings) {
        SpikingDenseLayer layer = Fields.copy(stock, new Builder().settings(settings).build());
        layer.activationFn = new ActivationIdentity();
        return layer;
    }

    @Override
    public SpikingDenseLayer clone() {
        return (SpikingDenseLayer) super.clone();
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            @Nullable Collection<TrainingListener> listeners,
            int index,
            @Nullable INDArray parameters,
            boolean initialize,
            DataType dataType) {
        LayerValidation.assertNInNOutSet("SpikingDenseLayer", getLayerName(), index, getNIn(), getNOut());
        check(index);
        SpikingDense layer = new SpikingDense(conf, dataType, neuron(), timeSteps, learning == Learning.EXACT);
        return NewLayer.ready(layer, this, conf, listeners, index, parameters, initialize);
    }

    @Override
    public ParamInitializer initializer() {
        return DefaultParamInitializer.getInstance();
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        if (inputType instanceof InputType.InputTypeRecurrent sequence) {
            checkFormat(sequence);
            return InputType.recurrent(nOut, sequence.getTimeSeriesLength());
        }
        super.getOutputType(layerIndex, inputType);
        return InputType.recurrent(nOut, timeSteps);
    }

    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        if (inputType instanceof InputType.InputTypeRecurrent sequence) {
            checkFormat(sequence);
            return null;
        }
        return inputType instanceof InputType.InputTypeConvolutional3D frames
                ? FramesToSequencePreProcessor.of(frames, getLayerName())
                : super.getPreProcessorForInputType(inputType);
    }

    private void checkFormat(InputType.InputTypeRecurrent sequence) {
        if (sequence.getFormat() == RNNFormat.NWC) {
            throw new IllegalArgumentException("layer '" + getLayerName() + "': spiking layers take sequences of the"
                    + " format NCW (samples x values x time steps), and this input is NWC");
        }
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        InputType outputType = getOutputType(-1, inputType);
        long parameters = initializer().numParams(this);
        // Currents before time is gone through, slopes and traces after; running rates.
        long perSample = learning == Learning.FACTORISED
                ? nIn + 2 * nOut
                : (learning == Learning.PER_STEP ? 3 : 2) * outputType.arrayElementsPerExample();
        return new LayerMemoryReport.Builder(layerName, getClass(), inputType, outputType)
                .standardMemory(parameters, getIUpdater() == null ? 0 : getIUpdater().stateSize(parameters))
                .workingMemory(0, 0, 0, perSample)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof SpikingDenseLayer that
                && getSettings().equals(that.getSettings());
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof SpikingDenseLayer;
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + getSettings().hashCode();
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "(" + getSettings().values() + ", " + super.toString() + ")";
    }

    /** Builds a spiking layer: the settings of a dense layer without an activation function, and the neurons' own. */
    @SuppressWarnings("unchecked") // DL4J declares build() generic in its result
    public static class Builder extends FeedForwardLayer.Builder<Builder> {

        private SpikingSettings settings = SpikingSettings.defaults();

        /** Begins with the defaults. */
        public Builder() {}

        /**
         * All that neurons have at once.
         *
         * @param neurons in the place of what was said before
         * @return this builder
         */
        public Builder settings(SpikingSettings neurons) {
            this.settings = Objects.requireNonNull(neurons, "settings");
            return this;
        }

        /**
         * What a membrane keeps from one time step to the next.
         *
         * @param leak in [0, 1], 0.9 unless said otherwise; 1 for integrate-and-fire
         * @return this builder
         * @throws IllegalArgumentException if it is not
         */
        public Builder leak(double leak) {
            return settings(settings.withLeak(leak));
        }

        /**
         * Beyond what a neuron fires.
         *
         * @param threshold above 0; 1 unless said otherwise
         * @return this builder
         * @throws IllegalArgumentException if it is not
         */
        public Builder threshold(double threshold) {
            return settings(settings.withThreshold(threshold));
        }

        /**
         * What a spike does to the membrane.
         *
         * @param reset by subtraction unless said otherwise
         * @return this builder
         */
        public Builder reset(Reset reset) {
            return settings(settings.withReset(reset));
        }

        /**
         * How fast the slope falls with the distance from the threshold.
         *
         * @param steepness above 0; 5 unless said otherwise
         * @return this builder
         * @throws IllegalArgumentException if it is not
         */
        public Builder steepness(double steepness) {
            return settings(settings.withSteepness(steepness));
        }

        /**
         * How many time steps an input lasts that is no sequence.
         *
         * @param timeSteps at least 1; 8 unless said otherwise
         * @return this builder
         * @throws IllegalArgumentException if it is less
         */
        public Builder timeSteps(int timeSteps) {
            return settings(settings.withTimeSteps(timeSteps));
        }

        /**
         * What a synaptic current keeps from one time step to the next: what comes in is added to it, and the membrane
         * takes it in at each time step.
         *
         * @param synapticDecay in [0, 1); 0, for none, unless said otherwise
         * @return this builder
         * @throws IllegalArgumentException if it is not
         */
        public Builder synapticDecay(double synapticDecay) {
            return settings(settings.withSynapticDecay(synapticDecay));
        }

        /**
         * For how many time steps after a spike a neuron neither fires nor takes anything in.
         *
         * @param refractorySteps at least 0; 0 unless said otherwise
         * @return this builder
         * @throws IllegalArgumentException if it is less
         */
        public Builder refractorySteps(int refractorySteps) {
            return settings(settings.withRefractorySteps(refractorySteps));
        }

        /**
         * How errors, or the signal, reach earlier time steps.
         *
         * @param learning factorised unless said otherwise
         * @return this builder
         */
        public Builder learning(Learning learning) {
            return settings(settings.withLearning(learning));
        }

        /**
         * Makes the layer.
         *
         * @return the layer
         */
        @Override
        public SpikingDenseLayer build() {
            return new SpikingDenseLayer(this);
        }
    }
}
