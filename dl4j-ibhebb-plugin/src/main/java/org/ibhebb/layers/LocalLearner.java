package org.ibhebb.layers;

import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.memory.Placement;
import org.ibhebb.memory.StepBuffers;
import org.ibhebb.memory.WorkingMemory;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.signal.Representation;
import org.ibhebb.signal.SignalKernel;
import org.ibhebb.signal.Window;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What every local layer does around its own arithmetic: it remembers what the signal sees of its activations in the
 * forward pass, and forms the modulatory signal in the backward pass.
 */
final class LocalLearner {

    private final LearningRule rule;
    private final boolean source;
    private final Representation representation;
    private final StepBuffers buffers = new StepBuffers();
    private NetworkMemory memory;
    /** Of what the signal sees; null until the layer trains, for a memory network is needed only then. */
    private WorkingMemory remembered;
    private Representation.View view;

    /**
     * @param rule how this layer learns; null for the first layer of a unit, whose signal comes from the unit's last
     *     layer
     * @param source whether no local layer stands below this one, so that its input counts as the network's
     * @param channelsLast whether activations have their channels in the last dimension
     */
    LocalLearner(LearningRule rule, boolean source, boolean channelsLast) {
        this.rule = rule;
        this.source = source;
        this.representation = rule == null ? null : new Representation(rule, channelsLast, buffers);
    }

    /**
     * Begins the layer's training forward pass.
     *
     * @param layer its input must be set, and not yet have gone through dropout
     * @param parameters the layer's view of the network's parameters; null for a layer that has none
     * @throws ArithmeticException if the input is not finite; nothing has changed then
     * @throws UnsupportedOperationException if there is a mask
     * @throws IllegalStateException if the rule's memory network can't be had, or the layers' rules do not agree on the
     *     working memory
     */
    void begin(Layer layer, INDArray parameters, LayerWorkspaceMgr workspaces) {
        INDArray input = layer.input();
        checkFinite(input, layer, "input");
        if (layer.getMaskArray() != null) {
            throw new UnsupportedOperationException(name(layer) + ": masks are not supported by local learning; train"
                    + " on data without a mask (and clear the refused one: network.clearLayerMaskArrays())");
        }
        if (memory == null || !memory.belongsTo(parameters)) {
            memory = NetworkMemory.of(parameters);
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
            memory.input(changes ? workspaces.dup(ArrayType.ACTIVATIONS, input) : input);
        }
    }

    /** Takes in the layer's activations, before the layers above may change them in place. */
    void observe(INDArray activations) {
        if (rule != null) {
            view = representation.of(activations);
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
        INDArray signal = throughWindows(layer);
        checkFinite(signal, layer, "modulatory signal");
        memory.show(layer, rule, view.rows(), signal);
        INDArray own = view.backward(signal);
        view = null;
        memory.finished();
        return own;
    }

    /** Tells the first layer of this unit that the signal is on its way. */
    void sendDown() {
        memory.sendUnitSignal();
    }

    private INDArray throughWindows(Layer layer) {
        List<Window> windows = memory.windows();
        List<Placement> plan = memory.plan();
        INDArray rows = view.rows();
        int samples = plan.stream().mapToInt(Placement::count).sum();
        if (rows.rows() != samples) {
            throw new IllegalStateException(name(layer) + ": " + rows.rows() + " activations, but labels for " + samples
                    + " samples: a layer on single time steps can't learn locally");
        }
        INDArray signal = buffers.get("signal", rows.dataType(), 'c', rows.shape());
        for (int i = 0; i < plan.size(); i++) {
            Placement placement = plan.get(i);
            remembered.write(placement.part(rows), placement);
            windows.get(i).signal(rule, remembered.window(placement), placement.part(signal));
        }
        return signal;
    }

    /** An epsilon of zeros for the layer below: DL4J's pre-processors and vertices can't do with null. */
    static INDArray nothingBelow(Layer layer, LayerWorkspaceMgr workspaces) {
        INDArray input = layer.input();
        return workspaces.create(ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
    }

    /** Throws, naming the first sample at fault, if an array holds NaN or infinite values. */
    static void checkFinite(INDArray array, Layer layer, String what) {
        if (!array.dataType().isFPType() || SignalKernel.of(array.dataType()).isFinite(array)) {
            return;
        }
        INDArray samples = array.dup('c').reshape(array.size(0), array.length() / array.size(0));
        for (int sample = 0; sample < samples.rows(); sample++) {
            double own = samples.getRow(sample).sumNumber().doubleValue();
            if (Double.isNaN(own) || Double.isInfinite(own)) {
                throw new ArithmeticException(name(layer) + ": the " + what + " of sample " + sample
                        + " of the mini-batch is not finite (its sum is " + own
                        + "): check the data for NaN and infinite values, or lower the learning rate."
                        + " The parameters are unchanged");
            }
        }
    }

    /** A layer as messages name it. */
    static String name(Layer layer) {
        String name = layer.conf().getLayer().getLayerName();
        return "layer " + (name == null ? "" : "'" + name + "' ") + "(index " + layer.getIndex() + ")";
    }
}
