package org.ibhebb.internal.convert;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.ibhebb.conf.layers.ConvertedLayer;
import org.ibhebb.internal.convert.Topology.Node;
import org.ibhebb.spiking.FramesToSequencePreProcessor;
import org.ibhebb.spiking.SequenceToFramesPreProcessor;
import org.ibhebb.spiking.SpikePoolingLayer;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingConvolutionLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.ibhebb.spiking.SpikingLayer;
import org.ibhebb.spiking.SpikingSettings;
import org.jspecify.annotations.Nullable;

/**
 * The spiking counterpart of a stock network: spiking neurons in the place of activation functions, and rates before
 * the output layer. All that is no matter of neurons (weights' initialisation, updaters, regularisation, dropout,
 * names) stays as it is.
 */
public final class SpikingCounterpart {

    /** Brings usual rates to about 1, and NIR can say it. */
    private static final double READABLE = 10;

    /** What a layer or vertex gives: no time steps, or vectors or images in time. */
    private enum Kind {
        PLAIN,
        VECTORS,
        IMAGES
    }

    private final SpikingSettings settings;
    private final List<Node> nodes;
    /** What stands between a layer and what it reads. */
    private final Function<Node, @Nullable InputPreProcessor> before;
    /** Whether a node reads an input of the network's. */
    private final Predicate<Node> readsInput;
    private final Map<Node, Kind> kinds = new HashMap<>();
    /** The layers that get another one in their place. */
    private final Map<Node, Layer> counterparts = new LinkedHashMap<>();
    private final Map<Node, InputPreProcessor> processors = new HashMap<>();
    /** The layers that read rates of what are spikes now. */
    private final List<Node> heads = new ArrayList<>();

    private SpikingCounterpart(SpikingSettings settings, List<Node> nodes,
            Function<Node, @Nullable InputPreProcessor> before, Predicate<Node> readsInput) {
        this.settings = settings;
        this.nodes = nodes;
        this.before = before;
        this.readsInput = readsInput;
        decide();
    }

