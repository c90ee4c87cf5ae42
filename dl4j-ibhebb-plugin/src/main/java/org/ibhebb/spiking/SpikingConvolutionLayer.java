package org.ibhebb.spiking;

import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.InputTypeUtil;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.util.ConvolutionUtils;
import org.deeplearning4j.util.ValidationUtils;
import org.ibhebb.internal.arithmetic.Neuron;
import org.ibhebb.internal.layers.Fields;
import org.ibhebb.internal.layers.NewLayer;
import org.ibhebb.internal.layers.SpikingConvolution;
import org.ibhebb.spiking.SpikingDenseLayer.Learning;
import org.ibhebb.spiking.SpikingDenseLayer.Reset;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A 2D convolution whose feature maps have a leaky integrate-and-fire neuron at each place, of the kind that {@link
 * SpikingDenseLayer} has. All of a map's neurons share their weights and their bias.
 *
 * <p>Its input are images that come one a time step, in the layout of Deeplearning4j's 3D convolutions (samples x
 * channels x time steps x height x width, NCDHW), of spikes or of anything else; or one image a sample (samples x
 * channels x height x width, NCHW), which is then the same at each of {@link Builder#timeSteps} time steps. Its output
 * are spikes, 0 or 1, in the first of these layouts. Another spiking convolution takes that as it is, and so do {@link
 * SpikePoolingLayer}, {@link SpikingDenseLayer}, which takes all of a time step's maps, and {@link SpikeRateLayer},
 * which makes feature maps of rates that stock layers read. Kernel, stride, padding, dilation and convolution mode are
 * those of Deeplearning4j's convolutions, of whose weights the shape is, too. The layer has no activation function.
 * Masks are refused: sequences are of one length.
 *
 * <p>As it is, it learns by back-propagation through time, in which the slope {@code 1 / (1 + steepness |u -
 * threshold|)^2} takes the place of a spike's derivative. {@code IbHebb.convert} makes it local, and
 * {@code IbHebb.revert} gives this layer again. The class name and the fields are part of saved models.
 */
public class SpikingConvolutionLayer extends ConvolutionLayer implements SpikingLayer {

    /** How the neurons work, and learn. */
    private SpikingSettings settings = SpikingSettings.defaults();

    /** Makes an empty configuration for JSON to fill. */
    public SpikingConvolutionLayer() {}

    /**
     * Takes a builder's settings.
     *
     * @param builder of the layer
     */
    protected SpikingConvolutionLayer(Builder builder) {
        super(builder);
        settings = builder.settings;
        activationFn = new ActivationIdentity();
    }

    @Override
    public SpikingSettings getSettings() {
        return settings;
    }

    /**
     * The neurons, as arithmetic has them.
     *
     * @return never null
     * @throws IllegalArgumentException if a setting that was read is not one a neuron can have
     */
    protected Neuron neuron() {
        return settings.neuron();
    }

    /**
     * Refuses settings that no builder lets through, as a model's JSON may have them.
     *
     * @param index of the layer
     * @throws IllegalArgumentException naming the layer, the setting, its value and its limits
     */
    protected void check(int index) {
        if (settings == null) {
            throw new IllegalArgumentException("layer '" + getLayerName() + "' (index " + index + "): settings are"
                    + " missing: a spiking layer's configuration has them");
        }
        settings.check(getLayerName(), index);
        checkFormat(getCnn2dDataFormat() == CNN2DFormat.NHWC, "NHWC");
    }

    /**
     * A stock convolution with spiking neurons in the place of its activation function.
     *
     * @param stock of the format NCHW, which is not looked at; not changed
     * @param settings of the neurons
     * @return a layer with all of the stock layer's other settings
     */
    public static SpikingConvolutionLayer of(ConvolutionLayer stock, SpikingSettings settings) {
        SpikingConvolutionLayer layer = Fields.copy(stock, new SpikingConvolutionLayer());
        layer.settings = Objects.requireNonNull(settings, "settings");
        layer.activationFn = new ActivationIdentity();
        return layer;
    }

    @Override
    public SpikingConvolutionLayer clone() {
        return (SpikingConvolutionLayer) super.clone();
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            @Nullable Collection<TrainingListener> listeners,
            int index,
            @Nullable INDArray parameters,
            boolean initialize,
            DataType dataType) {
        LayerValidation.assertNInNOutSet("SpikingConvolutionLayer", getLayerName(), index, getNIn(), getNOut());
        check(index);
        SpikingConvolution layer = new SpikingConvolution(conf, dataType, neuron(), settings.getTimeSteps(),
                settings.getLearning() == Learning.EXACT);
        return NewLayer.ready(layer, this, conf, listeners, index, parameters, initialize);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        InputType.InputTypeConvolutional maps = (InputType.InputTypeConvolutional) InputTypeUtil.getOutputTypeCnnLayers(
                image(inputType), kernelSize, stride, padding, dilation, convolutionMode, nOut, layerIndex,
                getLayerName(), CNN2DFormat.NCHW, SpikingConvolutionLayer.class);
        long steps = inputType instanceof InputType.InputTypeConvolutional3D frames
                ? frames.getDepth()
                : settings.getTimeSteps();
        return InputType.convolutional3D(
                Convolution3D.DataFormat.NCDHW, steps, maps.getHeight(), maps.getWidth(), nOut);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        if (nIn <= 0 || override) {
            nIn = image(inputType).getChannels();
        }
    }

    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        image(inputType);
        return inputType instanceof InputType.InputTypeConvolutionalFlat
                ? InputTypeUtil.getPreProcessorForInputTypeCnnLayers(inputType, getLayerName())
                : null;
    }

    /** What comes in at one time step. */
    private InputType.InputTypeConvolutional image(InputType type) {
        if (type instanceof InputType.InputTypeConvolutional3D frames) {
            return Frames.image(frames, getLayerName());
        }
        if (type instanceof InputType.InputTypeConvolutional image) {
            checkFormat(image.getFormat() == CNN2DFormat.NHWC, "NHWC");
            return image;
        }
        if (type instanceof InputType.InputTypeConvolutionalFlat flat) {
            return (InputType.InputTypeConvolutional)
                    InputType.convolutional(flat.getHeight(), flat.getWidth(), flat.getDepth());
        }
        throw new IllegalArgumentException("layer '" + getLayerName() + "': a spiking convolution takes images, or"
                + " images in time, and this layer's input is " + type + ": say what its images are by"
                + " InputType.convolutional, convolutionalFlat or convolutional3D(NCDHW, ...), whose depth is time"
                + (type instanceof InputType.InputTypeRecurrent
                        ? ", or put a SequenceToFramesPreProcessor before it"
                        : ""));
    }

    private void checkFormat(boolean other, String which) {
        if (other) {
            throw new IllegalArgumentException("layer '" + getLayerName() + "': spiking convolutions take images of the"
                    + " format NCHW (samples x channels x height x width), and this layer's are " + which);
        }
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        InputType.InputTypeConvolutional3D outputType =
                (InputType.InputTypeConvolutional3D) getOutputType(-1, inputType);
        long parameters = initializer().numParams(this);
        // Traces of what comes in, slopes, and currents before time is gone through.
        long perSample = settings.getLearning() == Learning.FACTORISED
                ? image(inputType).arrayElementsPerExample()
                        + 2 * outputType.arrayElementsPerExample() / outputType.getDepth()
                : (settings.getLearning() == Learning.PER_STEP ? 3 : 2) * outputType.arrayElementsPerExample();
        return new LayerMemoryReport.Builder(layerName, getClass(), inputType, outputType)
                .standardMemory(parameters, getIUpdater() == null ? 0 : getIUpdater().stateSize(parameters))
                .workingMemory(0, 0, 0, perSample)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof SpikingConvolutionLayer that
                && Objects.equals(settings, that.settings);
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof SpikingConvolutionLayer;
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + Objects.hashCode(settings);
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "(" + settings + ", " + super.toString() + ")";
    }

    /**
     * Builds a spiking convolution: the settings of a convolution without an activation function, and the neurons' own.
     */
    @SuppressWarnings("unchecked") // DL4J declares build() generic in its result
    public static class Builder extends ConvolutionLayer.BaseConvBuilder<Builder> {

        private SpikingSettings settings = SpikingSettings.defaults();

        /**
         * Begins with the defaults, and a stride of 1 without padding.
         *
         * @param kernelSize height and width of the kernel
         */
        public Builder(int... kernelSize) {
            setKernelSize(kernelSize);
        }

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
         * How many time steps an image lasts that is no sequence.
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

        @Override
        public void setKernelSize(int[] kernelSize) {
            this.kernelSize = ValidationUtils.validate2NonNegative(kernelSize, false, "kernelSize");
        }

        @Override
        public void setStride(int[] stride) {
            this.stride = ValidationUtils.validate2NonNegative(stride, false, "stride");
        }

        @Override
        public void setPadding(int[] padding) {
            this.padding = ValidationUtils.validate2NonNegative(padding, false, "padding");
        }

        @Override
        public void setDilation(int[] dilation) {
            this.dilation = ValidationUtils.validate2NonNegative(dilation, false, "dilation");
        }

        @Override
        protected boolean allowCausal() {
            return false;
        }

        /**
         * Makes the layer.
         *
         * @return the layer
         * @throws RuntimeException if kernel, stride and padding are none of a convolution
         */
        @Override
        public SpikingConvolutionLayer build() {
            ConvolutionUtils.validateConvolutionModePadding(convolutionMode, padding);
            ConvolutionUtils.validateCnnKernelStridePadding(kernelSize, stride, padding);
            return new SpikingConvolutionLayer(this);
        }
    }
}
