package org.ibhebb.internal.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.conf.layers.ConvertedLayer;
import org.ibhebb.conf.layers.LocalLayer;
import org.ibhebb.internal.stream.Plan.Activation;
import org.ibhebb.internal.stream.Plan.Encoding;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.spiking.FramesToSequencePreProcessor;
import org.ibhebb.spiking.SequenceToFramesPreProcessor;
import org.ibhebb.spiking.SpikePoolingLayer;
import org.ibhebb.spiking.SpikePoolingLayer.Pooling;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingConvolutionLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * A network of Deeplearning4j's as a streaming network reads it: convolutions, pooling and dense layers, spiking or
 * not, and what makes rates of spikes, one behind the other, and an output layer. Anything else is refused by the layer's
 * name, with the reason.
 */
public final class LayerChain {

    /**
     * One of the layers.
     *
     * @param in inputs
     * @param out values that it passes on: of a dense layer, one a neuron
     * @param weights where they start among the parameters; {@link Plan#NONE} for pooling alone
     * @param bias where it starts; {@link Plan#NONE} for none
     * @param slope of a rectifier's negative half
     * @param learns false where the layer is frozen
     * @param rule null where the layer carries none
     * @param geometry how it reads images; null for a dense layer
     * @param timing what it does in time; null for a layer that knows none
     */
    record Link(String name, int in, int out, long weights, long bias, Activation activation, double slope,
            boolean learns, LearningRule rule, Geometry geometry, Timing timing) {

        private Link as(IActivation function, String by) {
            return new Link(name, in, out, weights, bias, LayerChain.activation(function, by),
                    LayerChain.slope(function), learns, rule, geometry, timing);
        }

        private Link with(LearningRule other) {
            return new Link(name, in, out, weights, bias, activation, slope, learns, other, geometry, timing);
        }

        private Link with(Geometry other) {
            return new Link(name, in, other.out(), weights, bias, activation, slope, learns, rule, other, timing);
        }

        /** Values of a sample that it reads: those of all time steps, where what comes in has such. */
        int values() {
            return timing == null ? in : timing.values(in);
        }

        /** Whether it has weights, and nothing between its activations and what it passes on. */
        private boolean isPlain() {
            return timing == null && (geometry == null || geometry.pooling() == null);
        }
    }

    /**
     * A layer as Deeplearning4j has it, those without neurons of their own included.
     *
     * @param who it is, for messages
     * @param conf its configuration
     * @param layer itself
     * @param images that it reads; null for vectors
     */
    record Given(String who, Layer conf, org.deeplearning4j.nn.api.Layer layer, Images images) {}

    private final Model network;
    private final List<Given> given = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();
    private final List<String> ignored = new ArrayList<>();
    private final INDArray parameters;
    private Encoding encoding;
    /** What the layers so far pass on; null for vectors. */
    private Images images;
    /** How many time steps what the layers so far pass on has; 0 for what has none. */
    private int steps;
    /** Why no sample can be read before it is said how many time steps it has; null if any can. */
    private String unready;

    private LayerChain(Model network, int timeSteps) {
        INDArray parameters = network.params();
        DataType type = parameters.dataType();
        if (type != DataType.FLOAT && type != DataType.DOUBLE) {
            throw new IllegalArgumentException("the network's parameters are of type " + type + ", and a streaming"
                    + " network takes FLOAT and DOUBLE: convert it by MultiLayerNetwork.convertDataType");
        }
        OpExecutioner.ExecutionerType backend = Nd4j.getExecutioner().type();
        if (backend != OpExecutioner.ExecutionerType.NATIVE_CPU) {
            throw new IllegalArgumentException("ND4J's backend is " + backend + ", and a streaming network works on the"
                    + " buffers of its CPU backend: put nd4j-native on the class path instead");
        }
        this.network = network;
        this.parameters = parameters;
        this.steps = timeSteps;
    }

    /**
     * Reads a network.
     *
     * @param network with parameters
     * @return its layers
     * @throws IllegalArgumentException naming the layer and the reason, if one could not learn as it should
     */
    public static LayerChain of(MultiLayerNetwork network) {
        return of(network, 0);
    }

    private static LayerChain of(MultiLayerNetwork network, int timeSteps) {
        network.init();
        LayerChain chain = new LayerChain(network, timeSteps);
        for (int i = 0; i < network.getnLayers(); i++) {
            Layer layer = network.getLayerWiseConfigurations().getConf(i).getLayer();
            chain.add(layer.getLayerName() == null ? "layer" + i : layer.getLayerName(), layer,
                    network.getLayerWiseConfigurations().getInputPreProcess(i), network.getLayer(i));
        }
        return chain.complete();
    }

