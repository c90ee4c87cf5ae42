package org.ibhebb.internal.stream;

/**
 * Walks through a streaming network, sample by sample, and learns on the way: forward only. An engine has no state of
 * its own, so that several threads may predict by one at the same time; what changes is in {@link Contents}.
 */
interface Engine {

    /** All samples are finite. */
    int ALL_FINE = -1;

    /**
     * Learns all samples of a batch, strictly one after the other.
     *
     * @param contents the network
     * @param batch inputs and labels, which have been checked
     * @param predicts whether the batch is to receive what was predicted of each sample before it was learnt
     * @throws OutOfMemoryError if there is no scratch memory
     */
    void learn(Contents contents, Batch batch, boolean predicts);

    /**
     * Predicts all samples of a batch.
     *
     * @param contents the network
     * @param parameters those to predict by
     * @param batch inputs, which have been checked; receives the predictions
     * @throws OutOfMemoryError if there is no scratch memory
     */
    void predict(Contents contents, Reals parameters, Batch batch);

    /**
     * Looks for what no network may see.
     *
     * @param contents the network
     * @param batch inputs, and labels if there are any
     * @return the place in the batch of the first sample with a number that is not finite, or {@link #ALL_FINE}; where
     *     the network takes missing values, NaN among inputs is one
     */
    int firstBad(Contents contents, Batch batch);
}
