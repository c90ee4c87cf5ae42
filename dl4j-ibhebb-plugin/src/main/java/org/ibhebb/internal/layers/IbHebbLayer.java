package org.ibhebb.internal.layers;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.learner.LayerLearner;
import org.ibhebb.layer.LocalForm;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer of DL4J's that learns by its own modulatory signal. What kind of layer it is, its {@link LocalForm} knows;
 * this is what all kinds have in common: the order of a step, masks, gains, where the gradient is taken, and that
 * nothing is passed below but a unit's signal.
 */
public class IbHebbLayer extends BaseWrapperLayer implements Remembering {

    private final transient LocalForm form;
    private final transient LayerLearner learner;
    private final transient LayerHost host = new LayerHost(this);
    private final transient LookAhead lookAhead = new LookAhead();
    private transient INDArray parameters;
    /** Recurrent and convolutional layers let masks through without keeping them. */
    private transient INDArray mask;
    /** Of the activations, which may have other time steps. */
    private transient INDArray outputMask;

    /**
     * Called by the configuration.
     *
     * @param underlying the layer that does the work
     * @param form its own
     * @param parameters its view of the network's parameters; null if it has none
     * @param learner of it alone
     */
    public IbHebbLayer(Layer underlying, LocalForm form, INDArray parameters, LayerLearner learner) {
        super(underlying);
        this.form = form;
        this.parameters = parameters;
        this.learner = learner;
    }

    @Override
    public void setParamsViewArray(INDArray view) {
        super.setParamsViewArray(view);
        parameters = view;
    }

    /**
     * Deeplearning4j gives a layer that it freezes a copy of its configuration, and changes the one that it had. A layer
     * that is wrapped keeps its own, for the copy is the wrapper's.
     */
    @Override
    public void setConf(NeuralNetConfiguration conf) {
        if (conf.getLayer().getClass() == underlying.conf().getLayer().getClass()) {
            underlying.setConf(conf);
        }
    }

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
    public INDArray activate(INDArray input, boolean training, LayerWorkspaceMgr workspaces) {
        setInput(input, workspaces);
        return activate(training, workspaces);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        if (!training) {
            host.inference();
            return underlying.activate(false, workspaces);
        }
        return forward(form, workspaces);
    }

    /** A training forward pass that the rule learns from. */
    final INDArray forward(LocalForm how, LayerWorkspaceMgr workspaces) {
        return host.forward(parameters, () -> {
            learner.begin(host.with(parameters), host.lasting(workspaces));
            INDArray output = lookAhead.during(underlying, parameters, () -> how.forward(workspaces));
            INDArray seen = how.seen(output);
            if (learner.rule() == null && seen != output) {
                throw new UnsupportedOperationException(host.name() + ": the signal of the layers behind it sees what they"
                        + " pass on, and this layer's sees something else than its activations, so that they can't"
                        + " learn as one unit: put a layer in between that is none of batch normalisation, activation"
                        + " and pooling, or take those out");
            }
            learner.observe(seen, outputMask, host);
            return output;
        });
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        return backward(form, epsilon, workspaces);
    }

    /** The backward pass, from the layer's own signal. */
    final Pair<Gradient, INDArray> backward(LocalForm how, INDArray epsilon, LayerWorkspaceMgr workspaces) {
        return host.backward(learner, parameters, workspaces, () -> {
            INDArray signal = learner.signal(epsilon, host);
            Gradient gradient = lookAhead.again(
                    underlying, parameters, () -> gradient(how, signal, workspaces));
            if (how instanceof StockForm stock) {
                if (stock.endsUnit()) {
                    learner.sendDown();
                }
                return new Pair<>(gradient, stock.below());
            }
            return new Pair<>(gradient, LayerHost.nothingBelow(this, workspaces));
        });
    }

    private Gradient gradient(LocalForm how, INDArray signal, LayerWorkspaceMgr workspaces) {
        INDArray errors = how.errors(signal);
        if (parameters == null || parameters.isEmpty()) {
            return how.gradient(learner.narrowed(errors), 1, workspaces);
        }
        INDArray activity = how.activity();
        double activityGain = learner.divide(errors, activity);
        Gradient gradient = how.gradient(learner.narrowed(errors), activityGain, workspaces);
        if (activity == null && how.gradientIsScaled()) {
            learner.scale(underlying.getGradientsViewArray());
        }
        return gradient;
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
    public void clear() {
        super.clear();
        mask = null;
        outputMask = null;
    }
}
