package org.ibhebb.conf.layers;

import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.ibhebb.internal.layers.IbHebbLayer;
import org.ibhebb.internal.layers.SpikingForm;
import org.ibhebb.internal.layers.SpikingNeurons;
import org.ibhebb.internal.learner.LayerLearner;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.spiking.SpikingDenseLayer.Learning;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the configurations of local layers have in common when DL4J makes layers of them. */
final class LocalLayers {

    private LocalLayers() {}

    /**
     * Refuses optimisation algorithms that search along the network's loss, which local layers do not descend.
     * Conversion does the same; but transfer learning can change the algorithm of a converted network.
     */
    static void checkTraining(NeuralNetConfiguration conf, @Nullable String name, int index) {
        OptimizationAlgorithm algorithm = conf.getOptimizationAlgo();
        if (algorithm != null && algorithm != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT) {
            throw new IllegalArgumentException("layer '" + name + "' (index " + index + ") learns locally, and"
                    + " optimisation algorithm " + algorithm + " searches along the network's loss, which local layers"
                    + " do not descend: use STOCHASTIC_GRADIENT_DESCENT, or IbHebb.revert the network first");
        }
    }

    /** A layer of spiking neurons that learns as its settings say. */
    static IbHebbLayer spiking(SpikingNeurons<?> layer, Learning learning, @Nullable INDArray parameters,
            @Nullable LearningRule rule, boolean source) {
        if (learning == Learning.PER_STEP) {
            return new IbHebbLayer(layer, SpikingForm.atEveryStep(layer), parameters,
                    LayerLearner.atEveryStep(rule, source));
        }
        SpikingForm form =
                learning == Learning.FACTORISED ? SpikingForm.ofMeans(layer) : SpikingForm.backInTime(layer);
        return new IbHebbLayer(layer, form, parameters, new LayerLearner(rule, source, false, false));
    }

    /** Refuses a rule that does not fit a layer's width, where the width is known before training (not 0). */
    static void validate(@Nullable LearningRule rule, long width, @Nullable String name, int index) {
        if (rule == null || width == 0) {
            return;
        }
        for (Objective objective : rule.objectives()) {
            if (objective.groups() != 0 && width % objective.groups() != 0) {
                throw new IllegalArgumentException("layer '" + name + "' (index " + index + "): groups ("
                        + objective.groups() + ") must divide the layer's width (" + width + ")");
            }
        }
    }
}
