package org.ibhebb.internal.learner;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Rows;
import org.ibhebb.internal.memory.Placement;
import org.ibhebb.internal.memory.StepBuffers;
import org.ibhebb.internal.memory.WorkingMemory;
import org.ibhebb.internal.term.window.Window;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.internal.view.Representation;
import org.ibhebb.internal.view.TimeSteps;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What every local layer does around its own arithmetic: it keeps what the signal sees of its activations in the
 * forward pass, and in the backward pass forms the modulatory signal, and divides the errors that it makes of it by
 * each neuron's own gain.
 *
 * <p>Called in this order, once a training step: {@link #begin}, {@link #observe}, {@link #signal}, {@link #divide},
 * and {@link #applied} when the update has been applied.
 */
public final class LayerLearner {

    private static final String HALF =
            " In HALF, adaptive updaters need a larger epsilon: Adam's own, 1e-8, is 0 there, and 1e-3 does.";

    private final LearningRule rule;
    private final boolean source;
    private final boolean stepwise;
    private final boolean channelsLast;
    /** Whether the signal sees each time step of a sample that has one label. */
    private final boolean everyStep;
    private final StepBuffers buffers = new StepBuffers();
    private Network network;
    private LayerState state;
    private Representation representation;
    private Step step;
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
    public LayerLearner(LearningRule rule, boolean source, boolean stepwise, boolean channelsLast) {
        this(rule, source, stepwise, channelsLast, false);
    }

    private LayerLearner(
            LearningRule rule, boolean source, boolean stepwise, boolean channelsLast, boolean everyStep) {
        this.rule = rule;
        this.source = source;
        this.stepwise = stepwise;
        this.channelsLast = channelsLast;
        this.everyStep = everyStep;
    }

    /**
     * A learner of a layer that learns at every time step of samples that have one label each. What it {@linkplain
     * #observe observes} has a row for each time step of each sample, the first ones of all samples first, and so has
     * the signal, each time step's as if the sample were it alone: the layer takes their mean. What compares samples
     * sees them as their last time step leaves them.
     *
     * @param rule how this layer learns
     * @param source whether no local layer stands below this one
     * @return the learner
     */
    public static LayerLearner atEveryStep(LearningRule rule, boolean source) {
        return new LayerLearner(rule, source, false, false, true);
    }

    /**
     * Begins the layer's training forward pass.
     *
     * @param layer its input must be set, and not yet have gone through dropout
     * @param lasting makes an array outlive the layer's forward pass: copied where the layer changes its input
     * @throws ArithmeticException if the input is not finite; nothing has changed then
     * @throws UnsupportedOperationException if the network is of a type in which nothing learns
     * @throws IllegalStateException if the rule's memory network can't be had, or the layers' rules do not agree on the
     *     working memory
     */
    public void begin(Host layer, UnaryOperator<INDArray> lasting) {
        INDArray input = layer.input();
        checkFinite(input, layer, "input");
        INDArray parameters = layer.parameters();
        if (network == null || !network.has(parameters)) {
            join(Network.of(parameters), layer.index());
        }
        state.claim(layer);
        if (network.dataType() == DataType.BFLOAT16) {
            throw new UnsupportedOperationException(layer.name() + ": the network is of type BFLOAT16, in which"
                    + " Deeplearning4j's activation functions have no backward pass: train it in FLOAT"
                    + " (network.convertDataType(DataType.FLOAT))");
        }
        step = network.enter(this, layer.iteration());
        try {
            if (rule != null) {
                state.activations(rule);
            }
            step.enter(this, layer.name(), rule, layer.iteration());
        } catch (IllegalStateException e) {
            throw new IllegalStateException(layer.name() + ": " + e.getMessage(), e);
        }
        if (source || !step.hasInput()) {
            step.input(lasting.apply(networkInput(input, layer)));
        }
    }

    /**
     * Makes the layer one of a network's, which is kept as long as the layer is: what it remembers is what the network
     * remembers of the layer of its index.
     *
     * @param whose the network that the layer's parameters belong to
     * @param index which one of its layers this is
     */
    public void join(Network whose, int index) {
        network = whose;
        state = network.layer(index);
        representation = rule == null ? null : new Representation(rule, channelsLast, buffers, state.moments());
    }

    /** Whether the layer's training forward pass belongs to the step under way. */
    public boolean takesPart() {
        return step != null && network.step() == step;
    }

    /**
     * How the layer learns.
     *
     * @return null for one that learns by no signal of its own
     */
    public LearningRule rule() {
        return rule;
    }

    private INDArray networkInput(INDArray input, Host layer) {
        if (stepwise) {
            return input.rank() == 3 ? TimeSteps.rows(input, channelsLast) : input;
        }
        INDArray mask = layer.mask();
        return mask != null && SequenceMask.fits(mask, input, channelsLast)
                ? SequenceMask.zeroed(input, mask, channelsLast)
                : input;
    }

    /**
     * Takes in the layer's activations, before the layers above may change them in place.
     *
     * @param given the activations
     * @param mask of the activations; null for none
     * @param layer whose they are
     * @throws UnsupportedOperationException if there is a mask, and not one that says which time steps of a sequence
     *     there are
     * @throws IllegalArgumentException if a sample has no time step
     */
    public void observe(INDArray given, INDArray mask, Host layer) {
        if (rule == null) {
            return;
        }
        // DL4J's last time steps under a mask are of its default type.
        INDArray activations = given.castTo(network.signalType());
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
            throw new UnsupportedOperationException(layer.name() + ": a mask of shape " + Arrays.toString(mask.shape())
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
     * @param layer whose it is
     * @return in the shape of the layer's activations, of the {@linkplain Arithmetic#typeFor type of signals}: what is
     *     half precision in the network is small enough to vanish until it has been {@linkplain #divide divided}
     * @throws IllegalStateException if the step has no labels, or this layer's unit has lost its last layer
     * @throws ArithmeticException if the signal is not finite
     */
    public INDArray signal(INDArray above, Host layer) {
        if (step == null) {
            throw new IllegalStateException(layer.name() + ": a backward pass needs a training forward pass before it");
        }
        if (rule == null) {
            if (!step.takeUnitSignal()) {
                throw new IllegalStateException(layer.name() + ": the layers that end this layer's unit (batch"
                        + " normalisation, activation, pooling) are gone or frozen, so that no signal reaches it:"
                        + " freeze it too, or revert the configuration with IbHebb.revert and convert it again");
            }
            return above.castTo(network.signalType());
        }
        if (view == null) {
            throw new IllegalStateException(layer.name() + ": a backward pass needs a training forward pass before it");
        }
        if (!step.hasLabels()) {
            throw new IllegalStateException(layer.name() + ": no labels reached this layer: the network's output layer"
                    + " must be an IbHebbOutputLayer, and the network must be trained by fit. Build it with"
                    + " IbHebb.convert(conf)");
        }
        INDArray own;
        try {
            own = view.backward(throughWindows(layer));
        } catch (IllegalStateException e) {
            // What memory can't hold is said with the layer's name.
            String message = String.valueOf(e.getMessage());
            throw message.startsWith(layer.name()) ? e : new IllegalStateException(layer.name() + ": " + message, e);
        }
        if (viewOfSteps) {
            own = TimeSteps.series(own.dup('c'), step.samples(), channelsLast);
        }
        view = null;
        step.finished(this);
        return own;
    }

    /** Tells the first layer of this unit that the signal is on its way. */
    public void sendDown() {
        step.sendUnitSignal(rule.gain());
    }

    /**
     * Divides a layer's errors by each neuron's own gain, and by that of its presynaptic activity, where the rule says
     * so.
     *
     * @param errors signal times slope: n x d, or n x d x places; changed
     * @param activity presynaptic, of the network's type; null where errors do not meet it here
     * @return what the presynaptic activity was divided by: errors that meet no activity (those of a bias) are too
     *     small by that
     */
    public double divide(INDArray errors, INDArray activity) {
        if (rule == null ? !step.unitGain() : !rule.gain()) {
            return 1;
        }
        LabelledRows labelled = step.labelled();
        if (labelled.count() == 0) {
            return 1;
        }
        Gain gain = state.gain();
        double presynaptic = activity == null ? 1 : gain.presynaptic(step.ofLabelled(activity));
        // Where each time step is a sample, a place is one, too.
        double places = stepwise || errors.isEmpty() ? 1
                : (double) errors.length() / errors.size(0) / errors.size(1);
        gain.divide(errors, labelled.among(errors.size(0)), step.samplesPerRow(),
                1 / Math.sqrt(places) / presynaptic);
        return presynaptic;
    }

    /**
     * Errors as the layer's own arithmetic takes them.
     *
     * @param errors of the type of signals
     * @return of the network's type
     */
    public INDArray narrowed(INDArray errors) {
        return errors.castTo(network.dataType());
    }

    /**
     * Brings the gradient of a layer whose errors can't be seen to the usual size, where the rule says so.
     *
     * @param gradient of all of its parameters, the sum over the mini-batch; changed
     */
    public void scale(INDArray gradient) {
        if ((rule == null ? step.unitGain() : rule.gain()) && step.labelled().count() > 0 && !gradient.isEmpty()) {
            double samples = stepwise ? step.samples() : step.labelled().count();
            state.gradientSize().scale(gradient, samples, step.samples() / samples);
        }
    }

    /** The layer's update has been applied: what the step took in counts. */
    public void applied() {
        if (network != null) {
            network.applied();
        }
    }

    private INDArray throughWindows(Host layer) {
        List<Window> windows = step.windows();
        List<Placement> plan = step.plan();
        int steps = everyStep ? Math.max(1, view.rows().rows() / Math.max(1, step.labelled().total())) : 1;
        LabelledRows labelled = step.labelled().repeated(steps);
        if (view.rows().rows() != labelled.total()) {
            throw new IllegalStateException(layer.name() + ": " + view.rows().rows() + " activations, but labels for "
                    + labelled.total() + (stepwise
                            ? " time steps of all samples: what stands below an RnnOutputLayer has to keep every time"
                            + " step"
                            : " samples: between the layers that learn locally and the output layer, samples must not"
                            + " be split (into time steps, say) or stacked"));
        }
        if (labelled.count() == 0) {
            state.moments().discard();
            return buffers.get("signal", view.rows().dataType(), 'c', view.rows().shape()).assign(0);
        }
        if (labelled.count() < labelled.total()) {
            view.varyAs(all -> labelled.of(all, "rows that vary", buffers));
        }
        INDArray rows = labelled.of(view.rows(), "labelled rows", buffers);
        INDArray signal = buffers.get("signal", rows.dataType(), 'c', rows.shape());
        LearningRule now = rule.prediction().map(own -> rule.faded(state.predictor(own).share())).orElse(rule);
        WorkingMemory remembered = state.activations(rule);
        int before = labelled.count() / steps * (steps - 1);
        INDArray lastRows = Rows.between(rows, before, labelled.count());
        INDArray lastSignal = Rows.between(signal, before, labelled.count());
        for (int i = 0; i < plan.size(); i++) {
            Placement placement = plan.get(i);
            remembered.write(placement.part(lastRows), placement);
            windows.get(i).signal(now, remembered.window(placement), placement.part(lastSignal));
        }
        step.show(layer, now, lastRows, lastSignal);
        if (steps > 1) {
            // A sample is compared once, and its signal is the mean of its time steps'.
            lastSignal.muli(steps);
            Rows.between(signal, 0, before).assign(0);
        }
        List<Labels> labels = step.givenLabels().stream().map(output -> output.repeated(steps)).toList();
        for (Objective objective : rule.objectives()) {
            if (!objective.kind().readsWindow()) {
                state.term(objective).addSignal(rows, labels, objective.weight(), signal);
            }
        }
        checkFinite(signal, layer, "modulatory signal");
        state.silence().note(layer.name(), signal, rows, labels);
        if (labelled.count() != step.samples() * steps) {
            // DL4J is going to divide by the number of samples.
            signal.muli((double) step.samples() * steps / labelled.count());
        }
        return labelled.spread(signal, "signal of all rows", buffers);
    }

    /**
     * Throws, naming the first sample at fault, if an array holds NaN or infinite values.
     *
     * @param array samples first
     * @param layer whose it is
     * @param what it is
     * @throws ArithmeticException if it does
     */
    public static void checkFinite(INDArray array, Host layer, String what) {
        if (Arithmetic.allFinite(array)) {
            return;
        }
        INDArray samples = array.castTo(Arithmetic.typeFor(array.dataType())).dup('c')
                .reshape(array.size(0), array.length() / array.size(0));
        for (int sample = 0; sample < samples.rows(); sample++) {
            double own = samples.getRow(sample).sumNumber().doubleValue();
            if (Double.isNaN(own) || Double.isInfinite(own)) {
                throw new ArithmeticException(layer.name() + ": the " + what + " of sample " + sample
                        + " of the mini-batch is not finite (its sum is " + own
                        + "): check the data for NaN and infinite values, or lower the learning rate."
                        + (array.dataType() == DataType.FLOAT16 ? HALF : "") + " This step has changed no parameter");
            }
        }
    }
}
