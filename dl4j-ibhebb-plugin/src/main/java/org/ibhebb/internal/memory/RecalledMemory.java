package org.ibhebb.internal.memory;

import java.util.function.Supplier;
import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.internal.state.Store;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Recalled working memory: nothing is kept but the state of a memory network, of which every so many columns have a
 * reservoir to themselves. Before new samples enter, those before them are recalled into their slots.
 */
final class RecalledMemory implements WorkingMemory {

    private final Recaller network;
    private final Recollection recollection;
    private final SlotStore store;
    private final int width;
    /** One sample of all blocks. */
    private final float[] sample;
    /** The states of the last commit, where something was written since. */
    private final float[] committedStates;
    private boolean committedSharpening;
    private boolean changed;

    /**
     * @param network recalls
     * @param sharpening makes labels of recalled ones; this memory's own, for it changes with what it sees
     * @param type of the rows
     * @param width columns of a row
     */
    RecalledMemory(Recaller network, Sharpening sharpening, DataType type, int width) {
        this.network = network;
        this.recollection = new Recollection(network, sharpening, width);
        this.store = new SlotStore(type, width);
        this.width = width;
        this.committedStates = new float[recollection.states().length];
        this.sample = new float[width];
    }

    /** A recalled memory for rows of whatever width and type come. */
    static WorkingMemory ofAnyWidth(Recaller network, Supplier<Sharpening> sharpening) {
        return new AnyWidth(new AnyWidth.OfOneWidth() {
            @Override
            public WorkingMemory create(DataType type, long width) {
                return new RecalledMemory(network, sharpening.get(), type, (int) width);
            }

            @Override
            public long allocates(long width) {
                return (width + network.width() - 1) / network.width() * network.units();
            }
        });
    }

    @Override
    public void write(INDArray current, Placement placement) {
        if (!store.takes(current)) {
            throw new IllegalArgumentException("rows of another width or type than those that the memory holds");
        }
        if (!changed) {
            System.arraycopy(recollection.states(), 0, committedStates, 0, committedStates.length);
            committedSharpening = recollection.seenOnlyPlain();
            changed = true;
        }
        store.makeRoom(placement);
        recall(placement);
        store.put(current, placement);
        takeIn(placement);
    }

    private void recall(Placement placement) {
        int samples = placement.remembered();
        if (samples == 0) {
            return;
        }
        float[] recalled = recollection.recall(samples);
        DataBuffer slots = store.rows().data();
        for (int back = 0; back < samples; back++) {
            int slot = Math.floorMod(placement.slot() - 1 - back, placement.capacity());
            for (int column = 0; column < width; column++) {
                slots.put((long) slot * width + column, recalled[back * width + column]);
            }
        }
    }

    private void takeIn(Placement placement) {
        DataBuffer slots = store.rows().data();
        for (int i = 0; i < placement.count(); i++) {
            long slot = (placement.slot() + i) % placement.capacity();
            for (int column = 0; column < width; column++) {
                sample[column] = slots.getFloat(slot * width + column);
            }
            recollection.take(sample);
        }
    }

    /** Recalled rows are others at each step, so that nothing is kept of their comparisons. */
    @Override
    public SlotRows window(Placement placement) {
        return SlotRows.of(store.rows());
    }

    @Override
    public void commit() {
        changed = false;
    }

    /** Slots are recalled anew at each step, and of no interest. */
    @Override
    public void state(Store store, int filled) {
        store.fixed("network", network.checksum());
        store.floats("states", recollection.states());
        recollection.sharpening().state(store);
        if (store.restoring()) {
            changed = false;
        }
    }

    @Override
    public void rollback() {
        if (changed) {
            System.arraycopy(committedStates, 0, recollection.states(), 0, committedStates.length);
            recollection.remember(committedSharpening);
            changed = false;
        }
    }
}