    /**
     * Reads a graph that is a chain.
     *
     * @param network with parameters
     * @return its layers
     * @throws IllegalArgumentException naming the layer and the reason, if one could not learn as it should
     */
    public static LayerChain of(ComputationGraph network) {
        return of(network, 0);
    }

    private static LayerChain of(ComputationGraph network, int timeSteps) {
        network.init();
        LayerChain chain = new LayerChain(network, timeSteps);
        List<String> inputs = network.getConfiguration().getNetworkInputs();
        List<String> outputs = network.getConfiguration().getNetworkOutputs();
        if (inputs.size() != 1 || outputs.size() != 1) {
            throw new IllegalArgumentException("the graph has inputs " + inputs + " and outputs " + outputs
                    + ", and a streaming network is one chain of layers, with one of each");
        }
        String below = inputs.get(0);
        while (!below.equals(outputs.get(0))) {
            String from = below;
            List<String> above = network.getConfiguration().getVertexInputs().entrySet().stream()
                    .filter(entry -> entry.getValue().contains(from))
                    .map(Map.Entry::getKey)
                    .toList();
            if (above.size() != 1 || network.getConfiguration().getVertexInputs().get(above.get(0)).size() != 1
                    || !(network.getConfiguration().getVertices().get(above.get(0)) instanceof LayerVertex vertex)) {
                throw new IllegalArgumentException("what '" + below + "' feeds is " + above + ", and a streaming"
                        + " network is one chain of layers: train this graph by fit");
            }
            below = above.get(0);
            chain.add(below, vertex.getLayerConf().getLayer(), vertex.getPreProcessor(),
                    network.getLayer(below));
        }
        return chain.complete();
    }

    /**
     * The same network, whose samples are sequences.
     *
     * @param timeSteps how many each sample has; 0 for vectors
     * @return the layers as they read such samples
     * @throws IllegalArgumentException naming the layer and the reason, if the first one takes none
     */
    public LayerChain withTimeSteps(int timeSteps) {
        return network instanceof ComputationGraph graph
                ? of(graph, timeSteps)
                : of((MultiLayerNetwork) network, timeSteps);
    }

    private void add(String name, Layer conf, InputPreProcessor before, org.deeplearning4j.nn.api.Layer own) {
        String who = "layer '" + name + "' (" + conf.getClass().getSimpleName() + ")";
        if (encoding != null) {
            throw new IllegalArgumentException(who + " stands behind the output layer");
        }
        if (before != null) {
            reshape(before, who);
        }
        given.add(new Given(who, conf, own, images));
        boolean frozen = conf instanceof FrozenLayer || conf instanceof FrozenLayerWithBackprop;
        Layer layer = conf instanceof FrozenLayer holder ? holder.getLayer()
                : conf instanceof FrozenLayerWithBackprop holder ? holder.getUnderlying()
                : conf;
        LearningRule rule = layer instanceof LocalLayer local ? local.getRule() : null;
        if (layer instanceof ConvertedLayer converted) {
            layer = converted.toStock();
        }
        note(name, layer);
        if (layer.getClass() == DropoutLayer.class) {
            return;
        }
        if (layer.getClass() == ActivationLayer.class) {
            IActivation function = ((ActivationLayer) layer).getActivationFn();
            Link last = last();
            if (last == null || !last.isPlain() || last.activation() != Activation.IDENTITY) {
                throw new IllegalArgumentException(who + " does not stand right behind a dense layer or a convolution"
                        + " whose own activation function is the identity: give that layer this one's function,"
                        + " and leave it out");
            }
            Link changed = last.as(function, who);
            links.set(links.size() - 1, rule == null ? changed : changed.with(rule));
            return;
        }
        Map<String, INDArray> table = own.paramTable();
        if (layer.getClass() == ConvolutionLayer.class) {
            addConvolution(name, who, (ConvolutionLayer) layer, table, !frozen, rule);
            return;
        }
        if (layer.getClass() == SubsamplingLayer.class) {
            addPooling(name, who, (SubsamplingLayer) layer, rule);
            return;
        }
        if (layer.getClass() == SpikingConvolutionLayer.class) {
            addSpikingConvolution(name, who, (SpikingConvolutionLayer) layer, table, !frozen, rule);
            return;
        }
        if (layer.getClass() == SpikePoolingLayer.class) {
            addSpikePooling(name, who, (SpikePoolingLayer) layer);
            return;
        }
        if (layer.getClass() == SpikeRateLayer.class) {
            addRates(name, who, (SpikeRateLayer) layer);
            return;
        }
        boolean spikes = layer.getClass() == SpikingDenseLayer.class;
        if (layer.getClass() != DenseLayer.class && layer.getClass() != OutputLayer.class && !spikes) {
            throw new IllegalArgumentException(who + " can't learn on the fly: a streaming network knows DenseLayer,"
                    + " ConvolutionLayer, SubsamplingLayer, SpikingDenseLayer, SpikingConvolutionLayer,"
                    + " SpikePoolingLayer, SpikeRateLayer, ActivationLayer, DropoutLayer and OutputLayer; train this"
                    + " network by fit");
        }
        if (images != null) {
            throw new IllegalArgumentException(who + " takes vectors and gets images: build the network with"
                    + " setInputType, which flattens them");
        }
        if (spikes) {
            addSpiking(name, (SpikingDenseLayer) layer, table, !frozen, rule);
            return;
        }
        checkTimeless(who);
        FeedForwardLayer dense = (FeedForwardLayer) layer;
        if (dense instanceof DenseLayer hidden && hidden.hasLayerNorm()) {
            throw new IllegalArgumentException(who + " has layer normalisation inside (hasLayerNorm), which a streaming"
                    + " network does not compute: leave it out; the signal that the layer learns by sees its output"
                    + " normalised anyway");
        }
        IActivation function = dense.getActivationFn();
        boolean output = dense instanceof BaseOutputLayer;
        links.add(new Link(name, Math.toIntExact(dense.getNIn()), Math.toIntExact(dense.getNOut()),
                place(table.get("W")), bias(table), output ? Activation.IDENTITY : activation(function, who),
                output ? 0 : slope(function), !frozen, rule, null, null));
        if (output) {
            encoding = encoding(((OutputLayer) dense).getLossFn(), function, who);
        }
    }

