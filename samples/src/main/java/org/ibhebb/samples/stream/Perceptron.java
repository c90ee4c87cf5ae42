package org.ibhebb.samples.stream;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The networks that {@code mlp:A,B,...} names. */
final class Perceptron {

    private static final String PREFIX = "mlp:";

    private Perceptron() {}

    /** Refuses what is no name of one. */
    static void check(CommandSpec command, String model) {
        if (!model.matches(PREFIX + "[1-9]\\d{0,5}(,[1-9]\\d{0,5})*")) {
            throw new ParameterException(command.commandLine(), "there is no model '" + model + "' that learns on the"
                    + " fly: use mlp:128,64 (dense layers of those sizes)");
        }
    }

    /** Those of the hidden layers. */
    static int[] sizes(String model) {
        return Arrays.stream(model.substring(PREFIX.length()).split(",")).mapToInt(Integer::parseInt).toArray();
    }

    static boolean isNamedBy(String model) {
        return model.startsWith(PREFIX);
    }

    static MultiLayerNetwork of(String model, Source source, long seed) {
        return of(model, source, seed, new Sgd(), hidden -> hidden);
    }

    /**
     * @param updater by which {@code fit} would train it
     * @param change of each hidden layer
     */
    static MultiLayerNetwork of(String model, Source source, long seed, IUpdater updater, UnaryOperator<Layer> change) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder().seed(seed).updater(updater)
                .activation(Activation.RELU).weightInit(WeightInit.RELU).list();
        int below = source.inputs();
        for (int size : sizes(model)) {
            layers.layer(change.apply(new DenseLayer.Builder().nIn(below).nOut(size).build()));
            below = size;
        }
        layers.layer(new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX)
                .weightInit(WeightInit.XAVIER).nIn(below).nOut(source.classes()).build());
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
    }
}
