package org.ibhebb.internal.stream;

import java.util.Locale;
import org.bytedeco.javacpp.DoublePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** All numbers of a streaming network: its plan, its parameters, and what it has learnt besides. */
final class Contents {

    private final Plan plan;
    /** {@link Plan#forEngine} for native code. */
    private final DoublePointer numbers;
    /** Those that learn. */
    private final Reals learning;
    /** The network's own, which predict; the same as those that learn where nothing is averaged. */
    private final Reals predicting;
    private final Reals state;
    private final Reals clock;
    /** Behind the clock, in the same memory. */
    private final Reals sums;
    /** Whose memory ND4J frees when nobody holds it any more; null in a snapshot. */
    private final INDArray parameters;

    /**
     * A network that has learnt nothing yet.
     *
     * @param parameters the network's own, without gaps
     */
    Contents(Plan plan, INDArray parameters) {
        this.plan = plan;
        this.parameters = parameters;
        this.numbers = new DoublePointer(plan.forEngine());
        DataType type = parameters.dataType();
        this.predicting =
                Reals.view(parameters.data().pointer(), parameters.offset(), plan.places().parameters());
        if (plan.averages()) {
            this.learning = Reals.allocate(type, predicting.length());
            this.learning.copy(predicting);
        } else {
            this.learning = predicting;
        }
        this.state = stateOf(plan, type);
        Reals scalars = Reals.allocate(DataType.DOUBLE, plan.clock() + plan.sums());
        this.clock = Reals.view(scalars.pointer(), 0, plan.clock());
        this.sums = Reals.view(scalars.pointer(), plan.clock(), plan.sums());
    }

    /** A network that knows the same now, and does not follow. It can predict and not learn. */
    private Contents(Contents other) {
        this.plan = other.plan;
        this.numbers = other.numbers;
        this.predicting = Reals.allocate(other.type(), other.predicting.length());
        this.predicting.copy(other.predicting);
        this.learning = predicting;
        this.state = Reals.allocate(other.type(), plan.readByPredictions());
        this.state.copy(Reals.view(other.state.pointer(), 0, state.length()));
        this.clock = other.clock;
        this.sums = other.sums;
        this.parameters = null;
    }

    private static Reals stateOf(Plan plan, DataType type) {
        try {
            return Reals.allocate(type, plan.places().state());
        } catch (OutOfMemoryError e) {
            throw new IllegalStateException(String.format(Locale.ROOT, "no memory for what the network remembers"
                    + " (%.3g GB, with a working memory of %d samples): give the rules a smaller memory"
                    + " (LearningRule.Builder.memory)", plan.places().state() * (double) type.width() / 1e9,
                    plan.settings().memory()), e);
        }
    }

    /** What learns goes on from the parameters that predict. */
    void follow() {
        if (plan.averages()) {
            learning.copy(predicting);
        }
    }

    Contents snapshot() {
        return new Contents(this);
    }

    Plan plan() {
        return plan;
    }

    long planAddress() {
        return numbers.address();
    }

    Reals learning() {
        return learning;
    }

    Reals predicting() {
        return predicting;
    }

    Reals state() {
        return state;
    }

    Reals clock() {
        return clock;
    }

    /** Over matrices of the state, from which they follow; {@link Plan#sums}. */
    Reals sums() {
        return sums;
    }

    DataType type() {
        return predicting.type();
    }
}
