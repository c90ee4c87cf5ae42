package org.ibhebb.internal.layers;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The rates of spike trains, or what a leaky integrator makes of them, for layers that know no time. */
public class SpikeRate extends AbstractLayer<Layer> {

    /** As layer normalisation usually has it. */
    public static final double EPSILON = 1e-5;

    private final boolean normalized;
    private final double scale;
    private final double leak;
    private final boolean last;
    private transient INDArray rows;
    private transient INDArray inverseDeviation;

    /**
     * Called by the configuration.
     *
     * @param conf the layer's configuration
     * @param dataType of the network
     * @param normalized whether each sample's rates are brought to mean 0 and variance 1
     * @param scale multiplies the rates where they are not
     * @param leak of the membrane that integrates spikes, in [0, 1); 0 for none
     * @param last whether the last time step is read, not the mean over all
     */
    public SpikeRate(NeuralNetConfiguration conf, DataType dataType, boolean normalized, double scale, double leak,
            boolean last) {
        super(conf, dataType);
        this.normalized = normalized;
        this.scale = scale;
        this.leak = leak;
        this.last = last;
    }

    /**
     * What a spike at each time step counts: a leaky integrator is linear.
     *
     * @param leak of its membrane, in [0, 1); 0 for none
     * @param last whether the last time step is read, not the mean over all
     * @param steps how many there are, at least 1
     * @return one weight a time step
     */
    public static double[] weights(double leak, boolean last, int steps) {
        double[] weights = new double[steps];
        double kept = 1;
        double sum = 0;
        for (int step = steps - 1; step >= 0; step--) {
            sum = leak * sum + 1;
            weights[step] = (1 - leak) * (last ? kept : sum / steps);
            kept *= leak;
        }
        return weights;
    }

    private double[] scaledWeights() {
        double[] weights = weights(leak, last, (int) input.size(2));
        return normalized ? weights : Arrays.stream(weights).map(weight -> weight * scale).toArray();
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public void clearNoiseWeightParams() {
        // There are no weights.
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        if (input.rank() != 3 && input.rank() != 5) {
            throw new DL4JInvalidInputException(LayerHost.name(this) + ": input of shape "
                    + Arrays.toString(input.shape()) + " has no time steps: rates are those of spike trains (samples x"
                    + " neurons x time steps, or samples x feature maps x time steps x height x width), as spiking"
                    + " layers give them");
        }
        if (maskArray != null) {
            throw new UnsupportedOperationException(LayerHost.name(this) + ": rates are means over all time steps, and"
                    + " a mask of shape " + Arrays.toString(maskArray.shape()) + " says that there are fewer: give"
                    + " sequences of one length (and clear the refused mask: network.clearLayerMaskArrays())");
        }
        INDArray given = input.castTo(dataType);
        long n = given.size(0);
        INDArray series = Sequences.matrix(Sequences.rows(given));
        Arithmetic arithmetic = Arithmetic.of(dataType);
        INDArray rates = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, dataType, new long[] {n, series.size(1)}, 'c');
        arithmetic.overTime(series, scaledWeights(), rates);
        if (normalized) {
            INDArray raw = rates.dup('c');
            inverseDeviation = workspaces.createUninitialized(
                    ArrayType.ACTIVATIONS, dataType, new long[] {n, 1}, 'c');
            arithmetic.normalize(raw, EPSILON, rates, inverseDeviation);
            // Layers above may change what they are given, dropout for one.
            rows = training ? workspaces.dup(ArrayType.ACTIVATIONS, rates, 'c') : null;
        }
        return input.rank() == 3 ? rates : rates.reshape('c', n, input.size(1), input.size(3), input.size(4));
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray errors = Sequences.matrix(epsilon.castTo(dataType).dup('c'));
        if (normalized) {
            INDArray signal = errors.dup('c');
            Arithmetic.of(dataType).denormalize(signal, rows, inverseDeviation, errors);
            rows = null;
            inverseDeviation = null;
        }
        int steps = (int) input.size(2);
        boolean images = input.rank() == 5;
        INDArray below = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType,
                new long[] {steps * errors.size(0), errors.size(1)}, images ? 'c' : 'f');
        INDArray each = errors.dup(below.ordering());
        double[] weights = scaledWeights();
        INDArray ofSteps = Sequences.of(below, steps);
        for (int step = 0; step < steps; step++) {
            each.muli(weights[step], ofSteps.tensorAlongDimension(step, 0, 1));
        }
        INDArray series = images
                ? Sequences.of(below.reshape('c', below.size(0), input.size(1), input.size(3), input.size(4)), steps)
                : ofSteps;
        return new Pair<>(new DefaultGradient(), series);
    }

    @Override
    public void clear() {
        super.clear();
        rows = null;
        inverseDeviation = null;
    }
}