    private Link last() {
        return links.isEmpty() ? null : links.get(links.size() - 1);
    }

    private void checkTimeless(String who) {
        if (steps > 0) {
            throw new IllegalArgumentException(who + " takes vectors and gets sequences of " + steps + " time steps: "
                    + (links.isEmpty()
                            ? "give samples that are vectors (timeSteps(0)), or let a layer of spiking neurons be the"
                                    + " first"
                            : "put a SpikeRateLayer before it"));
        }
    }

    private void addSpiking(String name, SpikingDenseLayer layer, Map<String, INDArray> table, boolean learns,
            LearningRule rule) {
        int lasts = steps > 0 ? steps : layer.getTimeSteps();
        links.add(new Link(name, Math.toIntExact(layer.getNIn()), Math.toIntExact(layer.getNOut()),
                place(table.get("W")), bias(table), Activation.IDENTITY, 0, learns, rule, null,
                Timing.ofNeurons(layer.getSettings(), lasts, steps > 0)));
        steps = lasts;
    }

    private void addSpikingConvolution(String name, String who, SpikingConvolutionLayer layer,
            Map<String, INDArray> table, boolean learns, LearningRule rule) {
        Geometry geometry = images(who).convolved(who, layer);
        int lasts = steps > 0 ? steps : layer.getSettings().getTimeSteps();
        links.add(new Link(name, images.size(), geometry.out(), place(table.get("W")), bias(table), Activation.IDENTITY,
                0, learns, rule, geometry, Timing.ofNeurons(layer.getSettings(), lasts, steps > 0)));
        images = Images.of(geometry);
        steps = lasts;
    }

    private void addSpikePooling(String name, String who, SpikePoolingLayer layer) {
        if (steps == 0) {
            throw new IllegalArgumentException(who + " pools the spikes of images in time, and does not stand behind a"
                    + " SpikingConvolutionLayer: put it there, or use a SubsamplingLayer");
        }
        Geometry geometry = images(who).pooled(who, layer);
        double scale = layer.getPooling() == Pooling.SUM ? geometry.pooling().taps() : 1;
        links.add(new Link(name, images.size(), geometry.out(), Plan.NONE, Plan.NONE, Activation.IDENTITY, 0, false,
                null, geometry, Timing.ofPooling(steps, scale)));
        images = Images.of(geometry);
    }

