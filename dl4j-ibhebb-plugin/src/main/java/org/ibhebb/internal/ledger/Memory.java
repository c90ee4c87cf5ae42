package org.ibhebb.internal.ledger;

import java.util.List;
import org.ibhebb.internal.memory.Placement;
import org.ibhebb.internal.memory.Slots;
import org.ibhebb.ledger.Ledger.Kind;
import org.ibhebb.rule.LearningRule;
import org.jspecify.annotations.Nullable;

/** The working memory that a mini-batch is written to, all of whose slots are taken. */
final class Memory {

    private final Sheet sheet;
    private final Arrays arrays;
    private final int capacity;
    private final List<Placement> plan;
    /** Null where samples are kept as they are. */
    private final @Nullable Recall recall;
    private final boolean lean;

    /**
     * @param rule whose memory it is
     * @param rows that a mini-batch brings
     * @param lean whether nothing is counted but what the rule asks for
     */
    Memory(LearningRule rule, long rows, Sheet sheet, Arrays arrays, boolean lean) {
        this.sheet = sheet;
        this.arrays = arrays;
        this.capacity = rule.memory();
        Slots slots = new Slots(capacity);
        slots.commit(slots.plan(capacity));
        this.plan = slots.plan(Math.toIntExact(rows));
        this.recall = rule.remembersExactly() ? null : new Recall(sheet, arrays, rule.memoryNetwork(), lean);
        this.lean = lean;
    }

    int capacity() {
        return capacity;
    }

    /** {@return where the samples go: a window for each part of the mini-batch that fits} */
    List<Placement> plan() {
        return plan;
    }

    /** {@return whether windows are copied, for there are several of them in one memory} */
    boolean copiesWindows() {
        return plan.size() > 1 && !lean;
    }

    /** {@return whether samples stay as they are, so that what is known of them lasts} */
    boolean isExact() {
        return recall == null;
    }

    /** What there is of a quantity's samples while a step compares them; all of it lasts where nothing is recalled. */
    Array ring(String name, long width) {
        return arrays.of(name + " remembered", recall == null ? Kind.MEMORY : Kind.SIGNAL, capacity * width);
    }

    /** Writes a mini-batch to the memory, which saves what it overwrites. */
    void remember(String name, long width, Array rows) {
        Array ring = ring(name, width);
        Array saved = arrays.of(name + " overwritten", Kind.SCRATCH, capacity * width);
        boolean allSaved = recall != null;
        if (recall != null) {
            recall.begin(name, width);
        }
        for (Placement placement : plan) {
            long part = sheet.bytes(placement.count() * width);
            if (!allSaved && !lean) {
                sheet.seam("copyRows", ring.read(part), saved.write(part));
            }
            allSaved |= placement.count() == placement.capacity();
            if (recall != null) {
                recall.recall(name, width, placement, ring);
            }
            sheet.seam("copyRows", rows.read(part), ring.write(part));
            if (recall != null) {
                recall.takeIn(name, width, placement, ring);
            }
        }
    }

    /** {@return how wide inputs are that are remembered, which may be narrower than they come} */
    long inputWidth(long width) {
        return recall == null ? width : recall.inputWidth(width);
    }

    /** {@return the network's inputs as they are remembered} */
    Array asRemembered(Array inputs, long rows, long width) {
        if (inputWidth(width) == width) {
            return inputs;
        }
        Array projected = arrays.of("projected inputs", Kind.SIGNAL, rows * inputWidth(width));
        recall.project(inputs, projected, rows, width);
        return projected;
    }
}
