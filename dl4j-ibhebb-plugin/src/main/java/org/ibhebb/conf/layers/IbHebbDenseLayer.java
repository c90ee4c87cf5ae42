package org.ibhebb.conf.layers;

import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.ibhebb.internal.layers.DenseForm;
import org.ibhebb.internal.layers.Fields;
import org.ibhebb.internal.layers.IbHebbLayer;
import org.ibhebb.internal.layers.NewLayer;
import org.ibhebb.internal.learner.LayerLearner;
import org.ibhebb.rule.LearningRule;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A dense layer that learns locally. Settings, parameters and output are those of {@link DenseLayer}. The class name
 * and the fields are part of saved models.
 */
public class IbHebbDenseLayer extends DenseLayer implements LocalLayer {

    /** How the layer learns; null for the first layer of a unit, whose signal comes from the unit's last one. */
    private @Nullable LearningRule rule;
    /** Whether the layer's input counts as the network's, because no local layer stands below. */
    private boolean source;
    /** Whether the layer's rows are the time steps of sequences, each with a label of its own. */
    private boolean stepwise;

    /** Whether the network has a back-propagated head; null where nobody decided. */
    private @Nullable Boolean backPropagatedHead;

    /** Makes an empty configuration for JSON to fill. */
    public IbHebbDenseLayer() {}

    /**
     * Makes a layer local.
     *
     * @param stock its settings are copied
     * @param rule how it learns; null for the first layer of a unit
     * @param source whether its input counts as the network's input X
     * @param stepwise whether its rows are the time steps of sequences, each with a label of its own
     * @return the local layer
     */
    public static IbHebbDenseLayer of(
            DenseLayer stock, @Nullable LearningRule rule, boolean source, boolean stepwise) {
        IbHebbDenseLayer local = Fields.copy(stock, new IbHebbDenseLayer());
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
    public IbHebbDenseLayer withRule(@Nullable LearningRule other) {
        IbHebbDenseLayer copy = clone();
        copy.rule = other;
        return copy;
    }

    @Override
    public @Nullable Boolean getBackPropagatedHead() {
        return backPropagatedHead;
    }

    @Override
    public IbHebbDenseLayer withBackPropagatedHead(@Nullable Boolean there) {
        IbHebbDenseLayer copy = clone();
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
    public DenseLayer toStock() {
        return Fields.copy(this, new DenseLayer());
    }

    @Override
    public IbHebbDenseLayer clone() {
        return (IbHebbDenseLayer) super.clone();
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            @Nullable Collection<TrainingListener> listeners,
            int index,
            @Nullable INDArray parameters,
            boolean initialize,
            DataType dataType) {
        LayerValidation.assertNInNOutSet("IbHebbDenseLayer", getLayerName(), index, getNIn(), getNOut());
        LocalLayers.checkTraining(conf, getLayerName(), index);
        LocalLayers.validate(rule, getNOut(), getLayerName(), index);
        DenseForm form = new DenseForm(conf, dataType);
        NewLayer.ready(form, this, conf, listeners, index, parameters, initialize);
        return new IbHebbLayer(form, form, parameters, new LayerLearner(rule, source, stepwise, false));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof IbHebbDenseLayer that
                && Objects.equals(rule, that.rule)
                && source == that.source
                && stepwise == that.stepwise
                && Objects.equals(backPropagatedHead, that.backPropagatedHead);
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof IbHebbDenseLayer;
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + Objects.hash(rule, source, stepwise, backPropagatedHead);
    }

    @Override
    public String toString() {
        return "IbHebbDenseLayer(rule=" + rule + ", " + super.toString() + ")";
    }

    /** Builds a local layer directly, {@link #rule} first: the builder of {@link DenseLayer} with a learning rule. */
    @SuppressWarnings("unchecked") // DL4J declares build() generic in its result
    public static class Builder extends DenseLayer.Builder {

        private LearningRule rule = LearningRule.defaults();
        private boolean source;

        /** Begins with the default rule. */
        public Builder() {}

        /**
         * How the layer learns.
         *
         * @param rule the {@linkplain LearningRule#defaults() defaults} unless said otherwise
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
        public IbHebbDenseLayer build() {
            return of(super.build(), rule, source, false);
        }
    }
}
