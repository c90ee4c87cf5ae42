package org.ibhebb.memory;

import org.ibhebb.signal.SignalKernel;
import org.ibhebb.signal.SlotRows;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The exact working memory of one quantity: one row for each of the last samples, each in its slot. Memory use is fixed
 * by the capacity and the width, whatever passes through.
 */
public final class RingBuffer {

    private INDArray store;
    private INDArray products;
    /** How often rows were written, and after how many of those the products were brought up to date. */
    private long writes;
    private long productsOf = -1;

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
            products = null;
        }
        SignalKernel kernel = SignalKernel.of(store.dataType());
        int head = placement.beforeEnd();
        kernel.copyRows(current, 0, head, store, placement.slot());
        if (placement.wraps()) {
            kernel.copyRows(current, head, placement.count() - head, store, 0);
        }
        writes++;
    }

    /**
     * The window of the samples that were written last.
     *
     * @param placement theirs
     * @return the slots, with their inner products, which the ring keeps from the first time on that someone asks for
     *     them
     */
    public SlotRows window(Placement placement) {
        return new SlotRows() {
            @Override
            public INDArray rows() {
                return store;
            }

            @Override
            public INDArray products() {
                return upToDate(placement);
            }
        };
    }

    private INDArray upToDate(Placement placement) {
        if (products == null) {
            try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                products = Nd4j.create(store.dataType(), placement.capacity(), placement.capacity());
            }
            productsOf = -1;
        }
        if (productsOf != writes) {
            boolean onlyTheNewAreMissing = productsOf == writes - 1;
            SignalKernel.of(store.dataType()).products(
                    store,
                    placement.window(),
                    onlyTheNewAreMissing ? placement.slot() : 0,
                    onlyTheNewAreMissing ? placement.count() : placement.window(),
                    products);
            productsOf = writes;
        }
        return products;
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
