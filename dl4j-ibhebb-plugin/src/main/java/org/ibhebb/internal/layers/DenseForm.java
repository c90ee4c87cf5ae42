package org.ibhebb.internal.layers;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.feedforward.dense.DenseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.layer.LocalForm;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.LayerNormBp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A dense layer's form: its output is that of DL4J's dense layer; its gradient is
 * {@code dW = input' (xi o f'(pre-activation))}.
 */
public final class DenseForm extends DenseLayer implements LocalForm {

    private transient INDArray preActivation;
    private transient INDArray beforeLayerNorm;

    /**
     * Called by the configuration.
     *
     * @param conf the layer's configuration
     * @param dataType of the network
     */
    public DenseForm(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public INDArray forward(LayerWorkspaceMgr workspaces) {
        Pair<INDArray, INDArray> both = preOutputWithPreNorm(true, true, workspaces);
        if (hasLayerNorm()) {
            beforeLayerNorm = workspaces.leverageTo(ArrayType.ACTIVATIONS, both.getSecond());
        }
        // The activation function works in place, and the backward pass needs what it was given.
        preActivation = workspaces.dup(ArrayType.ACTIVATIONS, both.getFirst());
        INDArray output = layerConf().getActivationFn().getActivation(both.getFirst(), true);
        if (maskArray != null) {
            applyMask(output);
        }
        return output;
    }

    @Override
    protected Pair<INDArray, INDArray> preOutputWithPreNorm(
            boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
        if (!training || hasLayerNorm()) {
            return super.preOutputWithPreNorm(training, forBackprop, workspaces);
        }
        applyDropOutIfNecessary(true, workspaces);
        INDArray output = Affine.of(this, input.castTo(dataType),
                getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, true, workspaces),
                getParamWithNoise(DefaultParamInitializer.BIAS_KEY, true, workspaces), workspaces);
        if (maskArray != null) {
            applyMask(output);
        }
        return new Pair<>(output, output);
    }

    @Override
    public INDArray errors(INDArray signal) {
        INDArray errors = Arithmetic.of(signal.dataType()).slope(
                layerConf().getActivationFn(), preActivation.castTo(signal.dataType()), signal);
        preActivation = null;
        if (maskArray != null) {
            applyMask(errors);
        }
        return errors;
    }

    /** Behind a layer normalisation errors do not meet the input as they are. */
    @Override
    public INDArray activity() {
        return hasLayerNorm() ? null : input.castTo(dataType);
    }

    @Override
    public boolean gradientIsScaled() {
        return false;
    }

    @Override
    public Gradient gradient(INDArray errors, double activityGain, LayerWorkspaceMgr workspaces) {
        Gradient gradient = new DefaultGradient();
        INDArray bias = hasBias() ? gradientViews.get(DefaultParamInitializer.BIAS_KEY) : null;
        if (hasBias()) {
            gradient.gradientForVariable().put(DefaultParamInitializer.BIAS_KEY, bias);
        }
        if (hasLayerNorm()) {
            // The bias is behind the normalisation, the weights are before it.
            if (bias != null) {
                errors.sum(bias, 0);
                bias = null;
            }
            INDArray gain = gradientViews.get(DefaultParamInitializer.GAIN_KEY);
            Nd4j.getExecutioner().exec(new LayerNormBp(beforeLayerNorm,
                    getParam(DefaultParamInitializer.GAIN_KEY), errors, errors, gain, true, 1));
            beforeLayerNorm = null;
            gradient.gradientForVariable().put(DefaultParamInitializer.GAIN_KEY, gain);
        }
        INDArray weights = gradientViews.get(DefaultParamInitializer.WEIGHT_KEY);
        Arithmetic.of(dataType).denseGradient(input.castTo(dataType), errors, weights, bias);
        if (bias != null && activityGain != 1) {
            bias.muli(activityGain);
        }
        gradient.gradientForVariable().put(DefaultParamInitializer.WEIGHT_KEY, weights);
        weightNoiseParams.clear();
        return gradient;
    }

    @Override
    public void clear() {
        super.clear();
        preActivation = null;
        beforeLayerNorm = null;
    }
}
