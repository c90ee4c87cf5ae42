package org.ibhebb.samples.stream;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.samples.data.ImageShape;
import org.ibhebb.samples.training.ModelSpec;
import org.ibhebb.samples.training.ModelSpec.Encoding;
import org.ibhebb.samples.training.SpikingOptions;
import org.ibhebb.spiking.SequenceToFramesPreProcessor;
import org.ibhebb.spiking.SpikeEncoder;
import org.nd4j.linalg.learning.config.Sgd;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The networks that {@code ibhebb stream --model} names: dense layers or, for images, convolutions, spiking or not.
 *
 * @param name as on the command line
 * @param spec null for dense layers that do not spike
 */
record StreamModel(String name, ModelSpec spec) {

    private static final List<String> CONVOLUTIONAL = List.of("lenet", "cnn:", "scnn:");
    private static final String SPIKING = "snn:";

    /**
     * The one of a name.
     *
     * @param spiking what was said of spiking neurons
     * @param images whether samples are images
     * @throws ParameterException saying what is wrong
     */
    static StreamModel of(CommandSpec command, String name, SpikingOptions spiking, boolean images) {
        boolean perceptron = Perceptron.isNamedBy(name);
        if (perceptron) {
            Perceptron.check(command, name);
        } else if (!name.startsWith(SPIKING) && CONVOLUTIONAL.stream().noneMatch(name::startsWith)) {
            throw new ParameterException(command.commandLine(), "there is no model '" + name + "' that learns on the"
                    + " fly: use mlp:128,64 (dense layers of those sizes), snn:128,64 (the same of spiking neurons) or,"
                    + " for images, cnn:16,32 (3x3 convolutions with so many feature maps, each halving the image),"
                    + " scnn:8,16 (the same of spiking neurons) or lenet");
        } else if (!name.startsWith(SPIKING) && !images) {
            throw new ParameterException(command.commandLine(), "--model " + name + " is for images (digits, mnist,"
                    + " fashion-mnist, cifar10): use mlp:128,64 (dense layers of those sizes)");
        }
        try {
            ModelSpec spec = spiking.of(ModelSpec.parse(name));
            if (spec.encoding() != Encoding.CURRENT && !images) {
                throw new IllegalArgumentException("--model " + spec + " is for images, whose pixels are from 0 to 1:"
                        + " other samples are standardised, and spiking neurons see them as --encode current");
            }
            return new StreamModel(perceptron ? name : spec.toString(), perceptron ? null : spec);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    /** Whether pixels are to be what they are, from 0 to 1. */
    boolean takesIntensities() {
        return spec != null && spec.takesIntensities();
    }

    /** How many time steps samples have; 0 for vectors. */
    int timeSteps() {
        return spec == null || spec.encoding() == Encoding.CURRENT ? 0 : spec.steps();
    }

    /** Samples as the network sees them. */
    Source seen(Source source, long seed) {
        Optional<SpikeEncoder> encoder = spec == null ? Optional.empty() : spec.encoder(seed);
        return encoder.isEmpty()
                ? source
                : new EncodedSource(source, spec.steps(), encoder.get(), spec.encoder(~seed).orElseThrow());
    }

    /** @param source of samples as the network sees them */
    MultiLayerNetwork network(Source source, long seed) {
        if (spec == null) {
            return Perceptron.of(name, source, seed);
        }
        ImageShape shape = source.shape() == null ? new ImageShape(1, source.inputs(), 1) : source.shape();
        MultiLayerConfiguration configuration =
                spec.configure(shape, source.classes(), seed, new Sgd(), new Sgd());
        if (!spec.takesVectors()) {
            // Samples come as vectors.
            configuration.getInputPreProcessors().put(0, timeSteps() > 0
                    ? new SequenceToFramesPreProcessor(shape.height(), shape.width(), shape.channels())
                    : new FeedForwardToCnnPreProcessor(shape.height(), shape.width(), shape.channels()));
        }
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }
}
