package org.ibhebb.samples.stream;

/** Learns on the fly: predicts each sample's class, then learns it. */
public interface OnlineLearner {

    /**
     * Takes samples in a form of its own, which is no part of what is timed.
     *
     * @param rows one behind the other; may hold more than {@code count}
     * @param labels their classes; may be more
     * @param count how many
     */
    void take(float[] rows, int[] labels, int count);

    /**
     * Predicts and learns those that it took last, strictly one after the other.
     *
     * @param predicted receives the classes that it predicted before it learnt each
     */
    void learn(int[] predicted);
}
