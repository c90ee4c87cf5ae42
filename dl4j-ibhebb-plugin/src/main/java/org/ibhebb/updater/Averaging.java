package org.ibhebb.updater;

import java.util.Map;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * {@link ScheduleFree} at work on one block of parameters. Its state begins with z - x, in the order of the parameters,
 * and ends with three numbers: the latest point's share in the average, the largest rate so far, and how many steps
 * there were. Points weigh by the squares of their numbers and of the largest rate until then: what was learnt early, on
 * features that have changed since, or while rates still grew, counts little; what is learnt while they fall counts in
 * full, for then the points are better ones. A step at a rate of 0 is none.
 */
final class Averaging implements GradientUpdater<ScheduleFree> {

    static final String STATE = "Z_MINUS_X";
    /** Numbers behind z - x. */
    static final int NUMBERS = 3;

    private static final int SHARE = 0;
    private static final int LARGEST_RATE = 1;
    private static final int STEPS = 2;

    /** What has been learnt for long can still change: the average goes back no further than this many steps. */
    private static final double LEAST_SHARE = 1e-3;

    private final ScheduleFree config;
    private INDArray state;
    /** The part of the state that is z - x. */
    private INDArray deviation;

    Averaging(ScheduleFree config, INDArray state, boolean initialize) {
        this.config = config;
        setStateViewArray(state, null, 'c', initialize);
    }

    @Override
    public ScheduleFree getConfig() {
        return config;
    }

    @Override
    public void setState(Map<String, INDArray> stateMap, boolean initialize) {
        setStateViewArray(stateMap.get(STATE), null, 'c', initialize);
    }

    @Override
    public Map<String, INDArray> getState() {
        return Map.of(STATE, state);
    }

    @Override
    public void setStateViewArray(INDArray viewArray, long[] gradientShape, char gradientOrder, boolean initialize) {
        state = viewArray.reshape(viewArray.length());
        deviation = null;
        if (initialize) {
            state.assign(0);
        }
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        long length = gradient.length();
        if (deviation == null || deviation.length() != length) {
            deviation = state.get(NDArrayIndex.interval(0, length));
        }
        double steps = state.getDouble(at(STEPS)) + 1;
        double rate = config.rate(iteration, epoch) * Math.min(1, steps / Math.max(1, config.getWarmUp()));
        double share = 0;
        if (rate > 0) {
            double largest = Math.max(rate, state.getDouble(at(LARGEST_RATE)));
            share = share(largest, steps);
            state.putScalar(at(SHARE), share);
            state.putScalar(at(LARGEST_RATE), largest);
            state.putScalar(at(STEPS), steps);
        }
        Arithmetic.of(gradient.dataType()).average(gradient.reshape(length), deviation, rate, share);
    }

    /** The new point's share in the average: its weight by that of all points. */
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
