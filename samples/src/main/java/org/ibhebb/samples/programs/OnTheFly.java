package org.ibhebb.samples.programs;

import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.ibhebb.stream.StreamingNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Learns a stream one sample at a time, while the world changes: a program to copy. */
public final class OnTheFly {

    private OnTheFly() {}

    /**
     * Prints the accuracy over each 2,000 samples.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().seed(1)
                .activation(Activation.RELU).list()
                .layer(new DenseLayer.Builder().nIn(2).nOut(64).build())
                .layer(new DenseLayer.Builder().nIn(64).nOut(32).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX)
                        .nIn(32).nOut(2).build())
                .build());
        network.init();
        StreamingNetwork stream = IbHebb.stream(network);
        Random random = new Random(1);
        int right = 0;
        for (int i = 1; i <= 20_000; i++) {
            float[] x = {(float) random.nextGaussian(), (float) random.nextGaussian()};
            boolean inside = x[0] * x[0] + x[1] * x[1] < 1.4;
            int label = inside == i < 10_000 ? 1 : 0; // after 10,000 samples, everything is the other way round
            float[] prediction = stream.learn(x, label);
            right += (prediction[1] > prediction[0] ? 1 : 0) == label ? 1 : 0;
            if (i % 2_000 == 0) {
                System.out.printf("%,d samples: %.1f %%%n", i, right / 20.0);
                right = 0;
            }
        }
    }
}
