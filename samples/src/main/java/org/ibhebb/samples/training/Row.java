package org.ibhebb.samples.training;

import org.ibhebb.rule.LearningRule;

/**
 * A line of an experiment's table: one way to train, of which there is a run a seed.
 *
 * @param title as in the table
 * @param learning read by {@link TrainingRule#IBHEBB} alone
 * @param lr learning rate at the first step
 * @param lrHidden the same for hidden layers under {@link TrainingRule#IBHEBB}
 * @param flip whether training images are mirrored at random
 */
public record Row(String title, TrainingRule rule, ModelSpec model, LearningRule learning, int batch, double lr,
        double lrHidden, boolean flip) {

    /** Back-propagation and frozen hidden layers go by these names in every experiment. */
    public static final String BACKPROP = "back-propagation";
    public static final String FROZEN = "frozen hidden layers";

    /** The rule that is being tried; hidden layers get the learning rate that suits the batch. */
    public static Row local(String title, ModelSpec model, LearningRule learning, int batch, double lr, boolean flip) {
        return local(title, model, learning, batch, lr, Settings.usualHiddenRate(lr, batch), flip);
    }

    /** The rule that is being tried. */
    public static Row local(String title, ModelSpec model, LearningRule learning, int batch, double lr, double lrHidden,
            boolean flip) {
        return new Row(title, TrainingRule.IBHEBB, model, learning, batch, lr, lrHidden, flip);
    }

    /** What it is compared with: the best that is known. */
    public static Row backprop(ModelSpec model, int batch, double lr, boolean flip) {
        return new Row(BACKPROP, TrainingRule.BACKPROP, model, LearningRule.defaults(), batch, lr, lr, flip);
    }

    /** What it is compared with: no learning at all in the hidden layers. */
    public static Row frozen(ModelSpec model, int batch, double lr, boolean flip) {
        return new Row(FROZEN, TrainingRule.FROZEN, model, LearningRule.defaults(), batch, lr, lr, flip);
    }

    /** Whether it is what others are compared with. */
    public boolean isControl() {
        return rule != TrainingRule.IBHEBB;
    }

    public Settings settings(int epochs, long seed) {
        return new Settings(model, learning, batch, epochs, lr, lrHidden, flip, seed);
    }
}
