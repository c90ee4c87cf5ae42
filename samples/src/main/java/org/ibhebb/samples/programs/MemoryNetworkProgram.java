package org.ibhebb.samples.programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.ibhebb.IbHebb;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.memory.MemoryPretrainer;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Learns one sample at a time, with a working memory that is a network itself: which side of a circle a point is on. */
public final class MemoryNetworkProgram {

    private MemoryNetworkProgram() {}

    /**
     * Pretrains a memory network, unless its file is there, trains with it, and prints the accuracy on new points.
     *
     * @param arguments the memory network's file
     * @throws IOException if it can't be read or written
     */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        // Pretraining sees synthetic streams alone, never the task: one file serves many.
        MemoryNetwork memory = Files.exists(file)
                ? MemoryNetwork.load(file)
                : MemoryPretrainer.builder().units(256).activityWidth(16).recall(8).labelWidth(2).build()
                        .pretrain(done -> {}).save(file);
        LearningRule rule = LearningRule.builder().memory(memory, memory.recall()).build();
        MultiLayerConfiguration conf = IbHebb.convert(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(2e-3))
                .activation(Activation.TANH)
                .weightInit(WeightInit.XAVIER)
                .list()
                .layer(new DenseLayer.Builder().nIn(2).nOut(16).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT).nOut(2).activation(Activation.SOFTMAX).build())
                .build(), rule);
        MultiLayerNetwork net = new MultiLayerNetwork(conf);
        net.init();

        Random random = new Random(1);
        for (int i = 0; i < 6000; i++) {
            INDArray point = point(random);
            net.fit(point, label(point));
        }
        int correct = 0;
        for (int i = 0; i < 500; i++) {
            INDArray point = point(random);
            correct += net.output(point).argMax(1).getInt(0) == label(point).argMax(1).getInt(0) ? 1 : 0;
        }
        System.out.printf("accuracy %.3f%n", correct / 500.0);
    }

    private static INDArray point(Random random) {
        return Nd4j.createFromArray(new float[][] {{4 * random.nextFloat() - 2, 4 * random.nextFloat() - 2}});
    }

    private static INDArray label(INDArray point) {
        boolean inside = point.norm2Number().doubleValue() < 1.6;
        return Nd4j.createFromArray(new float[][] {{inside ? 1 : 0, inside ? 0 : 1}});
    }
}
