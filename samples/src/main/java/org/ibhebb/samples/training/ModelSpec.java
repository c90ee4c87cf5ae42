package org.ibhebb.samples.training;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.samples.data.ImageShape;
import org.ibhebb.samples.option.ByName;
import org.ibhebb.spiking.SpikeEncoder;
import org.ibhebb.spiking.SpikePoolingLayer;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingConvolutionLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.ibhebb.spiking.SpikingDenseLayer.Learning;
import org.ibhebb.spiking.SpikingDenseLayer.Reset;
import org.ibhebb.spiking.SpikingSettings;
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
 * @param stages the hidden layers, in their order
 * @param readsAllLayers whether the output layer reads every hidden layer, not the last one alone
 * @param encoding as what a spiking network sees samples; of no matter for all others
 * @param neurons those of a spiking network; of no matter for all others
 */
public record ModelSpec(Family family, List<Stage> stages, boolean readsAllLayers, Encoding encoding,
        SpikingSettings neurons) {

    /**
     * Layers of one size, behind which images are halved if the network has images.
     *
     * @param size units of each layer, or feature maps of each convolution
     * @param layers how many of them follow one another
     */
    record Stage(int size, int layers) {

        /** More are a slip of the pen. */
        static final int MOST = 100;
        private static final String TIMES = "x";

        /** One layer. */
        static Stage of(int size) {
            return new Stage(size, 1);
        }

        /**
         * What a text such as 48 or 48x2 says.
         *
         * @throws NumberFormatException if it is neither
         */
        static Stage parse(String text) {
            int times = text.indexOf(TIMES);
            return times < 0
                    ? of(Integer.parseInt(text))
                    : new Stage(Integer.parseInt(text.substring(0, times)),
                            Integer.parseInt(text.substring(times + TIMES.length())));
        }

        /** Each layer's size. */
        Stream<Integer> sizes() {
            return Stream.generate(() -> size).limit(layers);
        }

        @Override
        public String toString() {
            return layers == 1 ? String.valueOf(size) : size + TIMES + layers;
        }
    }

    /** The kinds of network that exist. */
    enum Family {
        /** Dense layers. */
        MLP,
        /** Dense layers of spiking neurons. */
        SNN,
        /** Spiking convolutions of 3 x 3, each followed by a pooling that averages and halves the image. */
        SCNN,
        /** Convolutions of 3 x 3, each followed by a pooling that halves the image. */
        CNN,
        /** The same with batch normalisation between each convolution and its activation function. */
        CNN_BN,
        /** Two convolutions of 5 x 5, each followed by pooling, then a dense layer. */
        LENET
    }

    /** As what spiking neurons see a sample. */
    public enum Encoding {
        /** As a current that is the same at each time step. */
        CURRENT,
        /** As spikes that come the more often the larger a value is. */
        POISSON,
        /** As one spike for each value, the earlier the larger that is. */
        LATENCY;

        /** As on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        private String suffix() {
            return "+" + this;
        }

        /** Reads one by its name. */
        public static final class Converter extends ByName<Encoding> {
            public Converter() {
                super(Encoding.class);
            }
        }
    }

    private static final String ALL = "+all";
    private static final String SYNAPSE = "+synapse";
    private static final String REST = "+rest";
    private static final String TO_ZERO = "+to-zero";
    private static final SpikingSettings USUAL = SpikingSettings.defaults();
    /** Brings rates of about .1 to the size that output layers expect; and NIR can say it. */
    private static final double READABLE = 10;
    private static final String FORMS = "mlp:512,512 (dense layers of those sizes), cnn:48,96,192 (3x3 convolutions"
            + " with so many feature maps, each halving the image), cnn-bn:48,96,192 (the same with batch"
            + " normalisation; in each of them 48x2 is two such layers, behind which images are halved once) or"
            + " lenet, any of them with +all behind it (an output layer that reads all layers), or"
            + " snn:128,64 (dense layers of spiking neurons) or scnn:16,32 (spiking 3x3 convolutions, each halving the"
            + " image), for " + USUAL.getTimeSteps() + " time steps, or @16 behind it for 16, of a constant current, or with"
            + " +poisson or +latency behind it of spikes, with +trace, +exact or +per-step behind it another"
            + " learning than the factorised one, with +synapse0.5 neurons whose synaptic currents decay to that"
            + " share, with +rest1 neurons that rest for so many time steps after a spike, and with +to-zero those whose"
            + " membranes a spike sets to 0";

    /**
     * The model that a text describes.
     *
     * @throws IllegalArgumentException quoting the text and saying which are possible
     */
    public static ModelSpec parse(String text) {
        int plus = text.lastIndexOf('+');
        if (plus >= 0 && !text.endsWith(ALL)) {
            return parse(text.substring(0, plus)).with(text.substring(plus), text);
        }
        boolean all = text.endsWith(ALL);
        String layers = all ? text.substring(0, text.length() - ALL.length()) : text;
        if (layers.equals("lenet")) {
            return new ModelSpec(Family.LENET, Stream.of(20, 50, 500).map(Stage::of).toList(), all, Encoding.CURRENT,
                    USUAL);
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
            case "scnn" -> Family.SCNN;
            default -> throw new IllegalArgumentException("there is no model '" + text + "': use " + FORMS);
        };
        try {
            List<Stage> stages = Arrays.stream(layers.substring(colon + 1).split(",", -1))
                    .map(Stage::parse)
                    .toList();
            if (stages.stream().anyMatch(stage -> stage.size() < 1 || stage.layers() < 1
                    || stage.layers() > Stage.MOST)) {
                throw new IllegalArgumentException("'" + text + "' has a layer of less than 1 unit, or not from 1 to "
                        + Stage.MOST + " of them: use " + FORMS);
            }
            boolean spiking = family == Family.SNN || family == Family.SCNN;
            if (all && spiking) {
                throw new IllegalArgumentException("'" + text + "' has spiking layers, of which an output layer reads"
                        + " the last one alone: use " + FORMS);
            }
            return new ModelSpec(family, stages, all, Encoding.CURRENT, USUAL);
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
        checkSpiking("--steps is the number of time steps of a spiking network");
        if (count < 1) {
            throw new IllegalArgumentException("--steps (" + count + ") must be at least 1");
        }
        return with(neurons.withTimeSteps(count));
    }

    /**
     * The same, seeing samples in another way.
     *
     * @throws IllegalArgumentException if no layer is spiking
     */
    public ModelSpec with(Encoding other) {
        checkSpiking("--encode says as what a spiking network sees samples");
        return new ModelSpec(family, stages, readsAllLayers, other, neurons);
    }

    /** The same with another learning of its spiking layers. */
    public ModelSpec with(Learning other) {
        return with(neurons.withLearning(other));
    }

    /**
     * The same with synaptic currents.
     *
     * @throws IllegalArgumentException if they keep less than 0, or 1 or more, or no layer is spiking
     */
    public ModelSpec withSynapticDecay(double share) {
        checkSpiking("--synaptic-decay is what synapses of a spiking network keep");
        return with(neurons.withSynapticDecay(share));
    }

    /**
     * The same with neurons that rest after a spike.
     *
     * @throws IllegalArgumentException if that is for less than 0 time steps, or no layer is spiking
     */
    public ModelSpec withRefractorySteps(int count) {
        checkSpiking("--refractory says how long neurons of a spiking network rest");
        return with(neurons.withRefractorySteps(count));
    }

    /**
     * The same with another reset.
     *
     * @throws IllegalArgumentException if no layer is spiking
     */
    public ModelSpec with(Reset other) {
        checkSpiking("--reset-to-zero is what a spike does to membranes of a spiking network");
        return with(neurons.withReset(other));
    }

    private ModelSpec with(SpikingSettings others) {
        return new ModelSpec(family, stages, readsAllLayers, encoding, others);
    }

    private void checkSpiking(String what) {
        if (!isSpiking()) {
            throw new IllegalArgumentException(what + ", and --model " + this + " is none: use snn:A,B,... or"
                    + " scnn:A,B,...");
        }
    }

    /** With what stands behind a plus in a text, which says nothing that another plus before it has said. */
    private ModelSpec with(String suffix, String text) {
        boolean spiking = isSpiking();
        try {
            for (Encoding seen : List.of(Encoding.POISSON, Encoding.LATENCY)) {
                if (spiking && suffix.equals(seen.suffix()) && encoding == Encoding.CURRENT) {
                    return with(seen);
                }
            }
            for (Learning learnt : List.of(Learning.TRACE, Learning.EXACT, Learning.PER_STEP)) {
                if (spiking && suffix.equals(suffix(learnt)) && neurons.getLearning() == Learning.FACTORISED) {
                    return with(learnt);
                }
            }
            if (spiking && suffix.startsWith(SYNAPSE) && neurons.getSynapticDecay() == 0) {
                return withSynapticDecay(Double.parseDouble(suffix.substring(SYNAPSE.length())));
            }
            if (spiking && suffix.startsWith(REST) && neurons.getRefractorySteps() == 0) {
                return withRefractorySteps(Integer.parseInt(suffix.substring(REST.length())));
            }
            if (spiking && suffix.equals(TO_ZERO) && neurons.getReset() == Reset.SUBTRACTION) {
                return with(Reset.TO_ZERO);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' can't have '" + suffix + "' (" + e.getMessage()
                    + "): use " + FORMS, e);
        }
        throw new IllegalArgumentException("'" + text + "' has spiking layers of which '" + suffix + "' says nothing"
                + " new, or none: use " + FORMS);
    }

    /** For how many time steps a spiking network sees each sample; 0 for all others. */
    public int steps() {
        return isSpiking() ? neurons.getTimeSteps() : 0;
    }

    private static String suffix(Learning learning) {
        return "+" + learning.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether its neurons spike. */
    public boolean isSpiking() {
        return family == Family.SNN || family == Family.SCNN;
    }

    /** Whether pixels are to be what they are, from 0 to 1: standardised ones would be currents of both signs. */
    public boolean takesIntensities() {
        return isSpiking();
    }

    /** What gives samples their time steps, if something has to: spiking layers take a constant current as it is. */
    public Optional<SpikeEncoder> encoder(long seed) {
        return switch (encoding) {
            case CURRENT -> Optional.empty();
            case POISSON -> Optional.of(SpikeEncoder.bernoulli(steps(), seed));
            case LATENCY -> Optional.of(SpikeEncoder.latency(steps()));
        };
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
            case MLP -> sizes().forEach(size -> layers.layer(dense(size)));
            case SNN -> {
                sizes().forEach(size -> layers.layer(spiking(size)));
                layers.layer(new SpikeRateLayer.Builder().scale(READABLE).build());
            }
            case SCNN -> {
                images(shape, maps -> layers.layer(spikingConvolution(maps)),
                        () -> layers.layer(new SpikePoolingLayer()));
                layers.layer(new SpikeRateLayer.Builder().scale(READABLE).build());
            }
            case CNN -> images(shape, maps -> layers.layer(convolution(3, maps, Activation.LEAKYRELU)),
                    () -> layers.layer(maxPool()));
            case CNN_BN -> images(shape, maps -> layers
                    .layer(linearConvolution(3, maps))
                    .layer(new BatchNormalization())
                    .layer(new ActivationLayer(Activation.LEAKYRELU)),
                    () -> layers.layer(maxPool()));
            case LENET -> {
                checkHalvings(shape, 2);
                layers.layer(convolution(5, stages.get(0).size(), Activation.RELU)).layer(maxPool());
                layers.layer(convolution(5, stages.get(1).size(), Activation.RELU)).layer(maxPool());
                layers.layer(dense(stages.get(2).size()));
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

    /** Each stage's layers, and its halving. */
    private void images(ImageShape shape, IntConsumer layer, Runnable halving) {
        checkHalvings(shape, stages.size());
        for (Stage stage : stages) {
            stage.sizes().forEach(layer::accept);
            halving.run();
        }
    }

    /** Units of each hidden layer, or feature maps of each convolution. */
    public List<Integer> sizes() {
        return stages.stream().flatMap(Stage::sizes).toList();
    }

    /** What an image is to the network. */
    public InputType input(ImageShape shape) {
        if (encoding != Encoding.CURRENT) {
            return takesVectors()
                    ? InputType.recurrent(shape.size(), steps())
                    : InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, steps(), shape.height(), shape.width(),
                            shape.channels());
        }
        return takesVectors()
                ? InputType.feedForward(shape.size())
                : InputType.convolutional(shape.height(), shape.width(), shape.channels());
    }

    /** Whether an image is one long row to the network, rather than channels of rows and columns. */
    public boolean takesVectors() {
        return family == Family.MLP || family == Family.SNN;
    }

    /** Whether a streaming network can be one: a chain of dense layers, convolutions and pooling. */
    public boolean streams() {
        return family == Family.MLP || family == Family.CNN || family == Family.LENET;
    }

    /** Whether the ledger can count a streaming network's fit of one: not where pooling is Deeplearning4j's. */
    public boolean streamsBatches() {
        return family == Family.MLP;
    }

    /** What the library does by default in a network that begins with such layers. */
    public LearningRule defaultRule() {
        return LearningRule.defaults();
    }

    private static Layer dense(int units) {
        return new DenseLayer.Builder().nOut(units).activation(Activation.RELU).build();
    }

    private Layer spiking(int units) {
        return new SpikingDenseLayer.Builder().nOut(units).settings(neurons)
                .weightInit(WeightInit.LECUN_NORMAL).build();
    }

    private Layer spikingConvolution(int maps) {
        return new SpikingConvolutionLayer.Builder(3, 3).nOut(maps).convolutionMode(ConvolutionMode.Same)
                .settings(neurons).weightInit(WeightInit.LECUN_NORMAL).build();
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
                : stages.stream().map(Stage::toString).collect(Collectors.joining(",", name + ":", "")))
                + (readsAllLayers ? ALL : "")
                + (neurons.getTimeSteps() != USUAL.getTimeSteps() ? "@" + neurons.getTimeSteps() : "")
                + (encoding == Encoding.CURRENT ? "" : encoding.suffix())
                + (neurons.getLearning() == Learning.FACTORISED ? "" : suffix(neurons.getLearning()))
                + (neurons.getSynapticDecay() == 0 ? "" : SYNAPSE + neurons.getSynapticDecay())
                + (neurons.getRefractorySteps() == 0 ? "" : REST + neurons.getRefractorySteps())
                + (neurons.getReset() == Reset.SUBTRACTION ? "" : TO_ZERO);
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
