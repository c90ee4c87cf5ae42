package org.ibhebb.internal.learner;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What schedule-free averaging keeps for one block of parameters: z - x, in their order, and behind it three numbers,
 * the latest point's share in the average, the largest rate so far, and how many steps there were. Points weigh by the
 * squares of their numbers and of the largest rate until then: what was learnt early, on features that have changed
 * since, or while rates still grew, counts little; what is learnt while they fall counts in full, for then the points
 * are better ones. A step at a rate of 0 is none.
 */
public final class AverageState {

    /** Numbers behind z - x. */
    public static final int NUMBERS = 3;

    private static final int SHARE = 0;
    private static final int LARGEST_RATE = 1;
    private static final int STEPS = 2;

    /** What has been learnt for long can still change: the average goes back no further than this many steps. */
    private static final double LEAST_SHARE = 1e-3;

    private final INDArray state;
    private INDArray deviation;

    /**
     * A state that lies in a view, which is changed by each step.
     *
     * @param view of as many values as there are parameters, and {@link #NUMBERS} more
     */
    public AverageState(INDArray view) {
        state = view.reshape(view.length());
    }

    /** Forgets all steps. */
    public void clear() {
        state.assign(0);
    }

    /**
     * All of it.
     *
     * @return a vector, not a copy
     */
    public INDArray all() {
        return state;
    }

    /**
     * The part that is z - x.
     *
     * @param length how many parameters the block has
     * @return a view
     */
    public INDArray deviation(long length) {
        if (deviation == null || deviation.length() != length) {
            deviation = state.get(NDArrayIndex.interval(0, length));
        }
        return deviation;
    }

    /**
     * The rate of the next step, which has its full size only after a while.
     *
     * @param full its full size
     * @param warmUp over how many steps it grows to that; 0 or 1 for none
     * @return from 0 to the full size
     */
    public double warmed(double full, int warmUp) {
        return full * Math.min(1, (state.getDouble(at(STEPS)) + 1) / Math.max(1, warmUp));
    }

    /**
     * Counts a step.
     *
     * @param rate of the step; 0 for none
     * @return the new point's share in the average: its weight by that of all points; 0 where there is no step
     */
    public double count(double rate) {
        if (!(rate > 0)) {
            return 0;
        }
        double steps = state.getDouble(at(STEPS)) + 1;
        double largest = Math.max(rate, state.getDouble(at(LARGEST_RATE)));
        double share = share(largest, steps);
        state.putScalar(at(SHARE), share);
        state.putScalar(at(LARGEST_RATE), largest);
        state.putScalar(at(STEPS), steps);
        return share;
    }

    private double share(double largest, double steps) {
        double before = state.getDouble(at(SHARE));
        if (before == 0) {
            return 1;
        }
        double ratio = state.getDouble(at(LARGEST_RATE)) / largest * (steps - 1) / steps;
        return Math.max(LEAST_SHARE, 1 / (1 + ratio * ratio / before));
    }

    private long at(int number) {
        return state.length() - NUMBERS + number;
    }
}
