package org.ibhebb.memory;

import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.SlotRows;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The exact working memory of one quantity: one row for each of the last samples, each in its slot. Memory use is fixed
 * by the capacity and the width, whatever passes through.
 */
final class RingBuffer implements WorkingMemory {

    private final SlotStore store = new SlotStore();
    private INDArray products;
    /** How often rows were written, and after how many of those the products were brought up to date. */
    private long writes;
    private long productsOf = -1;

    @Override
    public void write(INDArray current, Placement placement) {
        if (store.fit(current, placement)) {
            products = null;
        }
        store.put(current, placement);
        writes++;
    }

    /** With the inner products, which the ring keeps from the first time on that someone asks for them. */
    @Override
    public SlotRows window(Placement placement) {
        return new SlotRows() {
            @Override
            public INDArray rows() {
                return store.rows();
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
                products = Nd4j.create(store.rows().dataType(), placement.capacity(), placement.capacity());
            }
            productsOf = -1;
        }
        if (productsOf != writes) {
            boolean onlyTheNewAreMissing = productsOf == writes - 1;
            Arithmetic.of(store.rows().dataType()).products(
                    store.rows(),
                    placement.window(),
                    onlyTheNewAreMissing ? placement.slot() : 0,
                    onlyTheNewAreMissing ? placement.count() : placement.window(),
                    products);
            productsOf = writes;
        }
        return products;
    }
}
