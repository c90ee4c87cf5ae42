package org.ibhebb.internal.layers;

import java.util.function.Function;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.learner.LayerLearner;
import org.ibhebb.rule.LearningRule;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Any layer of DL4J's, learning by its own modulatory signal: the signal takes the place of the error that would come
 * from above, and DL4J's own backward pass of the layer turns it into a gradient.
 */
public class IbHebbWrapped extends BaseWrapperLayer implements Remembering {

    private final transient LayerLearner learner;
    private final transient LayerHost host = new LayerHost(this);
    private final transient LookAhead lookAhead = new LookAhead(this);
    private final boolean channelsLast;
    /** Whether the signal goes on to the layer below. */
    private final boolean endsUnit;
    private transient INDArray parameters;
    /** Recurrent layers let masks through without keeping them. */
    private transient INDArray mask;
    /** Of the activations, which may have other time steps. */
    private transient INDArray outputMask;

    /**
     * Called by the configuration.
     *
     * @param underlying the layer that does the work
     * @param parameters its view of the network's parameters; null if it has none
     * @param rule how it learns; null for the first layer of a unit
     * @param source whether its input counts as the network's input X
     * @param stepwise whether each time step of a sequence is a sample of its own, with a label of its own
     * @param endsUnit whether the signal goes on to the layer below
     * @param channelsLast whether its activations have their channels in the last dimension
     */
    public IbHebbWrapped(
            Layer underlying,
            INDArray parameters,
            LearningRule rule,
            boolean source,
            boolean stepwise,
            boolean endsUnit,
            boolean channelsLast) {
        super(underlying);
        this.learner = new LayerLearner(rule, source, stepwise, channelsLast);
        this.channelsLast = channelsLast;
        this.endsUnit = endsUnit;
        this.parameters = parameters;
    }

    @Override
    public void setParamsViewArray(INDArray view) {
        super.setParamsViewArray(view);
        parameters = view;
    }

    /**
     * The layer that does the work keeps its own configuration: what Deeplearning4j gives this one when it freezes it
     * is a copy of the wrapper's.
     */
    @Override
    public void setConf(NeuralNetConfiguration conf) {}

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(INDArray given, MaskState state, int miniBatch) {
        host.masked(given, parameters);
        mask = given;
        Pair<INDArray, MaskState> above = underlying.feedForwardMaskArray(given, state, miniBatch);
        outputMask = above == null ? null : above.getFirst();
        return above;
    }

    @Override
    public void setMaskArray(INDArray given) {
        host.masked(given, parameters);
        mask = given;
        outputMask = given;
        underlying.setMaskArray(given);
    }

    @Override
    public INDArray getMaskArray() {
        return mask;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        if (!training) {
            host.inference();
            return underlying.activate(false, workspaces);
        }
        return observed(workspaces, () -> underlying.activate(true, workspaces));
    }

    /** A training forward pass that the rule learns from. */
    final INDArray observed(LayerWorkspaceMgr workspaces, Supplier<INDArray> forward) {
        return host.forward(parameters, () -> {
            learner.begin(host.with(parameters), host.lasting(workspaces));
            INDArray output = lookAhead.during(underlying, parameters, forward);
            learner.observe(output, outputMask, host);
            return output;
        });
    }

    @Override
    public INDArray activate(INDArray input, boolean training, LayerWorkspaceMgr workspaces) {
        setInput(input, workspaces);
        return activate(training, workspaces);
    }

    private INDArray neuronsSecond(INDArray signal) {
        if (!channelsLast || signal.rank() == 2) {
            return signal;
        }
        int[] order = new int[signal.rank()];
        order[1] = signal.rank() - 1;
        for (int i = 2; i < order.length; i++) {
            order[i] = i - 1;
        }
        return signal.permute(order);
    }

    @Override
    public LayerLearner learner() {
        return learner;
    }

    @Override
    public TrainingConfig getConfig() {
        return lookAhead.bound(super.getConfig());
    }

    @Override
    public void applyConstraints(int iteration, int epoch) {
        super.applyConstraints(iteration, epoch);
        learner.applied();
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        return bySignal(epsilon, workspaces, signal -> underlying.backpropGradient(signal, workspaces));
    }

    /** The layer's own backward pass, from its signal. */
    final Pair<Gradient, INDArray> bySignal(
            INDArray epsilon, LayerWorkspaceMgr workspaces, Function<INDArray, Pair<Gradient, INDArray>> backward) {
        return host.backward(learner, parameters, workspaces, () -> throughUnderlying(epsilon, backward));
    }

    private Pair<Gradient, INDArray> throughUnderlying(
            INDArray epsilon, Function<INDArray, Pair<Gradient, INDArray>> backward) {
        INDArray errors = learner.signal(epsilon, host);
        if (parameters != null && !parameters.isEmpty()) {
            learner.divide(neuronsSecond(errors), null);
        }
        INDArray signal = learner.narrowed(errors);
        Pair<Gradient, INDArray> own = lookAhead.during(underlying, parameters, () -> backward.apply(signal));
        // The running statistics of batch normalisation stand among its gradients, and are none.
        if (parameters != null && !parameters.isEmpty() && !(underlying instanceof BatchNormalization)) {
            learner.scale(underlying.getGradientsViewArray());
        }
        if (endsUnit) {
            learner.sendDown();
        } else if (own.getSecond() != null) {
            own.getSecond().assign(0);
        }
        return own;
    }

    @Override
    public void clear() {
        super.clear();
        mask = null;
        outputMask = null;
    }
}
