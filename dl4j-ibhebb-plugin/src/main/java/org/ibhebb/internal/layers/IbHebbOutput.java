package org.ibhebb.internal.layers;

import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.OutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The readout: DL4J's output layer with its own loss (the delta rule), which also shows the labels to the local layers.
 */
public class IbHebbOutput extends OutputLayer {

    private final transient boolean passesError;
    private final transient LayerHost host = new LayerHost(this);
    private final transient Supervision supervision = new Supervision(this, host);
    private final transient OutputErrors errors = new OutputErrors(this);
    private final transient LookAhead lookAhead = new LookAhead();
    /** Of the step under way, and the input that it belongs to: DL4J asks for a step's score after its gradient. */
    private transient INDArray preOutput;
    private transient INDArray preOutputOf;

    /**
     * Called by the configuration.
     *
     * @param conf the layer's configuration
     * @param dataType of the network
     * @param passesError whether a back-propagated layer below needs this layer's error
     */
    public IbHebbOutput(NeuralNetConfiguration conf, DataType dataType, boolean passesError) {
        super(conf, dataType);
        this.passesError = passesError;
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
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        return host.pass(paramsFlattened, () -> backward(epsilon, workspaces));
    }

    private Pair<Gradient, INDArray> backward(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        supervision.show(labels, maskArray, (int) labels.size(0));
        if (passesError) {
            return super.backpropGradient(epsilon, workspaces);
        }
        preOutput = null;
        INDArray output = preOutput2d(true, workspaces);
        // A loss may work in place on what it is given; inputs live until the step's score has been computed.
        preOutput = workspaces.dup(ArrayType.INPUT, output);
        preOutputOf = input;
        INDArray delta = layerConf().getLossFn().computeGradient(
                getLabels2d(workspaces, ArrayType.BP_WORKING_MEM),
                output,
                layerConf().getActivationFn(),
                maskArray);
        Gradient gradient = new DefaultGradient();
        double factor = errors.factor(input.castTo(dataType));
        if (factor != 1) {
            delta.muli(factor);
        }
        INDArray weights = gradientViews.get(DefaultParamInitializer.WEIGHT_KEY);
        INDArray bias = hasBias() ? gradientViews.get(DefaultParamInitializer.BIAS_KEY) : null;
        Arithmetic.of(dataType).denseGradient(input.castTo(dataType), delta, weights, bias);
        gradient.gradientForVariable().put(DefaultParamInitializer.WEIGHT_KEY, weights);
        if (hasBias()) {
            gradient.gradientForVariable().put(DefaultParamInitializer.BIAS_KEY, bias);
        }
        return new Pair<>(gradient, backpropDropOutIfPresent(LayerHost.nothingBelow(this, workspaces)));
    }

    @Override
    protected INDArray preOutput2d(boolean training, LayerWorkspaceMgr workspaces) {
        if (!training) {
            return super.preOutput2d(false, workspaces);
        }
        INDArray known = preOutputOf == input ? preOutput : null;
        preOutput = null;
        preOutputOf = null;
        if (known != null) {
            return known;
        }
        applyDropOutIfNecessary(true, workspaces);
        return lookAhead.during(this, paramsFlattened, () -> Affine.of(this, input.castTo(dataType),
                getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, true, workspaces),
                getParamWithNoise(DefaultParamInitializer.BIAS_KEY, true, workspaces), workspaces));
    }

    @Override
    public TrainingConfig getConfig() {
        return lookAhead.bound(super.getConfig());
    }

    @Override
    public void clear() {
        super.clear();
        preOutput = null;
        preOutputOf = null;
    }
}
