package org.ibhebb.samples.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

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

    /**
     * A task whose rows to test on are drawn at random.
     *
     * @param all two rows at least
     * @param testShare of the rows, above 0 and below 1; one row is trained and one tested on at least
     * @param seed of the drawing
     */
    static LearningTask drawing(String name, int classes, Table all, double testShare, long seed) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < all.count(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(seed));
        int test = (int) Math.max(1, Math.min(all.count() - 1, Math.round(testShare * all.count())));
        return new LearningTask(name, classes, all.rows(order.subList(test, order.size())),
                all.rows(order.subList(0, test)), HeldOut.TEST);
    }

    /** The same with the first training images alone, or all where there are no more than {@code limit}. */
    public LearningTask trainingOnFirst(int limit) {
        return new LearningTask(name, classes, train.first(limit), evaluation, heldOut);
    }
}
