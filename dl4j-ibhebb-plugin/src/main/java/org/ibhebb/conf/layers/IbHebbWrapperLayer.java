package org.ibhebb.conf.layers;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.RecurrentLayer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.ibhebb.internal.layers.CheckedForm;
import org.ibhebb.internal.layers.IbHebbLayer;
import org.ibhebb.internal.layers.IbHebbRecurrent;
import org.ibhebb.internal.layers.StockForm;
import org.ibhebb.internal.learner.LayerLearner;
import org.ibhebb.layer.LocalForm;
import org.ibhebb.rule.LearningRule;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Makes any layer local: the modulatory signal takes the place of the error from above. It costs a second forward pass
 * and an error product that nobody reads, which {@link IbHebbDenseLayer}, {@link IbHebbConvolutionLayer}, and any layer
 * with a {@link LocalForm} of its own save. The class name and the fields are part of saved models.
 */
public class IbHebbWrapperLayer extends BaseWrapperLayer implements LocalLayer {

    /** How the layer learns; null for the first layer of a unit, whose signal comes from the unit's last one. */
    private @Nullable LearningRule rule;
    /** Whether the layer's input counts as the network's, because no local layer stands below. */
    private boolean source;
    /** Whether each time step of a sequence is a sample of its own, with a label of its own. */
    private boolean stepwise;
    /** Whether the network has a back-propagated head; null where nobody decided. */
    private @Nullable Boolean backPropagatedHead;
    /** Whether the signal goes on to the layer below. */
    private boolean endsUnit;
    /** Whether activations have their channels in the last dimension. */
    private boolean channelsLast;

    /** Makes an empty configuration for JSON to fill. */
    public IbHebbWrapperLayer() {}

    /**
     * Makes a layer local.
     *
     * @param stock the layer; copied
     * @param rule how it learns; null for the first layer of a unit
     * @param source whether its input counts as the network's input X
     * @param stepwise whether each time step of a sequence is a sample of its own, with a label of its own
     * @param unitStart the first layer of the unit that this layer ends, so that its signal goes on down to that one;
     *     null if it ends none, so that nothing is passed below
     * @return the local layer
     */
    public static IbHebbWrapperLayer of(
            org.deeplearning4j.nn.conf.layers.Layer stock,
            @Nullable LearningRule rule,
            boolean source,
            boolean stepwise,
            org.deeplearning4j.nn.conf.layers.@Nullable Layer unitStart) {
        IbHebbWrapperLayer local = new IbHebbWrapperLayer();
        local.underlying = stock.clone();
        local.setLayerName(stock.getLayerName());
        local.rule = rule;
        local.source = source;
        local.stepwise = stepwise;
        local.endsUnit = unitStart != null;
        // Activation layers do not know the format that they pass on.
        local.channelsLast = channelsLast(stock) || channelsLast(unitStart);
        return local;
    }

    @Override
    public @Nullable LearningRule getRule() {
        return rule;
    }

    @Override
    public IbHebbWrapperLayer withRule(@Nullable LearningRule other) {
        IbHebbWrapperLayer copy = clone();
        copy.rule = other;
        return copy;
    }

    @Override
    public @Nullable Boolean getBackPropagatedHead() {
        return backPropagatedHead;
    }

    @Override
    public IbHebbWrapperLayer withBackPropagatedHead(@Nullable Boolean there) {
        IbHebbWrapperLayer copy = clone();
        copy.backPropagatedHead = there;
        return copy;
    }

    @Override
    public boolean isSource() {
        return source;
    }

    @Override
    public boolean isStepwise() {
        return stepwise;
    }

    /**
     * Whether this is the last layer of a unit.
     *
     * @return true if its signal goes on down to the unit's first layer
     */
    public boolean isEndsUnit() {
        return endsUnit;
    }

    /**
     * Where the wrapped layer's activations have their channels.
     *
     * @return true for the last dimension (NHWC, NWC, NDHWC), false for the second
     */
    public boolean isChannelsLast() {
        return channelsLast;
    }

