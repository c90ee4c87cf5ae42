package org.ibhebb.samples.programs;

import java.util.Collection;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.ibhebb.IbHebb;
import org.ibhebb.layer.LocalForm;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/** A layer that Deeplearning4j doesn't have, written for it, and made local. */
public final class OwnLayer {

    private OwnLayer() {}

    /** Radial units: each is near 1 where the input is near its centre, {@code a = exp(-|x - w|^2)}. */
    public static class Radial extends DenseLayer implements LocalForm.Configuration {

        /** For JSON. */
        public Radial() {}

        /** As a builder would do it. */
        public Radial(int nIn, int nOut) {
            setNIn(nIn);
            setNOut(nOut);
            setHasBias(false);
        }

        @Override
        public Layer instantiate(NeuralNetConfiguration conf, Collection<TrainingListener> listeners, int index,
                INDArray parameters, boolean initialize, DataType type) {
            RadialUnits layer = new RadialUnits(conf, type);
            layer.setListeners(listeners);
            layer.setIndex(index);
            layer.setParamsViewArray(parameters);
            layer.setParamTable(initializer().init(conf, parameters, initialize));
            return layer;
        }

        @Override
        public LocalForm localForm(Layer layer) {
            return (RadialUnits) layer;
        }
    }

    /** What they compute, and how they learn from the signal: {@code dW = 2 (X' E - W diag(sum of E))}. */
    static class RadialUnits extends org.deeplearning4j.nn.layers.feedforward.dense.DenseLayer implements LocalForm {

        private INDArray activations;

        RadialUnits(NeuralNetConfiguration conf, DataType type) {
            super(conf, type);
        }

        @Override
        public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
            INDArray distances = Transforms.allEuclideanDistances(input, getParam("W").transpose(), 1);
            INDArray output = Transforms.exp(distances.muli(distances).negi(), false);
            return workspaces.leverageTo(ArrayType.ACTIVATIONS, output);
        }

        @Override
        public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
            INDArray errors = epsilon.mul(activate(true, workspaces));
            INDArray below = errors.mmul(getParam("W").transpose()).subi(input.mulColumnVector(errors.sum(true, 1)));
            below = workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, below.muli(2));
            return new Pair<>(gradient(errors, 1, workspaces), below);
        }

        @Override
        public INDArray forward(LayerWorkspaceMgr workspaces) {
            activations = activate(true, workspaces);
            return workspaces.dup(ArrayType.ACTIVATIONS, activations);
        }

        @Override
        public INDArray errors(INDArray signal) {
            return signal.muli(activations);
        }

        @Override
        public Gradient gradient(INDArray errors, double activityGain, LayerWorkspaceMgr workspaces) {
            INDArray view = gradientViews.get("W");
            Nd4j.gemm(input, errors, view, true, false, 2, 0);
            view.subi(getParam("W").mulRowVector(errors.sum(true, 0)).muli(2));
            Gradient gradient = new DefaultGradient();
            gradient.setGradientFor("W", view);
            return gradient;
        }
    }

    /**
     * Trains on points in four quadrants, and prints the accuracy on points that were not trained on.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        MultiLayerNetwork net = new MultiLayerNetwork(IbHebb.convert(new NeuralNetConfiguration.Builder().seed(1).list()
                .layer(new Radial(2, 32))
                .layer(new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nIn(32).nOut(2)
                        .build())
                .build()));
        net.init();
        net.fit(new ListDataSetIterator<>(quadrants(1, 1000).asList(), 32), 10);
        System.out.println(IbHebb.report(net));
        double accuracy = net.evaluate(new ListDataSetIterator<>(quadrants(2, 1000).asList(), 100)).accuracy();
        System.out.printf("accuracy %.3f%n", accuracy);
    }

    /** Points in a plane, whose label says whether their quadrant is one of two that lie opposite. */
    private static DataSet quadrants(int seed, int samples) {
        Random random = new Random(seed);
        INDArray points = Nd4j.create(DataType.FLOAT, samples, 2);
        INDArray labels = Nd4j.create(DataType.FLOAT, samples, 2);
        for (int i = 0; i < samples; i++) {
            double x = random.nextGaussian();
            double y = random.nextGaussian();
            points.putScalar(i, 0, x).putScalar(i, 1, y);
            labels.putScalar(i, x * y > 0 ? 1 : 0, 1);
        }
        return new DataSet(points, labels);
    }
}
