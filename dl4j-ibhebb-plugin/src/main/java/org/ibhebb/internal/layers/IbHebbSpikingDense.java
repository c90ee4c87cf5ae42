package org.ibhebb.internal.layers;

import java.util.Arrays;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.arithmetic.Neuron;
import org.ibhebb.internal.learner.LayerLearner;
import org.ibhebb.rule.LearningRule;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A dense layer of spiking neurons that learns by its own modulatory signal, which sees how often each neuron fires.
 * The signal of a sample meets, factorised, the mean over time of each neuron's slope and the mean of each input's
 * trace: {@code dW = P' (xi o G)}, once a sample. Or it goes back in time with each time step's slope. Nothing is passed
 * below.
 */
public class IbHebbSpikingDense extends SpikingDense implements Remembering {

    private final boolean factorised;
    private final transient LayerLearner learner;
    private final transient LayerHost host = new LayerHost(this);
    private final transient LookAhead lookAhead = new LookAhead(this);

    /**
     * Called by the configuration.
     *
     * @param conf the layer's configuration
     * @param dataType of the network
     * @param neuron of which kind its neurons are
     * @param timeSteps how many time steps an input lasts that is no sequence, at least 1
     * @param factorised whether slopes and traces meet as means over time
     * @param throughReset where they do not, whether errors go back in time through the reset, too
     * @param rule how the layer learns
     * @param source whether its input counts as the network's input X
     */
    public IbHebbSpikingDense(
            NeuralNetConfiguration conf,
            DataType dataType,
            Neuron neuron,
            int timeSteps,
            boolean factorised,
            boolean throughReset,
            LearningRule rule,
            boolean source) {
        super(conf, dataType, neuron, timeSteps, throughReset);
        this.factorised = factorised;
        learner = new LayerLearner(rule, source, false, false);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        if (!training) {
            host.inference();
            return super.activate(false, workspaces);
        }
        return host.forward(paramsFlattened, () -> forward(workspaces));
    }

    private INDArray forward(LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        check();
        learner.begin(host.with(paramsFlattened), host.lasting(workspaces));
        INDArray spikes = lookAhead.during(this, paramsFlattened, () -> fire(true, factorised, workspaces));
        learner.observe(overTime(spikes, 1.0 / steps()), null, host);
        return series(spikes);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        return host.backward(learner, paramsFlattened, workspaces, () -> backward(epsilon, workspaces));
    }

    private Pair<Gradient, INDArray> backward(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray signal = learner.signal(epsilon, host);
        Gradient gradient = factorised ? factorised(signal) : throughTime(signal);
        weightNoiseParams.clear();
        return new Pair<>(gradient, backpropDropOutIfPresent(LayerHost.nothingBelow(this, workspaces)));
    }

    private Gradient factorised(INDArray signal) {
        double[] weights = neuron().meanTrace(steps());
        double ofConstant = Arrays.stream(weights).sum();
        INDArray activity = activity();
        INDArray trace = input.rank() == 3 ? overTime(activity, weights) : activity.mul(ofConstant);
        INDArray errors = signal.mul(takeSlopes().castTo(signal.dataType()));
        double presynaptic = learner.divide(errors, trace);
        return gradient(trace, learner.narrowed(errors), ofConstant * presynaptic);
    }

    private Gradient throughTime(INDArray signal) {
        learner.divide(signal, null);
        INDArray activity = activity();
        INDArray deltas = backInTime(learner.narrowed(signal), 1.0 / steps());
        Gradient gradient = gradient(activity, summed(deltas, activity), 1);
        learner.scale(gradientsFlattened);
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
}
