package org.ibhebb.internal.layers;

import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.RecurrentLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.learner.LayerLearner;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A recurrent layer that learns by its own modulatory signal, in truncated back-propagation through time too: errors go
 * back in time within the layer, as in DL4J's own, and to no other layer.
 */
public class IbHebbRecurrent extends IbHebbLayer implements RecurrentLayer {

    private final transient RecurrentLayer recurrent;
    private final transient StockForm form;

    /**
     * Called by the configuration.
     *
     * @param underlying the layer that does the work, a {@link RecurrentLayer}
     * @param form its own
     * @param parameters its view of the network's parameters
     * @param learner of it alone
     */
    public IbHebbRecurrent(Layer underlying, StockForm form, INDArray parameters, LayerLearner learner) {
        super(underlying, form, parameters, learner);
        this.recurrent = (RecurrentLayer) underlying;
        this.form = form;
    }

    @Override
    public INDArray rnnActivateUsingStoredState(
            INDArray input, boolean training, boolean storeLastForTBPTT, LayerWorkspaceMgr workspaces) {
        if (!training) {
            return recurrent.rnnActivateUsingStoredState(input, false, storeLastForTBPTT, workspaces);
        }
        setInput(input, workspaces);
        return forward(
                form.forwardBy(of -> recurrent.rnnActivateUsingStoredState(input, true, storeLastForTBPTT, of)),
                workspaces);
    }

    @Override
    public Pair<Gradient, INDArray> tbpttBackpropGradient(
            INDArray epsilon, int tbpttBackLength, LayerWorkspaceMgr workspaces) {
        return backward(
                form.backwardBy((signal, of) -> recurrent.tbpttBackpropGradient(signal, tbpttBackLength, of)),
                epsilon, workspaces);
    }

    @Override
    public INDArray rnnTimeStep(INDArray input, LayerWorkspaceMgr workspaces) {
        return recurrent.rnnTimeStep(input, workspaces);
    }

    @Override
    public Map<String, INDArray> rnnGetPreviousState() {
        return recurrent.rnnGetPreviousState();
    }

    @Override
    public void rnnSetPreviousState(Map<String, INDArray> state) {
        recurrent.rnnSetPreviousState(state);
    }

    @Override
    public void rnnClearPreviousState() {
        recurrent.rnnClearPreviousState();
    }

    @Override
    public Map<String, INDArray> rnnGetTBPTTState() {
        return recurrent.rnnGetTBPTTState();
    }

    @Override
    public void rnnSetTBPTTState(Map<String, INDArray> state) {
        recurrent.rnnSetTBPTTState(state);
    }
}