    /** Of images in time these are images. */
    private void addRates(String name, String who, SpikeRateLayer layer) {
        if (steps == 0 || links.isEmpty()) {
            throw new IllegalArgumentException(who + " makes rates of spikes, and does not stand behind a"
                    + " SpikingDenseLayer or a SpikingConvolutionLayer: put it there");
        }
        int width = last().out();
        links.add(new Link(name, width, width, Plan.NONE, Plan.NONE, Activation.IDENTITY, 0, false, null, null,
                Timing.ofRates(layer, steps)));
        steps = 0;
    }

    /** Images and vectors lie in the same order, so that nothing moves. */
    private void reshape(InputPreProcessor before, String who) {
        Link last = last();
        if (before instanceof FeedForwardToCnnPreProcessor made && images == null && steps == 0) {
            images = new Images(Math.toIntExact(made.getNumChannels()), Math.toIntExact(made.getInputHeight()),
                    Math.toIntExact(made.getInputWidth()));
            if (last == null || last.out() == images.size()) {
                return;
            }
        } else if (before instanceof SequenceToFramesPreProcessor made && images == null
                && (steps > 0 || last == null)) {
            if (steps == 0) {
                unready = who + " takes images in time, and samples are vectors: say how many time steps they have"
                        + " (StreamingNetwork.Builder.timeSteps), and give them pixel by pixel, the time steps of each"
                        + " one behind the other";
            }
            InputType.InputTypeConvolutional image = made.image();
            images = new Images(Math.toIntExact(image.getChannels()), Math.toIntExact(image.getHeight()),
                    Math.toIntExact(image.getWidth()));
            if (last == null || last.out() == images.size()) {
                return;
            }
        } else if (before instanceof CnnToFeedForwardPreProcessor flat && images != null && steps == 0
                && flat.getFormat() != CNN2DFormat.NHWC) {
            images = null;
            return;
        } else if (before instanceof FramesToSequencePreProcessor && images != null && steps > 0) {
            images = null;
            return;
        }
        throw new IllegalArgumentException(who + " reshapes its input by " + before.getClass().getSimpleName()
                + (steps > 0 ? ", and gets sequences of " + steps + " time steps" : "")
                + "; a streaming network takes vectors, as images where setInputType(InputType.convolutionalFlat"
                + "(height, width, channels)) says so, and sequences (timeSteps), as images in time where a"
                + " SequenceToFramesPreProcessor does: use that, or leave the reshaping out");
    }

    private Images images(String who) {
        if (images == null) {
            throw new IllegalArgumentException(who + " takes images, and nothing says how high and wide they are: "
                    + (steps == 0
                            ? "build the network with setInputType(InputType.convolutionalFlat(height, width,"
                                    + " channels)); samples are given flat, channel by channel and row by row"
                            : "put a SequenceToFramesPreProcessor before it; samples are given pixel by pixel, the time"
                                    + " steps of each one behind the other"));
        }
        return images;
    }

    private void addConvolution(String name, String who, ConvolutionLayer layer, Map<String, INDArray> table,
            boolean learns, LearningRule rule) {
        checkTimeless(who);
        Geometry geometry = images(who).convolved(who, layer);
        IActivation function = layer.getActivationFn();
        links.add(new Link(name, images.size(), geometry.out(), place(table.get("W")), bias(table),
                activation(function, who), slope(function), learns, rule, geometry, null));
        images = Images.of(geometry);
    }

    /** Largest values right behind a convolution are part of what it learns by, as after conversion; means are not. */
    private void addPooling(String name, String who, SubsamplingLayer layer, LearningRule rule) {
        checkTimeless(who);
        Link last = last();
        boolean behind = last != null && last.geometry() != null && last.isPlain();
        if (!behind && layer.getPoolingType() == PoolingType.MAX && last != null && last.geometry() != null
                && last.geometry().through()) {
            throw new IllegalArgumentException(who + " stands behind other pooling, and both would be part of what the"
                    + " convolution below learns by: leave one of them out, or train this network by fit");
        }
        Geometry geometry = images(who).pooled(who, layer, behind ? last.geometry() : null,
                behind && (rule != null || last.rule() == null));
        if (behind) {
            Link changed = last.with(geometry);
            links.set(links.size() - 1, rule == null ? changed : changed.with(rule));
        } else {
            links.add(new Link(name, images.size(), geometry.out(), Plan.NONE, Plan.NONE, Activation.IDENTITY, 0, false,
                    null, geometry, null));
        }
        images = Images.of(geometry);
    }

    private long bias(Map<String, INDArray> table) {
        return table.containsKey("b") ? place(table.get("b")) : Plan.NONE;
    }

    private long place(INDArray view) {
        return view.offset() - parameters.offset();
    }

