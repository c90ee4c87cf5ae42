package org.ibhebb.internal.layers;

import java.util.Arrays;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.layer.LocalForm;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The form of a layer of spiking neurons: the signal sees how often each neuron fires. That of a sample meets,
 * factorised, the mean over time of each neuron's slope and the mean of each input's trace: {@code dW = P' (xi o G)},
 * once a sample. Or it goes back in time with each time step's slope. Where places share weights, the same is summed
 * over the places, as for any convolution.
 */
public final class SpikingForm implements LocalForm {

    private final SpikingNeurons<?> layer;
    private final boolean factorised;
    /** T n x d, of the last forward pass. */
    private INDArray spikes;
    /** The mean of each input's trace, and that of an input that is always 1. */
    private INDArray trace;
    private double ofConstant;

    /**
     * Called by the configuration.
     *
     * @param layer whose form it is
     * @param factorised whether slopes and traces meet as means over time
     */
    public SpikingForm(SpikingNeurons<?> layer, boolean factorised) {
        this.layer = layer;
        this.factorised = factorised;
    }

    @Override
    public INDArray forward(LayerWorkspaceMgr workspaces) {
        layer.check();
        spikes = layer.fire(true, factorised, workspaces);
        return layer.series(spikes);
    }

    @Override
    public INDArray seen(INDArray activations) {
        INDArray rates = layer.overTime(spikes, 1.0 / layer.steps());
        spikes = null;
        return layer.shaped(rates);
    }

    @Override
    public INDArray errors(INDArray signal) {
        return factorised ? signal.mul(layer.shaped(layer.takeSlopes()).castTo(signal.dataType())) : signal;
    }

    @Override
    public INDArray activity() {
        if (!factorised) {
            return null;
        }
        double[] weights = layer.neuron().meanTrace(layer.steps());
        ofConstant = Arrays.stream(weights).sum();
        trace = layer.trace(weights);
        return trace;
    }

    @Override
    public Gradient gradient(INDArray errors, double activityGain, LayerWorkspaceMgr workspaces) {
        INDArray ofNeurons = Sequences.matrix(errors);
        Gradient gradient;
        if (factorised) {
            gradient = layer.gradient(trace, ofNeurons, ofConstant * activityGain);
            trace = null;
        } else {
            INDArray inputs = layer.inputs();
            gradient = layer.gradient(
                    inputs, layer.summed(layer.backInTime(ofNeurons, 1.0 / layer.steps()), inputs), 1);
        }
        layer.clearNoiseWeightParams();
        layer.learns();
        return gradient;
    }
}
