package org.ibhebb.internal.learner;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.memory.Slots;
import org.ibhebb.internal.memory.StepBuffers;
import org.ibhebb.internal.memory.WorkingMemory;
import org.ibhebb.internal.state.State;
import org.ibhebb.internal.state.Store;
import org.ibhebb.internal.term.prediction.LabelPredictor;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lasts of one network: the labels and inputs that its working memory holds, and what each layer remembers. DL4J
 * gives a layer no reference to its network; but the parameters of all its layers are views of one buffer, so that
 * buffer tells networks apart (clones, restored networks and replicas each have their own).
 *
 * <p>It changes by {@link Step steps}. A step writes beside what lasts, or so that it can be taken back. It counts when
 * DL4J has applied its update ({@link #applied}); one that fails, or that somebody only looks at, leaves no trace.
 */
public final class Network {

    private static final Logger LOG = LoggerFactory.getLogger(Network.class);
    private static final Map<Key, WeakReference<Network>> ALL = new ConcurrentHashMap<>();
    private static final ReferenceQueue<DataBuffer> COLLECTED = new ReferenceQueue<>();
    /** For layers without parameters: they stand in the forward pass behind a layer that has some. */
    private static final ThreadLocal<Reference<Network>> CURRENT = new ThreadLocal<>();

    private final WeakReference<DataBuffer> owner;
    private final Map<Integer, LayerState> layers = new HashMap<>();
    private final Map<String, WorkingMemory> labelMemories = new LinkedHashMap<>();
    /** How the labels of each output are read. */
    private final Map<String, Labels.Encoding> encodings = new LinkedHashMap<>();
    private final StepBuffers buffers = new StepBuffers();
    private Slots slots;
    /** Says of which kind the memory is; the first one that came by. */
    private LearningRule memoryRule;
    private WorkingMemory inputMemory;
    /** The one under way, or the last one. */
    private Step step = new Step(this);
    /** How many training passes have thrown. */
    private int failures;
    /** Whether it has been said that some layers do not learn. */
    private boolean saidToLearnInPart;

    private Network(DataBuffer owner) {
        this.owner = new WeakReference<>(owner);
    }

    /**
     * The network that these parameters belong to.
     *
     * @param parameters a layer's view of the network's parameters; null for a layer that has none
     * @return the same object as long as the parameters live and somebody keeps it
     * @throws IllegalStateException if there are no parameters, and no layer with some has been seen before
     */
    public static Network of(INDArray parameters) {
        if (parameters == null || parameters.isEmpty()) {
            Network network = current();
            if (network == null) {
                throw new IllegalStateException("a local layer without parameters needs a local layer with parameters"
                        + " before it: build the network with IbHebb.convert");
            }
            return network;
        }
        DataBuffer buffer = buffer(parameters);
        for (Reference<?> gone = COLLECTED.poll(); gone != null; gone = COLLECTED.poll()) {
            ALL.remove(gone);
        }
        Network[] found = new Network[1];
        ALL.compute(new Key(buffer), (key, reference) -> {
            found[0] = reference == null ? null : reference.get();
            if (found[0] != null) {
                return reference;
            }
            found[0] = new Network(buffer);
            return new WeakReference<>(found[0]);
        });
        return found[0];
    }

    /**
     * The network of which a layer was the last one to begin a training pass, in this thread.
     *
     * @return null if there is none
     */
    public static Network current() {
        Reference<Network> current = CURRENT.get();
        return current == null ? null : current.get();
    }

    private static DataBuffer buffer(INDArray parameters) {
        DataBuffer data = parameters.data();
        return data.originalDataBuffer() == null ? data : data.originalDataBuffer();
    }

    /**
     * Whether these parameters are this network's.
     *
     * @param parameters a layer's view; null can't tell
     * @return false if they are another's, or there are none
     */
    public boolean has(INDArray parameters) {
        return parameters != null && !parameters.isEmpty() && owner.get() == buffer(parameters);
    }

    /** The type of the network's parameters. */
    DataType dataType() {
        return owner.get().dataType();
    }

    /**
     * The type in which its signals are computed.
     *
     * @return that of its parameters, but single precision for half
     */
    public DataType signalType() {
        return Arithmetic.typeFor(dataType());
    }

    /** What a layer remembers. */
    LayerState layer(int index) {
        return layers.computeIfAbsent(index, number -> new LayerState());
    }

    /**
     * Knows what the layers of another network know of how their activations go with the labels.
     *
     * @param other not changed
     */
    public void copyPredictors(Network other) {
        other.layers.forEach((index, state) -> layer(index).copyTerms(state));
    }

    /**
     * What a layer knows of how its activations go with the labels.
     *
     * @param index the layer's
     * @param prediction how one learns that knows nothing yet
     * @return a copy
     */
    public LabelPredictor predictor(int index, Objective prediction) {
        return layer(index).predictor(prediction).copy();
    }

    /**
     * Divides the errors of a layer inside a unit by each neuron's own gain, where the unit whose signal is on its way
     * learns so.
     *
     * @param index the layer's
     * @param errors n x d, or n x d x places; changed
     */
    public void divideInUnit(int index, INDArray errors) {
        if (step.unitGain() && !errors.isEmpty() && step.labelled().count() > 0) {
            double places = (double) errors.length() / errors.size(0) / errors.size(1);
            layer(index).gain().divide(errors, step.labelled().among(errors.size(0)),
                    step.samplesPerRow(), 1 / Math.sqrt(places));
        }
    }

    /**
     * The step under way, or the last one.
     *
     * @return never null
     */
    public Step step() {
        return step;
    }

    /**
     * A local layer begins its training forward pass: in the step under way, or as the first one of a new step.
     *
     * @param layer which one
     * @param iteration how many updates the network has had
     */
    Step enter(Object layer, int iteration) {
        CURRENT.set(new WeakReference<>(this));
        if (!step.takes(layer)) {
            if (iteration > step.iteration()) {
                // Somebody applied the update by hand, or by an optimiser that does not tell.
                step.commit();
            }
            step.discard();
            step = new Step(this);
        }
        return step;
    }

    /** DL4J has applied the update of the step under way: it counts. */
    public void applied() {
        step.commit();
    }

    /** A training pass of one of its layers threw: what was set for that step alone is of no use any more. */
    public void failed() {
        failures++;
    }

    /**
     * How many training passes have thrown so far.
     *
     * @return what tells a mask that was set for a step that failed from one that was set since
     */
    public int failures() {
        return failures;
    }

    /** Forgets all samples, readouts and gains: what a new network with these parameters would start from. */
    public void forget() {
        step = new Step(this);
        layers.clear();
        labelMemories.clear();
        encodings.clear();
        inputMemory = null;
        slots = null;
        memoryRule = null;
    }

    void useMemory(LearningRule rule) {
        if (slots == null) {
            inputMemory = WorkingMemory.ofInputs(rule);
            slots = new Slots(rule.memory());
            memoryRule = rule;
        } else if (!rule.sharesMemoryWith(memoryRule)) {
            throw new IllegalStateException("the rules of one network give different working memories: of "
                    + memoryRule.memoryDescription() + ", and of " + rule.memoryDescription()
                    + ". A network has one: give them the same");
        }
    }

    /** Null where no layer learns locally. */
    Slots slots() {
        return slots;
    }

    WorkingMemory inputMemory() {
        return inputMemory;
    }

    WorkingMemory labelMemory(Labels output) {
        return labelMemory(output.output(), output.encoding());
    }

    private WorkingMemory labelMemory(String output, Labels.Encoding encoding) {
        return labelMemories.computeIfAbsent(output, name -> {
            encodings.put(name, encoding);
            return WorkingMemory.ofLabels(memoryRule, encoding);
        });
    }

    /**
     * All that the network remembers for good.
     *
     * @param parameters how many it has
     * @param learners the layers that learn locally, by their index: one that has not trained yet remembers nothing, as
     *     one does that was made to remember that
     * @return a copy
     * @throws IllegalStateException if a step is under way whose update may have been applied, or not
     */
    public State state(long parameters, Collection<Integer> learners) {
        if (step.isOpen()) {
            throw new IllegalStateException("a training step is under way, of which the network does not know yet whether"
                    + " it counts");
        }
        learners.forEach(this::layer);
        return State.of(store -> state(store, parameters, Map.of()));
    }

    /**
     * Makes a network that has not trained yet remember what another one did.
     *
     * @param state of a network of the same configuration
     * @param parameters how many this one has
     * @param rules how the layers that learn by a signal of their own do, by their index
     * @throws IllegalArgumentException with one sentence that says what does not fit; nothing is remembered then
     * @throws IllegalStateException if the rules' memory network can't be had; nothing is remembered then
     */
    public void restore(State state, long parameters, Map<Integer, LearningRule> rules) {
        forget();
        try {
            state.into(store -> state(store, parameters, rules), signalType());
        } catch (IllegalArgumentException | IllegalStateException e) {
            forget();
            throw e;
        }
    }

    /** Nothing of a step under way counts: who asked for it only looked at it. */
    public void abandonStep() {
        step.discard();
    }

    /** Whether a step is under way whose update may have been applied, or not. */
    public boolean isStepOpen() {
        return step.isOpen();
    }

    private void state(Store store, long parameters, Map<Integer, LearningRule> rules) {
        store.fixed("type", dataType());
        store.fixed("parameters", parameters);
        if (store.flag("has trained", slots != null)) {
            if (store.restoring()) {
                store.require(!rules.isEmpty(), "is of a network that learns locally, which this one does not");
                rules.values().forEach(this::useMemory);
            }
            store.part("slots", slots);
            store.part("inputs", part -> inputMemory.state(part, slots.filled()));
            List<String> outputs = store.names("outputs", labelMemories.keySet());
            for (int i = 0; i < outputs.size(); i++) {
                String output = outputs.get(i);
                store.part("labels " + i, part -> {
                    int encoding = (int) part.count("encoding", encodings.getOrDefault(output,
                            Labels.Encoding.CLASSES).ordinal(), 0, Labels.Encoding.values().length - 1);
                    labelMemory(output, Labels.Encoding.values()[encoding]).state(part, slots.filled());
                });
            }
        }
        for (String index : store.names("layers", layers.keySet().stream().sorted().map(String::valueOf).toList())) {
            store.require(index.matches("[0-9]{1,9}"), "has a layer whose index is none");
            int number = Integer.parseInt(index);
            store.part("layer " + index,
                    part -> layer(number).state(part, rules.get(number), slots == null ? 0 : slots.filled()));
        }
    }

    StepBuffers buffers() {
        return buffers;
    }

    /** A step was applied in which some layers had no backward pass: it leaves no trace, and that is said once. */
    void learnsInPart(Collection<String> without) {
        if (!saidToLearnInPart) {
            saidToLearnInPart = true;
            LOG.warn("IbHebb: Deeplearning4j's backward pass did not reach {}, which do not learn, and without which"
                    + " nothing of a step is remembered: it ends at a frozen layer above. Freeze these too, or unfreeze"
                    + " that one", String.join(", ", new TreeSet<>(without)));
        }
    }

    void commitMemories() {
        labelMemories.values().forEach(WorkingMemory::commit);
        if (inputMemory != null) {
            inputMemory.commit();
        }
        layers.values().forEach(LayerState::commit);
    }

    void discardMemories() {
        labelMemories.values().forEach(WorkingMemory::rollback);
        if (inputMemory != null) {
            inputMemory.rollback();
        }
        layers.values().forEach(LayerState::discard);
    }

    /** A buffer by identity (its own equals compares contents), weakly held. */
    private static final class Key extends WeakReference<DataBuffer> {

        private final int hash;

        Key(DataBuffer buffer) {
            super(buffer, COLLECTED);
            hash = System.identityHashCode(buffer);
        }

        @Override
        public boolean equals(Object other) {
            if (this == other) {
                return true;
            }
            DataBuffer buffer = get();
            return buffer != null && other instanceof Key key && key.get() == buffer;
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
