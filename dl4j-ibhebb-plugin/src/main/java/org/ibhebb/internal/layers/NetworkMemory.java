package org.ibhebb.internal.layers;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.deeplearning4j.nn.api.Layer;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.internal.term.window.Window;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.memory.LabelPredictor;
import org.ibhebb.memory.Placement;
import org.ibhebb.memory.Slots;
import org.ibhebb.memory.StepBuffers;
import org.ibhebb.memory.WorkingMemory;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What the local layers of one network share: the labels and inputs that its working memory holds, and the training
 * step under way. DL4J gives a layer no reference to its network; but the parameters of all its layers are views of one
 * buffer, so that buffer tells networks apart (clones, restored networks and replicas each have their own).
 *
 * <p>A step: training forward passes {@linkplain #enter enter} and {@linkplain #input publish the input}; the output
 * layer, first in DL4J's backward pass, {@linkplain #labels publishes the labels}; every local layer asks for the
 * {@linkplain #windows windows} and {@linkplain #finished finishes}. When the last one has, the samples are remembered.
 * A step that does not get so far (an exception) leaves the rings of different layers out of step, so the next one
 * starts from an empty memory.
 */
final class NetworkMemory {

    private static final Map<Key, WeakReference<NetworkMemory>> ALL = new ConcurrentHashMap<>();
    private static final ReferenceQueue<DataBuffer> COLLECTED = new ReferenceQueue<>();
    /** For layers without parameters: they stand in the forward pass behind a layer that has some. */
    private static final ThreadLocal<Reference<NetworkMemory>> CURRENT = new ThreadLocal<>();

    private enum Phase {
        FORWARD,
        BACKWARD,
        DONE
    }

    private final WeakReference<DataBuffer> owner;
    private Slots slots;
    /** Says of which kind the memory is; the first one that came by. */
    private LearningRule memoryRule;
    private final Map<String, WorkingMemory> labelMemories = new LinkedHashMap<>();
    private WorkingMemory inputMemory;
    /** By the layer's index. */
    private final Map<Integer, LabelPredictor> predictors = new HashMap<>();
    private final StepBuffers buffers = new StepBuffers();

    private Phase phase = Phase.DONE;
    /** The layers of this step, and whether each learns here. */
    private final Map<Object, Boolean> entered = new IdentityHashMap<>();
    private final List<INDArray> sources = new ArrayList<>();
    private boolean readsInput;
    private int learning;
    private int unitSignals;
    /** How many the mini-batch has. */
    private int samples;
    private LabelledRows labelled;
    private List<Placement> plan;
    private final Map<String, List<Labels>> labels = new LinkedHashMap<>();
    /** As the mini-batch gave them. */
    private final Map<String, Labels> givenLabels = new LinkedHashMap<>();
    private List<SlotRows> inputWindows;
    private List<Window> windows;
    /** Null where nobody looks. */
    private SignalObserver observer;

    private NetworkMemory(DataBuffer owner) {
        this.owner = new WeakReference<>(owner);
    }

    /**
     * The memory of the network that these parameters belong to.
     *
     * @param parameters a layer's view of the network's parameters; null for a layer that has none
     */
    static NetworkMemory of(INDArray parameters) {
        if (parameters == null || parameters.isEmpty()) {
            Reference<NetworkMemory> current = CURRENT.get();
            NetworkMemory memory = current == null ? null : current.get();
            if (memory == null) {
                throw new IllegalStateException("a local layer without parameters needs a local layer with parameters"
                        + " before it: build the network with IbHebb.convert");
            }
            return memory;
        }
        DataBuffer buffer = buffer(parameters);
        for (Reference<?> gone = COLLECTED.poll(); gone != null; gone = COLLECTED.poll()) {
            ALL.remove(gone);
        }
        NetworkMemory[] found = new NetworkMemory[1];
        ALL.compute(new Key(buffer), (key, reference) -> {
            found[0] = reference == null ? null : reference.get();
            if (found[0] != null) {
                return reference;
            }
            found[0] = new NetworkMemory(buffer);
            return new WeakReference<>(found[0]);
        });
        return found[0];
    }

    private static DataBuffer buffer(INDArray parameters) {
        DataBuffer data = parameters.data();
        return data.originalDataBuffer() == null ? data : data.originalDataBuffer();
    }

    /** Whether this is still the memory of these parameters' network; no parameters can't tell. */
    boolean belongsTo(INDArray parameters) {
        return parameters != null && !parameters.isEmpty() && owner.get() == buffer(parameters);
    }

    /** The type of the network's parameters. */
    DataType dataType() {
        return owner.get().dataType();
    }

    /** The type in which its signals are computed. */
    DataType signalType() {
        return Arithmetic.typeFor(dataType());
    }

    /**
     * A local layer begins its training forward pass.
     *
     * @param layer which one
     * @param rule its rule if it learns by a signal of its own; null if it only passes something on
     */
    void enter(Object layer, LearningRule rule) {
        CURRENT.set(new WeakReference<>(this));
        if (phase != Phase.FORWARD || entered.containsKey(layer)) {
            begin();
        }
        entered.put(layer, rule != null);
        if (rule != null) {
            learning++;
            readsInput |= rule.readsInput();
            useMemory(rule);
        }
    }

    private void begin() {
        if (phase == Phase.BACKWARD) {
            slots.clear();
        }
        phase = Phase.FORWARD;
        entered.clear();
        sources.clear();
        labels.clear();
        givenLabels.clear();
        observer = null;
        readsInput = false;
        learning = 0;
        unitSignals = 0;
        labelled = null;
        plan = null;
        inputWindows = null;
        windows = null;
    }

    private void useMemory(LearningRule rule) {
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

    /** A part of the network's input X, as it reaches a local layer with no local layer below. */
    void input(INDArray input) {
        sources.add(input);
    }

    /**
     * Whether a source has gone by in this step. The first layer that finds none is one: the sources of a network whose
     * lower layers were frozen after conversion take no part any more.
     */
    boolean hasInput() {
        return !sources.isEmpty();
    }

    /**
     * The labels of one output for this step.
     *
     * @param all one row a sample, or a time step of a sample
     * @param having which of the rows have a label
     * @param miniBatch how many samples the mini-batch has
     * @throws UnsupportedOperationException if another output has labels for other rows
     */
    void labels(Labels all, LabelledRows having, int miniBatch) {
        if (slots == null || phase == Phase.DONE) {
            // No layer learns locally: an output layer alone is an ordinary one.
            return;
        }
        if (plan == null) {
            phase = Phase.BACKWARD;
            samples = miniBatch;
            labelled = having;
            plan = slots.plan(having.count());
        } else if (!having.equals(labelled)) {
            throw new UnsupportedOperationException(all.output() + " has labels for " + having.count() + " of "
                    + having.total() + " rows, another output for " + labelled.count() + " of " + labelled.total()
                    + ": local learning compares the same rows by all outputs' labels; give the outputs the same mask");
        }
        String output = all.output();
        INDArray rows = labelled(all.rows(), "labels of " + output);
        List<Labels> perWindow = new ArrayList<>();
        WorkingMemory memory =
                labelMemories.computeIfAbsent(output, name -> WorkingMemory.ofLabels(memoryRule, all.encoding()));
        for (SlotRows window : pass("window of labels of " + output, rows, memory)) {
            perWindow.add(new Labels(output, window.rows(), all.encoding()));
        }
        labels.put(output, perWindow);
        givenLabels.put(output, new Labels(output, rows, all.encoding()));
        windows = null;
    }

    /** A copy, for labels may lie in a workspace that closes with the output layer. */
    private INDArray labelled(INDArray all, String name) {
        if (labelled.count() == 0) {
            return all;
        }
        INDArray rows = labelled.of(all, name, buffers);
        return rows == all ? copy(name, all) : rows;
    }

    /** Which rows of this step's activations have a label. */
    LabelledRows labelled() {
        return labelled;
    }

    /** How many samples the mini-batch has, each of one row or as many as it has time steps. */
    int samples() {
        return samples;
    }

    /**
     * The windows of this step, over the labels of the outputs that DL4J's backward pass has reached by now: all
     * outputs that the asking layer feeds are among them.
     */
    List<Window> windows() {
        if (phase != Phase.BACKWARD || labels.isEmpty()) {
            throw new IllegalStateException("no labels reached this layer: the network's output layer must be an"
                    + " IbHebbOutputLayer, and the network must be trained by fit. Build it with IbHebb.convert(conf)");
        }
        if (windows == null) {
            if (readsInput && inputWindows == null) {
                inputWindows = pass("window of inputs", networkInput(), inputMemory);
            }
            List<Window> all = new ArrayList<>();
            for (int i = 0; i < plan.size(); i++) {
                List<Labels> known = new ArrayList<>();
                for (List<Labels> output : labels.values()) {
                    known.add(output.get(i));
                }
                Placement placement = plan.get(i);
                int window = i;
                all.add(new Window(
                        Arithmetic.of(known.get(0).rows().dataType()),
                        placement.slot(), placement.count(), placement.window(),
                        readsInput ? inputWindows.get(i) : null,
                        known,
                        (name, type, order, shape) -> buffers.get(List.of(window, name), type, order, shape)));
            }
            windows = all;
        }
        return windows;
    }

    /** The labels of this step's samples, of the outputs that DL4J's backward pass has reached. */
    List<Labels> givenLabels() {
        return List.copyOf(givenLabels.values());
    }

    /** What a layer remembers of how its activations go with the labels. */
    LabelPredictor predictor(int layer, double rate) {
        return predictors.computeIfAbsent(layer, index -> new LabelPredictor(rate));
    }

    /** Knows what another network's predictors know. */
    void copyPredictors(NetworkMemory other) {
        predictors.clear();
        other.predictors.forEach((layer, predictor) -> predictors.put(layer, predictor.copy()));
    }

    /** Where this step's samples go. */
    List<Placement> plan() {
        return plan;
    }

    /** Someone wants to see the signals of this step. */
    void observe(SignalObserver wanting) {
        observer = wanting;
    }

    /** Shows what a layer did to whoever wants to see it. */
    void show(Layer layer, LearningRule rule, INDArray rows, INDArray signal) {
        if (observer != null) {
            observer.observe(new SignalObserver.Step(layer, rule, plan.get(0).filled(), rows,
                    rule.readsInput() ? networkInput() : null, givenLabels(), signal));
        }
    }

    /** A local layer has learnt from this step's samples. */
    void finished() {
        if (--learning == 0) {
            if (!plan.isEmpty()) {
                slots.commit(plan);
            }
            phase = Phase.DONE;
        }
    }

    /** The last layer of a unit sends its signal down to the unit's first. */
    void sendUnitSignal() {
        unitSignals++;
    }

    /** The first layer of a unit takes the signal. */
    boolean takeUnitSignal() {
        return unitSignals-- > 0;
    }

    /**
     * Writes a mini-batch to a memory, window by window, and says what it held in each.
     */
    private List<SlotRows> pass(String name, INDArray rows, WorkingMemory memory) {
        List<SlotRows> passed = new ArrayList<>();
        for (Placement placement : plan) {
            memory.write(placement.part(rows), placement);
            SlotRows window = memory.window(placement);
            passed.add(plan.size() == 1
                    ? window
                    : SlotRows.of(copy(List.of(passed.size(), name), window.rows())));
        }
        memory.commit();
        return passed;
    }

    /** What the next window of the same mini-batch is going to overwrite. */
    private INDArray copy(Object name, INDArray slots) {
        return buffers.get(name, slots.dataType(), 'c', slots.shape()).assign(slots);
    }

    /** X: all that enters the network, side by side. */
    private INDArray networkInput() {
        INDArray[] flat = sources.stream()
                .map(source -> source.reshape(source.size(0), source.length() / source.size(0)))
                .toArray(INDArray[]::new);
        for (INDArray source : flat) {
            if (source.rows() != labelled.total()) {
                throw new IllegalArgumentException("inputs of " + source.rows() + " rows, but labels for "
                        + labelled.total() + ": an objective that reads the network's input needs one for each label"
                        + " (use the neighbourhood objective, which reads none)");
            }
        }
        // Data may be of another type than the network.
        DataType type = givenLabels.values().iterator().next().rows().dataType();
        return labelled.of((flat.length == 1 ? flat[0] : Nd4j.concat(1, flat)).castTo(type), "inputs", buffers);
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
