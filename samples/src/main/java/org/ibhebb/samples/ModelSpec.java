package org.ibhebb.samples;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * A network as the command line describes it, built of Deeplearning4j's own layers: nothing in it knows of a learning
 * rule.
 *
 * @param family what kind of network
 * @param sizes units of each hidden layer, or feature maps of each convolution
 */
record ModelSpec(Family family, List<Integer> sizes) {

    /** The kinds of network that exist. */
    enum Family {
        /** Dense layers. */
        MLP,
        /** Convolutions of 3 x 3, each followed by a pooling that halves the image. */
        CNN,
        /** Two convolutions of 5 x 5, each followed by pooling, then a dense layer. */
        LENET
    }

    private static final String FORMS = "mlp:512,512 (dense layers of those sizes), cnn:48,96,192 (3x3 convolutions"
            + " with so many feature maps, each halving the image) or lenet";

    /**
     * The model that a text describes.
     *
     * @throws IllegalArgumentException quoting the text and saying which are possible
     */
    static ModelSpec parse(String text) {
        if (text.equals("lenet")) {
            return new ModelSpec(Family.LENET, List.of(20, 50, 500));
        }
        Family family;
        if (text.startsWith("mlp:")) {
            family = Family.MLP;
        } else if (text.startsWith("cnn:")) {
            family = Family.CNN;
        } else {
            throw new IllegalArgumentException("there is no model '" + text + "': use " + FORMS);
        }
        try {
            List<Integer> sizes = Arrays.stream(text.substring(4).split(",", -1))
                    .map(Integer::valueOf)
                    .collect(Collectors.toList());
            if (sizes.stream().anyMatch(size -> size < 1)) {
                throw new IllegalArgumentException("'" + text + "' has a layer of less than 1 unit: use " + FORMS);
            }
            return new ModelSpec(family, List.copyOf(sizes));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' does not list whole numbers: use " + FORMS, e);
        }
    }

    /**
     * The network for such images.
     *
     * @param hidden updater of the hidden layers
     * @param output updater of the output layer
     * @throws IllegalArgumentException if the images are too small for the model
     */
    MultiLayerConfiguration configure(ImageShape shape, int classes, long seed, IUpdater hidden, IUpdater output) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(WeightInit.RELU)
                .updater(hidden)
                .list();
        switch (family) {
            case MLP -> sizes.forEach(size -> layers.layer(dense(size)));
            case CNN -> {
                checkHalvings(shape, sizes.size());
                sizes.forEach(size -> layers.layer(convolution(3, size, Activation.LEAKYRELU)).layer(maxPool()));
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
                .setInputType(takesVectors()
                        ? InputType.feedForward(shape.size())
                        : InputType.convolutional(shape.height(), shape.width(), shape.channels()))
                .build();
    }

    /** Whether an image is one long row to the network, rather than channels of rows and columns. */
    boolean takesVectors() {
        return family == Family.MLP;
    }

    private static Layer dense(int units) {
        return new DenseLayer.Builder().nOut(units).activation(Activation.RELU).build();
    }

    private static Layer convolution(int side, int maps, Activation activation) {
        return new ConvolutionLayer.Builder(side, side)
                .nOut(maps)
                .convolutionMode(ConvolutionMode.Same)
                .activation(activation)
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
        String name = family.name().toLowerCase(Locale.ROOT);
        return family == Family.LENET
                ? name
                : sizes.stream().map(String::valueOf).collect(Collectors.joining(",", name + ":", ""));
    }
}
