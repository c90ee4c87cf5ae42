package org.ibhebb.internal.layers;

import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.TrainingConfig;
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
import org.ibhebb.internal.learner.LayerLearner;
import org.ibhebb.rule.LearningRule;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A 2D convolution that learns by its own modulatory signal, which sees the feature maps average-pooled and normalised.
 * Its output is that of DL4J's convolution; its gradient is that of the signal alone, and nothing is passed below.
 */
public class IbHebbConvolution extends ConvolutionLayer implements Remembering {

    private final transient LayerLearner learner;
    private final transient LayerHost host = new LayerHost(this);
    private final transient LookAhead lookAhead = new LookAhead(this);
    private transient INDArray preActivation;
    /** DL4J's convolution passes masks on without keeping them. */
    private transient INDArray outputMask;

    /**
     * Called by the configuration.
     *
     * @param conf the layer's configuration
     * @param dataType of the network
     * @param rule how the layer learns; null for the first layer of a unit
     * @param source whether its input counts as the network's input X
     * @param stepwise whether its images are the time steps of sequences, each with a label of its own
     */
    public IbHebbConvolution(
            NeuralNetConfiguration conf, DataType dataType, LearningRule rule, boolean source, boolean stepwise) {
        super(conf, dataType);
        learner = new LayerLearner(rule, source, stepwise, layerConf().getCnn2dDataFormat() == CNN2DFormat.NHWC);
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(INDArray mask, MaskState state, int miniBatch) {
        host.masked(mask, paramsFlattened);
        Pair<INDArray, MaskState> above = super.feedForwardMaskArray(mask, state, miniBatch);
        outputMask = above == null ? null : above.getFirst();
        return above;
    }

    @Override
    public void setMaskArray(INDArray mask) {
        host.masked(mask, paramsFlattened);
        super.setMaskArray(mask);
        outputMask = mask;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        if (!training) {
            host.inference();
            return super.activate(false, workspaces);
        }
        return host.forward(paramsFlattened, () -> forward(workspaces));
    }

    private INDArray forward(LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        learner.begin(host.with(paramsFlattened), host.lasting(workspaces));
        applyDropOutIfNecessary(true, workspaces);
        INDArray output = lookAhead.during(
                this, paramsFlattened, () -> preOutput(true, false, workspaces)).getFirst();
        // The activation function works in place, and the backward pass needs what it was given.
        preActivation = workspaces.dup(ArrayType.ACTIVATIONS, output);
        output = layerConf().getActivationFn().getActivation(output, true);
        learner.observe(output, outputMask, host);
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        return host.backward(learner, paramsFlattened, workspaces, () -> backward(epsilon, workspaces));
    }

    private Pair<Gradient, INDArray> backward(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray signal = learner.signal(epsilon, host);
        INDArray errors = Arithmetic.of(signal.dataType()).slope(
                layerConf().getActivationFn(), preActivation.castTo(signal.dataType()), signal);
        preActivation = null;
        INDArray presynaptic = channelsFirst(input.castTo(dataType));
        // The unit's signal may come through other layers, in any order.
        INDArray ordered = channelsFirst(errors).dup('c');
        double activity = learner.divide(ordered, presynaptic);
        INDArray delta = learner.narrowed(ordered);

        Gradient gradient = new DefaultGradient();
        INDArray bias = hasBias() ? gradientViews.get(ConvolutionParamInitializer.BIAS_KEY) : null;
        if (bias != null) {
            gradient.setGradientFor(ConvolutionParamInitializer.BIAS_KEY, bias);
        }
        INDArray weights = gradientViews.get(ConvolutionParamInitializer.WEIGHT_KEY);
        Arithmetic.of(dataType).convolutionGradient(
                presynaptic, patches(presynaptic, (int) delta.size(2), (int) delta.size(3)), delta, weights, bias);
        if (bias != null && activity != 1) {
            bias.muli(activity);
        }
        gradient.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, weights, 'c');
        weightNoiseParams.clear();
        return new Pair<>(gradient, backpropDropOutIfPresent(LayerHost.nothingBelow(this, workspaces)));
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
    public LayerLearner learner() {
        return learner;
    }

    @Override
    public TrainingConfig getConfig() {
        return lookAhead.bound(super.getConfig());
    }

    @Override
    public void applyConstraints(int iteration, int epoch) {
        super.applyConstraints(iteration, epoch);
        learner.applied();
    }

    @Override
    public void clear() {
        super.clear();
        preActivation = null;
        outputMask = null;
    }
}