    private static boolean channelsLast(org.deeplearning4j.nn.conf.layers.@Nullable Layer any) {
        org.deeplearning4j.nn.conf.layers.@Nullable Layer layer = any;
        while (layer instanceof BaseWrapperLayer wrapper) {
            layer = wrapper.getUnderlying();
        }
        if (layer instanceof Convolution1DLayer convolution) {
            return convolution.getRnnDataFormat() == RNNFormat.NWC;
        }
        if (layer instanceof Convolution3D convolution) {
            return convolution.getDataFormat() == Convolution3D.DataFormat.NDHWC;
        }
        if (layer instanceof ConvolutionLayer convolution) {
            return convolution.getCnn2dDataFormat() == CNN2DFormat.NHWC;
        }
        if (layer instanceof BatchNormalization normalization) {
            return normalization.getCnn2DFormat() == CNN2DFormat.NHWC;
        }
        return layer instanceof BaseRecurrentLayer recurrent && recurrent.getRnnDataFormat() == RNNFormat.NWC;
    }

    @Override
    public org.deeplearning4j.nn.conf.layers.Layer toStock() {
        return underlying instanceof ConvertedLayer inside ? inside.toStock() : underlying.clone();
    }

    @Override
    public IbHebbWrapperLayer clone() {
        IbHebbWrapperLayer copy = (IbHebbWrapperLayer) super.clone();
        copy.underlying = underlying.clone();
        return copy;
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            @Nullable Collection<TrainingListener> listeners,
            int index,
            @Nullable INDArray parameters,
            boolean initialize,
            DataType dataType) {
        LocalLayers.checkTraining(conf, getLayerName(), index);
        NeuralNetConfiguration inner = conf.clone();
        inner.setLayer(underlying);
        Layer layer = underlying.instantiate(inner, listeners, index, parameters, initialize, dataType);
        // DL4J lists a network's parameters by the variables of the outer configuration.
        List<String> variables = layer.conf().variables(true);
        conf.clearVariables();
        variables.forEach(conf::addVariable);
        LayerLearner learner = new LayerLearner(rule, source, stepwise, channelsLast);
        StockForm stock = new StockForm(layer, endsUnit, channelsLast);
        if (!endsUnit && underlying instanceof LocalForm.Configuration kind) {
            if (layer instanceof RecurrentLayer) {
                throw new IllegalArgumentException("layer '" + getLayerName() + "' (index " + index + ") is recurrent,"
                        + " and has a local form of its own, which Deeplearning4j's passes for truncated"
                        + " back-propagation through time would go around: let its configuration be no"
                        + " LocalForm.Configuration");
            }
            return new IbHebbLayer(layer, new CheckedForm(layer, kind.localForm(layer)), parameters, learner);
        }
        return layer instanceof RecurrentLayer
                ? new IbHebbRecurrent(layer, stock, parameters, learner)
                : new IbHebbLayer(layer, stock, parameters, learner);
    }

    @Override
    public IUpdater getUpdaterByParam(String parameter) {
        return underlying.getUpdaterByParam(parameter);
    }

    @Override
    public void setDataType(DataType dataType) {
        underlying.setDataType(dataType);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IbHebbWrapperLayer that
                && Objects.equals(underlying, that.underlying)
                && Objects.equals(rule, that.rule)
                && source == that.source
                && stepwise == that.stepwise
                && Objects.equals(backPropagatedHead, that.backPropagatedHead)
                && endsUnit == that.endsUnit
                && channelsLast == that.channelsLast;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof IbHebbWrapperLayer;
    }

    @Override
    public int hashCode() {
        return Objects.hash(underlying, rule, source, stepwise, backPropagatedHead, endsUnit, channelsLast);
    }

    @Override
    public String toString() {
        return "IbHebbWrapperLayer(rule=" + rule + ", " + underlying + ")";
    }
}
