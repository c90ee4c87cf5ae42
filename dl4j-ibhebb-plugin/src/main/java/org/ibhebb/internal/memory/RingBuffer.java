package org.ibhebb.internal.memory;

import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.internal.state.Store;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The exact working memory of one quantity: one row for each of the last samples, each in its slot. Memory use is
 * bounded by the capacity and the width, whatever passes through.
 */
final class RingBuffer implements WorkingMemory {

    private final DataType type;
    private final SlotStore store;
    private final Overwritten overwrittenRows = new Overwritten();
    /** Whether every slot has been overwritten since the last commit, so that all that counts is saved. */
    private boolean allSaved;
    /** The inner products of all rows; null until someone asks for them. */
    private INDArray products;
    private final Overwritten overwrittenProducts = new Overwritten();
    /** How often rows were written, and after how many of those the products were brought up to date. */
    private long writes;
    private long productsOf = -1;
    private long committedWrites;
    private long committedProductsOf = -1;

    /**
     * @param type of the rows
     * @param width columns of a row
     */
    RingBuffer(DataType type, long width) {
        this.type = type;
        this.store = new SlotStore(type, width);
    }

    /** A ring for rows of whatever width and type come. */
    static WorkingMemory ofAnyWidth() {
        return new AnyWidth(RingBuffer::new);
    }

    @Override
    public void write(INDArray current, Placement placement) {
        if (!store.takes(current)) {
            throw new IllegalArgumentException("rows of another width or type than those that the memory holds");
        }
        save(placement);
        store.put(current, placement);
        writes++;
    }

    /** What a slot holds that no sample has entered yet is of no interest. */
    private void save(Placement placement) {
        if (allSaved || placement.filled() == 0) {
            return;
        }
        store.makeRoom(placement);
        int head = placement.beforeEnd();
        overwrittenRows.save(store.rows(), placement.slot(), Math.min(head, placement.filled() - placement.slot()));
        if (placement.wraps()) {
            overwrittenRows.save(store.rows(), 0, Math.min(placement.count() - head, placement.filled()));
        }
        allSaved = placement.count() == placement.capacity();
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
        makeRoomForProducts();
        if (productsOf != writes) {
            boolean onlyTheNewAreMissing = productsOf == writes - 1;
            int first = onlyTheNewAreMissing ? placement.slot() : 0;
            int count = onlyTheNewAreMissing ? placement.count() : placement.window();
            if (committedProductsOf == committedWrites) {
                int head = Math.min(count, placement.window() - first);
                overwrittenProducts.save(products, first, head);
                overwrittenProducts.save(products, 0, count - head);
            }
            Arithmetic.of(type).products(store.rows(), placement.window(), first, count, products);
            productsOf = writes;
        }
        return products;
    }

    private void makeRoomForProducts() {
        INDArray rows = store.rows();
        if (products == null) {
            products = SlotStore.create(type, rows.size(0), rows.size(0));
        } else if (products.size(0) < rows.size(0)) {
            INDArray more = SlotStore.create(type, rows.size(0), rows.size(0));
            INDArray corner = more.get(
                    NDArrayIndex.interval(0, products.size(0)),
                    NDArrayIndex.interval(0, products.size(0)));
            corner.assign(products);
            products = more;
        }
    }

    @Override
    public void commit() {
        overwrittenRows.forget();
        overwrittenProducts.forget();
        allSaved = false;
        committedWrites = writes;
        committedProductsOf = productsOf;
    }

    /**
     * With the inner products, which are formed of a few rows at a time: all at once they could differ in the last bit.
     */
    @Override
    public void state(Store saved, int filled) {
        store.state(saved, filled);
        boolean compared = saved.flag("compared", filled > 0 && productsOf == writes);
        saved.require(!compared || filled > 0, "has comparisons of no rows");
        INDArray held = !compared ? null
                : saved.array("products", saved.restoring() ? null : productsOf(filled), filled, filled);
        if (saved.restoring()) {
            products = held;
            writes = 0;
            productsOf = held == null ? -1 : 0;
            commit();
        }
    }

    /** Of the first rows with each other. */
    private INDArray productsOf(int rows) {
        return Nd4j.create(products.data(), new long[] {rows, rows}, products.stride(), products.offset(), 'c');
    }

    @Override
    public void rollback() {
        if (writes != committedWrites) {
            overwrittenRows.putBack(store.rows(), false);
            if (committedProductsOf == committedWrites) {
                overwrittenProducts.putBack(products, true);
                productsOf = committedProductsOf;
            } else {
                productsOf = -1;
            }
            writes = committedWrites;
        }
        commit();
    }
}
