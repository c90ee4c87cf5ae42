package org.ibhebb.spiking;

import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.InputTypeUtil;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.ibhebb.internal.layers.NewLayer;
import org.ibhebb.internal.layers.SpikePooling;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Pools the spikes of spiking convolutions at each time step: how many neurons of a window fire, or that divided by the
 * window's size. What it passes on are images in time, of currents rather than spikes. Windows that reach beyond the
 * image count what is missing as neurons that do not fire. The class name and the fields are part of saved models.
 */
public class SpikePoolingLayer extends NoParamLayer {

    /** What becomes of a window. */
    public enum Pooling {
        /** The share of its neurons that fire. */
        AVERAGE,
        /** The number of its neurons that fire. */
        SUM
    }

    /** What becomes of a window. */
    private Pooling pooling = Pooling.AVERAGE;
    /** Height and width of a window. */
    private int[] kernelSize = {2, 2};
    /** Rows and columns from one window to the next. */
    private int[] stride = {2, 2};
    /** Rows and columns around the image. */
    private int[] padding = {0, 0};

    /** Averages over windows of 2 x 2 that do not overlap. */
    public SpikePoolingLayer() {}

    private SpikePoolingLayer(Builder builder) {
        super(builder);
        pooling = builder.pooling;
        kernelSize = builder.kernelSize.clone();
        stride = builder.stride.clone();
        padding = builder.padding.clone();
    }

    /**
     * What becomes of a window.
     *
     * @return never null
     */
    public Pooling getPooling() {
        return pooling;
    }

    /**
     * Height and width of a window.
     *
     * @return a copy
     */
    public int[] getKernelSize() {
        return kernelSize.clone();
    }

    /**
     * Rows and columns from one window to the next.
     *
     * @return a copy
     */
    public int[] getStride() {
        return stride.clone();
    }

    /**
     * Rows and columns that are put around the image on all sides.
     *
     * @return a copy
     */
    public int[] getPadding() {
        return padding.clone();
    }

    private void check() {
        if (pooling == null) {
            throw new IllegalArgumentException("pooling (null) must be one of " + Arrays.toString(Pooling.values()));
        }
        check("kernelSize", kernelSize, 1);
        check("stride", stride, 1);
        check("padding", padding, 0);
        if (padding[0] >= kernelSize[0] || padding[1] >= kernelSize[1]) {
            throw new IllegalArgumentException("padding (" + Arrays.toString(padding) + ") must be below kernelSize ("
                    + Arrays.toString(kernelSize) + ")");
        }
    }

    private static void check(String setting, int @Nullable [] values, int least) {
        if (values == null || values.length != 2 || values[0] < least || values[1] < least) {
            throw new IllegalArgumentException(setting + " (" + Arrays.toString(values) + ") must be two numbers, rows"
                    + " and columns, of at least " + least);
        }
    }

    @Override
    public SpikePoolingLayer clone() {
        SpikePoolingLayer copy = (SpikePoolingLayer) super.clone();
        copy.kernelSize = kernelSize.clone();
        copy.stride = stride.clone();
        copy.padding = padding.clone();
        return copy;
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
            check();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("layer '" + getLayerName() + "' (index " + index + "): "
                    + e.getMessage(), e);
        }
        SpikePooling layer =
                new SpikePooling(conf, dataType, kernelSize, stride, padding, pooling == Pooling.SUM);
        return NewLayer.ready(layer, this, conf, listeners, index, parameters, initialize);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        InputType.InputTypeConvolutional image = image(inputType);
        InputType.InputTypeConvolutional pooled = (InputType.InputTypeConvolutional)
                InputTypeUtil.getOutputTypeCnnLayers(image, kernelSize, stride, padding, new int[] {1, 1},
                        ConvolutionMode.Truncate, image.getChannels(), layerIndex, getLayerName(), CNN2DFormat.NCHW,
                        SpikePoolingLayer.class);
        return InputType.convolutional3D(Convolution3D.DataFormat.NCDHW,
                ((InputType.InputTypeConvolutional3D) inputType).getDepth(), pooled.getHeight(), pooled.getWidth(),
                pooled.getChannels());
    }

    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        image(inputType);
        return null;
    }

    private InputType.InputTypeConvolutional image(InputType type) {
        if (type instanceof InputType.InputTypeConvolutional3D frames) {
            return Frames.image(frames, getLayerName());
        }
        throw new IllegalArgumentException("layer '" + getLayerName() + "': what is pooled are images in time, as"
                + " spiking convolutions give them, and this layer's input is " + type + ": for images without time"
                + " there is Deeplearning4j's SubsamplingLayer");
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        return new LayerMemoryReport.Builder(layerName, getClass(), inputType, getOutputType(-1, inputType))
                .standardMemory(0, 0)
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof SpikePoolingLayer that
                && pooling == that.pooling
                && Arrays.equals(kernelSize, that.kernelSize)
                && Arrays.equals(stride, that.stride)
                && Arrays.equals(padding, that.padding);
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof SpikePoolingLayer;
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + Objects.hash(pooling, Arrays.hashCode(kernelSize), Arrays.hashCode(stride),
                Arrays.hashCode(padding));
    }

    @Override
    public String toString() {
        return "SpikePoolingLayer(" + pooling + ", kernelSize=" + Arrays.toString(kernelSize) + ", stride="
                + Arrays.toString(stride) + ", padding=" + Arrays.toString(padding) + ")";
    }

    /** Builds a pooling layer. */
    @SuppressWarnings("unchecked") // DL4J declares build() generic in its result
    public static class Builder extends org.deeplearning4j.nn.conf.layers.Layer.Builder<Builder> {

        private final Pooling pooling;
        private int[] kernelSize = {2, 2};
        private int[] stride = {2, 2};
        private int[] padding = {0, 0};

        /** Begins with averages over windows of 2 x 2 that do not overlap. */
        public Builder() {
            this(Pooling.AVERAGE);
        }

        /**
         * Begins with windows of 2 x 2 that do not overlap.
         *
         * @param pooling what becomes of a window
         */
        public Builder(Pooling pooling) {
            this.pooling = Objects.requireNonNull(pooling, "pooling");
        }

        /**
         * The windows' size.
         *
         * @param height at least 1
         * @param width at least 1
         * @return this builder
         */
        public Builder kernelSize(int height, int width) {
            this.kernelSize = new int[] {height, width};
            return this;
        }

        /**
         * How far it is from one window to the next.
         *
         * @param rows at least 1
         * @param columns at least 1
         * @return this builder
         */
        public Builder stride(int rows, int columns) {
            this.stride = new int[] {rows, columns};
            return this;
        }

        /**
         * How far windows may reach beyond the image, on all sides.
         *
         * @param rows at least 0, and below the windows' height
         * @param columns at least 0, and below the windows' width
         * @return this builder
         */
        public Builder padding(int rows, int columns) {
            this.padding = new int[] {rows, columns};
            return this;
        }

        /**
         * Makes the layer.
         *
         * @return the layer
         * @throws IllegalArgumentException naming a setting, its value and its limits
         */
        @Override
        public SpikePoolingLayer build() {
            SpikePoolingLayer layer = new SpikePoolingLayer(this);
            layer.check();
            return layer;
        }
    }
}