    /**
     * The counterpart of a configuration.
     *
     * @param conf not changed
     * @param settings of all neurons
     * @return a new configuration
     * @throws IllegalArgumentException naming the layer and the reason, if one has no counterpart
     */
    public static MultiLayerConfiguration of(MultiLayerConfiguration conf, SpikingSettings settings) {
        MultiLayerConfiguration copy = Configurations.copy(conf);
        List<Node> nodes = Topology.of(copy).nodes;
        SpikingCounterpart spiking = new SpikingCounterpart(settings, nodes,
                node -> copy.getInputPreProcess(nodes.indexOf(node)), node -> node == nodes.get(0));
        spiking.counterparts.forEach(Node::replaceBy);
        int head = nodes.indexOf(spiking.heads.get(0));
        Map<Integer, InputPreProcessor> processors = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            InputPreProcessor processor = spiking.processor(nodes.get(i));
            if (processor != null) {
                // Rates have the shape that activations had.
                processors.put(i < head ? i : i + 1, processor);
            }
        }
        List<NeuralNetConfiguration> holders = new ArrayList<>(copy.getConfs());
        holders.add(head, rates(holders.get(head), spiking.free(Set.of())));
        copy.setConfs(holders);
        copy.setInputPreProcessors(processors);
        return copy;
    }

    /**
     * The counterpart of a graph.
     *
     * @param conf not changed
     * @param settings of all neurons
     * @return a new configuration
     * @throws IllegalArgumentException naming the layer or vertex and the reason, if one has no counterpart
     */
    public static ComputationGraphConfiguration of(ComputationGraphConfiguration conf, SpikingSettings settings) {
        ComputationGraphConfiguration copy = Configurations.copy(conf);
        Map<String, GraphVertex> vertices = copy.getVertices();
        Map<String, List<String>> inputs = copy.getVertexInputs();
        SpikingCounterpart spiking = new SpikingCounterpart(settings, Topology.of(copy).nodes,
                node -> vertices.get(node.id) instanceof LayerVertex vertex ? vertex.getPreProcessor() : null,
                node -> !Collections.disjoint(inputs.get(node.id), copy.getNetworkInputs()));
        spiking.counterparts.forEach(Node::replaceBy);
        spiking.processors.forEach(
                (node, processor) -> ((LayerVertex) vertices.get(node.id)).setPreProcessor(processor));
        Set<String> taken = new HashSet<>(vertices.keySet());
        taken.addAll(copy.getNetworkInputs());
        Map<String, String> ratesOf = new LinkedHashMap<>();
        for (Node head : spiking.heads) {
            String below = inputs.get(head.id).get(0);
            String name = ratesOf.computeIfAbsent(below, spikes -> spiking.free(taken));
            if (taken.add(name)) {
                NeuralNetConfiguration holder = ((LayerVertex) vertices.get(head.id)).getLayerConf();
                vertices.put(name, new LayerVertex(rates(holder, name), null));
                inputs.put(name, new ArrayList<>(List.of(below)));
            }
            inputs.put(head.id, new ArrayList<>(List.of(name)));
        }
        // There are more vertices than it has.
        copy.setTopologicalOrder(null);
        copy.setTopologicalOrderStr(null);
        return copy;
    }

    /** What makes rates of spikes, beside a layer of which it has all other settings. */
    private static NeuralNetConfiguration rates(NeuralNetConfiguration beside, String name) {
        NeuralNetConfiguration holder = beside.clone();
        holder.clearVariables();
        SpikeRateLayer rates = new SpikeRateLayer.Builder().scale(READABLE).build();
        rates.setLayerName(name);
        holder.setLayer(rates);
        return holder;
    }

    private @Nullable InputPreProcessor processor(Node node) {
        return processors.getOrDefault(node, before.apply(node));
    }

    private void decide() {
        for (Node node : nodes) {
            check(!(node.layer instanceof ConvertedLayer), node, "it is converted already: give the stock configuration"
                    + " (IbHebb.revert), and convert what becomes of it");
        }
        List<Node> outputs = nodes.stream().filter(node -> node.output).toList();
        Set<Node> readers = new LinkedHashSet<>();
        for (Node output : outputs) {
            if (output.layer == null || output.layer.getClass() != OutputLayer.class) {
                throw refused(output, output.layer instanceof RnnOutputLayer
                        ? "it has a label for each time step, and spiking layers learn once a sample; use an"
                                + " OutputLayer"
                        : "a spiking network ends in an OutputLayer, which reads rates");
            }
            Node below = output.inputs.isEmpty() ? null : output.inputs.get(0);
            boolean pooled = below != null && below.layer != null
                    && below.layer.getClass() == GlobalPoolingLayer.class && below.consumers.size() == 1;
            readers.add(pooled ? below : output);
            kinds.put(output, Kind.PLAIN);
        }
        for (Node node : nodes) {
            if (readers.contains(node)) {
                if (coming(node) != Kind.PLAIN) {
                    heads.add(node);
                }
                kinds.put(node, Kind.PLAIN);
            } else if (!node.output) {
                kinds.put(node, node.layer == null ? vertex(node) : layer(node));
            }
        }
        check(!heads.isEmpty(), outputs.get(0), "there is no hidden layer below it that could have spiking neurons");
    }

    /** What all inputs of a node give. */
    private Kind coming(Node node) {
        Set<Kind> all = EnumSet.noneOf(Kind.class);
        node.inputs.forEach(input -> all.add(kinds.get(input)));
        if (readsInput.test(node)) {
            all.add(Kind.PLAIN);
        }
        check(all.size() == 1, node, "not all that it joins are spikes in time of one shape (vectors, or images): let"
                + " each of its inputs come of a layer that becomes spiking, of one kind");
        return all.iterator().next();
    }

    private Kind layer(Node node) {
        Kind coming = coming(node);
        boolean timed = coming != Kind.PLAIN;
        InputPreProcessor processor = before.apply(node);
        if (timed && processor != null) {
            processors.put(node, timed(node, processor));
        }
        Layer counterpart = counterpart(node, timed);
        if (counterpart != node.layer) {
            counterparts.put(node, counterpart);
        }
        return counterpart instanceof SpikingDenseLayer
                ? Kind.VECTORS
                : counterpart instanceof SpikingConvolutionLayer || counterpart instanceof SpikePoolingLayer
                        ? Kind.IMAGES
                        : coming;
    }

    /** What is no layer stays as it is, where it means of spikes in time what it meant of activations. */
    private Kind vertex(Node node) {
        Kind coming = coming(node);
        GraphVertex vertex = node.vertex;
        if (coming == Kind.PLAIN || vertex.getClass() == ScaleVertex.class) {
            return coming;
        }
        if (vertex instanceof ElementWiseVertex elementWise) {
            ElementWiseVertex.Op op = elementWise.getOp();
            check(op == ElementWiseVertex.Op.Add || op == ElementWiseVertex.Op.Average, node,
                    "spikes are added or averaged, and it does " + op);
            return coming;
        }
        if (vertex.getClass() == MergeVertex.class || vertex.getClass() == SubsetVertex.class) {
            check(coming == Kind.VECTORS, node, "Deeplearning4j's " + vertex.getClass().getSimpleName()
                    + " has no images in time; add feature maps by an ElementWiseVertex, or let dense layers read"
                    + " them");
            return coming;
        }
        throw refused(node, "of what is no layer, MergeVertex and SubsetVertex of vectors, ElementWiseVertex that adds"
                + " or averages, and ScaleVertex have counterparts");
    }

    /** A name that no layer has, nor any of these. */
    private String free(Set<String> taken) {
        String name = "rates";
        while (taken.contains(name) || names().contains(name)) {
            name += "-of-spikes";
        }
        return name;
    }

    private List<String> names() {
        return nodes.stream().map(node -> node.name).toList();
    }

    /** What is between layers, where activations have become spikes in time. */
    private static InputPreProcessor timed(Node node, InputPreProcessor before) {
        if (before instanceof CnnToFeedForwardPreProcessor flat) {
            check(flat.getFormat() != CNN2DFormat.NHWC, node, "its pre-processor takes images of the format NHWC, and"
                    + " spiking layers those of NCHW");
            return new FramesToSequencePreProcessor(
                    flat.getInputHeight(), flat.getInputWidth(), flat.getNumChannels());
        }
        if (before instanceof FeedForwardToCnnPreProcessor images) {
            return new SequenceToFramesPreProcessor(
                    images.getInputHeight(), images.getInputWidth(), images.getNumChannels());
        }
        throw refused(node, "its pre-processor (" + before.getClass().getSimpleName() + ") has no counterpart for"
                + " spikes in time");
    }

    /** Decides; changes nothing. */
    private Layer counterpart(Node node, boolean timed) {
        Layer layer = node.layer;
        if (layer instanceof SpikingLayer || layer instanceof SpikeRateLayer || layer instanceof SpikePoolingLayer) {
            throw refused(node, "it is a spiking one already");
        }
        if (layer.getClass() == DenseLayer.class) {
            DenseLayer dense = (DenseLayer) layer;
            check(!dense.hasLayerNorm(), node, "layer normalisation is not what a membrane does; leave it out");
            check(dense.hasBias(), node, "spiking dense layers have biases; leave hasBias(false) out");
            return SpikingDenseLayer.of(dense, settings);
        }
        if (layer.getClass() == ConvolutionLayer.class) {
            ConvolutionLayer convolution = (ConvolutionLayer) layer;
            checkFormat(node, convolution.getCnn2dDataFormat());
            return SpikingConvolutionLayer.of(convolution, settings);
        }
        if (layer.getClass() == SubsamplingLayer.class) {
            check(timed, node, "it pools images before any neuron has spiked; pool behind a convolution, or"
                    + " beforehand");
            return pooling(node, (SubsamplingLayer) layer);
        }
        if (layer.getClass() == DropoutLayer.class) {
            return layer;
        }
        throw refused(node, layer instanceof BatchNormalization
                ? "batch normalisation stands between weights and neurons, which are one layer here; leave it out"
                : layer instanceof ActivationLayer
                        ? "the neurons are the activation function; leave it out"
                        : "DenseLayer, ConvolutionLayer, SubsamplingLayer that averages, DropoutLayer, and before the"
                                + " OutputLayer GlobalPoolingLayer have counterparts");
    }

    private static SpikePoolingLayer pooling(Node node, SubsamplingLayer stock) {
        checkFormat(node, stock.getCnn2dDataFormat());
        PoolingType type = stock.getPoolingType();
        check(type == PoolingType.AVG || type == PoolingType.SUM, node, "spikes are averaged or summed, and it pools"
                + " by " + type + "; use PoolingType.AVG");
        check(Arrays.equals(stock.getDilation(), new int[] {1, 1}), node, "its windows have gaps (dilation "
                + Arrays.toString(stock.getDilation()) + ")");
        check(stock.getConvolutionMode() != ConvolutionMode.Same, node, "what ConvolutionMode.Same puts around its"
                + " image depends on the image; give the padding");
        int[] kernel = stock.getKernelSize();
        int[] stride = stock.getStride();
        int[] padding = stock.getPadding();
        check(type == PoolingType.SUM || stock.isAvgPoolIncludePadInDivisor() || padding[0] == 0 && padding[1] == 0,
                node, "its averages leave out what is beyond the image, and those of spikes count it as silent: use"
                        + " avgPoolIncludePadInDivisor(true), or no padding");
        SpikePoolingLayer layer = new SpikePoolingLayer.Builder(
                type == PoolingType.SUM ? SpikePoolingLayer.Pooling.SUM : SpikePoolingLayer.Pooling.AVERAGE)
                .kernelSize(kernel[0], kernel[1]).stride(stride[0], stride[1]).padding(padding[0], padding[1]).build();
        layer.setLayerName(stock.getLayerName());
        layer.setIDropout(stock.getIDropout());
        return layer;
    }

    private static void checkFormat(Node node, @Nullable CNN2DFormat format) {
        check(format != CNN2DFormat.NHWC, node, "its images are of the format NHWC, and spiking layers take NCHW");
    }

    private static void check(boolean holds, Node node, String reason) {
        if (!holds) {
            throw refused(node, reason);
        }
    }

    private static IllegalArgumentException refused(Node node, String reason) {
        return new IllegalArgumentException((node.layer == null ? "vertex " : "layer ") + node
                + " has no spiking counterpart: " + reason);
    }
}
