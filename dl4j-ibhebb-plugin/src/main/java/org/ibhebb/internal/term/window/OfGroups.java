package org.ibhebb.internal.term.window;

import org.ibhebb.internal.arithmetic.SlotRows;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An objective that compares groups of units in place of single units (Pogodin and Latham 2020). */
final class OfGroups implements WindowObjective {

    private final WindowObjective objective;
    private final int groups;
    private final Window window;

    OfGroups(WindowObjective objective, int groups, Window window) {
        this.objective = objective;
        this.groups = groups;
        this.window = window;
    }

    @Override
    public double value(INDArray u) {
        return objective.value(values(u, scratch("group sizes", u, window.size())));
    }

    @Override
    public void gradient(SlotRows u, double factor, boolean add, INDArray signal) {
        INDArray rows = u.rows();
        INDArray sizes = scratch("group sizes", rows, window.size());
        INDArray gradient = scratch("group gradient", rows, window.span().count());
        objective.gradient(SlotRows.of(values(rows, sizes)), factor, false, gradient);
        window.arithmetic().ungroup(rows, window.span(), sizes, gradient, add, signal);
    }

    private INDArray values(INDArray u, INDArray sizes) {
        INDArray values = scratch("group values", u, window.size());
        window.arithmetic().group(u, window.size(), groups, sizes, values);
        return values;
    }

    private INDArray scratch(String name, INDArray like, int rows) {
        return window.scratch(name, like.dataType(), rows, groups);
    }

    @Override
    public int averagesOver() {
        return objective.averagesOver();
    }
}
