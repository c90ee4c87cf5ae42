package org.ibhebb.internal.term.window;

import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Opens one objective of a window to tests of other packages. */
public final class Signals {

    private Signals() {}

    /** The derivative of one objective, without its weight. */
    public static void gradient(
            Objective objective, Window window, SlotRows u, double factor, boolean add, INDArray signal) {
        WindowObjective.of(objective, window).gradient(u, factor, add, signal);
    }
}
