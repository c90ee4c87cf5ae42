package org.ibhebb.internal.layers;

import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.RecurrentLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.rule.LearningRule;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A recurrent layer that learns by its own modulatory signal, in truncated back-propagation through time too: errors go
 * back in time within the layer, as in DL4J's own, and to no other layer.
 */
public class IbHebbRecurrent extends IbHebbWrapped implements RecurrentLayer {

    private final transient RecurrentLayer recurrent;

    /**
     * Called by the configuration.
     *
     * @param underlying the layer that does the work, a {@link RecurrentLayer}
     * @param parameters its view of the network's parameters
     * @param rule how it learns; null for the first layer of a unit
     * @param source whether its input counts as the network's input X
     * @param stepwise whether each time step of a sequence is a sample of its own, with a label of its own
     * @param endsUnit whether the signal goes on to the layer below
     * @param channelsLast whether its activations have their channels in the last dimension
     */
    public IbHebbRecurrent(
            Layer underlying,
            INDArray parameters,
            LearningRule rule,
            boolean source,
            boolean stepwise,
            boolean endsUnit,
            boolean channelsLast) {
        super(underlying, parameters, rule, source, stepwise, endsUnit, channelsLast);
        this.recurrent = (RecurrentLayer) underlying;
    }

    @Override
    public INDArray rnnActivateUsingStoredState(
            INDArray input, boolean training, boolean storeLastForTBPTT, LayerWorkspaceMgr workspaces) {
        if (!training) {
            return recurrent.rnnActivateUsingStoredState(input, false, storeLastForTBPTT, workspaces);
        }
        setInput(input, workspaces);
        return observed(workspaces,
                () -> recurrent.rnnActivateUsingStoredState(input, true, storeLastForTBPTT, workspaces));
    }

    @Override
    public Pair<Gradient, INDArray> tbpttBackpropGradient(
            INDArray epsilon, int tbpttBackLength, LayerWorkspaceMgr workspaces) {
        return bySignal(epsilon, workspaces,
                signal -> recurrent.tbpttBackpropGradient(signal, tbpttBackLength, workspaces));
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
