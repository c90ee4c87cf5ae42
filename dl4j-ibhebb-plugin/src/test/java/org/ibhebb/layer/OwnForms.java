package org.ibhebb.layer;

import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Layers as users write them, of nothing but Deeplearning4j and {@link LocalForm}. */
public final class OwnForms {

    private OwnForms() {}

    /** A dense layer of another class than Deeplearning4j's. */
    public static class Twin extends DenseLayer implements LocalForm.Configuration {

        /** For JSON. */
        public Twin() {}

        Twin(int nIn, int nOut) {
            setNIn(nIn);
            setNOut(nOut);
        }

        /** The layer's own. */
        Function<TwinLayer, LocalForm> form() {
            return layer -> layer;
        }

        @Override
        public LocalForm localForm(Layer layer) {
            return form().apply((TwinLayer) layer);
        }

        @Override
        public Layer instantiate(NeuralNetConfiguration conf, Collection<TrainingListener> listeners, int index,
                INDArray parameters, boolean initialize, DataType dataType) {
            TwinLayer layer = new TwinLayer(conf, dataType);
            layer.setListeners(listeners);
            layer.setIndex(index);
            layer.setParamsViewArray(parameters);
            Map<String, INDArray> table = initializer().init(conf, parameters, initialize);
            layer.setParamTable(table);
            layer.setConf(conf);
            return layer;
        }
    }

    /** What it does in training. */
    static class TwinLayer extends org.deeplearning4j.nn.layers.feedforward.dense.DenseLayer implements LocalForm {

        private transient INDArray preActivation;

        TwinLayer(NeuralNetConfiguration conf, DataType dataType) {
            super(conf, dataType);
        }

        @Override
        public INDArray forward(LayerWorkspaceMgr workspaces) {
            INDArray z = preOutput(true, workspaces);
            preActivation = workspaces.dup(ArrayType.ACTIVATIONS, z);
            INDArray activations = layerConf().getActivationFn().getActivation(z, true);
            if (maskArray != null) {
                applyMask(activations);
            }
            return activations;
        }

        @Override
        public INDArray errors(INDArray signal) {
            INDArray errors = layerConf().getActivationFn()
                    .backprop(preActivation.castTo(signal.dataType()), signal).getFirst();
            if (maskArray != null) {
                applyMask(errors);
            }
            return errors;
        }

        @Override
        public INDArray activity() {
            return input;
        }

        @Override
        public Gradient gradient(INDArray errors, double activityGain, LayerWorkspaceMgr workspaces) {
            Gradient gradient = new DefaultGradient();
            INDArray weights = gradientViews.get("W");
            Nd4j.gemm(input, errors, weights, true, false, 1, 0);
            gradient.setGradientFor("W", weights);
            INDArray bias = gradientViews.get("b");
            errors.sum(bias, 0);
            bias.muli(activityGain);
            gradient.setGradientFor("b", bias);
            weightNoiseParams.clear();
            return gradient;
        }
    }

    /** A form that does what another one does, but for what a test changes of it. */
    static class Changed implements LocalForm {

        final TwinLayer layer;

        Changed(TwinLayer layer) {
            this.layer = layer;
        }

        @Override
        public INDArray forward(LayerWorkspaceMgr workspaces) {
            return layer.forward(workspaces);
        }

        @Override
        public INDArray errors(INDArray signal) {
            return layer.errors(signal);
        }

        @Override
        public INDArray activity() {
            return layer.activity();
        }

        @Override
        public Gradient gradient(INDArray errors, double activityGain, LayerWorkspaceMgr workspaces) {
            return layer.gradient(errors, activityGain, workspaces);
        }
    }

    /** Its signal sees the squares of its activations. */
    public static class Squares extends Twin {

        /** For JSON. */
        public Squares() {}

        Squares(int nIn, int nOut) {
            super(nIn, nOut);
        }

        @Override
        Function<TwinLayer, LocalForm> form() {
            return SquaresForm::new;
        }
    }

    private static final class SquaresForm extends Changed {

        private INDArray activations;

        SquaresForm(TwinLayer layer) {
            super(layer);
        }

        @Override
        public INDArray forward(LayerWorkspaceMgr workspaces) {
            INDArray output = layer.forward(workspaces);
            activations = workspaces.dup(ArrayType.ACTIVATIONS, output);
            return output;
        }

        @Override
        public INDArray seen(INDArray given) {
            return given.mul(given);
        }

        @Override
        public INDArray errors(INDArray signal) {
            return layer.errors(signal.mul(activations).muli(2));
        }
    }
}
