package org.ibhebb.internal.stream;

import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.Layer;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.layers.Predictors;
import org.ibhebb.internal.learner.LayerLearner;
import org.ibhebb.internal.memory.StepBuffers;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A dense layer that learns mini-batches without Deeplearning4j's: the same values, the same errors. */
final class DenseUnit implements HiddenLayer {

    private final ChainHost host;
    private final IActivation activation;
    private final MovingParameters.Dense parameters;
    /** Null where the layer is frozen. */
    private final LayerLearner learner;
    private final StepBuffers buffers = new StepBuffers();
    private INDArray preActivation;

    /**
     * @param layer Deeplearning4j's
     * @param rule how it learns; null where it is frozen
     * @param source whether no layer below learns
     */
    DenseUnit(Layer layer, IActivation activation, LearningRule rule, boolean source, MovingParameters moving) {
        this.host = new ChainHost(Predictors.nameOf(layer), layer.getIndex(), layer.params());
        this.activation = activation;
        this.parameters = moving.of(layer);
        this.learner = rule == null ? null : new LayerLearner(rule, source, false, false);
    }

    @Override
    public boolean learns() {
        return learner != null;
    }

    @Override
    public INDArray forward(INDArray input, int iteration) {
        host.take(input, iteration);
        if (learns()) {
            learner.begin(host, UnaryOperator.identity());
        }
        long[] shape = {input.size(0), parameters.weights().size(1)};
        Arithmetic arithmetic = Arithmetic.of(input.dataType());
        preActivation = buffers.get("pre-activation", input.dataType(), 'f', shape);
        arithmetic.affine(input, parameters.weights(), parameters.bias(), preActivation);
        INDArray activated = arithmetic.activate(
                activation, preActivation, buffers.get("activation", input.dataType(), 'f', shape));
        if (learns()) {
            learner.observe(activated, null, host);
        }
        return activated;
    }

    @Override
    public void backward() {
        INDArray signal = learner.signal(null, host);
        Arithmetic arithmetic = Arithmetic.of(signal.dataType());
        INDArray errors = arithmetic.slope(activation, preActivation, signal);
        parameters.learn(host.input(), errors, learner.divide(errors, host.input()));
    }

    @Override
    public void forget() {
        parameters.forget();
    }
}
