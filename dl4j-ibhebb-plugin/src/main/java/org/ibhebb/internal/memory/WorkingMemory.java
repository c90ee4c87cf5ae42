package org.ibhebb.internal.memory;

import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.internal.state.Store;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The working memory of one quantity (a layer's activations, an output's labels, the network's inputs): one row a
 * sample, each in its slot. There are two kinds. An exact one keeps the rows; a recalled one keeps the state of a
 * {@linkplain Recaller memory network} and recalls from it the rows that a window needs. Whoever computes a signal
 * sees no difference.
 */
public interface WorkingMemory {

    /**
     * Takes in samples, in place of the oldest, until a {@link #rollback} takes them back or a {@link #commit} makes them
     * stay. The window of an update is what the slots then hold: these samples,
     * exactly, and those before them that still fit.
     *
     * @param current the rows of the placement's samples; copied
     * @param placement where they go
     * @throws IllegalArgumentException if these rows are of another width than remembered ones
     */
    void write(INDArray current, Placement placement);

    /**
     * The window of the samples that were written last.
     *
     * @param placement theirs
     * @return slots, of which the window fills the first; overwritten by the next write, and of undefined content after
     *     a rollback
     */
    SlotRows window(Placement placement);

    /** Makes all samples that were written so far remembered for good: a rollback does not take them back. */
    void commit();

    /**
     * Takes back all samples that were written since the last commit: the memory is as it was then, to the bit. Whoever
     * places the samples has to place the next ones as if those had not been.
     */
    void rollback();

    /**
     * Goes through all that is remembered for good, as {@link org.ibhebb.internal.state.Stateful} says.
     *
     * @param store takes it, or gives it back
     * @param filled how many slots, from the first on, hold a sample
     */
    void state(Store store, int filled);

    /**
     * The working memory of what the signal sees of a layer's activations.
     *
     * @param rule says of which kind it is
     * @return an empty memory
     * @throws IllegalStateException if the rule's memory network can't be had, saying why
     */
    static WorkingMemory ofActivations(LearningRule rule) {
        return rule.memoryNetwork() == null
                ? RingBuffer.ofAnyWidth()
                : RecalledMemory.ofAnyWidth(Recaller.of(rule.memoryNetwork()), Sharpening::none);
    }

    /**
     * The working memory of the labels of one output.
     *
     * @param rule says of which kind it is
     * @param encoding how the labels are read
     * @return an empty memory
     * @throws IllegalStateException if the rule's memory network can't be had, saying why
     */
    static WorkingMemory ofLabels(LearningRule rule, Labels.Encoding encoding) {
        return rule.memoryNetwork() == null
                ? RingBuffer.ofAnyWidth()
                : RecalledMemory.ofAnyWidth(
                        Recaller.of(rule.memoryNetwork()), () -> Sharpening.of(encoding));
    }

    /**
     * The working memory of the network's inputs.
     *
     * @param rule says of which kind it is
     * @return an empty memory
     * @throws IllegalStateException if the rule's memory network can't be had, saying why
     */
    static WorkingMemory ofInputs(LearningRule rule) {
        if (rule.memoryNetwork() == null) {
            return RingBuffer.ofAnyWidth();
        }
        Recaller network = Recaller.of(rule.memoryNetwork());
        return new ProjectedMemory(network, RecalledMemory.ofAnyWidth(network, Sharpening::none));
    }
}
