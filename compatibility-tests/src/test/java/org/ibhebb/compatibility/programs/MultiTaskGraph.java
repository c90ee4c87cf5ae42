package org.ibhebb.compatibility.programs;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** One trunk, two tasks: a class and a real value. */
public final class MultiTaskGraph {

    private MultiTaskGraph() {}

    /** Trains the network. */
    public static ComputationGraph train(MultiDataSetIterator data, int inputs, int epochs) {
        ComputationGraphConfiguration conf = new NeuralNetConfiguration.Builder()
                .seed(12345)
                .updater(new Adam(1e-2))
                .activation(Activation.RELU)
                .graphBuilder()
                .addInputs("input")
                .addLayer("L1", new DenseLayer.Builder().nIn(inputs).nOut(16).build(), "input")
                .addLayer("L2", new DenseLayer.Builder().nIn(16).nOut(8).build(), "L1")
                .addLayer("out1", new OutputLayer.Builder()
                        .lossFunction(LossFunctions.LossFunction.NEGATIVELOGLIKELIHOOD)
                        .activation(Activation.SOFTMAX)
                        .nIn(8).nOut(2).build(), "L2")
                .addLayer("out2", new OutputLayer.Builder()
                        .lossFunction(LossFunctions.LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .nIn(8).nOut(1).build(), "L2")
                .setOutputs("out1", "out2")
                .build();

        ComputationGraph net = new ComputationGraph(conf);
        net.init();
        net.fit(data, epochs);
        return net;
    }
}
