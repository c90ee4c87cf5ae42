package org.ibhebb.memory;

import org.ibhebb.signal.SignalKernel;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The exact working memory of one quantity: one row for each of the last samples, each in its slot. Memory use is fixed
 * by the capacity and the width, whatever passes through.
 */
public final class RingBuffer {

    private INDArray store;

    /**
     * Remembers samples, in place of the oldest. The window of an update is what the ring then holds: these samples and
     * those that were remembered and still are.
     *
     * @param current the rows of the placement's samples; copied
     * @param placement where they go
     * @throws IllegalArgumentException if these rows are of another width than remembered ones
     */
    public void write(INDArray current, Placement placement) {
        if (store == null || store.size(1) != current.size(1) || store.dataType() != current.dataType()) {
            if (placement.remembered() > 0) {
                throw new IllegalArgumentException("the working memory holds rows of width " + store.columns()
                        + ", and was given rows of width " + current.columns()
                        + ": a network's inputs and labels keep one shape while it trains");
            }
            try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                store = Nd4j.create(current.dataType(), placement.capacity(), current.columns());
            }
        }
        SignalKernel kernel = SignalKernel.of(store.dataType());
        int head = placement.beforeEnd();
        kernel.copyRows(current, 0, head, store, placement.slot());
        if (placement.wraps()) {
            kernel.copyRows(current, head, placement.count() - head, store, 0);
        }
    }

    /**
     * All slots.
     *
     * @return capacity x width; the rows of slots that hold no sample yet mean nothing
     */
    public INDArray slots() {
        return store;
    }
}
