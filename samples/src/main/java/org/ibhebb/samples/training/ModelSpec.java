package org.ibhebb.samples.training;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.samples.data.ImageShape;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A network as the command line describes it, built of Deeplearning4j's own layers: nothing in it knows of a learning
 * rule.
 *
 * @param family what kind of network
 * @param sizes units of each hidden layer, or feature maps of each convolution
 * @param readsAllLayers whether the output layer reads every hidden layer, not the last one alone
 * @param steps for how many time steps a spiking network sees each sample; 0 for all others
 */
public record ModelSpec(Family family, List<Integer> sizes, boolean readsAllLayers, int steps) {

    /** The kinds of network that exist. */
    enum Family {
        /** Dense layers. */
        MLP,
        /** Dense layers of spiking neurons, which see a sample as a constant current. */
        SNN,
        /** Convolutions of 3 x 3, each followed by a pooling that halves the image. */
        CNN,
        /** The same with batch normalisation between each convolution and its activation function. */
        CNN_BN,
        /** Two convolutions of 5 x 5, each followed by pooling, then a dense layer. */
        LENET
    }

    private static final String ALL = "+all";
    private static final int USUAL_STEPS = 8;
    /** Brings rates of about .1 to the size that output layers expect; and NIR can say it. */
    private static final double READABLE = 10;
    private static final String FORMS = "mlp:512,512 (dense layers of those sizes), cnn:48,96,192 (3x3 convolutions"
            + " with so many feature maps, each halving the image), cnn-bn:48,96,192 (the same with batch"
            + " normalisation) or lenet, any of them with +all behind it (an output layer that reads all layers), or"
            + " snn:128,64 (dense layers of spiking neurons, for " + USUAL_STEPS
            + " time steps, or @16 behind it for 16)";

    /**
     * The model that a text describes.
     *
     * @throws IllegalArgumentException quoting the text and saying which are possible
     */
    public static ModelSpec parse(String text) {
        boolean all = text.endsWith(ALL);
        String layers = all ? text.substring(0, text.length() - ALL.length()) : text;
        if (layers.equals("lenet")) {
            return new ModelSpec(Family.LENET, List.of(20, 50, 500), all, 0);
        }
        int at = layers.indexOf('@');
        if (at >= 0) {
            try {
                return parse(layers.substring(0, at)).withSteps(Integer.parseInt(layers.substring(at + 1)));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("'" + text + "' has no whole number of time steps behind its @: use "
                        + FORMS, e);
            }
        }
        int colon = layers.indexOf(':');
        Family family = switch (layers.substring(0, Math.max(0, colon))) {
            case "mlp" -> Family.MLP;
            case "cnn" -> Family.CNN;
            case "cnn-bn" -> Family.CNN_BN;
            case "snn" -> Family.SNN;
            default -> throw new IllegalArgumentException("there is no model '" + text + "': use " + FORMS);
        };
        try {
            List<Integer> sizes = Arrays.stream(layers.substring(colon + 1).split(",", -1))
                    .map(Integer::valueOf)
                    .collect(Collectors.toList());
            if (sizes.stream().anyMatch(size -> size < 1)) {
                throw new IllegalArgumentException("'" + text + "' has a layer of less than 1 unit: use " + FORMS);
            }
            if (all && family == Family.SNN) {
                throw new IllegalArgumentException("'" + text + "' has spiking layers, of which an output layer reads"
                        + " the last one alone: use " + FORMS);
            }
            return new ModelSpec(family, List.copyOf(sizes), all, family == Family.SNN ? USUAL_STEPS : 0);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' does not list whole numbers: use " + FORMS, e);
        }
    }

    /**
     * The same with another number of time steps.
     *
     * @throws IllegalArgumentException if that is less than 1, or no layer is spiking
     */
    public ModelSpec withSteps(int count) {
        if (family != Family.SNN) {
            throw new IllegalArgumentException("--steps is the number of time steps of a spiking network, and --model "
                    + this + " is none: use snn:A,B,...");
        }
        if (count < 1) {
            throw new IllegalArgumentException("--steps (" + count + ") must be at least 1");
        }
        return new ModelSpec(family, sizes, readsAllLayers, count);
    }

