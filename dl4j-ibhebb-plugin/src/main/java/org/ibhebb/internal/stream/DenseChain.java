package org.ibhebb.internal.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.conf.layers.ConvertedLayer;
import org.ibhebb.conf.layers.LocalLayer;
import org.ibhebb.internal.stream.Plan.Activation;
import org.ibhebb.internal.stream.Plan.Encoding;
import org.ibhebb.rule.LearningRule;
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
 * A network of Deeplearning4j's as a streaming network reads it: dense layers one behind the other, and an output
 * layer. Anything else is refused by the layer's name, with the reason.
 */
public final class DenseChain {

    /**
     * One of the layers.
     *
     * @param in inputs
     * @param out neurons
     * @param weights where they start among the parameters
     * @param bias where it starts; {@link Plan#NONE} for none
     * @param slope of a rectifier's negative half
     * @param learns false where the layer is frozen
     * @param rule null where the layer carries none
     */
    record Link(String name, int in, int out, long weights, long bias, Activation activation, double slope,
            boolean learns, LearningRule rule) {

        private Link as(IActivation function, String by) {
            return new Link(name, in, out, weights, bias, DenseChain.activation(function, by),
                    DenseChain.slope(function), learns, rule);
        }

        private Link with(LearningRule other) {
            return new Link(name, in, out, weights, bias, activation, slope, learns, other);
        }
    }

    /**
     * A layer as Deeplearning4j has it, those without neurons of their own included.
     *
     * @param who it is, for messages
     * @param conf its configuration
     * @param layer itself
     */
    record Given(String who, Layer conf, org.deeplearning4j.nn.api.Layer layer) {}

    private final Model network;
    private final List<Given> given = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();
    private final List<String> ignored = new ArrayList<>();
    private final INDArray parameters;
    private Encoding encoding;

    private DenseChain(Model network) {
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
    }

    /**
     * Reads a network.
     *
     * @param network with parameters
     * @return its layers
     * @throws IllegalArgumentException naming the layer and the reason, if one could not learn as it should
     */
    public static DenseChain of(MultiLayerNetwork network) {
        network.init();
        DenseChain chain = new DenseChain(network);
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
    public static DenseChain of(ComputationGraph network) {
        network.init();
        DenseChain chain = new DenseChain(network);
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

    private void add(String name, Layer conf, InputPreProcessor before, org.deeplearning4j.nn.api.Layer own) {
        String who = "layer '" + name + "' (" + conf.getClass().getSimpleName() + ")";
        if (encoding != null) {
            throw new IllegalArgumentException(who + " stands behind the output layer");
        }
        if (before != null) {
            throw new IllegalArgumentException(who + " reshapes its input by " + before.getClass().getSimpleName()
                    + ", and a streaming network takes vectors: flatten samples before, and leave it out");
        }
        given.add(new Given(who, conf, own));
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
            Link last = links.isEmpty() ? null : links.get(links.size() - 1);
            if (last == null || last.activation() != Activation.IDENTITY) {
                throw new IllegalArgumentException(who + " does not stand right behind a dense layer whose own"
                        + " activation function is the identity: give the dense layer this one's function,"
                        + " and leave it out");
            }
            Link changed = last.as(function, who);
            links.set(links.size() - 1, rule == null ? changed : changed.with(rule));
            return;
        }
        if (layer.getClass() != DenseLayer.class && layer.getClass() != OutputLayer.class) {
            throw new IllegalArgumentException(who + " can't learn on the fly: a streaming network knows DenseLayer,"
                    + " ActivationLayer, DropoutLayer and OutputLayer; train this network by fit");
        }
        FeedForwardLayer dense = (FeedForwardLayer) layer;
        Map<String, INDArray> table = own.paramTable();
        if (dense instanceof DenseLayer hidden && hidden.hasLayerNorm()) {
            throw new IllegalArgumentException(who + " has layer normalisation inside (hasLayerNorm), which a streaming"
                    + " network does not compute: leave it out; the signal that the layer learns by sees its output"
                    + " normalised anyway");
        }
        IActivation function = dense.getActivationFn();
        boolean output = dense instanceof BaseOutputLayer;
        links.add(new Link(name, Math.toIntExact(dense.getNIn()), Math.toIntExact(dense.getNOut()),
                place(table.get("W")), table.containsKey("b") ? place(table.get("b")) : Plan.NONE,
                output ? Activation.IDENTITY : activation(function, who), output ? 0 : slope(function), !frozen, rule));
        if (output) {
            encoding = encoding(((OutputLayer) dense).getLossFn(), function, who);
        }
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

    private DenseChain complete() {
        if (encoding == null) {
            Link last = links.isEmpty() ? null : links.get(links.size() - 1);
            throw new IllegalArgumentException((last == null ? "the network" : "layer '" + last.name() + "'")
                    + " is not followed by an OutputLayer, without which nothing shows what is to be learnt");
        }
        if (links.size() < 2) {
            throw new IllegalArgumentException("the network has no hidden layer, and local learning is about those: add"
                    + " a DenseLayer");
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
