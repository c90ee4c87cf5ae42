package org.ibhebb.internal.memory;

import java.util.Map;
import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.internal.state.Store;
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

        /**
         * How many numbers an empty one allocates, all of which are saved.
         *
         * @param width of the rows
         * @return 0 for one that allocates when it is written to
         */
        default long allocates(long width) {
            return 0;
        }
    }

    /** Those that signals are computed in. */
    private static final Map<String, DataType> TYPES =
            Map.of(DataType.FLOAT.toString(), DataType.FLOAT, DataType.DOUBLE.toString(), DataType.DOUBLE);

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

    @Override
    public void state(Store store, int filled) {
        if (store.flag("empty", content.memory == null)) {
            return;
        }
        String type = store.text("type", content.memory == null ? "" : content.type.toString());
        int width = (int) store.count("width", content.width, 1, Integer.MAX_VALUE);
        if (store.restoring()) {
            store.require(TYPES.containsKey(type), "has rows of another type than FLOAT and DOUBLE");
            store.require(factory.allocates(width) <= store.numbers(), "has rows of width " + width
                    + ", for which there are too few numbers in it");
            content = new Content(factory.create(TYPES.get(type), width), TYPES.get(type), width);
            committed = content;
        }
        content.memory.state(store, filled);
    }

    private record Content(WorkingMemory memory, DataType type, long width) {}
}
