package org.ibhebb.compatibility.programs;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** A real value of several. */
public final class RegressionOfAFunction {

    private RegressionOfAFunction() {}

    /** Trains the network. */
    public static MultiLayerNetwork train(DataSetIterator data, int epochs) {
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
                .seed(12345)
                .weightInit(WeightInit.XAVIER)
                .updater(new Adam(1e-2))
                .list()
                .layer(0, new DenseLayer.Builder().nIn(data.inputColumns()).nOut(16)
                        .activation(Activation.RELU).build())
                .layer(1, new DenseLayer.Builder().nIn(16).nOut(8).activation(Activation.RELU).build())
                .layer(2, new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .nIn(8).nOut(1).build())
                .build();

        final MultiLayerNetwork net = new MultiLayerNetwork(conf);
        net.init();
        for (int i = 0; i < epochs; i++) {
            data.reset();
            net.fit(data);
        }
        return net;
    }
}
