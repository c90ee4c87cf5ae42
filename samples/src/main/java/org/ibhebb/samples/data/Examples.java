package org.ibhebb.samples.data;

/** Labelled samples of one kind. */
public sealed interface Examples permits Images, Table {

    int count();

    /** The class of a sample, counted from 0. */
    int label(int sample);

    /** The size of every sample; a row of numbers has a height and one channel of 1. */
    ImageShape shape();

    /** The first samples, or all where there are no more than {@code limit}. */
    default Examples first(int limit) {
        return limit >= count() ? this : slice(0, limit);
    }

    /** The samples number {@code from} up to, but without, {@code to}. */
    Examples slice(int from, int to);
}
