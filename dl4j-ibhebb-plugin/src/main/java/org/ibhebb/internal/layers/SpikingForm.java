package org.ibhebb.internal.layers;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.arithmetic.Neuron;
import org.ibhebb.layer.LocalForm;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The form of a dense layer of spiking neurons: the signal sees how often each neuron fires. That of a sample meets,
 * factorised, the mean over time of each neuron's slope and the mean of each input's trace: {@code dW = P' (xi o G)},
 * once a sample. Or it goes back in time with each time step's slope.
 */
public final class SpikingForm extends SpikingDense implements LocalForm {

    private final boolean factorised;
    /** T n x d, of the last forward pass. */
    private transient INDArray spikes;
    /** The mean of each input's trace, and that of an input that is always 1. */
    private transient INDArray trace;
    private transient double ofConstant;

    /**
     * Called by the configuration.
     *
     * @param conf the layer's configuration
     * @param dataType of the network
     * @param neuron of which kind its neurons are
     * @param timeSteps how many time steps an input lasts that is no sequence, at least 1
     * @param factorised whether slopes and traces meet as means over time
     * @param throughReset where they do not, whether errors go back in time through the reset, too
     */
    public SpikingForm(
            NeuralNetConfiguration conf,
            DataType dataType,
            Neuron neuron,
            int timeSteps,
            boolean factorised,
            boolean throughReset) {
        super(conf, dataType, neuron, timeSteps, throughReset);
        this.factorised = factorised;
    }

    @Override
    public INDArray forward(LayerWorkspaceMgr workspaces) {
        check();
        spikes = fire(true, factorised, workspaces);
        return series(spikes);
    }

    @Override
    public INDArray seen(INDArray activations) {
        INDArray rates = overTime(spikes, 1.0 / steps());
        spikes = null;
        return rates;
    }

    @Override
    public INDArray errors(INDArray signal) {
        return factorised ? signal.mul(takeSlopes().castTo(signal.dataType())) : signal;
    }

    @Override
    public INDArray activity() {
        if (!factorised) {
            return null;
        }
        double[] weights = neuron().meanTrace(steps());
        ofConstant = Arrays.stream(weights).sum();
        INDArray inputs = inputs();
        trace = input.rank() == 3 ? overTime(inputs, weights) : inputs.mul(ofConstant);
        return trace;
    }

    @Override
    public Gradient gradient(INDArray errors, double activityGain, LayerWorkspaceMgr workspaces) {
        Gradient gradient;
        if (factorised) {
            gradient = gradient(trace, errors, ofConstant * activityGain);
            trace = null;
        } else {
            INDArray inputs = inputs();
            gradient = gradient(inputs, summed(backInTime(errors, 1.0 / steps()), inputs), 1);
        }
        weightNoiseParams.clear();
        return gradient;
    }
}
