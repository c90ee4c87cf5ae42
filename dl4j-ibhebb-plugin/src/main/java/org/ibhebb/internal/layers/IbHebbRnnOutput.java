package org.ibhebb.internal.layers;

import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.recurrent.RnnOutputLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.TimeSeriesUtils;
import org.ibhebb.internal.view.TimeSteps;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The readout of sequences with a label for each time step: DL4J's layer with its own loss (the delta rule), which also
 * shows the labels to the local layers.
 */
public class IbHebbRnnOutput extends RnnOutputLayer {

    private final transient boolean passesError;
    private final transient LayerHost host = new LayerHost(this);
    private final transient Supervision supervision = new Supervision(this, host);
    private final transient OutputErrors errors = new OutputErrors(this);
    private final transient LookAhead lookAhead = new LookAhead();
    /** Which time steps there are: DL4J keeps it only where no recurrent layer let it through. */
    private transient INDArray features;

    /**
     * Called by the configuration.
     *
     * @param conf the layer's configuration
     * @param dataType of the network
     * @param passesError whether a back-propagated layer below needs this layer's error
     */
    public IbHebbRnnOutput(NeuralNetConfiguration conf, DataType dataType, boolean passesError) {
        super(conf, dataType);
        this.passesError = passesError;
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(INDArray mask, MaskState state, int miniBatch) {
        if (maskArray == null) {
            // A mask of labels goes before that of features, and says how old what is in use is.
            host.masked(mask, paramsFlattened);
        }
        features = mask == null ? null : TimeSeriesUtils.reshapeTimeSeriesMaskToVector(
                mask, LayerWorkspaceMgr.noWorkspacesImmutable(), ArrayType.INPUT);
        return super.feedForwardMaskArray(mask, state, miniBatch);
    }

    @Override
    public void setMaskArray(INDArray mask) {
        host.masked(mask, paramsFlattened);
        super.setMaskArray(mask);
        if (mask == null) {
            features = null;
        }
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        return host.pass(paramsFlattened, () -> backward(epsilon, workspaces));
    }

    private Pair<Gradient, INDArray> backward(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        // First of all DL4J's checks of its shapes.
        Pair<Gradient, INDArray> own = lookAhead.during(
                this, paramsFlattened, () -> super.backpropGradient(epsilon, workspaces));
        supervision.show(
                TimeSteps.rows(labels, layerConf().getRnnDataFormat() == RNNFormat.NWC),
                // Time steps that are not there have no label either, whatever DL4J makes of them in its loss.
                maskArray == null ? features : maskArray,
                (int) labels.size(0));
        double factor = errors.factor(TimeSteps.rows(input, layerConf().getRnnDataFormat() == RNNFormat.NWC));
        if (factor != 1) {
            own.getFirst().gradientForVariable().values().forEach(gradient -> gradient.muli(factor));
        }
        if (!passesError) {
            own.getSecond().assign(0);
        }
        return own;
    }

    @Override
    public TrainingConfig getConfig() {
        return lookAhead.bound(super.getConfig());
    }

    @Override
    public void clear() {
        super.clear();
        features = null;
    }
}
