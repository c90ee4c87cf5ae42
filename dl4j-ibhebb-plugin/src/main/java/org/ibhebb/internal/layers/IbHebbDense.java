package org.ibhebb.internal.layers;

import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.feedforward.dense.DenseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.learner.LayerLearner;
import org.ibhebb.rule.LearningRule;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.LayerNormBp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A dense layer that learns by its own modulatory signal. Its output is that of DL4J's dense layer; its gradient is
 * {@code dW = input' (xi o f'(pre-activation))}, and nothing is passed below.
 */
public class IbHebbDense extends DenseLayer implements Remembering {

    private final transient LayerLearner learner;
    private final transient LayerHost host = new LayerHost(this);
    private final transient LookAhead lookAhead = new LookAhead(this);
    private transient INDArray preActivation;
    private transient INDArray beforeLayerNorm;

    /**
     * Called by the configuration.
     *
     * @param conf the layer's configuration
     * @param dataType of the network
     * @param rule how the layer learns; null for the first layer of a unit
     * @param source whether its input counts as the network's input X
     * @param stepwise whether its rows are the time steps of sequences, each with a label of its own
     */
    public IbHebbDense(
            NeuralNetConfiguration conf, DataType dataType, LearningRule rule, boolean source, boolean stepwise) {
        super(conf, dataType);
        learner = new LayerLearner(rule, source, stepwise, false);
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(INDArray mask, MaskState state, int miniBatch) {
        host.masked(mask, paramsFlattened);
        return super.feedForwardMaskArray(mask, state, miniBatch);
    }

    @Override
    public void setMaskArray(INDArray mask) {
        host.masked(mask, paramsFlattened);
        super.setMaskArray(mask);
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
        Pair<INDArray, INDArray> both = lookAhead.during(
                this, paramsFlattened, () -> preOutputWithPreNorm(true, true, workspaces));
        if (hasLayerNorm()) {
            beforeLayerNorm = workspaces.leverageTo(ArrayType.ACTIVATIONS, both.getSecond());
        }
        // The activation function works in place, and the backward pass needs what it was given.
        preActivation = workspaces.dup(ArrayType.ACTIVATIONS, both.getFirst());
        INDArray output = layerConf().getActivationFn().getActivation(both.getFirst(), true);
        if (maskArray != null) {
            applyMask(output);
        }
        learner.observe(output, maskArray, host);
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
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        return host.backward(learner, paramsFlattened, workspaces, () -> backward(epsilon, workspaces));
    }

    private Pair<Gradient, INDArray> backward(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray signal = learner.signal(epsilon, host);
        INDArray errors = Arithmetic.of(signal.dataType()).slope(
                layerConf().getActivationFn(), preActivation.castTo(signal.dataType()), signal);
        preActivation = null;
        if (maskArray != null) {
            applyMask(errors);
        }

        INDArray activity = input.castTo(dataType);
        // Behind a layer normalisation errors do not meet the input as they are.
        double presynaptic = learner.divide(errors, hasLayerNorm() ? null : activity);
        INDArray delta = learner.narrowed(errors);

        Gradient gradient = new DefaultGradient();
        INDArray bias = hasBias() ? gradientViews.get(DefaultParamInitializer.BIAS_KEY) : null;
        if (hasBias()) {
            gradient.gradientForVariable().put(DefaultParamInitializer.BIAS_KEY, bias);
        }
        if (hasLayerNorm()) {
            // The bias is behind the normalisation, the weights are before it.
            if (bias != null) {
                delta.sum(bias, 0);
                bias = null;
            }
            INDArray gain = gradientViews.get(DefaultParamInitializer.GAIN_KEY);
            Nd4j.getExecutioner().exec(new LayerNormBp(
                    beforeLayerNorm, layerNormGain(), delta, delta, gain, true, 1));
            beforeLayerNorm = null;
            gradient.gradientForVariable().put(DefaultParamInitializer.GAIN_KEY, gain);
        }
        INDArray weights = gradientViews.get(DefaultParamInitializer.WEIGHT_KEY);
        Arithmetic.of(dataType).denseGradient(activity, delta, weights, bias);
        if (bias != null && presynaptic != 1) {
            bias.muli(presynaptic);
        }
        gradient.gradientForVariable().put(DefaultParamInitializer.WEIGHT_KEY, weights);
        weightNoiseParams.clear();
        return new Pair<>(gradient, backpropDropOutIfPresent(LayerHost.nothingBelow(this, workspaces)));
    }

    /** As the forward pass had it. */
    private INDArray layerNormGain() {
        return lookAhead.during(this, paramsFlattened, () -> getParam(DefaultParamInitializer.GAIN_KEY));
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
        beforeLayerNorm = null;
    }
}
