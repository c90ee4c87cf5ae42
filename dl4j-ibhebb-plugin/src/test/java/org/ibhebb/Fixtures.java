package org.ibhebb;

import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.internal.arithmetic.Buffers;
import org.ibhebb.internal.term.window.Window;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.internal.view.Representation;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Small networks and data with a fixed seed, in double precision, for all tests. */
public final class Fixtures {

    private Fixtures() {}

    /** Gaussian noise. */
    public static INDArray noise(long seed, long... shape) {
        Random random = new Random(seed);
        INDArray array = Nd4j.create(DataType.DOUBLE, shape);
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, random.nextGaussian());
        }
        return array;
    }

    /** One-hot labels, each class in turn, then shuffled. */
    public static INDArray oneHot(long seed, int samples, int classes) {
        Random random = new Random(seed);
        INDArray labels = Nd4j.create(DataType.DOUBLE, samples, classes);
        for (int sample = 0; sample < samples; sample++) {
            labels.putScalar(sample, sample < classes ? sample % classes : random.nextInt(classes), 1);
        }
        return labels;
    }

    /** Samples of some classes that a small network can tell apart. */
    public static DataSet clusters(long seed, int samples, int width, int classes) {
        INDArray labels = oneHot(seed, samples, classes);
        INDArray centres = noise(7, classes, width).muli(1.5);
        return new DataSet(labels.mmul(centres).addi(noise(seed + 1, samples, width)), labels);
    }

    /** The configuration of a stock multi-layer perceptron, for classes. */
    public static MultiLayerConfiguration mlp(Activation activation, IUpdater updater, int... widths) {
        NeuralNetConfiguration.ListBuilder list = builder(updater).activation(activation).list();
        for (int i = 1; i < widths.length - 1; i++) {
            list.layer(new DenseLayer.Builder().nIn(widths[i - 1]).nOut(widths[i]).build());
        }
        return list.layer(readout(widths[widths.length - 2], widths[widths.length - 1])).build();
    }

    /** What all test networks have in common. */
    public static NeuralNetConfiguration.Builder builder(IUpdater updater) {
        // Biases away from 0: a sample that silences one layer would sit on the kink of the next one's ReLU.
        return new NeuralNetConfiguration.Builder().seed(12345).dataType(DataType.DOUBLE).biasInit(0.1)
                .updater(updater);
    }

    /** A softmax readout; nIn 0 to have it inferred. */
    public static OutputLayer readout(int nIn, int nOut) {
        return new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                .activation(Activation.SOFTMAX).nIn(nIn).nOut(nOut).build();
    }

    /** A network of this configuration, ready to train. */
    public static MultiLayerNetwork network(MultiLayerConfiguration conf) {
        MultiLayerNetwork network = new MultiLayerNetwork(conf);
        network.init();
        return network;
    }

    /** A local network of tanh layers under plain gradient descent. */
    public static MultiLayerNetwork localMlp(LearningRule rule, int... widths) {
        return network(IbHebb.convert(mlp(Activation.TANH, new Sgd(0.1), widths), rule));
    }

    /** The objective that a layer with these activations should descend, with no memory. */
    public static double objective(
            LearningRule rule, INDArray activations, boolean channelsLast, INDArray x, INDArray labels) {
        INDArray u = new Representation(rule, channelsLast, Buffers.fresh()).of(activations).rows();
        return new Window(u.rows(), x.reshape(x.size(0), x.length() / x.size(0)), List.of(classes(labels)))
                .value(rule, u);
    }

    /**
     * A rule as in version 0.1: what a layer descends is one objective of a window, seen layer-normalised, and its
     * gradient is what the configuration's own updater gets.
     */
    public static LearningRule.Builder plain() {
        return LearningRule.builder()
                .objective(Objective.neighbourhood())
                .normalization(LearningRule.Normalization.LAYER_NORM)
                .gain(false)
                .updaters(LearningRule.Updaters.CONFIGURED);
    }

    /** Prediction as in version 0.1: its readout learns once a mini-batch. */
    public static Objective predictionOfMiniBatches() {
        return Objective.prediction().withBlock(0).withRate(4);
    }

    /** The numbers of an array, to be compared exactly: INDArray's own equals allows a difference of 1e-5. */
    public static double[] values(INDArray array) {
        return array.dup('c').reshape(array.length()).toDoubleVector();
    }

    /** Class labels as a window takes them. */
    public static Labels classes(INDArray labels) {
        return new Labels("out", labels, Labels.Encoding.CLASSES);
    }
}
