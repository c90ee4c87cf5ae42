package org.ibhebb.samples.suite;

import org.nd4j.linalg.activations.Activation;

/**
 * A line of the suite: what is learnt, by which network, as a user would write it. Plain data, by which an outcome is
 * found again.
 *
 * @param name a few words without blanks
 * @param group what it is an example of
 * @param data of {@link Source}, and how it is changed
 * @param network as {@link Networks} reads it
 * @param activation of the hidden layers
 * @param batch samples in a step; more than there are mean all of them
 * @param epochs passes over the training samples
 * @param updater as {@link Updaters} reads it: the user's
 * @param sorted whether the samples come sorted by class, always in the same order
 * @param quick whether {@code --quick} has it
 */
record Task(String name, String group, Data data, String network, Activation activation, int batch, int epochs,
        String updater, boolean sorted, boolean quick) {

    /**
     * What is learnt.
     *
     * @param size training samples or classes, where the source has a choice; 0 where it has none
     * @param scale inputs are multiplied by this
     */
    record Data(Source source, int size, double scale) {

        @Override
        public String toString() {
            return source.toString() + (size == 0 ? "" : " " + size) + (scale == 1 ? "" : " x " + scale);
        }
    }

    /** What {@code --quick} has changes no outcome. */
    Task withoutQuick() {
        return new Task(name, group, data, network, activation, batch, epochs, updater, sorted, false);
    }
}
