package org.ibhebb.internal.stream;

import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks and streams with a fixed seed, for the tests of this package. */
final class Chains {

    static final LearningRule PREDICTION = rule(8, Objective.prediction().withRate(1));

    private Chains() {}

    static LearningRule rule(int memory, Objective first, Objective... more) {
        LearningRule.Builder rule = LearningRule.builder().objective(first).memory(memory);
        for (Objective objective : more) {
            rule.plus(objective);
        }
        return rule.build();
    }

    static Settings settings(LearningRule rule, Schedule schedule, double hidden, double output) {
        return new Settings(rule, schedule, 500, hidden, output, schedule == Schedule.FALLING, false, false);
    }

    static MultiLayerNetwork network(DataType type, Activation activation, LossFunction loss, int... widths) {
        NeuralNetConfiguration.ListBuilder list =
                new NeuralNetConfiguration.Builder().seed(11).dataType(type).activation(activation).list();
        for (int i = 1; i < widths.length - 1; i++) {
            list.layer(new DenseLayer.Builder().nIn(widths[i - 1]).nOut(widths[i]).hasBias(i != 2).build());
        }
        Activation answer = switch (loss) {
            case MCXENT -> Activation.SOFTMAX;
            case XENT -> Activation.SIGMOID;
            default -> Activation.IDENTITY;
        };
        list.layer(new OutputLayer.Builder(loss).activation(answer)
                .nIn(widths[widths.length - 2]).nOut(widths[widths.length - 1]).build());
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    /** Samples of classes that differ in their means; every third input is silent at random. */
    static double[] inputs(long seed, int[] classes, int width) {
        Random random = new Random(seed);
        double[] rows = new double[classes.length * width];
        for (int i = 0; i < rows.length; i++) {
            double centre = Math.sin(1.7 * (i % width) + 2.3 * classes[i / width]);
            rows[i] = random.nextInt(3) == 0 ? 0 : centre + 0.7 * random.nextGaussian();
        }
        return rows;
    }

    static int[] classes(long seed, int samples, int classes) {
        return new Random(seed).ints(samples, 0, classes).toArray();
    }

    static double[] oneHot(int[] classes, int width) {
        double[] rows = new double[classes.length * width];
        for (int i = 0; i < classes.length; i++) {
            rows[i * width + classes[i]] = 1;
        }
        return rows;
    }
}
