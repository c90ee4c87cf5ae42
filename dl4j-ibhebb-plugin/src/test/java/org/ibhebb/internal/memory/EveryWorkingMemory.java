package org.ibhebb.internal.memory;

import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.memory.DelayLines;

/** What is to hold of working memories of every kind. */
abstract class EveryWorkingMemory {

    static final Recaller RECALLING = DelayLines.recaller(2, 9, 1 << 20);
    static final Recaller PROJECTING = DelayLines.recaller(2, 9, 2);

    @Property(tries = 200)
    void ofRings(@ForAll long seed) {
        check(seed, RingBuffer::ofAnyWidth);
    }

    @Property(tries = 100)
    void ofRecalledMemories(@ForAll long seed) {
        check(seed, () -> RecalledMemory.ofAnyWidth(RECALLING, Sharpening::none));
    }

    @Property(tries = 100)
    void ofRecalledLabels(@ForAll long seed) {
        check(seed, () -> RecalledMemory.ofAnyWidth(RECALLING, () -> Sharpening.of(Labels.Encoding.CLASSES)));
    }

    @Property(tries = 100)
    void ofProjectedMemories(@ForAll long seed) {
        check(seed, () -> new ProjectedMemory(
                PROJECTING, RecalledMemory.ofAnyWidth(PROJECTING, Sharpening::none)));
    }

    /**
     * Tries something at random.
     *
     * @param seed of what it draws
     * @param kind makes an empty memory
     */
    abstract void check(long seed, Supplier<WorkingMemory> kind);
}
