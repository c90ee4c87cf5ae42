package org.ibhebb.internal.layers;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.layer.LocalForm;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The form of a layer of spiking neurons that learns at every time step: the signal sees how often each neuron has fired
 * lately, r(t), and that of a time step meets the neuron's slope and each input's trace of the same time step: {@code dW
 * = (1/T) sum P(t)' (xi(t) o g(t))}, with the derivative xi(t) with respect to the spikes of that time step alone. What the learner is shown, and what it gives back, are time steps below one
 * another.
 */
public final class SpikingStepForm implements LocalForm {

    /** What r keeps from one time step to the next. */
    private static final double KEPT = 0.5;

    private final SpikingNeurons<?> layer;
    /** T n x d, of the last forward pass. */
    private INDArray spikes;

    /**
     * Called by the configuration.
     *
     * @param layer whose form it is
     */
    public SpikingStepForm(SpikingNeurons<?> layer) {
        this.layer = layer;
    }

    @Override
    public INDArray forward(LayerWorkspaceMgr workspaces) {
        layer.check();
        spikes = layer.fire(true, false, workspaces);
        return layer.series(spikes);
    }

    @Override
    public INDArray seen(INDArray activations) {
        INDArray rates = layer.runningRates(spikes, KEPT);
        spikes = null;
        return layer.shaped(rates);
    }

    @Override
    public INDArray errors(INDArray signal) {
        return signal.mul(layer.shaped(layer.takeSlopes()).castTo(signal.dataType())).muli(1 - KEPT);
    }

    /** As for means over time: it says how large traces are. */
    @Override
    public INDArray activity() {
        return layer.trace(layer.neuron().meanTrace(layer.steps()));
    }

    @Override
    public Gradient gradient(INDArray errors, double activityGain, LayerWorkspaceMgr workspaces) {
        INDArray inputs = layer.inputs();
        INDArray meeting = layer.meetingInputs(Sequences.matrix(errors), 1.0 / layer.steps());
        Gradient gradient = layer.gradient(inputs, layer.summed(meeting, inputs), activityGain);
        layer.clearNoiseWeightParams();
        layer.learns();
        return gradient;
    }
}
