package org.ibhebb.internal.learner;

import org.ibhebb.internal.memory.WorkingMemory;
import org.ibhebb.internal.state.Store;
import org.ibhebb.internal.term.prediction.LabelPredictor;
import org.ibhebb.internal.view.RunningMoments;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What one layer of a network remembers. A step moves it; {@link #commit} makes the step count. */
final class LayerState {

    private final RunningMoments moments = new RunningMoments();
    private final Gain gain = new Gain();
    private final GradientSize gradientSize = new GradientSize();
    private final Silence silence = new Silence();
    private boolean claimed;
    /** Where the layer's parameters begin in the network's buffer. */
    private long offset;
    /** Null until the layer trains, for a memory network is needed only then. */
    private WorkingMemory activations;
    /** Null where the rule has no prediction. */
    private LabelPredictor predictor;

    /**
     * A layer says that this state is its own.
     *
     * @throws IllegalStateException if another layer did, whose parameters stand elsewhere in the same buffer
     */
    void claim(Host layer) {
        INDArray parameters = layer.parameters();
        long place = parameters == null || parameters.isEmpty() ? 0 : parameters.offset();
        if (claimed && place != offset) {
            throw new IllegalStateException(layer.name() + ": the parameters of two networks lie in one buffer, by which"
                    + " local learning tells networks apart: give each a buffer of its own (network.init(parameters,"
                    + " true))");
        }
        claimed = true;
        offset = place;
    }

    /** How the layer's activations vary. */
    RunningMoments moments() {
        return moments;
    }

    Gain gain() {
        return gain;
    }

    /** Of a layer that is wrapped. */
    GradientSize gradientSize() {
        return gradientSize;
    }

    Silence silence() {
        return silence;
    }

    /** What the signal saw of earlier samples. */
    WorkingMemory activations(LearningRule rule) {
        if (activations == null) {
            activations = WorkingMemory.ofActivations(rule);
        }
        return activations;
    }

    /** How the layer's activations go with the labels. */
    LabelPredictor predictor(Objective prediction) {
        if (predictor == null) {
            predictor = new LabelPredictor(prediction);
        }
        return predictor;
    }

    /** Knows what another layer's predictor knows. */
    void copyPredictor(LayerState other) {
        predictor = other.predictor == null ? null : other.predictor.copy();
    }

    /**
     * Goes through all that the layer remembers for good.
     *
     * @param store takes it, or gives it back
     * @param rule the layer's; null if it learns by no signal of its own
     * @param filled how many slots of the working memory hold a sample
     */
    void state(Store store, LearningRule rule, int filled) {
        store.part("moments", moments);
        store.part("gain", gain);
        store.part("gradient size", gradientSize);
        store.part("silence", silence);
        if (store.flag("remembers activations", activations != null)) {
            store.require(!store.restoring() || rule != null, "is of a layer that has a rule, which this one has not");
            WorkingMemory memory = activations(rule);
            store.part("activations", part -> memory.state(part, filled));
        }
        if (store.flag("predicts", predictor != null)) {
            boolean has = !store.restoring() || rule != null && rule.prediction().isPresent();
            store.require(has, "is of a layer whose rule has the prediction objective, which this one's has not");
            store.part("predictor", predictor != null ? predictor : predictor(rule.prediction().orElseThrow()));
        }
    }

    void commit() {
        moments.commit();
        gain.commit();
        gradientSize.commit();
        silence.commit();
        if (activations != null) {
            activations.commit();
        }
        if (predictor != null) {
            predictor.learn();
        }
    }

    /** Takes back what a step that does not count has written: the next one that counts may have no labels. */
    void discard() {
        moments.discard();
        gain.discard();
        gradientSize.discard();
        silence.discard();
        if (predictor != null) {
            predictor.forget();
        }
        if (activations != null) {
            activations.rollback();
        }
    }
}
