package org.ibhebb.samples;

import org.ibhebb.rule.LearningRule;

/**
 * How a network is trained, whatever the training rule.
 *
 * @param learning read by {@link TrainingRule#IBHEBB} alone
 * @param lr learning rate at the first step; it falls linearly to 0
 * @param lrHidden the same for the hidden layers under {@link TrainingRule#IBHEBB}
 * @param seed of the initial weights and of the order of the images
 */
record Settings(
        ModelSpec model, LearningRule learning, int batch, int epochs, double lr, double lrHidden, long seed) {}
