package org.ibhebb.samples.training;

import java.util.List;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.samples.data.HeldOut;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.folder.Kept;
import org.nd4j.shade.jackson.annotation.JsonInclude;

/**
 * What a training run was and what it reached: the content of {@code --json}, name by name.
 *
 * @param objective the name of the learning rule's first objective; null for the other training rules
 * @param learningRule all settings of the learning rule; null for the other training rules
 * @param memory samples in working memory; null for the other training rules
 * @param lrHidden learning rate of the hidden layers; null where they do not learn
 * @param scheduledEpochs over how many epochs learning rates fall to 0
 * @param testSamples null where the network is evaluated on other images
 * @param validationSamples null where it is not evaluated on these
 * @param parameters weights and biases of the network, frozen ones included
 * @param testAccuracy percent of the test images that are classified correctly at the end
 * @param validationAccuracy the same of the validation images
 * @param firing what the neurons of a spiking network do at the end; null for all others
 */
public record Result(
        String data,
        String model,
        String rule,
        String objective,
        LearningRule learningRule,
        Integer memory,
        int batch,
        double lr,
        Double lrHidden,
        boolean flip,
        int scheduledEpochs,
        long seed,
        int trainSamples,
        @JsonInclude(JsonInclude.Include.NON_NULL) Integer testSamples,
        @JsonInclude(JsonInclude.Include.NON_NULL) Integer validationSamples,
        long parameters,
        List<EpochResult> epochs,
        @JsonInclude(JsonInclude.Include.NON_NULL) Double testAccuracy,
        @JsonInclude(JsonInclude.Include.NON_NULL) Double validationAccuracy,
        @JsonInclude(JsonInclude.Include.NON_NULL) Firing firing) implements Kept<Result> {

    public Result {
        epochs = List.copyOf(epochs);
    }

    /** What is known of a run before it. */
    public static Result of(LearningTask task, TrainingRule rule, Settings settings) {
        LearningRule learning = rule == TrainingRule.IBHEBB ? settings.learning() : null;
        int evaluated = task.evaluation().count();
        return new Result(
                task.name(),
                settings.model().toString(),
                rule.toString(),
                learning == null ? null : learning.objectives().get(0).kind().toString(),
                learning,
                learning == null ? null : learning.memory(),
                settings.batch(),
                settings.lr(),
                rule == TrainingRule.FROZEN ? null : rule.lrHidden(settings),
                settings.flip(),
                settings.epochs(),
                settings.seed(),
                task.train().count(),
                task.heldOut() == HeldOut.TEST ? evaluated : null,
                task.heldOut() == HeldOut.VALIDATION ? evaluated : null,
                0,
                List.of(),
                null,
                null,
                null);
    }

    /** The same after it. */
    Result reached(long parameters, List<EpochResult> epochs, Firing firing) {
        EpochResult last = epochs.get(epochs.size() - 1);
        return with(parameters, epochs, last.testAccuracy(), last.validationAccuracy(), firing);
    }

    @Override
    public Result settings() {
        return with(0, List.of(), null, null, null);
    }

    @Override
    public boolean coversAll() {
        return epochs.size() == scheduledEpochs;
    }

    @Override
    public String prefix() {
        return String.join("-", data, model, objective == null ? rule : objective, "seed", String.valueOf(seed));
    }

    private Result with(long parameters, List<EpochResult> epochs, Double testAccuracy, Double validationAccuracy,
            Firing firing) {
        return new Result(data, model, rule, objective, learningRule, memory, batch, lr, lrHidden, flip,
                scheduledEpochs, seed, trainSamples, testSamples, validationSamples, parameters, epochs, testAccuracy,
                validationAccuracy, firing);
    }

    /** Percent of the images, whichever they are, that the network was evaluated on. */
    public double accuracy() {
        return epochs.get(epochs.size() - 1).accuracy();
    }

    /** Seconds that training took in all. */
    public double seconds() {
        return epochs.stream().mapToDouble(EpochResult::trainSeconds).sum();
    }

    /** Seconds that training and evaluation took in all. */
    public double allSeconds() {
        return seconds() + epochs.stream().mapToDouble(EpochResult::evaluationSeconds).sum();
    }
}