    /** What of a layer's settings takes no part. */
    private void note(String name, Layer layer) {
        if (layer.getIDropout() != null) {
            ignored.add("dropout of '" + name + "'");
        }
        if (layer.getConstraints() != null && !layer.getConstraints().isEmpty()) {
            ignored.add("constraints of '" + name + "'");
        }
        if (layer instanceof BaseLayer base) {
            if (base.getRegularization() != null && !base.getRegularization().isEmpty()) {
                ignored.add("regularisation of '" + name + "'");
            }
            if (base.getWeightNoise() != null) {
                ignored.add("weight noise of '" + name + "'");
            }
        }
    }

    private LayerChain complete() {
        if (encoding == null) {
            Link last = last();
            throw new IllegalArgumentException((last == null ? "the network" : "layer '" + last.name() + "'")
                    + " is not followed by an OutputLayer, without which nothing shows what is to be learnt");
        }
        if (links.stream().filter(link -> link.weights() != Plan.NONE).count() < 2) {
            throw new IllegalArgumentException("the network has no hidden layer, and local learning is about those: add"
                    + " a DenseLayer or a ConvolutionLayer");
        }
        return this;
    }

    private static Activation activation(IActivation function, String who) {
        if (function instanceof ActivationIdentity) {
            return Activation.IDENTITY;
        }
        if (function instanceof ActivationReLU relu && isPlain(relu) || function instanceof ActivationLReLU) {
            return Activation.RECTIFIED;
        }
        if (function instanceof ActivationTanH) {
            return Activation.TANH;
        }
        if (function instanceof ActivationSigmoid) {
            return Activation.LOGISTIC;
        }
        throw new IllegalArgumentException(who + " has the activation function " + function + ", and a streaming"
                + " network knows relu (without a maximum or a threshold), leakyrelu, tanh, sigmoid and identity: use"
                + " one of those, or train this network by fit");
    }

    private static boolean isPlain(ActivationReLU relu) {
        return zero(relu.getThreshold()) && (relu.getMax() == null || zero(relu.getMax()));
    }

    private static boolean zero(Double value) {
        return value == null || value == 0;
    }

    private static double slope(IActivation function) {
        if (function instanceof ActivationLReLU leaky) {
            return leaky.getAlpha();
        }
        return function instanceof ActivationReLU relu && relu.getNegativeSlope() != null ? relu.getNegativeSlope() : 0;
    }

    private static Encoding encoding(ILossFunction loss, IActivation function, String who) {
        boolean weighted = loss instanceof LossMCXENT classes && classes.getWeights() != null
                || loss instanceof LossBinaryXENT labels && labels.getWeights() != null
                || loss instanceof LossL2 squares && squares.getWeights() != null;
        if (weighted) {
            throw new IllegalArgumentException(who + " weighs its outputs differently in the loss, which a streaming"
                    + " network does not: leave the weights out");
        }
        if (function instanceof ActivationSoftmax
                && (loss instanceof LossMCXENT || loss instanceof LossSparseMCXENT || loss instanceof LossKLD)) {
            return Encoding.CLASSES;
        }
        if (function instanceof ActivationSigmoid && loss instanceof LossBinaryXENT) {
            return Encoding.INDEPENDENT;
        }
        if (function instanceof ActivationIdentity && (loss instanceof LossMSE || loss instanceof LossL2)) {
            return Encoding.REAL;
        }
        throw new IllegalArgumentException(who + " has the loss " + loss + " on the activation function " + function
                + ", and a streaming network learns by the delta rule of softmax with MCXENT (or negative"
                + " log-likelihood), sigmoid with XENT, or identity with MSE or L2: use one of those pairs");
    }

    /**
     * Refuses samples that the first layer can't read.
     *
     * @throws IllegalArgumentException naming the layer, if those have no time steps and must
     */
    void checkSamples() {
        if (unready != null) {
            throw new IllegalArgumentException(unready);
        }
    }

    /** The network itself. */
    Model network() {
        return network;
    }

    /** All layers of the network, from its input on. */
    List<Given> given() {
        return given;
    }

    /** The layers with neurons, the output layer last. */
    List<Link> links() {
        return links;
    }

    Encoding encoding() {
        return encoding;
    }

    /**
     * What of the network's configuration takes no part in learning on the fly, besides its updaters.
     *
     * @return one phrase a setting; empty if all take part
     */
    public List<String> ignored() {
        return List.copyOf(ignored);
    }

    /**
     * The network's own parameters.
     *
     * @return not a copy
     */
    public INDArray parameters() {
        return parameters;
    }
}
