package org.ibhebb.internal.layers;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.term.window.Window;
import org.ibhebb.internal.view.Representation;
import org.ibhebb.internal.view.TimeSteps;
import org.ibhebb.memory.LabelPredictor;
import org.ibhebb.memory.Placement;
import org.ibhebb.memory.StepBuffers;
import org.ibhebb.memory.WorkingMemory;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What every local layer does around its own arithmetic: it remembers what the signal sees of its activations in the
 * forward pass, and forms the modulatory signal in the backward pass.
 */
final class LocalLearner {

    private static final String HALF =
            " In HALF, adaptive updaters need a larger epsilon: Adam's own, 1e-8, is 0 there, and 1e-3 does.";

    private final LearningRule rule;
    /** The rule's; null if it has none. */
    private final Objective prediction;
    private final boolean source;
    private final boolean stepwise;
    private final boolean channelsLast;
    private final Representation representation;
    private final StepBuffers buffers = new StepBuffers();
    private NetworkMemory memory;
    /** Of what the signal sees; null until the layer trains, for a memory network is needed only then. */
    private WorkingMemory remembered;
    private Representation.View view;
    /** Whether the view is on the time steps of sequences. */
    private boolean viewOfSteps;

    /**
     * @param rule how this layer learns; null for the first layer of a unit, whose signal comes from the unit's last
     *     layer
     * @param source whether no local layer stands below this one, so that its input counts as the network's
     * @param stepwise whether each time step of a sequence is a sample of its own, with a label of its own
     * @param channelsLast whether activations have their channels in the last dimension
     */
    LocalLearner(LearningRule rule, boolean source, boolean stepwise, boolean channelsLast) {
        this.rule = rule;
        this.prediction = rule == null ? null : rule.prediction().orElse(null);
        this.source = source;
        this.stepwise = stepwise;
        this.channelsLast = channelsLast;
        this.representation = rule == null ? null : new Representation(rule, channelsLast, buffers);
    }

    /**
     * Begins the layer's training forward pass.
     *
     * @param layer its input must be set, and not yet have gone through dropout
     * @param parameters the layer's view of the network's parameters; null for a layer that has none
     * @throws ArithmeticException if the input is not finite; nothing has changed then
     * @throws UnsupportedOperationException if the network is of a type in which nothing learns
     * @throws IllegalStateException if the rule's memory network can't be had, or the layers' rules do not agree on the
     *     working memory
     */
    void begin(Layer layer, INDArray parameters, LayerWorkspaceMgr workspaces) {
        INDArray input = layer.input();
        checkFinite(input, layer, "input");
        if (memory == null || !memory.belongsTo(parameters)) {
            memory = NetworkMemory.of(parameters);
        }
        if (memory.dataType() == DataType.BFLOAT16) {
            throw new UnsupportedOperationException(name(layer) + ": the network is of type BFLOAT16, in which"
                    + " Deeplearning4j's activation functions have no backward pass: train it in FLOAT"
                    + " (network.convertDataType(DataType.FLOAT))");
        }
        try {
            if (rule != null && remembered == null) {
                remembered = WorkingMemory.ofActivations(rule);
            }
            memory.enter(this, rule);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(name(layer) + ": " + e.getMessage(), e);
        }
        if (source || !memory.hasInput()) {
            // Dropout may work in place on this array later in the step.
            boolean changes = layer.conf().getLayer().getIDropout() != null;
            INDArray kept = changes ? workspaces.dup(ArrayType.ACTIVATIONS, input) : input;
            memory.input(workspaces.leverageTo(ArrayType.ACTIVATIONS, networkInput(kept, layer)));
        }
    }

    private INDArray networkInput(INDArray input, Layer layer) {
        if (stepwise) {
            return input.rank() == 3 ? TimeSteps.rows(input, channelsLast) : input;
        }
        INDArray mask = layer.getMaskArray();
        return mask != null && SequenceMask.fits(mask, input, channelsLast)
                ? SequenceMask.zeroed(input, mask, channelsLast)
                : input;
    }

    /**
     * Takes in the layer's activations, before the layers above may change them in place.
     *
     * @param mask of the activations; null for none
     * @throws UnsupportedOperationException if there is a mask, and not one that says which time steps of a sequence
     *     there are
     * @throws IllegalArgumentException if a sample has no time step
     */
    void observe(INDArray given, INDArray mask, Layer layer) {
        if (rule == null) {
            return;
        }
        // DL4J's last time steps under a mask are of its default type.
        INDArray activations = given.castTo(memory.signalType());
        viewOfSteps = stepwise && activations.rank() == 3;
        if (viewOfSteps) {
            view = representation.of(TimeSteps.rows(activations, channelsLast));
        } else if (stepwise || mask == null) {
            // Where each step is a sample, the output layer's mask says which of them there are.
            view = representation.of(activations);
        } else if (SequenceMask.fits(mask, activations, channelsLast)) {
            SequenceMask.checkSteps(mask, layer);
            view = representation.of(activations, mask);
        } else {
            throw new UnsupportedOperationException(name(layer) + ": a mask of shape " + Arrays.toString(mask.shape())
                    + " on activations of shape " + Arrays.toString(activations.shape()) + " is not supported by local"
                    + " learning, which knows masks of sequences (samples x time steps); train on data without it (and"
                    + " clear the refused one: network.clearLayerMaskArrays())");
        }
    }

