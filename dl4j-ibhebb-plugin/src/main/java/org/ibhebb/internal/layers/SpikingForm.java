package org.ibhebb.internal.layers;

import java.util.Arrays;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.layer.LocalForm;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The form of a layer of spiking neurons: the signal sees how often each neuron fires. What becomes of it in time is a
 * kind of form's own. Where places share weights, updates are summed over the places, as for any convolution.
 */
public abstract class SpikingForm implements LocalForm {

    /** Whose form it is. */
    final SpikingNeurons<?> layer;
    private final boolean meanSlopes;
    /** T n x d, of the last forward pass. */
    private INDArray spikes;

    private SpikingForm(SpikingNeurons<?> layer, boolean meanSlopes) {
        this.layer = layer;
        this.meanSlopes = meanSlopes;
    }

    /**
     * The signal meets, once a sample, the mean over time of each neuron's slope and the mean of each input's trace:
     * {@code dW = P' (xi o G)}.
     *
     * @param layer whose form it is
     * @return the form
     */
    public static SpikingForm ofMeans(SpikingNeurons<?> layer) {
        return new OfMeans(layer);
    }

    /**
     * The signal goes back in time with each time step's slope.
     *
     * @param layer whose form it is
     * @return the form
     */
    public static SpikingForm backInTime(SpikingNeurons<?> layer) {
        return new BackInTime(layer);
    }

    /**
     * There is a signal at every time step: it sees how often each neuron has fired lately, r(t), and meets the
     * neuron's slope and each input's trace of the same time step: {@code dW = (1/T) sum P(t)' (xi(t) o g(t))}, with
     * the derivative xi(t) with respect to the spikes of that time step alone. What the learner is shown, and the
     * signal that it gives back, are time steps below one another.
     *
     * @param layer whose form it is
     * @return the form
     */
    public static SpikingForm atEveryStep(SpikingNeurons<?> layer) {
        return new AtEveryStep(layer);
    }

    /**
     * What the signal sees, a row for each signal that there is going to be: how often each neuron fires in a sample,
     * unless a form says otherwise.
     */
    INDArray rates(INDArray fired) {
        INDArray rates = layer.overTime(fired, 1.0 / layer.steps());
        // By these it is known how often all neurons fire.
        layer.fires(rates.isEmpty() ? 0 : rates.meanNumber().doubleValue());
        return rates;
    }

    /**
     * The gradient, in the layer's views.
     *
     * @param errors of neurons, a row for each signal
     */
    abstract Gradient update(INDArray errors, double activityGain);

    @Override
    public final INDArray forward(LayerWorkspaceMgr workspaces) {
        layer.check();
        spikes = layer.fire(true, meanSlopes, workspaces);
        return layer.series(spikes);
    }

    @Override
    public final INDArray seen(INDArray activations) {
        INDArray rates = rates(spikes);
        spikes = null;
        return layer.shaped(rates);
    }

    @Override
    public final Gradient gradient(INDArray errors, double activityGain, LayerWorkspaceMgr workspaces) {
        Gradient gradient = update(errors, activityGain);
        layer.clearNoiseWeightParams();
        layer.learns();
        return gradient;
    }

    /** A signal that has met the neurons' slopes. */
    final INDArray timesSlopes(INDArray signal) {
        return signal.mul(layer.shaped(layer.takeSlopes()).castTo(signal.dataType()));
    }

    private static final class OfMeans extends SpikingForm {

        /** The mean of each input's trace, and that of an input that is always 1. */
        private INDArray trace;
        private double ofConstant;

        OfMeans(SpikingNeurons<?> layer) {
            super(layer, true);
        }

        @Override
        public INDArray errors(INDArray signal) {
            return timesSlopes(signal);
        }

        @Override
        public INDArray activity() {
            double[] weights = layer.neuron().meanTrace(layer.steps());
            ofConstant = Arrays.stream(weights).sum();
            trace = layer.trace(weights);
            return trace;
        }

        @Override
        Gradient update(INDArray errors, double activityGain) {
            Gradient gradient = layer.gradient(trace, Sequences.matrix(errors), ofConstant * activityGain);
            trace = null;
            return gradient;
        }
    }

    private static final class BackInTime extends SpikingForm {

        BackInTime(SpikingNeurons<?> layer) {
            super(layer, false);
        }

        @Override
        public INDArray errors(INDArray signal) {
            return signal;
        }

        @Override
        public INDArray activity() {
            return null;
        }

        @Override
        Gradient update(INDArray errors, double activityGain) {
            INDArray inputs = layer.inputs();
            INDArray deltas = layer.backInTime(Sequences.matrix(errors), 1.0 / layer.steps());
            return layer.gradient(inputs, layer.summed(deltas, inputs), 1);
        }
    }

    private static final class AtEveryStep extends SpikingForm {

        /** What r keeps from one time step to the next. */
        private static final double KEPT = 0.5;

        AtEveryStep(SpikingNeurons<?> layer) {
            super(layer, false);
        }

        @Override
        INDArray rates(INDArray fired) {
            layer.fires(fired);
            return layer.runningRates(fired, KEPT);
        }

        @Override
        public INDArray errors(INDArray signal) {
            // Time steps are to a gain what places are.
            return Sequences.of(timesSlopes(signal).muli((1 - KEPT) / layer.steps()), layer.steps());
        }

        /** As for means over time: it says how large traces are. */
        @Override
        public INDArray activity() {
            return layer.trace(layer.neuron().meanTrace(layer.steps()));
        }

        @Override
        Gradient update(INDArray errors, double activityGain) {
            INDArray inputs = layer.inputs();
            INDArray meeting = layer.meetingInputs(Sequences.matrix(Sequences.rows(errors)));
            return layer.gradient(inputs, layer.summed(meeting, inputs), activityGain);
        }
    }
}
