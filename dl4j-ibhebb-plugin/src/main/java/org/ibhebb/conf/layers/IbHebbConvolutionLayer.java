package org.ibhebb.conf.layers;

import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.ibhebb.internal.layers.ConvolutionForm;
import org.ibhebb.internal.layers.Fields;
import org.ibhebb.internal.layers.IbHebbLayer;
import org.ibhebb.internal.layers.NewLayer;
import org.ibhebb.internal.learner.LayerLearner;
import org.ibhebb.rule.LearningRule;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A 2D convolution that learns locally. Settings, parameters and output are those of {@link ConvolutionLayer}. The
 * class name and the fields are part of saved models.
 */
public class IbHebbConvolutionLayer extends ConvolutionLayer implements LocalLayer {

    /** How the layer learns; null for the first layer of a unit, whose signal comes from the unit's last one. */
    private @Nullable LearningRule rule;
    /** Whether the layer's input counts as the network's, because no local layer stands below. */
    private boolean source;
    /** Whether the layer's images are the time steps of sequences, each with a label of its own. */
    private boolean stepwise;

    /** Whether the network has a back-propagated head; null where nobody decided. */
    private @Nullable Boolean backPropagatedHead;

    /** Makes an empty configuration for JSON to fill. */
    public IbHebbConvolutionLayer() {}

    /**
     * Makes a layer local.
     *
     * @param stock its settings are copied
     * @param rule how it learns; null for the first layer of a unit
     * @param source whether its input counts as the network's input X
     * @param stepwise whether its images are the time steps of sequences, each with a label of its own
     * @return the local layer
     */
    public static IbHebbConvolutionLayer of(
            ConvolutionLayer stock, @Nullable LearningRule rule, boolean source, boolean stepwise) {
        IbHebbConvolutionLayer local = Fields.copy(stock, new IbHebbConvolutionLayer());
        local.rule = rule;
        local.source = source;
        local.stepwise = stepwise;
        return local;
    }

    @Override
    public @Nullable LearningRule getRule() {
        return rule;
    }

    @Override
    public IbHebbConvolutionLayer withRule(@Nullable LearningRule other) {
        IbHebbConvolutionLayer copy = clone();
        copy.rule = other;
        return copy;
    }

    @Override
    public @Nullable Boolean getBackPropagatedHead() {
        return backPropagatedHead;
    }

    @Override
    public IbHebbConvolutionLayer withBackPropagatedHead(@Nullable Boolean there) {
        IbHebbConvolutionLayer copy = clone();
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

    @Override
    public ConvolutionLayer toStock() {
        return Fields.copy(this, new ConvolutionLayer());
    }

    @Override
    public IbHebbConvolutionLayer clone() {
        return (IbHebbConvolutionLayer) super.clone();
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            @Nullable Collection<TrainingListener> listeners,
            int index,
            @Nullable INDArray parameters,
            boolean initialize,
            DataType dataType) {
        LayerValidation.assertNInNOutSet("IbHebbConvolutionLayer", getLayerName(), index, getNIn(), getNOut());
        LocalLayers.checkTraining(conf, getLayerName(), index);
        LocalLayers.validate(rule, 0, getLayerName(), index);
        ConvolutionForm form = new ConvolutionForm(conf, dataType);
        NewLayer.ready(form, this, conf, listeners, index, parameters, initialize);
        boolean channelsLast = getCnn2dDataFormat() == CNN2DFormat.NHWC;
        return new IbHebbLayer(form, form, parameters, new LayerLearner(rule, source, stepwise, channelsLast));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof IbHebbConvolutionLayer that
                && Objects.equals(rule, that.rule)
                && source == that.source
                && stepwise == that.stepwise
                && Objects.equals(backPropagatedHead, that.backPropagatedHead);
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof IbHebbConvolutionLayer;
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + Objects.hash(rule, source, stepwise, backPropagatedHead);
    }

    @Override
    public String toString() {
        return "IbHebbConvolutionLayer(rule=" + rule + ", " + super.toString() + ")";
    }

    /**
     * Builds a local layer directly, {@link #rule} first: the builder of {@link ConvolutionLayer} with a learning
     * rule.
     */
    @SuppressWarnings("unchecked") // DL4J declares build() generic in its result
    public static class Builder extends ConvolutionLayer.Builder {

        private LearningRule rule = LearningRule.convolutionDefaults();
        private boolean source;

        /** Begins with the default rule and a kernel of 5 x 5. */
        public Builder() {}

        /**
         * Begins with the default rule.
         *
         * @param kernelSize height and width of the kernel
         */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * How the layer learns.
         *
         * @param rule the {@linkplain LearningRule#convolutionDefaults() defaults} unless said otherwise
         * @return this builder
         */
        public Builder rule(LearningRule rule) {
            this.rule = Objects.requireNonNull(rule, "rule");
            return this;
        }

        /**
         * Says that no local layer stands below this one, so that its input is what objectives take as X.
         *
         * @param source false unless said otherwise
         * @return this builder
         */
        public Builder source(boolean source) {
            this.source = source;
            return this;
        }

        @Override
        public IbHebbConvolutionLayer build() {
            return of(super.build(), rule, source, false);
        }
    }
}
