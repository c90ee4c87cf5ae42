package org.ibhebb.internal.learner;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.ibhebb.internal.file.Quoted;
import org.ibhebb.internal.memory.WorkingMemory;
import org.ibhebb.internal.state.Store;
import org.ibhebb.internal.term.Term;
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
    /** Of the objectives that remember something of their own. */
    private final Map<Objective.Kind, Term> terms = new EnumMap<>(Objective.Kind.class);

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

    /** What the layer has learnt by an objective that remembers something of its own. */
    Term term(Objective objective) {
        return terms.computeIfAbsent(objective.kind(), kind -> made(objective));
    }

    /** One that knows nothing yet. */
    private static Term made(Objective objective) {
        return switch (objective.kind()) {
            case PREDICTION -> new LabelPredictor(objective);
            default -> throw new IllegalArgumentException(objective + " is an objective of a window");
        };
    }

    /** How the layer's activations go with the labels. */
    LabelPredictor predictor(Objective prediction) {
        return (LabelPredictor) term(prediction);
    }

    /** Knows what another layer has learnt by such objectives. */
    void copyTerms(LayerState other) {
        terms.clear();
        other.terms.forEach((kind, term) -> terms.put(kind, term.copy()));
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
        for (String kind : store.names("terms", terms.keySet().stream().map(Objective.Kind::toString).toList())) {
            Term term = store.restoring() ? made(kind, store, rule) : terms.get(Objective.Kind.fromName(kind));
            store.part(term.name(), term);
        }
    }

    /** The term of that kind, which the saved state has. */
    private Term made(String kind, Store store, LearningRule rule) {
        Optional<Objective> own = rule == null
                ? Optional.empty()
                : rule.objectives().stream()
                        .filter(objective -> !objective.kind().readsWindow())
                        .filter(objective -> objective.kind().toString().equals(kind))
                        .findFirst();
        store.require(own.isPresent(), "is of a layer whose rule has the objective " + Quoted.of(kind)
                + ", which this one's has not");
        return term(own.orElseThrow());
    }

    void commit() {
        moments.commit();
        gain.commit();
        gradientSize.commit();
        silence.commit();
        if (activations != null) {
            activations.commit();
        }
        terms.values().forEach(Term::learn);
    }

    /** Takes back what a step that does not count has written: the next one that counts may have no labels. */
    void discard() {
        moments.discard();
        gain.discard();
        gradientSize.discard();
        silence.discard();
        terms.values().forEach(Term::forget);
        if (activations != null) {
            activations.rollback();
        }
    }
}
