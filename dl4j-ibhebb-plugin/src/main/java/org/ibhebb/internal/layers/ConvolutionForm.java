package org.ibhebb.internal.layers;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ConvolutionUtils;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Patches;
import org.ibhebb.layer.LocalForm;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A 2D convolution's form: its output is that of DL4J's; the signal sees the feature maps average-pooled and
 * normalised.
 */
public final class ConvolutionForm extends ConvolutionLayer implements LocalForm {

    private transient INDArray preActivation;

    /**
     * Called by the configuration.
     *
     * @param conf the layer's configuration
     * @param dataType of the network
     */
    public ConvolutionForm(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public INDArray forward(LayerWorkspaceMgr workspaces) {
        applyDropOutIfNecessary(true, workspaces);
        INDArray output = preOutput(true, false, workspaces).getFirst();
        // The activation function works in place, and the backward pass needs what it was given.
        preActivation = workspaces.dup(ArrayType.ACTIVATIONS, output);
        return layerConf().getActivationFn().getActivation(output, true);
    }

    @Override
    public INDArray errors(INDArray signal) {
        INDArray errors = Arithmetic.of(signal.dataType()).slope(
                layerConf().getActivationFn(), preActivation.castTo(signal.dataType()), signal);
        preActivation = null;
        // The unit's signal may come through other layers, in any order.
        return channelsFirst(errors).dup('c');
    }

    @Override
    public INDArray activity() {
        return channelsFirst(input.castTo(dataType));
    }

    @Override
    public Gradient gradient(INDArray errors, double activityGain, LayerWorkspaceMgr workspaces) {
        Gradient gradient = new DefaultGradient();
        INDArray bias = hasBias() ? gradientViews.get(ConvolutionParamInitializer.BIAS_KEY) : null;
        if (bias != null) {
            gradient.setGradientFor(ConvolutionParamInitializer.BIAS_KEY, bias);
        }
        INDArray weights = gradientViews.get(ConvolutionParamInitializer.WEIGHT_KEY);
        INDArray images = activity();
        Arithmetic.of(dataType).convolutionGradient(
                images, patches(images, (int) errors.size(2), (int) errors.size(3)), errors, weights, bias);
        if (bias != null && activityGain != 1) {
            bias.muli(activityGain);
        }
        gradient.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, weights, 'c');
        weightNoiseParams.clear();
        return gradient;
    }

    /** The values of DL4J's own, which makes the patches of a whole mini-batch at once and slowly. */
    @Override
    protected Pair<INDArray, INDArray> preOutput(
            boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
        if (channelsLast()) {
            return super.preOutput(training, forBackprop, workspaces);
        }
        assertInputSet(false);
        INDArray weights = getParamWithNoise(ConvolutionParamInitializer.WEIGHT_KEY, training, workspaces);
        INDArray bias = getParamWithNoise(ConvolutionParamInitializer.BIAS_KEY, training, workspaces);
        validateInputRank();
        validateInputDepth(weights.size(1));
        INDArray images = input.castTo(dataType);
        int[] padding = convolutionMode == ConvolutionMode.Same ? null : layerConf().getPadding();
        int[] size = ConvolutionUtils.getOutputSize(images, layerConf().getKernelSize(), layerConf().getStride(),
                padding, convolutionMode, layerConf().getDilation(), CNN2DFormat.NCHW);
        INDArray output = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType,
                new long[] {images.size(0), weights.size(0), size[0], size[1]}, 'c');
        Arithmetic.of(dataType).convolve(images, patches(images, size[0], size[1]), weights, bias, output);
        return new Pair<>(output, null);
    }

    private Patches patches(INDArray images, int outHeight, int outWidth) {
        int[] kernel = layerConf().getKernelSize();
        int[] stride = layerConf().getStride();
        int[] dilation = layerConf().getDilation();
        int[] padding = convolutionMode == ConvolutionMode.Same
                ? ConvolutionUtils.getSameModeTopLeftPadding(
                        new int[] {outHeight, outWidth},
                        new int[] {(int) images.size(2), (int) images.size(3)},
                        kernel, stride, dilation)
                : layerConf().getPadding();
        return new Patches(
                kernel[0], kernel[1], stride[0], stride[1], padding[0], padding[1], dilation[0], dilation[1]);
    }

    private boolean channelsLast() {
        return layerConf().getCnn2dDataFormat() == CNN2DFormat.NHWC;
    }

    private INDArray channelsFirst(INDArray maps) {
        return channelsLast() ? maps.permute(0, 3, 1, 2) : maps;
    }

    @Override
    public void clear() {
        super.clear();
        preActivation = null;
    }
}
