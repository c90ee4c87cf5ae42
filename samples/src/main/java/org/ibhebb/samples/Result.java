package org.ibhebb.samples;

import java.util.List;
import org.ibhebb.rule.LearningRule;

/**
 * What a training run was and what it reached: the content of {@code --json}, name by name.
 *
 * @param objective the name of the learning rule's first objective; null for the other training rules
 * @param learningRule all settings of the learning rule; null for the other training rules
 * @param memory samples in working memory; null for the other training rules
 * @param lrHidden learning rate of the hidden layers; null where they do not learn
 * @param parameters weights and biases of the network, frozen ones included
 * @param testAccuracy percent of the test images that are classified correctly at the end
 */
record Result(
        String data,
        String model,
        String rule,
        String objective,
        LearningRule learningRule,
        Integer memory,
        int batch,
        double lr,
        Double lrHidden,
        long seed,
        int trainSamples,
        int testSamples,
        long parameters,
        List<EpochResult> epochs,
        double testAccuracy) {

    /** Seconds that training took in all. */
    double seconds() {
        return epochs.stream().mapToDouble(EpochResult::trainSeconds).sum();
    }
}
