package org.ibhebb.memory;

import org.ibhebb.internal.arithmetic.Arithmetic;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The slots of one quantity: capacity x width, made when the first samples show how wide it is. */
final class SlotStore {

    private INDArray rows;

    /**
     * Makes slots where there are none that fit.
     *
     * @return whether they are new
     * @throws IllegalArgumentException if these samples are of another width than those that are still remembered
     */
    boolean fit(INDArray current, Placement placement) {
        if (rows != null && rows.size(1) == current.size(1) && rows.dataType() == current.dataType()) {
            return false;
        }
        if (placement.remembered() > 0) {
            throw new IllegalArgumentException("the working memory holds rows of width " + rows.columns()
                    + ", and was given rows of width " + current.columns()
                    + ": a network's inputs and labels keep one shape while it trains");
        }
        try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            rows = Nd4j.create(current.dataType(), placement.capacity(), current.columns());
        }
        return true;
    }

    /** Copies samples into their slots. */
    void put(INDArray current, Placement placement) {
        Arithmetic kernel = Arithmetic.of(rows.dataType());
        int head = placement.beforeEnd();
        kernel.copyRows(current, 0, head, rows, placement.slot());
        if (placement.wraps()) {
            kernel.copyRows(current, head, placement.count() - head, rows, 0);
        }
    }

    INDArray rows() {
        return rows;
    }
}
