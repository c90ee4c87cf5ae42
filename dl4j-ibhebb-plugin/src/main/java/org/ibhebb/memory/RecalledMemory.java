package org.ibhebb.memory;

import java.util.Arrays;
import org.ibhebb.internal.arithmetic.SlotRows;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Recalled working memory: nothing is kept but the state of a memory network, of which every so many columns have a
 * reservoir to themselves. Before new samples enter, those before them are recalled into their slots.
 */
final class RecalledMemory implements WorkingMemory {

    private final MemoryNetwork network;
    private final Sharpening sharpening;
    private final SlotStore store = new SlotStore();
    /** One reservoir's state after the other. */
    private float[] states;
    /** One sample of all blocks. */
    private float[] sample;
    /** For each recalled sample the columns of all blocks. */
    private float[] recalled;

    RecalledMemory(MemoryNetwork network, Sharpening sharpening) {
        this.network = network;
        this.sharpening = sharpening;
    }

    @Override
    public void write(INDArray current, Placement placement) {
        int width = (int) current.size(1);
        if (store.fit(current, placement)) {
            states = new float[network.blocks(width) * network.units()];
            sample = new float[width];
        }
        if (placement.filled() == 0) {
            // A step that failed may have left samples here that the other layers have not seen.
            Arrays.fill(states, 0);
        }
        recall(placement, width);
        store.put(current, placement);
        takeIn(placement, width);
    }

    private void recall(Placement placement, int width) {
        int samples = placement.remembered();
        if (samples == 0) {
            return;
        }
        if (recalled == null || recalled.length < samples * width) {
            recalled = new float[samples * width];
        }
        network.recall(states, width, samples, recalled);
        DataBuffer slots = store.rows().data();
        for (int back = 0; back < samples; back++) {
            sharpening.apply(recalled, back * width, width);
            int slot = Math.floorMod(placement.slot() - 1 - back, placement.capacity());
            for (int column = 0; column < width; column++) {
                slots.put((long) slot * width + column, recalled[back * width + column]);
            }
        }
    }

    private void takeIn(Placement placement, int width) {
        DataBuffer slots = store.rows().data();
        for (int i = 0; i < placement.count(); i++) {
            long slot = (placement.slot() + i) % placement.capacity();
            for (int column = 0; column < width; column++) {
                sample[column] = slots.getFloat(slot * width + column);
            }
            sharpening.see(sample, width);
            network.step(states, sample, width);
        }
    }

    /** Recalled rows are others at each step, so that nothing is kept of their comparisons. */
    @Override
    public SlotRows window(Placement placement) {
        return SlotRows.of(store.rows());
    }
}
