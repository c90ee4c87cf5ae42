package org.ibhebb.internal.memory;

import org.ibhebb.internal.arithmetic.Allocation;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Rows;
import org.ibhebb.internal.state.Store;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The slots of one quantity, one row each. They grow with use, to twice as many whenever they are full, until there are
 * as many as the capacity: a large capacity costs nothing before it is used.
 */
final class SlotStore {

    private final DataType type;
    private final long width;
    private INDArray rows;

    /**
     * @param type of the rows
     * @param width columns of a row
     */
    SlotStore(DataType type, long width) {
        this.type = type;
        this.width = width;
    }

    /** Whether rows like these fit into the slots. */
    boolean takes(INDArray current) {
        return current.size(1) == width && current.dataType() == type;
    }

    /** Copies samples into their slots, of which more are made if need be. */
    void put(INDArray current, Placement placement) {
        makeRoom(placement);
        Arithmetic kernel = Arithmetic.of(type);
        int head = placement.beforeEnd();
        kernel.copyRows(current, 0, head, rows, placement.slot());
        if (placement.wraps()) {
            kernel.copyRows(current, head, placement.count() - head, rows, 0);
        }
    }

    /** Makes slots for a placement's window; those that there are keep their content. */
    void makeRoom(Placement placement) {
        long slots = rows == null ? 0 : rows.size(0);
        if (slots < placement.window()) {
            INDArray more = create(type, Math.min(placement.capacity(), Math.max(placement.window(), 2 * slots)), width);
            if (rows != null) {
                Arithmetic.of(type).copyRows(rows, 0, (int) slots, more, 0);
            }
            rows = more;
        }
    }

    /** Zeros that no workspace takes back. */
    static INDArray create(DataType type, long rows, long columns) {
        return Allocation.zeros(type, rows, columns);
    }

    /**
     * Goes through the slots that hold a sample, and how many there are.
     *
     * @param filled how many hold one; 0 where there are no slots
     */
    void state(Store store, int filled) {
        // A step that did not count may have left more.
        long most = 2L * filled;
        int slots = (int) store.count("slots", rows == null ? 0 : Math.min(most, rows.size(0)), filled, most);
        if (filled == 0) {
            rows = store.restoring() ? null : rows;
            return;
        }
        INDArray held = store.array("rows", store.restoring() ? null : Rows.between(rows, 0, filled), filled, width);
        if (store.restoring()) {
            store.require(held.dataType() == type, "has rows of another type than it says");
            rows = create(type, slots, width);
            Arithmetic.of(type).copyRows(held, 0, filled, rows, 0);
        }
    }

    INDArray rows() {
        return rows;
    }
}
