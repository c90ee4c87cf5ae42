package org.ibhebb.signal;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Moves an array to where it lives as long as the window that it belongs to. */
@FunctionalInterface
public interface Keeper {

    /**
     * Keeps a copy of an array, or the array itself.
     *
     * @param name what it is, the same in each training step; an earlier array of that name may be overwritten
     * @param array its values
     * @return an array of the same shape and values
     */
    INDArray keep(Object name, INDArray array);
}
