package org.ibhebb.internal.stream;

import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Patches;
import org.ibhebb.internal.layers.Predictors;
import org.ibhebb.internal.learner.LayerLearner;
import org.ibhebb.internal.memory.StepBuffers;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution that learns mini-batches without Deeplearning4j's, with the pooling behind it where its signal comes
 * through that: the same values, the same gradient.
 */
final class ConvolutionUnit implements HiddenLayer {

    private final ChainHost host;
    private final IActivation activation;
    private final Geometry geometry;
    private final Patches patches;
    private final MovingParameters.Maps parameters;
    private final LayerLearner learner;
    /** What ends the unit; null, as the next two, where the convolution has its own signal. */
    private final Pooling pooling;
    private final ChainHost poolingHost;
    private final LayerLearner poolingLearner;
    private final StepBuffers buffers = new StepBuffers();
    private INDArray preActivation;

    /**
     * @param layer Deeplearning4j's convolution
     * @param geometry how it reads images
     * @param rule how the unit learns
     * @param source whether no layer below learns
     * @param pooling the local layer of pooling through which the signal comes; null for none
     * @param scratch what pooling makes in a step
     */
    ConvolutionUnit(Layer layer, IActivation activation, Geometry geometry, LearningRule rule, boolean source,
            MovingParameters moving, BaseWrapperLayer pooling, LayerWorkspaceMgr scratch) {
        this.host = new ChainHost(Predictors.nameOf(layer), layer.getIndex(), layer.params());
        this.activation = activation;
        this.geometry = geometry;
        Geometry.Window window = geometry.convolution();
        this.patches = new Patches(window.height(), window.width(), window.strideHeight(), window.strideWidth(),
                window.top(), window.left(), 1, 1);
        this.parameters = moving.ofMaps(layer);
        this.learner = new LayerLearner(pooling == null ? rule : null, source, false, false);
        this.pooling = pooling == null ? null
                : new Pooling(pooling.getUnderlying(),
                        new Images(geometry.maps(), window.outHeight(), window.outWidth()), scratch);
        this.poolingHost = pooling == null ? null
                : new ChainHost(Predictors.nameOf(pooling), pooling.getIndex(), pooling.params());
        this.poolingLearner = pooling == null ? null : new LayerLearner(rule, false, false, false);
    }

    @Override
    public boolean learns() {
        return true;
    }

    @Override
    public INDArray forward(INDArray input, int iteration) {
        Geometry.Window window = geometry.convolution();
        INDArray images = new Images(geometry.channels(), window.inHeight(), window.inWidth()).of(input);
        host.take(images, iteration);
        learner.begin(host, UnaryOperator.identity());
        long[] shape = {images.size(0), geometry.maps(), window.outHeight(), window.outWidth()};
        Arithmetic arithmetic = Arithmetic.of(images.dataType());
        preActivation = buffers.get("pre-activation", images.dataType(), 'c', shape);
        arithmetic.convolve(images, patches, parameters.weights(), parameters.bias(), preActivation);
        INDArray activated = arithmetic.activate(
                activation, preActivation, buffers.get("activation", images.dataType(), 'c', shape));
        learner.observe(activated, null, host);
        if (pooling == null) {
            return Images.flat(activated);
        }
        poolingHost.take(activated, iteration);
        poolingLearner.begin(poolingHost, UnaryOperator.identity());
        INDArray pooled = pooling.pool(activated);
        poolingLearner.observe(pooled, null, poolingHost);
        return Images.flat(pooled);
    }

    @Override
    public void backward() {
        INDArray above = null;
        if (pooling != null) {
            above = pooling.back(poolingLearner.signal(null, poolingHost));
            poolingLearner.sendDown();
            pooling.forget();
        }
        INDArray signal = learner.signal(above, host);
        Arithmetic arithmetic = Arithmetic.of(signal.dataType());
        // The signal may come through pooling, in any order.
        INDArray errors = arithmetic.slope(activation, preActivation, signal).dup('c');
        double gain = learner.divide(errors, host.input());
        arithmetic.convolutionGradient(host.input(), patches, errors, parameters.gradient(), parameters.biasGradient());
        if (parameters.bias() != null && gain != 1) {
            parameters.biasGradient().muli(gain);
        }
    }

    @Override
    public void forget() {
        if (pooling != null) {
            pooling.forget();
        }
    }
}
