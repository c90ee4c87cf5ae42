package org.ibhebb.updater;

import java.util.Map;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.learner.AverageState;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;

/** {@link ScheduleFree} at work on one block of parameters, whose {@link AverageState} is the updater's state. */
final class Averaging implements GradientUpdater<ScheduleFree> {

    static final String STATE = "Z_MINUS_X";

    private final ScheduleFree config;
    private AverageState state;

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
        return Map.of(STATE, state.all());
    }

    @Override
    public void setStateViewArray(INDArray viewArray, long[] gradientShape, char gradientOrder, boolean initialize) {
        state = new AverageState(viewArray);
        if (initialize) {
            state.clear();
        }
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        long length = gradient.length();
        double rate = state.warmed(config.rate(iteration, epoch), config.getWarmUp());
        Arithmetic.of(gradient.dataType()).average(
                gradient.reshape(length), state.deviation(length), rate, state.count(rate));
    }
}
