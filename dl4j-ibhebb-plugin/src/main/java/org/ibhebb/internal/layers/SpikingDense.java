package org.ibhebb.internal.layers;

import java.util.Arrays;
import java.util.Locale;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.arithmetic.Allocation;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Neuron;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A dense layer of spiking neurons, trained by back-propagation through time: where the derivative of a spike would
 * stand, the backward pass has the neuron's slope.
 */
public class SpikingDense extends BaseLayer<FeedForwardLayer> {

    /** In gigabytes: from here on it is tried out first whether there is room. */
    private static final double LARGE = 1;

    /** How many time steps an input lasts that is no sequence. */
    private final int timeSteps;
    /** Whether errors go back in time through the reset, too. */
    private final boolean throughReset;
    private transient Neuron neuron;
    private transient INDArray slopes;
    private transient INDArray carried;

    /**
     * Called by the configuration.
     *
     * @param conf the layer's configuration
     * @param dataType of the network
     * @param neuron of which kind its neurons are
     * @param timeSteps how many time steps an input lasts that is no sequence, at least 1
     * @param throughReset whether errors go back in time through the reset, too
     */
    public SpikingDense(
            NeuralNetConfiguration conf, DataType dataType, Neuron neuron, int timeSteps, boolean throughReset) {
        super(conf, dataType);
        this.neuron = neuron;
        this.timeSteps = timeSteps;
        this.throughReset = throughReset;
    }

    /** From now on with neurons whose gradients can be compared with finite differences. */
    final void smooth() {
        neuron = neuron.smoothed();
    }

    final Neuron neuron() {
        return neuron;
    }

    final boolean throughReset() {
        return throughReset;
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    /** How many time steps the input has. */
    final int steps() {
        return input.rank() == 3 ? (int) input.size(2) : timeSteps;
    }

    /** What comes in: one row a sample if it is the same at each time step, and one a sample and time step if not. */
    final INDArray inputs() {
        INDArray given = input.castTo(dataType);
        return given.rank() == 3 ? rows(given) : given;
    }

    /** n x d x T as T n x d, the samples of the first time step first. */
    static INDArray rows(INDArray series) {
        return series.permute(2, 0, 1).reshape('c', series.size(0) * series.size(2), series.size(1));
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        check();
        INDArray spikes = training ? fire(true, false, workspaces) : fire(false, false, workspaces);
        return series(spikes);
    }

    /** Refuses an input that is neither n x d nor n x d x T. */
    final void check() {
        long width = layerConf().getNIn();
        if (input.rank() != 2 && input.rank() != 3 || input.size(1) != width) {
            throw new DL4JInvalidInputException(LayerHost.name(this) + ": input of shape "
                    + Arrays.toString(input.shape()) + " does not fit this spiking layer, which takes " + width
                    + " values a sample, or sequences of them (samples x " + width + " x time steps)");
        }
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
        INDArray bias = getParamWithNoise(DefaultParamInitializer.BIAS_KEY, training, workspaces);
        int steps = steps();
        long n = input.size(0);
        long width = weights.size(1);
        Arithmetic arithmetic = Arithmetic.of(dataType);
        boolean same = activity.size(0) == n;
        checkRoom(steps, n, width);
        INDArray spikes = values(workspaces, steps * n, width);
        // Spikes take the place of the currents that they come from.
        INDArray currents = same && steps > 1 ? values(workspaces, n, width) : spikes;
        arithmetic.affine(activity, weights, bias, currents);
        INDArray all = training && !mean ? values(workspaces, steps * n, width) : null;
        carried = training && !mean && throughReset ? values(workspaces, steps * n, width) : null;
        INDArray average = training && mean ? values(workspaces, n, width) : null;
        arithmetic.fire(currents, steps, neuron, spikes, all, carried, average);
        slopes = mean ? average : all;
        return spikes;
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

    private INDArray values(LayerWorkspaceMgr workspaces, long rows, long width) {
        return workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, new long[] {rows, width}, 'f');
    }

    /** T n x d as n x d x T: a view. */
    final INDArray series(INDArray rows) {
        return series(rows, steps());
    }

    /** T n x d as n x d x T: a view. */
    static INDArray series(INDArray rows, int steps) {
        long n = rows.size(0) / steps;
        return Nd4j.create(rows.data(), new long[] {n, rows.size(1), steps},
                new long[] {rows.stride()[0], rows.stride()[1], rows.stride()[0] * n}, rows.offset(), 'f');
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
        INDArray own = takeSlopes();
        INDArray deltas = Nd4j.createUninitialized(dataType, own.shape(), 'f');
        Arithmetic.of(dataType).backInTime(errors.ordering() == 'f' && errors.elementWiseStride() == 1
                ? errors
                : errors.dup('f'), steps(), factor, neuron.leak(), own, carried, deltas);
        carried = null;
        return deltas;
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
                dataType, new long[] {rows.size(0) / weights.length, rows.size(1)}, 'f');
        Arithmetic.of(dataType).overTime(rows, weights, sum);
        return sum;
    }

    /** Writes the gradient of weights and bias. */
    final Gradient gradient(INDArray activity, INDArray delta, double biasFactor) {
        INDArray weights = gradientViews.get(DefaultParamInitializer.WEIGHT_KEY);
        INDArray bias = gradientViews.get(DefaultParamInitializer.BIAS_KEY);
        Arithmetic.of(dataType).denseGradient(activity, delta, weights, bias);
        if (biasFactor != 1) {
            bias.muli(biasFactor);
        }
        Gradient gradient = new DefaultGradient();
        gradient.gradientForVariable().put(DefaultParamInitializer.WEIGHT_KEY, weights);
        gradient.gradientForVariable().put(DefaultParamInitializer.BIAS_KEY, bias);
        return gradient;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray activity = inputs();
        INDArray delta = summed(backInTime(rows(epsilon.castTo(dataType)), 1), activity);
        Gradient gradient = gradient(activity, delta, 1);
        INDArray weights = getParamWithNoise(DefaultParamInitializer.WEIGHT_KEY, true, workspaces);
        INDArray below = workspaces.createUninitialized(
                ArrayType.ACTIVATION_GRAD, dataType, new long[] {delta.size(0), weights.size(0)}, 'f');
        Nd4j.gemm(delta, weights, below, false, true, 1, 0);
        weightNoiseParams.clear();
        return new Pair<>(gradient, backpropDropOutIfPresent(input.rank() == 3 ? series(below) : below));
    }

    @Override
    public void clear() {
        super.clear();
        slopes = null;
        carried = null;
    }
}
