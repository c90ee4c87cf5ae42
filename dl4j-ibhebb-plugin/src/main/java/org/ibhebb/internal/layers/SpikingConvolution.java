package org.ibhebb.internal.layers;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ConvolutionUtils;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Neuron;
import org.ibhebb.internal.arithmetic.Patches;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** A 2D convolution whose feature maps have a spiking neuron at each place. */
public final class SpikingConvolution extends SpikingNeurons<ConvolutionLayer> {

    /** For ND4J: the weights' dimensions are those of Deeplearning4j's. */
    private static final int MAPS_FIRST = 1;

    /**
     * Called by the configuration.
     *
     * @param conf the layer's configuration
     * @param dataType of the network
     * @param neuron of which kind its neurons are
     * @param timeSteps how many time steps an image lasts that is no sequence, at least 1
     * @param throughReset whether errors go back in time through the reset, too
     */
    public SpikingConvolution(
            NeuralNetConfiguration conf, DataType dataType, Neuron neuron, int timeSteps, boolean throughReset) {
        super(conf, dataType, neuron, timeSteps, throughReset);
    }

    @Override
    public boolean hasBias() {
        return layerConf().hasBias();
    }

    @Override
    void checkShape() {
        long channels = layerConf().getNIn();
        if (input.rank() != 4 && input.rank() != 5 || input.size(1) != channels) {
            throw new DL4JInvalidInputException(LayerHost.name(this) + ": input of shape "
                    + Arrays.toString(input.shape()) + " does not fit this spiking convolution, which takes images of "
                    + channels + " channels (samples x " + channels + " x height x width), or sequences of them"
                    + " (samples x " + channels + " x time steps x height x width)");
        }
        try {
            size();
        } catch (DL4JInvalidInputException e) {
            throw new DL4JInvalidInputException(LayerHost.name(this) + ": " + e.getMessage(), e);
        }
    }

    @Override
    boolean isSequence() {
        return input.rank() == 5;
    }

    private int[] imageSize() {
        int rank = input.rank();
        return new int[] {(int) input.size(rank - 2), (int) input.size(rank - 1)};
    }

    /** Height and width of the feature maps. */
    private int[] size() {
        boolean same = layerConf().getConvolutionMode() == ConvolutionMode.Same;
        return ConvolutionUtils.getOutputSize(isSequence() ? input.slice(0, 2) : input,
                layerConf().getKernelSize(), layerConf().getStride(), same ? null : layerConf().getPadding(),
                layerConf().getConvolutionMode(), layerConf().getDilation(), CNN2DFormat.NCHW);
    }

    private int[] padding() {
        return layerConf().getConvolutionMode() == ConvolutionMode.Same
                ? ConvolutionUtils.getSameModeTopLeftPadding(size(), imageSize(), layerConf().getKernelSize(),
                        layerConf().getStride(), layerConf().getDilation())
                : layerConf().getPadding();
    }

    private Patches patches() {
        int[] kernel = layerConf().getKernelSize();
        int[] stride = layerConf().getStride();
        int[] padding = padding();
        int[] dilation = layerConf().getDilation();
        return new Patches(
                kernel[0], kernel[1], stride[0], stride[1], padding[0], padding[1], dilation[0], dilation[1]);
    }

    @Override
    long width() {
        int[] size = size();
        return layerConf().getNOut() * size[0] * size[1];
    }

    @Override
    char order() {
        return 'c';
    }

    @Override
    void currents(INDArray activity, INDArray weights, INDArray bias, INDArray currents) {
        Arithmetic.of(dataType).convolve(activity, patches(), weights, bias, shaped(currents));
    }

    @Override
    INDArray shaped(INDArray rows) {
        int[] size = size();
        return rows.reshape('c', rows.size(0), layerConf().getNOut(), size[0], size[1]);
    }

    @Override
    Gradient gradient(INDArray activity, INDArray delta, double biasFactor) {
        INDArray weights = gradientViews.get(ConvolutionParamInitializer.WEIGHT_KEY);
        INDArray bias = hasBias() ? gradientViews.get(ConvolutionParamInitializer.BIAS_KEY) : null;
        Arithmetic.of(dataType).convolutionGradient(activity, patches(), shaped(delta), weights, bias);
        Gradient gradient = new DefaultGradient();
        if (bias != null) {
            if (biasFactor != 1) {
                bias.muli(biasFactor);
            }
            gradient.setGradientFor(ConvolutionParamInitializer.BIAS_KEY, bias);
        }
        gradient.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, weights, 'c');
        return gradient;
    }

    @Override
    INDArray below(INDArray delta, INDArray weights, LayerWorkspaceMgr workspaces) {
        int[] image = imageSize();
        long[] shape = {delta.size(0), weights.size(1), image[0], image[1]};
        INDArray below = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, shape, 'c');
        Patches patches = patches();
        boolean same = layerConf().getConvolutionMode() == ConvolutionMode.Same;
        Nd4j.exec(DynamicCustomOp.builder("conv2d_input_bp")
                .addInputs(Nd4j.createFromArray(shape), weights, shaped(delta))
                .addOutputs(below)
                .addIntegerArguments(patches.kernelHeight(), patches.kernelWidth(), patches.strideHeight(),
                        patches.strideWidth(), patches.paddingTop(), patches.paddingLeft(), patches.dilationHeight(),
                        patches.dilationWidth(), same ? 1 : 0, 0, MAPS_FIRST)
                .build());
        return below;
    }
}
