package org.ibhebb.samples.data;

/**
 * What a network is to learn: samples to train on, others to be evaluated on.
 *
 * @param name as on the command line
 * @param classes how many there are
 * @param heldOut which samples the others are
 */
public record LearningTask(String name, int classes, Examples train, Examples evaluation, HeldOut heldOut) {

    /** One of so many training images is held out for validation. */
    private static final int VALIDATION_SHARE = 6;

    /** A task whose test images stay unseen: the last sixth of the training images is held out in their place. */
    static LearningTask validating(String name, int classes, Examples train) {
        int first = train.count() - train.count() / VALIDATION_SHARE;
        return new LearningTask(
                name, classes, train.first(first), train.slice(first, train.count()), HeldOut.VALIDATION);
    }

    /** The same with the first training images alone, or all where there are no more than {@code limit}. */
    public LearningTask trainingOnFirst(int limit) {
        return new LearningTask(name, classes, train.first(limit), evaluation, heldOut);
    }
}
