package org.ibhebb.memory;

import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The exact working memory of one quantity: one row for each of the last samples. Memory use is fixed by the capacity
 * and the width, whatever passes through.
 */
public final class RingBuffer {

    private INDArray store;

    /**
     * Current samples and the remembered ones beside them.
     *
     * @param current the rows of the placement's samples
     * @param placement where they will go
     * @return current rows first, then remembered rows (their order has no meaning, but is the same in every ring)
     * @throws IllegalArgumentException if these rows are of another width than the remembered ones
     */
    public INDArray window(INDArray current, Placement placement) {
        if (placement.remembered() == 0) {
            return current;
        }
        if (store.columns() != current.columns()) {
            throw new IllegalArgumentException("the working memory holds rows of width " + store.columns()
                    + ", and was given rows of width " + current.columns()
                    + ": a network's inputs and labels keep one shape while it trains");
        }
        // What will be overwritten is left out: without a wrap [0, slot) and [end, filled), with one [end, slot).
        if (placement.wraps()) {
            return Nd4j.concat(0, current, slots(placement.end(), Math.min(placement.slot(), placement.filled())));
        }
        INDArray before = placement.slot() == 0 ? null : slots(0, placement.slot());
        INDArray after = placement.end() >= placement.filled() ? null : slots(placement.end(), placement.filled());
        if (before == null) {
            return Nd4j.concat(0, current, after);
        }
        return after == null ? Nd4j.concat(0, current, before) : Nd4j.concat(0, current, before, after);
    }

    /**
     * Remembers samples.
     *
     * @param current the rows of the placement's samples; copied
     * @param placement where they go
     */
    public void write(INDArray current, Placement placement) {
        if (store == null || store.columns() != current.columns() || store.dataType() != current.dataType()) {
            try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                store = Nd4j.create(current.dataType(), placement.capacity(), current.columns());
            }
        }
        int head = placement.beforeEnd();
        slots(placement.slot(), placement.slot() + head).assign(rows(current, 0, head));
        if (placement.wraps()) {
            slots(0, placement.count() - head).assign(rows(current, head, placement.count()));
        }
    }

    private INDArray slots(int from, int to) {
        return rows(store, from, to);
    }

    private static INDArray rows(INDArray matrix, int from, int to) {
        return from == 0 && to == matrix.rows()
                ? matrix
                : matrix.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
    }
}
