package org.ibhebb.internal.arithmetic;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Where the arrays of one training step come from. */
@FunctionalInterface
public interface Buffers {

    /**
     * An array of any content.
     *
     * @param name what it is for, the same in each training step; an earlier array of that name may be overwritten
     * @param type of its elements
     * @param order 'c' (by rows) or 'f' (by columns)
     * @param shape of the array
     * @return an array without gaps
     */
    INDArray get(Object name, DataType type, char order, long... shape);

    /**
     * Fresh arrays, in whatever workspace is current.
     *
     * @return a source that keeps nothing
     */
    static Buffers fresh() {
        return (name, type, order, shape) -> Nd4j.createUninitialized(type, shape, order);
    }
}
