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
 * variance), or else multiplied by a constant. The class name and the fields are part of saved models.
 */
public class SpikeRateLayer extends NoParamLayer {

    /** Whether each sample's rates are brought to mean 0 and variance 1. */
    private boolean normalized = true;
    /** Multiplies rates that are not. */
    private double scale = 10;

    /** Rates that are normalised. */
    public SpikeRateLayer() {}

    private SpikeRateLayer(Builder builder) {
        super(builder);
        normalized = builder.normalized;
        scale = builder.scale;
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
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("layer '" + getLayerName() + "' (index " + index + "): "
                    + e.getMessage(), e);
        }
        return NewLayer.ready(new SpikeRate(conf, dataType, normalized, scale), this, conf, listeners, index, parameters,
                initialize);
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
                && scale == that.scale;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof SpikeRateLayer;
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + Objects.hash(normalized, scale);
    }

    @Override
    public String toString() {
        return "SpikeRateLayer(" + (normalized ? "normalized" : "scale=" + scale) + ")";
    }

    /** Builds a layer that makes rates. */
    @SuppressWarnings("unchecked") // DL4J declares build() generic in its result
    public static class Builder extends org.deeplearning4j.nn.conf.layers.Layer.Builder<Builder> {

        private boolean normalized = true;
        private double scale = 10;

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

        @Override
        public SpikeRateLayer build() {
            return new SpikeRateLayer(this);
        }
    }
}
