package org.ibhebb.spiking;

import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.ibhebb.internal.layers.NewLayer;
import org.ibhebb.internal.layers.SpikeRate;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Makes rates of spike trains: the mean over time of sequences (samples x neurons x time steps), a vector for each
 * sample, which any stock layer reads, output layers for one; feature maps (samples x maps x height x width) where the
 * sequences are of images. Few neurons fire at a time, and an output layer learns
 * slowly from rates of .1: so each sample's rates are brought to mean 0 and variance 1 ({@code 1e-5} added to the
 * variance), or else multiplied by a constant.
 *
 * <p>With a {@linkplain Builder#leak leak} it is a leaky integrator, an output without spikes: of each neuron below it
 * has a membrane {@code m(t) = leak m(t-1) + (1 - leak) s(t)} from 0, which never fires, and gives in the place of the
 * rate its mean over time, or what it is {@linkplain Builder#last at the last time step}. What an output layer's
 * weights make of it is what integrators behind these weights would have, for all of that is linear; the bias is not
 * integrated. The class name and the fields are part of saved models.
 */
public class SpikeRateLayer extends NoParamLayer {

    /** Whether each sample's rates are brought to mean 0 and variance 1. */
    private boolean normalized = true;
    /** Multiplies rates that are not. */
    private double scale = 10;
    /** What the integrator's membrane keeps from one time step to the next. */
    private double leak;
    /** Whether the last time step is read, in the place of the mean over all. */
    private boolean last;

    /** Rates that are normalised. */
    public SpikeRateLayer() {}

    private SpikeRateLayer(Builder builder) {
        super(builder);
        normalized = builder.normalized;
        scale = builder.scale;
        leak = builder.leak;
        last = builder.last;
    }

    /**
     * Whether each sample's rates are brought to mean 0 and variance 1.
     *
     * @return false if they are multiplied by {@link #getScale}
     */
    public boolean isNormalized() {
        return normalized;
    }

    /**
     * What multiplies rates that are not normalised.
     *
     * @return above 0
     */
    public double getScale() {
        return scale;
    }

    /**
     * What the integrator's membrane keeps from one time step to the next.
     *
     * @return in [0, 1); 0 where spikes themselves are read
     */
    public double getLeak() {
        return leak;
    }

    /**
     * Which time steps are read.
     *
     * @return true for the last one, false for the mean over all
     */
    public boolean isLast() {
        return last;
    }

    private static void checkLeak(double leak) {
        if (!(leak >= 0 && leak < 1)) {
            throw new IllegalArgumentException("leak (" + leak + ") must be in [0, 1)");
        }
    }

    private static void check(double scale) {
        if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("scale (" + scale + ") must be above 0, and finite");
        }
    }

    @Override
    public SpikeRateLayer clone() {
        return (SpikeRateLayer) super.clone();
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            @Nullable Collection<TrainingListener> listeners,
            int index,
            @Nullable INDArray parameters,
            boolean initialize,
            DataType dataType) {
        try {
            check(scale);
            checkLeak(leak);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("layer '" + getLayerName() + "' (index " + index + "): "
                    + e.getMessage(), e);
        }
        SpikeRate layer = new SpikeRate(conf, dataType, normalized, scale, leak, last);
        return NewLayer.ready(layer, this, conf, listeners, index, parameters, initialize);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return inputType instanceof InputType.InputTypeConvolutional3D frames
                ? Frames.image(frames, getLayerName())
                : InputType.feedForward(sequence(inputType).getSize());
    }

    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        getOutputType(-1, inputType);
        return null;
    }

    private InputType.InputTypeRecurrent sequence(InputType type) {
        if (type instanceof InputType.InputTypeRecurrent sequence && sequence.getFormat() != RNNFormat.NWC) {
            return sequence;
        }
        throw new IllegalArgumentException("layer '" + getLayerName() + "': rates are those of spike trains (samples x"
                + " neurons x time steps, NCW, or images in time, NCDHW), and this layer's input is " + type);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        InputType outputType = getOutputType(-1, inputType);
        return new LayerMemoryReport.Builder(layerName, getClass(), inputType, outputType)
                .standardMemory(0, 0)
                .workingMemory(0, 0, 0, normalized ? outputType.arrayElementsPerExample() : 0)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof SpikeRateLayer that
                && normalized == that.normalized
                && scale == that.scale
                && leak == that.leak
                && last == that.last;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof SpikeRateLayer;
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + Objects.hash(normalized, scale, leak, last);
    }

    @Override
    public String toString() {
        return "SpikeRateLayer(" + (normalized ? "normalized" : "scale=" + scale)
                + (leak > 0 ? ", leak=" + leak : "") + (last ? ", last" : "") + ")";
    }

    /** Builds a layer that makes rates. */
    @SuppressWarnings("unchecked") // DL4J declares build() generic in its result
    public static class Builder extends org.deeplearning4j.nn.conf.layers.Layer.Builder<Builder> {

        private boolean normalized = true;
        private double scale = 10;
        private double leak;
        private boolean last;

        /** Begins with rates that are normalised. */
        public Builder() {}

        /**
         * Multiplies rates instead of normalising them: what can be exported, for an output layer's weights can take
         * the factor in.
         *
         * @param scale above 0, and finite; 10 brings usual rates to about 1
         * @return this builder
         * @throws IllegalArgumentException if it is not
         */
        public Builder scale(double scale) {
            check(scale);
            this.scale = scale;
            this.normalized = false;
            return this;
        }

        /**
         * Lets spikes go through a leaky integrator, of whose membrane the mean over time is read.
         *
         * @param leak what the membrane keeps from one time step to the next, in [0, 1); 0, for rates, unless said
         *     otherwise
         * @return this builder
         * @throws IllegalArgumentException if it is not
         */
        public Builder leak(double leak) {
            checkLeak(leak);
            this.leak = leak;
            return this;
        }

        /**
         * Reads the last time step, in the place of the mean over all: the integrator's membrane as the sample leaves
         * it.
         *
         * @return this builder
         */
        public Builder last() {
            this.last = true;
            return this;
        }

        @Override
        public SpikeRateLayer build() {
            return new SpikeRateLayer(this);
        }
    }
}
