package org.ibhebb.internal.ledger;

import java.util.ArrayList;
import java.util.List;
import org.ibhebb.internal.memory.Placement;
import org.ibhebb.internal.memory.Recaller;
import org.ibhebb.ledger.Ledger.Access;
import org.ibhebb.ledger.Ledger.Kind;
import org.ibhebb.rule.MemoryFile;

/** A working memory that keeps no samples but the states of a memory network, as {@code RecalledMemory} has it. */
final class Recall {

    private final Sheet sheet;
    private final Arrays arrays;
    private final MemoryFile network;
    private final boolean lean;

    Recall(Sheet sheet, Arrays arrays, MemoryFile network, boolean lean) {
        this.sheet = sheet;
        this.arrays = arrays;
        this.network = network;
        this.lean = lean;
    }

    /**
     * How wide inputs are that are remembered; wider ones are projected.
     *
     * @param width of a network's inputs
     */
    long inputWidth(long width) {
        return Math.min(width, Recaller.of(network).inputWidth());
    }

    /** Brings a network's inputs to the width that is remembered. */
    void project(Array inputs, Array projected, long samples, long width) {
        long narrow = inputWidth(width);
        sheet.other("project inputs", samples * width * narrow, 1, inputs.read(),
                arrays.of("projection of inputs", Kind.STATE, width * narrow).read(), projected.write());
    }

    private long reservoirs(long width) {
        return (width + network.width() - 1) / network.width();
    }

    private Array states(String name, long width) {
        return arrays.of(name + " reservoirs", Kind.MEMORY, reservoirs(width) * network.units());
    }

    /** Before a step's first window: what a step that fails goes back to. */
    void begin(String name, long width) {
        if (!lean) {
            Array states = states(name, width);
            sheet.other("keep states", states.read(),
                    arrays.of(name + " reservoirs before", Kind.STATE, states.bytes() / sheet.bytes(1)).write());
        }
    }

    /**
     * The samples before these are recalled into their slots.
     *
     * @param slots of all samples of a window
     */
    void recall(String name, long width, Placement placement, Array slots) {
        long recalled = placement.remembered();
        if (recalled == 0) {
            return;
        }
        // A unit has a weight to each column of its reservoir, for each sample; all reservoirs have one readout.
        long macs = recalled * width * network.units();
        Array readout = arrays.of("memory network's readout", Kind.STATE,
                (long) network.units() * (network.recall() - 1) * network.width());
        Array samples = arrays.of(name + " recalled", Kind.SCRATCH, recalled * width);
        List<Access> all = new ArrayList<>(List.of(states(name, width).read()));
        for (long reservoir = 0; reservoir < reservoirs(width); reservoir++) {
            long columns = Math.min(network.width(), width - reservoir * network.width());
            all.add(readout.read(sheet.bytes(recalled * columns * network.units())));
        }
        all.add(samples.write());
        sheet.other("recall", macs, 1, all.toArray(Access[]::new));
        sheet.other("fill slots", samples.read(), slots.write(samples.bytes()));
    }

    /** New samples drive the reservoirs, one after the other: a pass over all units for each. */
    void takeIn(String name, long width, Placement placement, Array slots) {
        List<Access> all = new ArrayList<>(List.of(slots.read(sheet.bytes(placement.count() * width))));
        for (int sample = 0; sample < placement.count(); sample++) {
            all.add(states(name, width).update());
        }
        sheet.other("drive reservoirs", placement.count() * reservoirs(width) * network.units(), 1,
                all.toArray(Access[]::new));
    }
}
