package org.ibhebb.internal.term.window;

import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Neighbourhood components analysis over a window: each current sample is an anchor, every other sample of the window a
 * candidate neighbour, and those of an anchor's label are to be near.
 */
final class Neighbourhood implements WindowObjective {

    private final Objective objective;
    private final Window window;

    Neighbourhood(Objective objective, Window window) {
        this.objective = objective;
        this.window = window;
    }

    @Override
    public double value(INDArray u) {
        return window.arithmetic().neighbourhoodLoss(
                u, window.span(), objective.kernel(), window.labelKernel(objective.labels()));
    }

    @Override
    public void gradient(SlotRows u, double factor, boolean add, INDArray signal) {
        window.arithmetic().neighbourhood(u, window.span(), objective.kernel(),
                window.labelKernel(objective.labels()), factor, add, signal);
    }

    /** Only the current samples are anchors. */
    @Override
    public int averagesOver() {
        return window.span().count();
    }
}
