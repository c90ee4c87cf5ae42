package org.ibhebb.samples.stream;

import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.samples.data.ImageShape;
import org.ibhebb.samples.training.ModelSpec;
import org.nd4j.linalg.learning.config.Sgd;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The networks that {@code ibhebb stream --model} names: dense layers, or, for images, convolutions. */
final class StreamModel {

    private static final List<String> CONVOLUTIONAL = List.of("lenet", "cnn:");

    private StreamModel() {}

    /** Refuses what is no name of one. */
    static void check(CommandSpec command, String model, boolean images) {
        if (Perceptron.isNamedBy(model)) {
            Perceptron.check(command, model);
            return;
        }
        if (CONVOLUTIONAL.stream().noneMatch(model::startsWith)) {
            throw new ParameterException(command.commandLine(), "there is no model '" + model + "' that learns on the"
                    + " fly: use mlp:128,64 (dense layers of those sizes) or, for images, cnn:16,32 (3x3 convolutions"
                    + " with so many feature maps, each halving the image) or lenet");
        }
        if (!images) {
            throw new ParameterException(command.commandLine(), "--model " + model + " is for images (digits, mnist,"
                    + " fashion-mnist, cifar10): use mlp:128,64 (dense layers of those sizes)");
        }
        try {
            ModelSpec.parse(model);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    static MultiLayerNetwork of(String model, Source source, long seed) {
        if (Perceptron.isNamedBy(model)) {
            return Perceptron.of(model, source, seed);
        }
        ImageShape shape = source.shape();
        MultiLayerConfiguration configuration =
                ModelSpec.parse(model).configure(shape, source.classes(), seed, new Sgd(), new Sgd());
        // Samples come as vectors.
        configuration.getInputPreProcessors().put(0,
                new FeedForwardToCnnPreProcessor(shape.height(), shape.width(), shape.channels()));
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }
}
