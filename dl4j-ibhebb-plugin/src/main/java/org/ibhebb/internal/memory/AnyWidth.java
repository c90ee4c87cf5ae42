package org.ibhebb.internal.memory;

import org.ibhebb.internal.arithmetic.SlotRows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A working memory of rows whose width and type the first samples show. Rows of another width or type may follow once
 * no remembered one stands beside them: they have a memory of their own, and a rollback returns to the one before.
 */
final class AnyWidth implements WorkingMemory {

    /** Makes an empty memory of rows of one width and type. */
    @FunctionalInterface
    interface OfOneWidth {

        WorkingMemory create(DataType type, long width);
    }

    private final OfOneWidth factory;
    /** What the rows are now. */
    private Content content = new Content(null, null, 0);
    /** What they were at the last commit. */
    private Content committed = content;

    AnyWidth(OfOneWidth factory) {
        this.factory = factory;
    }

    @Override
    public void write(INDArray current, Placement placement) {
        if (current.size(1) != content.width || current.dataType() != content.type) {
            if (placement.remembered() > 0) {
                throw new IllegalArgumentException("the working memory holds rows of width " + content.width + " and type "
                        + content.type + ", and was given rows of width " + current.size(1) + " and type "
                        + current.dataType() + ": a network's inputs and labels keep one shape while it trains");
            }
            content = new Content(
                    factory.create(current.dataType(), current.size(1)), current.dataType(), current.size(1));
        }
        content.memory.write(current, placement);
    }

    @Override
    public SlotRows window(Placement placement) {
        return content.memory.window(placement);
    }

    @Override
    public void commit() {
        committed = content;
        if (content.memory != null) {
            content.memory.commit();
        }
    }

    @Override
    public void rollback() {
        content = committed;
        if (content.memory != null) {
            content.memory.rollback();
        }
    }

    private record Content(WorkingMemory memory, DataType type, long width) {}
}
