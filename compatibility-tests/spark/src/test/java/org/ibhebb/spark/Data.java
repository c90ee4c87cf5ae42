package org.ibhebb.spark;

import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A task that needs hidden layers which have learnt something, and networks for it. */
final class Data {

    private static final int DIMENSIONS = 20;

    private Data() {}

    /** XOR of two of many directions: no readout alone can tell these classes apart. */
    static DataSet xor(long seed, int samples) {
        Random random = new Random(seed);
        INDArray features = Nd4j.create(DataType.FLOAT, samples, DIMENSIONS);
        INDArray labels = Nd4j.create(DataType.FLOAT, samples, 2);
        for (int sample = 0; sample < samples; sample++) {
            int first = random.nextInt(2);
            int second = random.nextInt(2);
            for (int i = 0; i < DIMENSIONS; i++) {
                double factor = i == 0 ? first : i == 1 ? second : 0.5;
                features.putScalar(sample, i, 8 * (factor - 0.5) + random.nextGaussian());
            }
            labels.putScalar(sample, first ^ second, 1);
        }
        return new DataSet(features, labels);
    }

    /** Two hidden layers that learn. */
    static MultiLayerConfiguration chain() {
        return chain(new Adam(1e-2), new Adam(1e-2));
    }

    /** The control: the same network, whose hidden layers stay as they are initialised. */
    static MultiLayerConfiguration frozenChain() {
        return chain(new Sgd(0), new Adam(1e-2));
    }

    static MultiLayerConfiguration chain(IUpdater hidden, IUpdater readout) {
        return builder(hidden).list()
                .layer(dense(12)).layer(dense(8)).layer(readout(readout))
                .setInputType(InputType.feedForward(DIMENSIONS))
                .build();
    }

    static ComputationGraphConfiguration graph() {
        return graph(new Adam(1e-2));
    }

    static ComputationGraphConfiguration frozenGraph() {
        return graph(new Sgd(0));
    }

    private static ComputationGraphConfiguration graph(IUpdater hidden) {
        return builder(hidden).graphBuilder()
                .addInputs("in")
                .addLayer("a", dense(12), "in").addLayer("b", dense(8), "a").addLayer("out", readout(new Adam(1e-2)), "b")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(DIMENSIONS))
                .build();
    }

    private static NeuralNetConfiguration.Builder builder(IUpdater hidden) {
        return new NeuralNetConfiguration.Builder().seed(42).updater(hidden).activation(Activation.RELU);
    }

    private static DenseLayer dense(int units) {
        return new DenseLayer.Builder().nOut(units).build();
    }

    private static OutputLayer readout(IUpdater updater) {
        return new OutputLayer.Builder(LossFunction.MCXENT).updater(updater)
                .activation(Activation.SOFTMAX).nOut(2).build();
    }
}
