package org.ibhebb.internal.memory;

import java.util.ArrayList;
import java.util.List;
import org.ibhebb.internal.state.Stateful;
import org.ibhebb.internal.state.Store;

/**
 * The order in which the rings of one network fill: every layer's ring, the labels' and the inputs' keep a sample in
 * the same slot. A mini-batch is first planned, then, when every layer has learnt from it, committed.
 */
public final class Slots implements Stateful {

    private final int capacity;
    private int next;
    private int filled;

    /**
     * @param capacity how many samples the working memory holds, current ones included
     */
    public Slots(int capacity) {
        this.capacity = capacity;
    }

    /**
     * Splits a mini-batch into windows of at most the capacity, in order, each of which finds the most recent samples
     * before it (those of earlier windows of the same mini-batch too) in memory.
     *
     * @param samples the mini-batch size, at least 1
     * @return one placement a window; nothing changes until they are {@linkplain #commit committed}
     */
    public List<Placement> plan(int samples) {
        List<Placement> plan = new ArrayList<>();
        int slot = next;
        int held = filled;
        for (int from = 0, count; from < samples; from += count) {
            count = Math.min(capacity, samples - from);
            if (count == capacity) {
                // Nothing else stays, so that the order of the samples can be that of the slots.
                slot = 0;
            }
            plan.add(new Placement(from, count, slot, held, capacity));
            slot = (int) (((long) slot + count) % capacity);
            held = (int) Math.min(capacity, (long) held + count);
        }
        return plan;
    }

    /**
     * Makes the samples of a plan remembered.
     *
     * @param plan the latest plan
     */
    public void commit(List<Placement> plan) {
        Placement last = plan.get(plan.size() - 1);
        next = (int) (((long) last.slot() + last.count()) % capacity);
        filled = (int) Math.min(capacity, (long) last.filled() + last.count());
    }

    @Override
    public void state(Store store) {
        store.fixed("capacity", capacity);
        next = (int) store.count("next", next, 0, capacity - 1);
        filled = (int) store.count("filled", filled, 0, capacity);
        store.require(filled == capacity || next == filled, "goes on in slot " + next + " while " + filled
                + " are filled");
    }

    /**
     * The capacity.
     *
     * @return samples
     */
    public int capacity() {
        return capacity;
    }

    /**
     * How many samples are remembered.
     *
     * @return from 0 to the capacity
     */
    public int filled() {
        return filled;
    }
}
