package org.ibhebb.layers;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.conf.layers.IbHebbConvolutionLayer;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A 2D convolution that learns by its own modulatory signal, which sees the feature maps average-pooled and normalised.
 * Its output is that of DL4J's convolution; nothing is passed below.
 */
public class IbHebbConvolution extends ConvolutionLayer {

    private final transient LocalLearner learner;
    private transient INDArray preActivation;

    /**
     * Called by DL4J.
     *
     * @param conf holds an {@link IbHebbConvolutionLayer}
     * @param dataType of the network
     */
    public IbHebbConvolution(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        IbHebbConvolutionLayer local = (IbHebbConvolutionLayer) conf.getLayer();
        learner = new LocalLearner(
                local.getRule(), local.isSource(), local.getCnn2dDataFormat() == CNN2DFormat.NHWC);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        if (!training) {
            return super.activate(false, workspaces);
        }
        assertInputSet(false);
        learner.begin(this, paramsFlattened, workspaces);
        applyDropOutIfNecessary(true, workspaces);
        preActivation = null;
        INDArray output = preOutput(true, false, workspaces).getFirst();
        // The activation function works in place, and the backward pass needs what it was given.
        preActivation = workspaces.dup(ArrayType.ACTIVATIONS, output);
        output = layerConf().getActivationFn().getActivation(output, true);
        learner.observe(output, workspaces);
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        Pair<Gradient, INDArray> own = super.backpropGradient(learner.signal(this, epsilon), workspaces);
        preActivation = null;
        own.getSecond().assign(0);
        return own;
    }

    /** DL4J's backward pass asks for the pre-activation here: it gets the one of the forward pass, not a second one. */
    @Override
    protected Pair<INDArray, INDArray> preOutput4d(
            boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
        return forBackprop && preActivation != null
                ? new Pair<>(preActivation, null)
                : super.preOutput4d(training, forBackprop, workspaces);
    }

    @Override
    public void clear() {
        super.clear();
        preActivation = null;
    }
}
