package org.ibhebb.updater;

import java.util.Map;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * {@link ScheduleFree} at work on one block of parameters. Its state begins with z - x, in the order of the parameters,
 * and ends with the sum of the weights of the average (squared rates, so that steps at a low rate count little) and the
 * number of steps.
 */
final class Averaging implements GradientUpdater<ScheduleFree> {

    static final String STATE = "Z_MINUS_X";

    /** The first steps are short: of the first mini-batches' gradients little is known yet. */
    private static final int WARM_UP = 20;

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
        double steps = state.getDouble(state.length() - 1) + 1;
        double relativeRate = config.rate(iteration, epoch) / config.getRate() * Math.min(1, steps / WARM_UP);
        double weight = relativeRate * relativeRate;
        double weights = state.getDouble(state.length() - 2) + weight;
        state.putScalar(state.length() - 1, steps);
        state.putScalar(state.length() - 2, weights);
        // A rate of 0 moves neither point.
        double share = weight == 0 ? 0 : weight / weights;
        Arithmetic.of(gradient.dataType())
                .average(gradient.reshape(length), deviation, config.getRate() * relativeRate, share);
    }
}
