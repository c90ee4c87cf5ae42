package org.ibhebb.layers;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.rule.LearningRule;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Any layer of DL4J's, learning by its own modulatory signal: the signal takes the place of the error that would come
 * from above, and DL4J's own backward pass of the layer turns it into a gradient.
 */
public class IbHebbWrapped extends BaseWrapperLayer {

    private final transient LocalLearner learner;
    /** Whether the signal goes on to the layer below. */
    private final boolean endsUnit;
    private transient INDArray parameters;
    /** Recurrent layers let a mask through without keeping it; it must be known to be refused. */
    private transient INDArray mask;

    /**
     * Called by the configuration.
     *
     * @param underlying the layer that does the work
     * @param parameters its view of the network's parameters; null if it has none
     * @param rule how it learns; null for the first layer of a unit
     * @param source whether its input counts as the network's input X
     * @param endsUnit whether the signal goes on to the layer below
     * @param channelsLast whether its activations have their channels in the last dimension
     */
    public IbHebbWrapped(
            Layer underlying,
            INDArray parameters,
            LearningRule rule,
            boolean source,
            boolean endsUnit,
            boolean channelsLast) {
        super(underlying);
        this.learner = new LocalLearner(rule, source, channelsLast);
        this.endsUnit = endsUnit;
        this.parameters = parameters;
    }

    @Override
    public void setParamsViewArray(INDArray view) {
        super.setParamsViewArray(view);
        parameters = view;
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(INDArray given, MaskState state, int miniBatch) {
        mask = given;
        return underlying.feedForwardMaskArray(given, state, miniBatch);
    }

    @Override
    public void setMaskArray(INDArray given) {
        mask = given;
        underlying.setMaskArray(given);
    }

    @Override
    public INDArray getMaskArray() {
        return mask;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        if (!training) {
            return underlying.activate(false, workspaces);
        }
        learner.begin(this, parameters, workspaces);
        INDArray output = underlying.activate(true, workspaces);
        learner.observe(output);
        return output;
    }

    @Override
    public INDArray activate(INDArray input, boolean training, LayerWorkspaceMgr workspaces) {
        setInput(input, workspaces);
        return activate(training, workspaces);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        Pair<Gradient, INDArray> own = underlying.backpropGradient(learner.signal(this, epsilon), workspaces);
        if (endsUnit) {
            learner.sendDown();
        } else if (own.getSecond() != null) {
            own.getSecond().assign(0);
        }
        return own;
    }
}
