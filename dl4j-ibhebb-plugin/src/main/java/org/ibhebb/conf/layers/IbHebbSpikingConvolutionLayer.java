package org.ibhebb.conf.layers;

import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.ibhebb.internal.layers.Fields;
import org.ibhebb.internal.layers.NewLayer;
import org.ibhebb.internal.layers.SpikingConvolution;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.spiking.SpikingConvolutionLayer;
import org.ibhebb.spiking.SpikingDenseLayer.Learning;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A 2D convolution of spiking neurons that learns locally, once a sample. Settings, parameters and spikes are those of
 * {@link SpikingConvolutionLayer}. The class name and the fields are part of saved models.
 */
public class IbHebbSpikingConvolutionLayer extends SpikingConvolutionLayer implements LocalLayer {

    /** How the layer learns; null for the first layer of a unit, whose signal comes from the unit's last one. */
    private @Nullable LearningRule rule;
    /** Whether the layer's input counts as the network's, because no local layer stands below. */
    private boolean source;

    /** Whether the network has a back-propagated head; null where nobody decided. */
    private @Nullable Boolean backPropagatedHead;

    /** Makes an empty configuration for JSON to fill. */
    public IbHebbSpikingConvolutionLayer() {}

    /**
     * Makes a layer local.
     *
     * @param stock its settings are copied
     * @param rule how it learns
     * @param source whether its input counts as the network's input X
     * @return the local layer
     */
    public static IbHebbSpikingConvolutionLayer of(
            SpikingConvolutionLayer stock, @Nullable LearningRule rule, boolean source) {
        IbHebbSpikingConvolutionLayer local = Fields.copy(stock, new IbHebbSpikingConvolutionLayer());
        local.rule = rule;
        local.source = source;
        return local;
    }

    @Override
    public @Nullable LearningRule getRule() {
        return rule;
    }

    @Override
    public IbHebbSpikingConvolutionLayer withRule(@Nullable LearningRule other) {
        IbHebbSpikingConvolutionLayer copy = clone();
        copy.rule = other;
        return copy;
    }

    @Override
    public @Nullable Boolean getBackPropagatedHead() {
        return backPropagatedHead;
    }

    @Override
    public IbHebbSpikingConvolutionLayer withBackPropagatedHead(@Nullable Boolean there) {
        IbHebbSpikingConvolutionLayer copy = clone();
        copy.backPropagatedHead = there;
        return copy;
    }

    @Override
    public boolean isSource() {
        return source;
    }

    /** {@return false: the signal sees a sample's rates, and none of its time steps} */
    @Override
    public boolean isStepwise() {
        return false;
    }

    @Override
    public SpikingConvolutionLayer toStock() {
        return Fields.copy(this, new SpikingConvolutionLayer());
    }

    @Override
    public IbHebbSpikingConvolutionLayer clone() {
        return (IbHebbSpikingConvolutionLayer) super.clone();
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            @Nullable Collection<TrainingListener> listeners,
            int index,
            @Nullable INDArray parameters,
            boolean initialize,
            DataType dataType) {
        LayerValidation.assertNInNOutSet("IbHebbSpikingConvolutionLayer", getLayerName(), index, getNIn(), getNOut());
        check(index);
        LocalLayers.checkTraining(conf, getLayerName(), index);
        LocalLayers.validate(rule, 0, getLayerName(), index);
        SpikingConvolution layer = new SpikingConvolution(conf, dataType, neuron(), getSettings().getTimeSteps(),
                getSettings().getLearning() == Learning.EXACT);
        NewLayer.ready(layer, this, conf, listeners, index, parameters, initialize);
        return LocalLayers.spiking(layer, getSettings().getLearning(), parameters, rule, source);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof IbHebbSpikingConvolutionLayer that
                && Objects.equals(rule, that.rule)
                && source == that.source
                && Objects.equals(backPropagatedHead, that.backPropagatedHead);
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof IbHebbSpikingConvolutionLayer;
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + Objects.hash(rule, source, backPropagatedHead);
    }
}
