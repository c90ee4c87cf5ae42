package org.ibhebb.samples.training;

import org.ibhebb.rule.LearningRule;

/**
 * How a network is trained, whatever the training rule.
 *
 * @param learning read by {@link TrainingRule#IBHEBB} alone
 * @param lr learning rate at the first step; it falls linearly to 0
 * @param lrHidden the same for the hidden layers under {@link TrainingRule#IBHEBB}
 * @param flip whether every training image is mirrored, left to right, at a chance of one half each time it is shown
 * @param seed of the initial weights, of the order of the images and of their mirroring
 */
public record Settings(
        ModelSpec model, LearningRule learning, int batch, int epochs, double lr, double lrHidden, boolean flip,
        long seed) {

    /** What suits hidden layers under {@link TrainingRule#IBHEBB}: less where a step sees few samples. */
    public static double usualHiddenRate(double lr, int batch) {
        return lr * Math.min(3, batch / 10.0);
    }
}