    /**
     * The modulatory signal of this step: the derivative of the layer's own objective with respect to its activations,
     * scaled as DL4J scales errors (it divides by the mini-batch size later).
     *
     * @param above what came from the layers above: read only by the first layer of a unit
     * @throws IllegalStateException if the step has no labels, or this layer's unit has lost its last layer
     * @throws ArithmeticException if the signal is not finite
     */
    INDArray signal(Layer layer, INDArray above) {
        if (memory == null) {
            throw new IllegalStateException(name(layer) + ": a backward pass needs a training forward pass before it");
        }
        if (rule == null) {
            if (!memory.takeUnitSignal()) {
                throw new IllegalStateException(name(layer) + ": the layers that end this layer's unit (batch"
                        + " normalisation, activation, pooling) are gone, so that no signal reaches it: revert the"
                        + " configuration with IbHebb.revert and convert it again");
            }
            return above;
        }
        if (view == null) {
            throw new IllegalStateException(name(layer) + ": a backward pass needs a training forward pass before it");
        }
        INDArray own = view.backward(throughWindows(layer));
        if (viewOfSteps) {
            own = TimeSteps.series(own.dup('c'), memory.samples(), channelsLast);
        }
        view = null;
        memory.finished();
        return own.castTo(memory.dataType());
    }

    /** Tells the first layer of this unit that the signal is on its way. */
    void sendDown() {
        memory.sendUnitSignal();
    }

    private INDArray throughWindows(Layer layer) {
        List<Window> windows = memory.windows();
        List<Placement> plan = memory.plan();
        LabelledRows labelled = memory.labelled();
        if (view.rows().rows() != labelled.total()) {
            throw new IllegalStateException(name(layer) + ": " + view.rows().rows() + " activations, but labels for "
                    + labelled.total() + (stepwise
                            ? " time steps of all samples: what stands below an RnnOutputLayer has to keep every time"
                            + " step"
                            : " samples: between the layers that learn locally and the output layer, samples must not"
                            + " be split (into time steps, say) or stacked"));
        }
        if (labelled.count() == 0) {
            return buffers.get("signal", view.rows().dataType(), 'c', view.rows().shape()).assign(0);
        }
        INDArray rows = labelled.of(view.rows(), "labelled rows", buffers);
        INDArray signal = buffers.get("signal", rows.dataType(), 'c', rows.shape());
        for (int i = 0; i < plan.size(); i++) {
            Placement placement = plan.get(i);
            remembered.write(placement.part(rows), placement);
            windows.get(i).signal(rule, remembered.window(placement), placement.part(signal));
        }
        remembered.commit();
        LabelPredictor predictor =
                prediction == null ? null : memory.predictor(layer.getIndex(), prediction.rate());
        if (predictor != null) {
            predictor.addSignal(rows, memory.givenLabels(), prediction.weight(), signal);
        }
        checkFinite(signal, layer, "modulatory signal");
        if (predictor != null) {
            predictor.learn();
        }
        memory.show(layer, rule, rows, signal);
        if (labelled.count() != memory.samples()) {
            // DL4J is going to divide by the number of samples.
            signal.muli((double) memory.samples() / labelled.count());
        }
        return labelled.spread(signal, "signal of all rows", buffers);
    }

    /** An epsilon of zeros for the layer below: DL4J's pre-processors and vertices can't do with null. */
    static INDArray nothingBelow(Layer layer, LayerWorkspaceMgr workspaces) {
        INDArray input = layer.input();
        return workspaces.create(ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
    }

    /** Throws, naming the first sample at fault, if an array holds NaN or infinite values. */
    static void checkFinite(INDArray array, Layer layer, String what) {
        if (Arithmetic.allFinite(array)) {
            return;
        }
        INDArray samples = array.castTo(Arithmetic.typeFor(array.dataType())).dup('c')
                .reshape(array.size(0), array.length() / array.size(0));
        for (int sample = 0; sample < samples.rows(); sample++) {
            double own = samples.getRow(sample).sumNumber().doubleValue();
            if (Double.isNaN(own) || Double.isInfinite(own)) {
                throw new ArithmeticException(name(layer) + ": the " + what + " of sample " + sample
                        + " of the mini-batch is not finite (its sum is " + own
                        + "): check the data for NaN and infinite values, or lower the learning rate."
                        + (array.dataType() == DataType.FLOAT16 ? HALF : "") + " This step has changed no parameter");
            }
        }
    }

    /** A layer as messages name it. */
    static String name(Layer layer) {
        String name = layer.conf().getLayer().getLayerName();
        return "layer " + (name == null ? "" : "'" + name + "' ") + "(index " + layer.getIndex() + ")";
    }
}
