package org.ibhebb.internal.layers;

import java.util.Arrays;
import java.util.Locale;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.arithmetic.Allocation;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Neuron;
import org.ibhebb.internal.arithmetic.Rows;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A layer of spiking neurons, trained by back-propagation through time: where the derivative of a spike would stand,
 * the backward pass has the neuron's slope. How currents come of what comes in, a kind of layer says. Inside, time
 * steps stand one below another: rows are samples, those of the first time step first, and columns neurons.
 *
 * @param <C> the layer's configuration
 */
public abstract class SpikingNeurons<C extends FeedForwardLayer> extends BaseLayer<C> {

    /** In gigabytes: from here on it is tried out first whether there is room. */
    private static final double LARGE = 1;

    /** How many time steps an input lasts that is no sequence. */
    private final int timeSteps;
    /** Whether errors go back in time through the reset, too. */
    private final boolean throughReset;
    private transient Neuron neuron;
    private transient INDArray slopes;
    private transient INDArray carried;
    private transient FiringRate firing;
    /** Spikes a neuron and time step, in the last training pass. */
    private transient double rate;

    SpikingNeurons(NeuralNetConfiguration conf, DataType dataType, Neuron neuron, int timeSteps, boolean throughReset) {
        super(conf, dataType);
        this.neuron = neuron;
        this.firing = new FiringRate(neuron);
        this.timeSteps = timeSteps;
        this.throughReset = throughReset;
    }

    /** Refuses an input that is neither one for each sample nor a sequence of such. */
    abstract void checkShape();

    /** Whether the input has time steps of its own. */
    abstract boolean isSequence();

    /** How many neurons there are, for the input that is set. */
    abstract long width();

    /** In which order what neurons do is stored: by rows, c, or by columns, f. */
    abstract char order();

    /**
     * What comes in for each neuron.
     *
     * @param activity as {@link #inputs} has it
     * @param currents receives a row for each of the activity
     */
    abstract void currents(INDArray activity, INDArray weights, INDArray bias, INDArray currents);

    /** A row for each sample as the layer's activations are shaped, but for time: a view. */
    abstract INDArray shaped(INDArray rows);

    /** The gradient of weights and bias, in the layer's views: that of the bias, times the factor. */
    abstract Gradient gradient(INDArray activity, INDArray delta, double biasFactor);

    /**
     * The errors of what came in.
     *
     * @param delta a row for each of the activity
     * @return as {@link #inputs} has it
     */
    abstract INDArray below(INDArray delta, INDArray weights, LayerWorkspaceMgr workspaces);

    /** From now on with neurons whose gradients can be compared with finite differences. */
    final void smooth() {
        neuron = neuron.smoothed();
    }

    final Neuron neuron() {
        return neuron;
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    /** How many time steps the input has. */
    final int steps() {
        return isSequence() ? (int) input.size(2) : timeSteps;
    }

    /** What comes in: one row a sample if it is the same at each time step, and one a sample and time step if not. */
    final INDArray inputs() {
        INDArray given = input.castTo(dataType);
        return isSequence() ? Sequences.rows(given) : given;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        check();
        INDArray spikes = fire(training, false, workspaces);
        if (training) {
            fires(spikes);
        }
        return series(spikes);
    }

    /** Refuses inputs that don't fit, and masks. */
    final void check() {
        checkShape();
        if (maskArray != null) {
            throw new UnsupportedOperationException(LayerHost.name(this) + ": a spiking layer has no use for a mask of"
                    + " shape " + Arrays.toString(maskArray.shape()) + ": give it sequences of one length (and clear"
                    + " the refused mask: network.clearLayerMaskArrays())");
        }
    }

    /**
     * The forward pass.
     *
     * @param training whether what the backward pass needs is to be kept
     * @param mean whether the mean of the slopes is enough for that
     * @return T n x d
     */
    final INDArray fire(boolean training, boolean mean, LayerWorkspaceMgr workspaces) {
        applyDropOutIfNecessary(training, workspaces);
        INDArray activity = inputs();
        INDArray weights = getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, training, workspaces);
        INDArray bias = hasBias() ? getParamWithNoise(DefaultParamInitializer.BIAS_KEY, training, workspaces) : null;
        int steps = steps();
        long n = input.size(0);
        long width = width();
        Arithmetic arithmetic = Arithmetic.of(dataType);
        boolean same = activity.size(0) == n;
        checkRoom(steps, n, width);
        INDArray spikes = values(workspaces, steps * n, width);
        // Spikes take the place of the currents that they come from.
        INDArray currents = same && steps > 1 ? values(workspaces, n, width) : spikes;
        currents(activity, weights, bias, currents);
        INDArray all = training && !mean ? values(workspaces, steps * n, width) : null;
        carried = training && !mean && throughReset ? values(workspaces, steps * n, width) : null;
        INDArray average = training && mean ? values(workspaces, n, width) : null;
        arithmetic.fire(currents, steps, neuron, spikes, all, carried, average);
        slopes = mean ? average : all;
        return spikes;
    }

    /** What neurons do in a training pass: as {@link #fire} has it. */
    final void fires(INDArray spikes) {
        // The square of a spike is one.
        fires(Arithmetic.of(dataType).meanSquare(spikes));
    }

