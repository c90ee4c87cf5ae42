package org.ibhebb.samples.training;

import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;

/**
 * Rules for experiments that choose rates and compare objectives: the configuration's own updaters get each objective's
 * gradient as it is, seen on layer-normalised activations.
 */
public final class TunedRule {

    private TunedRule() {}

    /** A builder that begins with neighbourhood alone. */
    public static LearningRule.Builder builder() {
        return LearningRule.builder()
                .objective(Objective.neighbourhood())
                .normalization(LearningRule.Normalization.LAYER_NORM)
                .gain(false)
                .updaters(LearningRule.Updaters.CONFIGURED);
    }
}
