package org.ibhebb.internal.arithmetic;

import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One objective over one window and one layer's activations, composed of ND4J's operations. */
interface Term {

    /** L. */
    double value();

    /** dL/du of the current samples, in their order, in a fresh array. */
    INDArray gradient();

    /**
     * The term of an objective.
     *
     * @param u exactly the window's rows
     */
    static Term of(Objective objective, Window window, INDArray u) {
        if (objective.groups() == 0) {
            return ungrouped(objective, window, u);
        }
        Grouping grouping = new Grouping(u, objective.groups());
        Term term = ungrouped(objective, window, grouping.values());
        return new Term() {
            @Override
            public double value() {
                return term.value();
            }

            @Override
            public INDArray gradient() {
                return grouping.backward(term.gradient(), window);
            }
        };
    }

    private static Term ungrouped(Objective objective, Window window, INDArray u) {
        return switch (objective.kind()) {
            case NEIGHBOURHOOD -> new Neighbourhood(objective, window, u);
            case HSIC, HSIC_ZZ, NORMALIZED_HSIC, REFERENCE -> new Dependence(objective, window, u);
            case PREDICTION -> throw new IllegalArgumentException("prediction is no objective of a window");
        };
    }
}
