package org.ibhebb.internal.stream;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Plasticity;
import org.ibhebb.internal.layers.OutputErrors;
import org.ibhebb.internal.layers.Predictors;
import org.ibhebb.internal.learner.LabelledRows;
import org.ibhebb.internal.learner.LayerLearner;
import org.ibhebb.internal.learner.Network;
import org.ibhebb.internal.memory.StepBuffers;
import org.ibhebb.internal.view.Labels;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** The output layer of a network that learns mini-batches without Deeplearning4j's layers. */
final class LastLayer {

    private final ChainHost host;
    private final BaseOutputLayer conf;
    private final MovingParameters.Dense parameters;
    /** What its loss makes of its sums where the errors are prediction less label; null for another loss. */
    private final Plasticity.Link link;
    private final StepBuffers buffers = new StepBuffers();

    /** @param layer Deeplearning4j's */
    LastLayer(Layer layer, BaseOutputLayer conf, MovingParameters moving) {
        this.host = new ChainHost(Predictors.nameOf(layer), layer.getIndex(), layer.params());
        this.conf = conf;
        this.parameters = moving.of(layer);
        this.link = link(conf);
    }

    private static Plasticity.Link link(BaseOutputLayer conf) {
        ILossFunction loss = conf.getLossFn();
        boolean classes = loss instanceof LossMCXENT given && given.getWeights() == null
                || loss instanceof LossSparseMCXENT;
        return classes && conf.getActivationFn() instanceof ActivationSoftmax ? Plasticity.Link.SOFTMAX : null;
    }

    /**
     * Shows the labels to the layers below, and forms the errors by which the layer's own parameters are
     * going to move.
     *
     * @param input of the layer
     * @param labels one row a sample, of the network's type
     * @param network is shown the labels
     * @throws IllegalArgumentException if the labels do not fit
     * @throws ArithmeticException if they are not finite
     */
    void learn(INDArray input, INDArray labels, Network network) {
        LayerLearner.checkFinite(labels, host, "labels");
        Labels read = Labels.of(host.name(), labels, conf.getLossFn(), conf.getNOut());
        int samples = (int) input.size(0);
        try {
            network.step().labels(read, LabelledRows.of(samples, null), samples);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(host.name() + ": " + e.getMessage(), e);
        }
        Arithmetic arithmetic = Arithmetic.of(input.dataType());
        INDArray output = buffers.get("output", input.dataType(), 'f', samples, parameters.weights().size(1));
        arithmetic.affine(input, parameters.weights(), parameters.bias(), output);
        INDArray errors = output;
        if (link != null) {
            arithmetic.deltaRule(output, link, read.rows());
        } else {
            errors = conf.getLossFn().computeGradient(labels, output, conf.getActivationFn(), null);
        }
        double factor = OutputErrors.factor(conf, input);
        if (factor != 1) {
            errors.muli(factor);
        }
        parameters.learn(input, errors, 1);
    }

    /** The step does not count. */
    void forget() {
        parameters.forget();
    }
}