    /** Whether pixels are to be what they are, from 0 to 1: standardised ones would be currents of both signs. */
    public boolean takesIntensities() {
        return family == Family.SNN;
    }

    /**
     * The network for such images.
     *
     * @param hidden updater of the hidden layers
     * @param output updater of the output layer
     * @throws IllegalArgumentException if the images are too small for the model
     */
    public MultiLayerConfiguration configure(ImageShape shape, int classes, long seed, IUpdater hidden, IUpdater output) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(WeightInit.RELU)
                .updater(hidden)
                .list();
        switch (family) {
            case MLP -> sizes.forEach(size -> layers.layer(dense(size)));
            case SNN -> {
                sizes.forEach(size -> layers.layer(spiking(size)));
                layers.layer(new SpikeRateLayer.Builder().scale(READABLE).build());
            }
            case CNN -> {
                checkHalvings(shape, sizes.size());
                sizes.forEach(size -> layers.layer(convolution(3, size, Activation.LEAKYRELU)).layer(maxPool()));
            }
            case CNN_BN -> {
                checkHalvings(shape, sizes.size());
                sizes.forEach(size -> layers
                        .layer(linearConvolution(3, size))
                        .layer(new BatchNormalization())
                        .layer(new ActivationLayer(Activation.LEAKYRELU))
                        .layer(maxPool()));
            }
            case LENET -> {
                checkHalvings(shape, 2);
                layers.layer(convolution(5, sizes.get(0), Activation.RELU)).layer(maxPool());
                layers.layer(convolution(5, sizes.get(1), Activation.RELU)).layer(maxPool());
                layers.layer(dense(sizes.get(2)));
            }
        }
        return layers
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nOut(classes)
                        .activation(Activation.SOFTMAX)
                        .weightInit(WeightInit.XAVIER)
                        .updater(output)
                        .build())
                .setInputType(input(shape))
                .build();
    }

    /** What an image is to the network. */
    public InputType input(ImageShape shape) {
        return takesVectors()
                ? InputType.feedForward(shape.size())
                : InputType.convolutional(shape.height(), shape.width(), shape.channels());
    }

    /** Whether an image is one long row to the network, rather than channels of rows and columns. */
    public boolean takesVectors() {
        return family == Family.MLP || family == Family.SNN;
    }

    /** What the library does by default in a network that begins with such layers. */
    public LearningRule defaultRule() {
        return LearningRule.defaults();
    }

    private static Layer dense(int units) {
        return new DenseLayer.Builder().nOut(units).activation(Activation.RELU).build();
    }

    private Layer spiking(int units) {
        return new SpikingDenseLayer.Builder().nOut(units).timeSteps(steps).weightInit(WeightInit.LECUN_NORMAL).build();
    }

    private static Layer convolution(int side, int maps, Activation activation) {
        return new ConvolutionLayer.Builder(side, side)
                .nOut(maps)
                .convolutionMode(ConvolutionMode.Same)
                .activation(activation)
                .build();
    }

    /** Without bias, for the batch normalisation that follows has one. */
    private static Layer linearConvolution(int side, int maps) {
        return new ConvolutionLayer.Builder(side, side)
                .nOut(maps)
                .convolutionMode(ConvolutionMode.Same)
                .activation(Activation.IDENTITY)
                .hasBias(false)
                .build();
    }

    private static Layer maxPool() {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build();
    }

    private void checkHalvings(ImageShape shape, int halvings) {
        int side = Math.min(shape.height(), shape.width());
        if (side >> halvings == 0) {
            throw new IllegalArgumentException("model " + this + " halves its images " + halvings
                    + " times, which images of " + shape + " do not allow: use fewer layers");
        }
    }

    /** As on the command line. */
    @Override
    public String toString() {
        String name = family.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return (family == Family.LENET
                ? name
                : sizes.stream().map(String::valueOf).collect(Collectors.joining(",", name + ":", "")))
                + (readsAllLayers ? ALL : "")
                + (family == Family.SNN && steps != USUAL_STEPS ? "@" + steps : "");
    }

    /** Lets picocli quote {@link #parse}'s own message. */
    public static final class Converter implements ITypeConverter<ModelSpec> {
        @Override
        public ModelSpec convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
