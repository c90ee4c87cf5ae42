package org.ibhebb.compatibility.programs;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Dense layers that learn to give back what they are given, through a narrow one. */
public final class DeepAutoencoder {

    private DeepAutoencoder() {}

    /** Trains the network. */
    public static MultiLayerNetwork train(DataSetIterator data, int epochs) {
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
                .seed(12345)
                .weightInit(WeightInit.XAVIER)
                .updater(new Adam(5e-3))
                .activation(Activation.TANH)
                .l2(0.0001)
                .list()
                .layer(new DenseLayer.Builder().nIn(data.inputColumns()).nOut(24).build())
                .layer(new DenseLayer.Builder().nIn(24).nOut(4).build())
                .layer(new DenseLayer.Builder().nIn(4).nOut(24).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                        .nIn(24)
                        .nOut(data.inputColumns())
                        .activation(Activation.IDENTITY)
                        .build())
                .build();

        MultiLayerNetwork net = new MultiLayerNetwork(conf);
        net.init();
        for (int epoch = 0; epoch < epochs; epoch++) {
            data.reset();
            while (data.hasNext()) {
                DataSet batch = data.next();
                net.fit(batch.getFeatures(), batch.getFeatures());
            }
        }
        return net;
    }
}
