package org.ibhebb.layers;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.conf.layers.IbHebbWrapperLayer;
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

    /**
     * Called by DL4J, through {@link IbHebbWrapperLayer}.
     *
     * @param underlying the layer that does the work
     * @param conf says what this layer is to it
     * @param parameters the layer's view of the network's parameters; null if it has none
     */
    public IbHebbWrapped(Layer underlying, IbHebbWrapperLayer conf, INDArray parameters) {
        super(underlying);
        this.learner = new LocalLearner(conf.getRule(), conf.isSource(), conf.isChannelsLast());
        this.endsUnit = conf.isEndsUnit();
        this.parameters = parameters;
    }

    @Override
    public void setParamsViewArray(INDArray view) {
        super.setParamsViewArray(view);
        parameters = view;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        if (!training) {
            return underlying.activate(false, workspaces);
        }
        learner.begin(underlying, parameters, workspaces);
        INDArray output = underlying.activate(true, workspaces);
        learner.observe(output, workspaces);
        return output;
    }

    @Override
    public INDArray activate(INDArray input, boolean training, LayerWorkspaceMgr workspaces) {
        setInput(input, workspaces);
        return activate(training, workspaces);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        Pair<Gradient, INDArray> own = underlying.backpropGradient(learner.signal(underlying, epsilon), workspaces);
        if (endsUnit) {
            learner.sendDown();
        } else if (own.getSecond() != null) {
            own.getSecond().assign(0);
        }
        return own;
    }
}
