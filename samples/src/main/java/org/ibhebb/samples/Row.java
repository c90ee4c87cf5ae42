package org.ibhebb.samples;

import org.ibhebb.rule.LearningRule;

/**
 * A line of an experiment's table: one way to train, of which there is a run a seed.
 *
 * @param title as in the table
 * @param learning read by {@link TrainingRule#IBHEBB} alone
 * @param lr learning rate at the first step; hidden layers under {@link TrainingRule#IBHEBB} get what suits the batch
 * @param flip whether training images are mirrored at random
 */
record Row(String title, TrainingRule rule, ModelSpec model, LearningRule learning, int batch, double lr,
        boolean flip) {

    /** Back-propagation and frozen hidden layers go by these names in every experiment. */
    static final String BACKPROP = "back-propagation";
    static final String FROZEN = "frozen hidden layers";

    /** The rule that is being tried. */
    static Row local(String title, ModelSpec model, LearningRule learning, int batch, double lr, boolean flip) {
        return new Row(title, TrainingRule.IBHEBB, model, learning, batch, lr, flip);
    }

    /** What it is compared with: the best that is known. */
    static Row backprop(ModelSpec model, int batch, double lr, boolean flip) {
        return new Row(BACKPROP, TrainingRule.BACKPROP, model, LearningRule.defaults(), batch, lr, flip);
    }

    /** What it is compared with: no learning at all in the hidden layers. */
    static Row frozen(ModelSpec model, int batch, double lr, boolean flip) {
        return new Row(FROZEN, TrainingRule.FROZEN, model, LearningRule.defaults(), batch, lr, flip);
    }

    Settings settings(int epochs, long seed) {
        return new Settings(
                model, learning, batch, epochs, lr, Settings.usualHiddenRate(lr, batch), flip, seed);
    }
}
