package org.ibhebb.internal.term.window;

import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One objective over the samples of one window. To add one: its settings in {@link Objective}; where it is a function
 * of the kernel matrix of activations, its formula in {@link Dependence}; where it is none, an implementation of this
 * and a case in {@link #of}.
 */
interface WindowObjective {

    /**
     * The objective.
     *
     * @param u one row a sample, each in its slot
     * @return L
     */
    double value(INDArray u);

    /**
     * Its derivative with respect to the current samples' rows.
     *
     * @param u one row a sample, each in its slot
     * @param factor by which the derivative is multiplied
     * @param add whether it is added to what the signal holds
     * @param signal current x d, in the order of the current samples, without gaps, by rows
     */
    void gradient(SlotRows u, double factor, boolean add, INDArray signal);

    /** Over how many samples L is a mean. */
    int averagesOver();

    /** What the settings say, over a window. */
    static WindowObjective of(Objective objective, Window window) {
        WindowObjective ofUnits = switch (objective.kind()) {
            case NEIGHBOURHOOD -> new Neighbourhood(objective, window);
            default -> new Dependence(objective, window);
        };
        return objective.groups() == 0 ? ofUnits : new OfGroups(ofUnits, objective.groups(), window);
    }
}