    /** How many spikes a neuron and time step there are in a training pass. */
    final void fires(double known) {
        rate = known;
    }

    /** A workspace that has been asked for more than there is serves nobody any more. */
    private void checkRoom(int steps, long n, long width) {
        double gigabytes = (double) steps * n * width * dataType.width() / 1e9;
        if (gigabytes > LARGE) {
            try {
                Allocation.zeros(dataType, steps, n, width).close();
            } catch (IllegalStateException e) {
                throw new IllegalStateException(String.format(Locale.ROOT, "%s: no memory for what %d samples' %d"
                        + " neurons do in %d time steps (%.3g GB): take fewer time steps, or smaller mini-batches",
                        LayerHost.name(this), n, width, steps, gigabytes), e);
            }
        }
    }

    /** The training pass that came last is learnt from: what neurons did in it counts. */
    final void learns() {
        firing.note(LayerHost.name(this), rate);
    }

    private INDArray values(LayerWorkspaceMgr workspaces, long rows, long width) {
        return workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, new long[] {rows, width}, order());
    }

    /** What neurons do, as a sequence: a view. */
    final INDArray series(INDArray rows) {
        return Sequences.of(shaped(rows), steps());
    }

    /** From the forward pass: of each time step, or their mean. Asked for once. */
    final INDArray takeSlopes() {
        INDArray taken = slopes;
        slopes = null;
        return taken;
    }

    /**
     * Errors of each neuron's input at each time step, from those of its spikes.
     *
     * @param errors T n x d, or n x d that are the same at each time step
     * @return T n x d
     */
    final INDArray backInTime(INDArray errors, double factor) {
        INDArray deltas = backInTime(errors, factor, takeSlopes(), carried);
        carried = null;
        return deltas;
    }

    /** What meets what comes in at each time step, of errors that meet its trace: T n x d. */
    final INDArray meetingInputs(INDArray errors) {
        return backInTime(errors, 1, null, null);
    }

    private INDArray backInTime(INDArray errors, double factor, INDArray own, INDArray derivatives) {
        INDArray given = errors.ordering() == order() && errors.elementWiseStride() == 1 ? errors : errors.dup(order());
        INDArray deltas = Nd4j.createUninitialized(
                dataType, new long[] {steps() * input.size(0), errors.size(1)}, order());
        Arithmetic.of(dataType).backInTime(given, steps(), factor, neuron, own, derivatives, deltas);
        return deltas;
    }

    /**
     * How often neurons have fired lately: {@code r(t) = kept r(t-1) + (1 - kept) s(t)}, from 0.
     *
     * @param spikes T n x d
     * @return T n x d
     */
    final INDArray runningRates(INDArray spikes, double kept) {
        INDArray rates = Nd4j.createUninitialized(dataType, spikes.shape(), order());
        int n = (int) input.size(0);
        INDArray before = null;
        for (int step = 0; step < steps(); step++) {
            INDArray now = Rows.between(rates, step * n, (step + 1) * n);
            now.assign(Rows.between(spikes, step * n, (step + 1) * n)).muli(1 - kept);
            if (before != null) {
                now.addi(before.mul(kept));
            }
            before = now;
        }
        return rates;
    }

    /** Where the layer's input is the same at each time step, the sum over these of its errors. */
    final INDArray summed(INDArray deltas, INDArray activity) {
        if (activity.size(0) == deltas.size(0)) {
            return deltas;
        }
        return overTime(deltas, 1);
    }

    /** A sum over time in which each time step has the same weight: T n x d to n x d. */
    final INDArray overTime(INDArray rows, double weight) {
        double[] weights = new double[steps()];
        Arrays.fill(weights, weight);
        return overTime(rows, weights);
    }

    /** A weighted sum over time: T n x d to n x d. */
    final INDArray overTime(INDArray rows, double[] weights) {
        INDArray sum = Nd4j.createUninitialized(
                dataType, new long[] {rows.size(0) / weights.length, rows.size(1)}, order());
        Arithmetic.of(dataType).overTime(rows, weights, sum);
        return sum;
    }

    /**
     * The mean over time of each input's trace.
     *
     * @param weights those of {@link Neuron#meanTrace}
     * @return as {@link #inputs} has it, with a row for each sample
     */
    final INDArray trace(double[] weights) {
        INDArray inputs = inputs();
        if (!isSequence()) {
            return inputs.mul(Arrays.stream(weights).sum());
        }
        long[] shape = inputs.shape().clone();
        shape[0] = input.size(0);
        INDArray trace = overTime(Sequences.matrix(inputs), weights);
        return inputs.rank() == 2 ? trace : trace.reshape('c', shape);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray activity = inputs();
        INDArray errors = Sequences.matrix(Sequences.rows(epsilon.castTo(dataType)));
        INDArray delta = summed(backInTime(errors, 1), activity);
        Gradient gradient = gradient(activity, delta, 1);
        INDArray weights = getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, true, workspaces);
        INDArray below = below(delta, weights, workspaces);
        weightNoiseParams.clear();
        learns();
        return new Pair<>(gradient, backpropDropOutIfPresent(isSequence() ? Sequences.of(below, steps()) : below));
    }

    @Override
    public void clear() {
        super.clear();
        slopes = null;
        carried = null;
    }
}
