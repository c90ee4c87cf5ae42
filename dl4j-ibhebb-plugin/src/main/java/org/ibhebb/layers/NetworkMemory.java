package org.ibhebb.layers;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ibhebb.memory.Placement;
import org.ibhebb.memory.RingBuffer;
import org.ibhebb.memory.Slots;
import org.ibhebb.memory.StepBuffers;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.signal.Labels;
import org.ibhebb.signal.SignalKernel;
import org.ibhebb.signal.SlotRows;
import org.ibhebb.signal.Window;
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
    private final Map<String, RingBuffer> labelRings = new LinkedHashMap<>();
    private final RingBuffer inputRing = new RingBuffer();
    private final StepBuffers buffers = new StepBuffers();

    private Phase phase = Phase.DONE;
    /** The layers of this step, and whether each learns here. */
    private final Map<Object, Boolean> entered = new IdentityHashMap<>();
    private final List<INDArray> sources = new ArrayList<>();
    private boolean readsInput;
    private int learning;
    private int unitSignals;
    private List<Placement> plan;
    private final Map<String, List<Labels>> labels = new LinkedHashMap<>();
    private List<SlotRows> inputWindows;
    private List<Window> windows;

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
            useCapacity(rule.memory());
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
        readsInput = false;
        learning = 0;
        unitSignals = 0;
        plan = null;
        inputWindows = null;
        windows = null;
    }

    private void useCapacity(int capacity) {
        if (slots == null) {
            slots = new Slots(capacity);
        } else if (slots.capacity() != capacity) {
            throw new IllegalStateException("the rules of one network give working memories of " + slots.capacity()
                    + " and of " + capacity + " samples: a network has one working memory; give them the same"
                    + " capacity");
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
     * @param output the output layer's name
     * @param rows one row a sample
     * @param encoding how to read them
     */
    void labels(String output, INDArray rows, Labels.Encoding encoding) {
        if (slots == null || phase == Phase.DONE) {
            // No layer learns locally: an output layer alone is an ordinary one.
            return;
        }
        if (plan == null) {
            phase = Phase.BACKWARD;
            plan = slots.plan((int) rows.size(0));
        }
        List<Labels> perWindow = new ArrayList<>();
        RingBuffer ring = labelRings.computeIfAbsent(output, name -> new RingBuffer());
        for (SlotRows window : pass("labels of " + output, rows, ring)) {
            perWindow.add(new Labels(output, window.rows(), encoding));
        }
        labels.put(output, perWindow);
        windows = null;
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
                // Data may be of another type than the network.
                DataType type = labels.values().iterator().next().get(0).rows().dataType();
                inputWindows = pass("inputs", networkInput().castTo(type), inputRing);
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
                        SignalKernel.of(known.get(0).rows().dataType()),
                        placement.slot(), placement.count(), placement.window(),
                        readsInput ? inputWindows.get(i) : null,
                        known,
                        (name, type, order, shape) -> buffers.get(List.of(window, name), type, order, shape)));
            }
            windows = all;
        }
        return windows;
    }

    /** Where this step's samples go. */
    List<Placement> plan() {
        return plan;
    }

    /** A local layer has learnt from this step's samples. */
    void finished() {
        if (--learning == 0) {
            slots.commit(plan);
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
     * Writes a mini-batch to a ring, window by window, and says what the ring held in each.
     */
    private List<SlotRows> pass(String name, INDArray rows, RingBuffer ring) {
        List<SlotRows> passed = new ArrayList<>();
        for (Placement placement : plan) {
            ring.write(placement.part(rows), placement);
            passed.add(plan.size() == 1
                    ? ring.window(placement)
                    : SlotRows.of(copy(List.of(passed.size(), name), ring.slots())));
        }
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
        return flat.length == 1 ? flat[0] : Nd4j.concat(1, flat);
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
