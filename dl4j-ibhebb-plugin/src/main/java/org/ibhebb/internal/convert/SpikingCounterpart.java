package org.ibhebb.internal.convert;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
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

    private final MultiLayerConfiguration conf;
    private final SpikingSettings settings;
    private final List<Node> nodes;
    /** The first layer that reads rates. */
    private final int head;

    private SpikingCounterpart(MultiLayerConfiguration conf, SpikingSettings settings) {
        this.conf = conf;
        this.settings = settings;
        this.nodes = Topology.of(conf).nodes;
        this.head = head();
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
        new SpikingCounterpart(copy, settings).apply();
        return copy;
    }

    private int head() {
        for (Node node : nodes) {
            check(!(node.layer instanceof ConvertedLayer), node, "it is converted already: give the stock configuration"
                    + " (IbHebb.revert), and convert what becomes of it");
        }
        int last = nodes.size() - 1;
        Node output = nodes.get(last);
        if (output.layer.getClass() != OutputLayer.class) {
            throw refused(output, output.layer instanceof RnnOutputLayer
                    ? "it has a label for each time step, and spiking layers learn once a sample; use an OutputLayer"
                    : "a spiking network ends in an OutputLayer, which reads rates");
        }
        int first = last > 0 && nodes.get(last - 1).layer.getClass() == GlobalPoolingLayer.class ? last - 1 : last;
        if (nodes.subList(0, first).stream().noneMatch(node -> node.layer instanceof DenseLayer
                || node.layer instanceof ConvolutionLayer)) {
            throw refused(output, "there is no hidden layer below it that could have spiking neurons");
        }
        return first;
    }

    private void apply() {
        Map<Integer, InputPreProcessor> processors = new HashMap<>();
        boolean timed = false;
        List<Layer> counterparts = new ArrayList<>();
        for (int i = 0; i < head; i++) {
            Node node = nodes.get(i);
            InputPreProcessor before = conf.getInputPreProcess(i);
            if (before != null) {
                processors.put(i, timed ? timed(node, before) : before);
            }
            counterparts.add(counterpart(node, timed));
            timed |= counterparts.get(i) instanceof SpikingLayer;
        }
        for (int i = head; i < nodes.size(); i++) {
            if (conf.getInputPreProcess(i) != null) {
                // Rates have the shape that activations had.
                processors.put(i + 1, conf.getInputPreProcess(i));
            }
        }
        for (int i = 0; i < head; i++) {
            nodes.get(i).replaceBy(counterparts.get(i));
        }
        List<NeuralNetConfiguration> holders = new ArrayList<>(conf.getConfs());
        NeuralNetConfiguration holder = holders.get(head).clone();
        holder.clearVariables();
        SpikeRateLayer rates = new SpikeRateLayer.Builder().scale(READABLE).build();
        rates.setLayerName(free("rates"));
        holder.setLayer(rates);
        holders.add(head, holder);
        conf.setConfs(holders);
        conf.setInputPreProcessors(processors);
    }

    private String free(String name) {
        String other = name;
        while (names().contains(other)) {
            other += "-of-spikes";
        }
        return other;
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
        return new IllegalArgumentException("layer " + node + " has no spiking counterpart: " + reason);
    }
}
