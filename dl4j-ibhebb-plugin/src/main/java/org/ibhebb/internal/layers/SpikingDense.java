package org.ibhebb.internal.layers;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Neuron;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A dense layer of spiking neurons. */
public final class SpikingDense extends SpikingNeurons<FeedForwardLayer> {

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
        super(conf, dataType, neuron, timeSteps, throughReset);
    }

    @Override
    void checkShape() {
        long width = layerConf().getNIn();
        if (input.rank() != 2 && input.rank() != 3 || input.size(1) != width) {
            throw new DL4JInvalidInputException(LayerHost.name(this) + ": input of shape "
                    + Arrays.toString(input.shape()) + " does not fit this spiking layer, which takes " + width
                    + " values a sample, or sequences of them (samples x " + width + " x time steps)");
        }
    }

    @Override
    boolean isSequence() {
        return input.rank() == 3;
    }

    @Override
    long width() {
        return layerConf().getNOut();
    }

    @Override
    char order() {
        return 'f';
    }

    @Override
    void currents(INDArray activity, INDArray weights, INDArray bias, INDArray currents) {
        Arithmetic.of(dataType).affine(activity, weights, bias, currents);
    }

    @Override
    INDArray shaped(INDArray rows) {
        return rows;
    }

    @Override
    Gradient gradient(INDArray activity, INDArray delta, double biasFactor) {
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
    INDArray below(INDArray delta, INDArray weights, LayerWorkspaceMgr workspaces) {
        INDArray below = workspaces.createUninitialized(
                ArrayType.ACTIVATION_GRAD, dataType, new long[] {delta.size(0), weights.size(0)}, 'f');
        Nd4j.gemm(delta, weights, below, false, true, 1, 0);
        return below;
    }
}
