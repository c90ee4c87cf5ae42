package org.ibhebb.layers;

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
import org.ibhebb.rule.LearningRule;
import org.ibhebb.signal.Rows;
import org.ibhebb.signal.SignalKernel;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.convolution.Convolution;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A 2D convolution that learns by its own modulatory signal, which sees the feature maps average-pooled and normalised.
 * Its output is that of DL4J's convolution; its gradient is that of the signal alone, and nothing is passed below.
 */
public class IbHebbConvolution extends ConvolutionLayer {

    private final transient LocalLearner learner;
    private transient INDArray preActivation;

    /**
     * Called by the configuration.
     *
     * @param conf the layer's configuration
     * @param dataType of the network
     * @param rule how the layer learns; null for the first layer of a unit
     * @param source whether its input counts as the network's input X
     */
    public IbHebbConvolution(NeuralNetConfiguration conf, DataType dataType, LearningRule rule, boolean source) {
        super(conf, dataType);
        learner = new LocalLearner(rule, source, layerConf().getCnn2dDataFormat() == CNN2DFormat.NHWC);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        if (!training) {
            return super.activate(false, workspaces);
        }
        assertInputSet(false);
        learner.begin(this, paramsFlattened, workspaces);
        applyDropOutIfNecessary(true, workspaces);
        INDArray output = preOutput(true, false, workspaces).getFirst();
        // The activation function works in place, and the backward pass needs what it was given.
        preActivation = workspaces.dup(ArrayType.ACTIVATIONS, output);
        output = layerConf().getActivationFn().getActivation(output, true);
        learner.observe(output);
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray signal = learner.signal(this, epsilon);
        INDArray delta = SignalKernel.of(dataType).slope(layerConf().getActivationFn(), preActivation, signal);
        preActivation = null;
        INDArray presynaptic = input.castTo(dataType);
        if (layerConf().getCnn2dDataFormat() == CNN2DFormat.NHWC) {
            presynaptic = presynaptic.permute(0, 3, 1, 2);
            delta = delta.permute(0, 3, 1, 2);
        }

        Gradient gradient = new DefaultGradient();
        if (hasBias()) {
            INDArray bias = gradientViews.get(ConvolutionParamInitializer.BIAS_KEY);
            bias.assign(delta.sum(0, 2, 3).reshape(bias.shape()));
            gradient.setGradientFor(ConvolutionParamInitializer.BIAS_KEY, bias);
        }
        INDArray weights = gradientViews.get(ConvolutionParamInitializer.WEIGHT_KEY);
        weightGradient(presynaptic, delta, weights);
        gradient.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, weights, 'c');
        weightNoiseParams.clear();
        return new Pair<>(gradient, backpropDropOutIfPresent(LocalLearner.nothingBelow(this, workspaces)));
    }

    /**
     * dW = sum over the samples of (patches of the input) x (delta)', one sample at a time so that its patches stay in
     * the processor's cache. DL4J's own derivative would compute the error below too, which nobody reads.
     */
    private void weightGradient(INDArray presynaptic, INDArray delta, INDArray weights) {
        int[] kernel = layerConf().getKernelSize();
        int[] stride = layerConf().getStride();
        int[] dilation = layerConf().getDilation();
        int height = (int) delta.size(2);
        int width = (int) delta.size(3);
        boolean same = convolutionMode == ConvolutionMode.Same;
        int[] padding = same
                ? ConvolutionUtils.getSameModeTopLeftPadding(
                        new int[] {height, width},
                        new int[] {(int) presynaptic.size(2), (int) presynaptic.size(3)},
                        kernel, stride, dilation)
                : layerConf().getPadding();
        long maps = delta.size(1);
        long positions = (long) height * width;
        long patch = presynaptic.size(1) * kernel[0] * kernel[1];
        INDArray patches = Nd4j.createUninitialized(
                dataType, new long[] {1, presynaptic.size(1), kernel[0], kernel[1], height, width}, 'c');
        INDArray patchRows = patches.reshape('c', patch, positions);
        INDArray deltas = delta.dup('c').reshape('c', delta.size(0), maps, positions);
        INDArray gradient = weights.reshape('c', maps, patch).transpose();
        for (int sample = 0; sample < presynaptic.size(0); sample++) {
            INDArray image = Rows.between(presynaptic, sample, sample + 1);
            Convolution.im2col(image, kernel[0], kernel[1], stride[0], stride[1], padding[0], padding[1],
                    dilation[0], dilation[1], same, patches);
            Nd4j.gemm(patchRows, deltas.slice(sample), gradient, false, true, 1, sample == 0 ? 0 : 1);
        }
    }

    @Override
    public void clear() {
        super.clear();
        preActivation = null;
    }
}
