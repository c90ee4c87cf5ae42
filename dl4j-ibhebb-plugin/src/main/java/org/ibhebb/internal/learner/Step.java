package org.ibhebb.internal.learner;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.internal.memory.Placement;
import org.ibhebb.internal.memory.Slots;
import org.ibhebb.internal.memory.StepBuffers;
import org.ibhebb.internal.memory.WorkingMemory;
import org.ibhebb.internal.term.window.Window;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One training step of a network: training forward passes enter it and publish the network's input, the output layer,
 * first in the backward pass, publishes the labels, and every local layer asks for the windows and forms its signal.
 * What layers and memories take in of its samples counts when it is {@linkplain #commit committed}, all of it at once.
 */
public final class Step {

    private enum Phase {
        FORWARD,
        BACKWARD,
        OVER
    }

    private final Network network;
    private int iteration;
    private final StepBuffers buffers;
    private Phase phase = Phase.FORWARD;
    /** The layers that took part, by identity. */
    private final Map<Object, Boolean> entered = new IdentityHashMap<>();
    /** Those of them whose signal has still to be formed, by identity, with their names. */
    private final Map<Object, String> waiting = new IdentityHashMap<>();
    private final List<INDArray> sources = new ArrayList<>();
    private final List<SignalObserver> observers = new ArrayList<>();
    private boolean readsInput;
    private boolean unitGain;
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

    Step(Network network) {
        this.network = network;
        this.buffers = network.buffers();
    }

    /** How many updates the network had had when this step began. */
    int iteration() {
        return iteration;
    }

    /** Whether a layer's forward pass belongs to this step: it is still going forward, without that layer. */
    boolean takes(Object layer) {
        return phase == Phase.FORWARD && !entered.containsKey(layer);
    }

    /**
     * A local layer takes part.
     *
     * @param layer which one
     * @param name as messages have it
     * @param rule its rule if it learns by a signal of its own; null if it only passes something on
     * @param updates how many the network has had
     */
    void enter(Object layer, String name, LearningRule rule, int updates) {
        if (entered.isEmpty()) {
            iteration = updates;
        }
        entered.put(layer, rule != null);
        if (rule != null) {
            waiting.put(layer, name);
            readsInput |= rule.readsInput();
            network.useMemory(rule);
        }
    }

    /** A part of the network's input X, as it reaches a local layer with no local layer below. */
    void input(INDArray input) {
        sources.add(input);
    }

    /**
     * Whether a source has gone by. The first layer that finds none is one: the sources of a network whose lower layers
     * were frozen after conversion take no part any more.
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
    public void labels(Labels all, LabelledRows having, int miniBatch) {
        Slots slots = network.slots();
        if (slots == null || phase == Phase.OVER) {
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
        INDArray rows = labelledOnly(all.rows(), "labels of " + output);
        List<Labels> perWindow = new ArrayList<>();
        for (SlotRows window : pass("window of labels of " + output, rows, network.labelMemory(all))) {
            perWindow.add(new Labels(output, window.rows(), all.encoding()));
        }
        labels.put(output, perWindow);
        givenLabels.put(output, new Labels(output, rows, all.encoding()));
        windows = null;
    }

    /** A copy, for labels may lie in a workspace that closes with the output layer. */
    private INDArray labelledOnly(INDArray all, String name) {
        if (labelled.count() == 0) {
            return all;
        }
        INDArray rows = labelled.of(all, name, buffers);
        return rows == all ? copy(name, all) : rows;
    }

    /**
     * What there is of the rows that have a label: what has none does not say how large activity is, for it may be
     * padding.
     *
     * @param activity samples first, or the rows of all samples as often as they are
     * @return the activity itself where all have a label, or none has
     */
    public INDArray ofLabelled(INDArray activity) {
        if (!hasLabelledRows() || labelled.count() == labelled.total()) {
            return activity;
        }
        long times = activity.size(0) / labelled.total();
        INDArray rows = activity.dup('c').reshape('c', activity.size(0), activity.length() / activity.size(0));
        return labelled.repeated((int) times).of(rows, "labelled activity", buffers);
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
     * The inverse of the number of labels of a sample: how much more each counts where some have none, and how much less
     * where each time step has one.
     *
     * @return 1 where each sample has one label
     */
    public double samplesPerRow() {
        return hasLabelledRows() ? (double) samples / labelled.count() : 1;
    }

    /** A step that is over knows nothing of the mini-batch of an output layer above layers that are frozen since. */
    private boolean hasLabelledRows() {
        return phase == Phase.BACKWARD && labelled.count() > 0;
    }

    /** Where this step's samples go. */
    List<Placement> plan() {
        return plan;
    }

    /** The labels of this step's samples, of the outputs that the backward pass has reached. */
    List<Labels> givenLabels() {
        return List.copyOf(givenLabels.values());
    }

    /** Whether labels have been published. */
    boolean hasLabels() {
        return phase == Phase.BACKWARD && !labels.isEmpty();
    }

    /**
     * The windows of this step, over the labels of the outputs that the backward pass has reached by now: all outputs
     * that the asking layer feeds are among them.
     */
    List<Window> windows() {
        if (windows == null) {
            if (readsInput && inputWindows == null) {
                inputWindows = pass("window of inputs", networkInput(), network.inputMemory());
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

    /** Writes a mini-batch to a memory, window by window, and says what it held in each. */
    private List<SlotRows> pass(String name, INDArray rows, WorkingMemory memory) {
        List<SlotRows> passed = new ArrayList<>();
        for (Placement placement : plan) {
            memory.write(placement.part(rows), placement);
            SlotRows window = memory.window(placement);
            passed.add(plan.size() == 1
                    ? window
                    : SlotRows.of(copy(List.of(passed.size(), name), window.rows())));
        }
        return passed;
    }

    /** What the next window of the same mini-batch is going to overwrite. */
    private INDArray copy(Object name, INDArray slots) {
        return buffers.get(name, slots.dataType(), 'c', slots.shape()).assign(slots);
    }

    /** X: all that enters the network, side by side. */
    INDArray networkInput() {
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

    /**
     * Someone wants to see the signals of this step.
     *
     * @param wanting is shown each layer's, beside whoever asked before
     */
    public void observe(SignalObserver wanting) {
        observers.add(wanting);
    }

    /** Shows what a layer did to whoever wants to see it. */
    void show(Host layer, LearningRule rule, INDArray rows, INDArray signal) {
        for (SignalObserver observer : observers) {
            observer.observe(new SignalObserver.Seen(layer.name(), layer.index(), rule, plan.get(0).filled(), rows,
                    rule.readsInput() ? networkInput() : null, givenLabels(), signal));
        }
    }

    /** A local layer has formed its signal. */
    void finished(Object layer) {
        waiting.remove(layer);
    }

    /** The last layer of a unit sends its signal down to the unit's first. */
    void sendUnitSignal(boolean withGain) {
        unitSignals++;
        unitGain = withGain;
    }

    /** The first layer of a unit takes the signal. */
    boolean takeUnitSignal() {
        return unitSignals-- > 0;
    }

    /**
     * Whether the unit whose signal is on its way learns with gains.
     *
     * @return false where none is
     */
    public boolean unitGain() {
        return unitGain;
    }

    /** Everything that was taken in counts, if every local layer has learnt: half a step is none. */
    void commit() {
        if (phase != Phase.BACKWARD) {
            return;
        }
        if (!waiting.isEmpty()) {
            network.learnsInPart(waiting.values());
            return;
        }
        phase = Phase.OVER;
        if (!plan.isEmpty()) {
            network.slots().commit(plan);
        }
        network.commitMemories();
    }

    /**
     * Whether samples of this step have been written to the network's memory, and do not count yet: its update may have
     * been applied, or not.
     */
    boolean isOpen() {
        return phase == Phase.BACKWARD;
    }

    /** Nothing that was taken in counts, unless it was committed before. */
    void discard() {
        if (phase == Phase.BACKWARD) {
            network.discardMemories();
        }
        phase = Phase.OVER;
    }
}
