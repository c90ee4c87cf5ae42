package org.ibhebb.spiking;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.file.Quoted;
import org.ibhebb.internal.layers.SpikeRate;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads spiking networks as {@link Nir} says. */
final class NirImport {

    /** Nobody's dense layer has more weights; a file that says so is damaged or hostile. */
    private static final long MOST_VALUES = 1L << 28;
    private static final Logger LOG = LoggerFactory.getLogger(NirImport.class);
    private static final int MOST_NODES = 10_000;
    private static final long LARGEST_FILE = 1L << 30;
    /** What zeros become in gzip, which HDF5 compresses by. */
    private static final double MOST_GROWTH = 1032;
    /** Of a side of an image, or the steps in it. */
    private static final int LARGEST = 1 << 24;
    private static final int USUAL_STEPS = 8;
    /** Single precision, through a division or two. */
    private static final double TOLERANCE = 1e-5;

    private final Path file;
    /** Of the file, in bytes. */
    private final long length;
    private final Map<String, Group> nodes = new HashMap<>();
    private double dt = NirExport.DT;
    /** Of what the last node gives: one number for a vector; channels, height and width for an image. */
    private long[] shape;
    private InputType input;
    /** How many time steps the neurons of the last layer say. */
    private int steps = USUAL_STEPS;
    /** What reads spikes for the readout where there is an LI: null for their rates. */
    private @Nullable SpikeRateLayer rates;

    private NirImport(Path file) throws IOException {
        this.file = file;
        this.length = Files.size(file);
    }

    /** As {@link Nir#read} says. */
    static MultiLayerNetwork read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        NirImport reader = new NirImport(file);
        if (reader.length > LARGEST_FILE) {
            throw new IllegalArgumentException(file + " is larger than " + LARGEST_FILE + " bytes, and no network that"
                    + " can be imported is");
        }
        // From a file jhdf makes room for whatever size stands in it; of what is there it takes parts.
        try (HdfFile hdf = HdfFile.fromBytes(Files.readAllBytes(file))) {
            List<Stage> stages = reader.stages(hdf);
            return reader.network(stages);
        } catch (RefusedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            // jhdf answers damage by exceptions of any kind.
            throw new IllegalArgumentException(file + " can't be read as an HDF5 file with a NIR graph: it is damaged,"
                    + " or of another kind (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    /**
     * A layer, with what its parameters become; a readout where there is no layer.
     *
     * @param weights in Deeplearning4j's shape; null for a layer without
     */
    private record Stage(@Nullable Layer layer, @Nullable INDArray weights, @Nullable INDArray bias) {}

    private List<Stage> stages(HdfFile hdf) {
        Group graph = group(hdf, "node", "the file");
        require("NIRGraph".equals(text(graph, "type", "the graph")), "its graph is no NIRGraph");
        if (graph.getChildren().get("metadata") instanceof Group metadata
                && metadata.getChildren().get(NirExport.STEP) instanceof Dataset) {
            dt = numbers(metadata, NirExport.STEP, "the metadata")[0];
            require(dt > 0 && dt < Double.POSITIVE_INFINITY, "its dt (" + dt + ") is not above 0");
        }
        for (Node node : group(graph, "nodes", "the graph").getChildren().values()) {
            require(node instanceof Group, "node '" + node.getName() + "' is no group");
            nodes.put(node.getName(), (Group) node);
        }
        require(nodes.size() <= MOST_NODES, "it has " + nodes.size() + " nodes, more than " + MOST_NODES);
        List<String> chain = chain(edges(graph));
        List<Stage> stages = new ArrayList<>();
        shape = shape(chain.get(0));
        input = shape.length == 1
                ? InputType.feedForward(shape[0])
                : InputType.convolutional(shape[1], shape[2], shape[0]);
        for (int i = 1; i < chain.size() - 1; i++) {
            String name = chain.get(i);
            Group node = nodes.get(name);
            String type = type(name);
            boolean last = i == chain.size() - 2 || i == chain.size() - 3 && type(chain.get(i + 1)).equals("LI");
            require(rates == null || last || type.equals("Flatten"), "node '" + name + "' (" + type + ") stands behind"
                    + " an LI, and what that integrates is for the last Affine or Linear alone");
            switch (type) {
                case "Flatten" -> flatten(name, node);
                case "AvgPool2d", "SumPool2d" -> {
                    require(!stages.isEmpty(), "node '" + name + "' pools before any neuron has spiked");
                    stages.add(new Stage(pooling(name, node, type), null, null));
                }
                case "Affine", "Linear" -> {
                    if (last) {
                        require(!stages.isEmpty(), "it has no spiking neurons");
                        Stage readout = dense(name, node, type, null);
                        stages.add(i == chain.size() - 2 ? readout : integrated(readout, chain.get(++i)));
                    } else {
                        stages.add(dense(name, node, type, chain.get(++i)));
                    }
                }
                case "Conv2d" -> {
                    require(!last, "node '" + name + "' has no neurons behind it");
                    stages.add(convolution(name, node, chain.get(++i)));
                }
                case "LI" -> {
                    require(!stages.isEmpty(), "node '" + name + "' integrates before any neuron has spiked");
                    rates = integrator(name, one(nodes.get(name), "r", "node '" + name + "'", (int) values(shape)));
                }
                default -> throw refused("node '" + name + "' (" + type + ") stands where a node of weights or pooling"
                        + " is needed: Affine, Linear, Conv2d, AvgPool2d, SumPool2d, Flatten and LI are supported");
            }
        }
        require(!stages.isEmpty(), "it has no spiking neurons");
        require(rates == null || stages.get(stages.size() - 1).layer() == null, "its LI has no Affine or Linear before"
                + " or behind it");
        require(Arrays.equals(shape(chain.get(chain.size() - 1)), shape), "its output is not as wide as what feeds it ("
                + Arrays.toString(shape) + ")");
        return stages;
    }

    private void flatten(String name, Group node) {
        String who = "node '" + name + "'";
        long from = whole(node, "start_dim", who, 1);
        long to = whole(node, "end_dim", who, -1);
        // Some count the batch as a dimension, and some do not; what is between is no vector.
        require(shape.length == 1 || (from == 0 || from == 1) && (to == -1 || to == from + 2), who
                + " flattens dimensions " + from + " to " + to + ": only whole images are made vectors");
        if (node.getChildren().get("input_type") instanceof Dataset) {
            require(Arrays.equals(longs(node, "input_type", who), shape), who + " takes another shape than "
                    + Arrays.toString(shape));
        }
        shape = new long[] {values(shape)};
    }

    private static long values(long[] shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    private SpikePoolingLayer pooling(String name, Group node, String type) {
        String who = "node '" + name + "'";
        require(shape.length == 3, who + " pools images, and gets vectors");
        int[] kernel = pair(node, "kernel_size", who, 1);
        int[] stride = pair(node, "stride", who, 1);
        int[] padding = pair(node, "padding", who, 0);
        require(padding[0] < kernel[0] && padding[1] < kernel[1], who + " has a padding as large as its windows");
        shape = new long[] {shape[0], above(who, shape[1], kernel[0], stride[0], padding[0], 1),
            above(who, shape[2], kernel[1], stride[1], padding[1], 1)};
        return new SpikePoolingLayer.Builder(
                type.equals("SumPool2d") ? SpikePoolingLayer.Pooling.SUM : SpikePoolingLayer.Pooling.AVERAGE)
                .kernelSize(kernel[0], kernel[1]).stride(stride[0], stride[1]).padding(padding[0], padding[1]).build();
    }

    /** Rows or columns of what comes out of windows. */
    private long above(String who, long size, long kernel, long stride, long padding, long dilation) {
        long room = size + 2 * padding - (dilation * (kernel - 1) + 1);
        require(room >= 0, who + " has a kernel that is larger than its images");
        return room / stride + 1;
    }

    private Stage dense(String name, Group node, String type, @Nullable String neurons) {
        String who = "node '" + name + "'";
        require(shape.length == 1, who + " (" + type + ") takes vectors, and gets images of shape "
                + Arrays.toString(shape) + ": a Flatten node is missing");
        float[][] weights = matrix(node, name);
        require(weights[0].length == shape[0], who + " takes " + weights[0].length + " values and gets " + shape[0]);
        double[] bias = type.equals("Linear") ? new double[weights.length] : numbers(node, "bias", who);
        require(bias.length == weights.length, who + " has " + bias.length + " biases for " + weights.length
                + " rows of weights");
        long inputs = shape[0];
        shape = new long[] {weights.length};
        Layer layer = null;
        double[] gains = null;
        if (neurons != null) {
            gains = new double[weights.length];
            layer = new SpikingDenseLayer.Builder().nIn(inputs).nOut(weights.length).settings(neurons(neurons, gains))
                    .build();
        }
        INDArray w = Nd4j.createFromArray(weights).transpose().dup('f');
        INDArray b = Nd4j.createFromArray(bias);
        if (gains != null) {
            INDArray factors = Nd4j.createFromArray(gains);
            w.muliRowVector(factors.castTo(w.dataType()).reshape(1, gains.length));
            b.muli(factors);
        }
        return checked(name, layer, w, b);
    }

    /** Double precision holds what single does not. */
    private Stage checked(String name, @Nullable Layer layer, INDArray weights, INDArray bias) {
        require(Arithmetic.allFinite(weights) && Arithmetic.allFinite(bias.castTo(weights.dataType())), "node '" + name
                + "' has weights or biases that are not finite in single precision");
        return new Stage(layer, weights, bias);
    }

    private Stage convolution(String name, Group node, String neurons) {
        String who = "node '" + name + "'";
        require(shape.length == 3, who + " takes images, and gets vectors");
        int[] size = dataset(node, "weight", who).getDimensions();
        require(size.length == 4 && Arrays.stream(size).allMatch(each -> each > 0)
                && dataset(node, "weight", who).getSize() <= MOST_VALUES,
                "the weights of " + who + " are no kernels (maps, channels, height, width), or too many");
        require(size[1] == shape[0], who + " takes " + size[1] + " channels and gets " + shape[0]);
        require(whole(node, "groups", who, 1) == 1, who + " has groups of channels, which are not supported");
        if (node.getChildren().get("input_shape") instanceof Dataset) {
            require(Arrays.equals(longs(node, "input_shape", who), new long[] {shape[1], shape[2]}), who
                    + " takes images of another size than " + shape[1] + " x " + shape[2]);
        }
        int[] stride = pair(node, "stride", who, 1);
        int[] dilation = pair(node, "dilation", who, 1);
        int[] padding = padding(node, who, size, stride, dilation);
        double[] bias = numbers(node, "bias", who);
        require(bias.length == size[0], who + " has " + bias.length + " biases for " + size[0] + " maps");
        shape = new long[] {size[0], above(who, shape[1], size[2], stride[0], padding[0], dilation[0]),
            above(who, shape[2], size[3], stride[1], padding[1], dilation[1])};
        require(values(shape) <= MOST_VALUES, who + " has more than " + MOST_VALUES + " neurons behind it");
        // Before so many are made room for.
        require(dataset(nodes.get(neurons), "r", "node '" + neurons + "'").getSize() == values(shape), "node '"
                + neurons + "' has not as many values of r as there are neurons (" + values(shape) + ")");
        double[] gains = new double[(int) values(shape)];
        SpikingSettings settings = neurons(neurons, gains);
        float[] weights = new float[(int) dataset(node, "weight", who).getSize()];
        double[] given = numbers(node, "weight", who);
        int perMap = gains.length / size[0];
        for (int map = 0; map < size[0]; map++) {
            double gain = gains[map * perMap];
            for (int place = 1; place < perMap; place++) {
                require(Math.abs(gains[map * perMap + place] - gain) <= TOLERANCE * Math.abs(gain), "node '" + neurons
                        + "' has neurons of different r in one feature map: these share their weights");
            }
            int perKernel = weights.length / size[0];
            for (int i = map * perKernel; i < (map + 1) * perKernel; i++) {
                weights[i] = (float) given[i] * (float) gain;
            }
            bias[map] *= gain;
        }
        SpikingConvolutionLayer layer = new SpikingConvolutionLayer.Builder(size[2], size[3]).nIn(size[1]).nOut(size[0])
                .stride(stride).padding(padding).dilation(dilation).convolutionMode(ConvolutionMode.Truncate)
                .settings(settings).build();
        return checked(name, layer, Nd4j.createFromArray(weights).reshape(size[0], size[1], size[2], size[3]),
                Nd4j.createFromArray(bias));
    }

    /** In numbers, or "valid" for none, or "same" for as much as keeps an image's size at a stride of 1. */
    private int[] padding(Group node, String who, int[] size, int[] stride, int[] dilation) {
        if (!(dataset(node, "padding", who).getData() instanceof String word)) {
            return pair(node, "padding", who, 0);
        }
        require(word.equals("same") || word.equals("valid"), who + " has the padding '" + word + "'");
        if (word.equals("valid")) {
            return new int[2];
        }
        int[] padding = new int[2];
        for (int side = 0; side < 2; side++) {
            int reach = (size[2 + side] - 1) * dilation[side];
            require(stride[side] == 1 && reach % 2 == 0, who + " has the padding 'same' for an even kernel, or a stride"
                    + " above 1, which puts more on one side of an image than on the other");
            padding[side] = reach / 2;
        }
        return padding;
    }

    /** Two numbers, or one for both. */
    private int[] pair(Group node, String key, String who, int least) {
        long[] given = longs(node, key, who);
        require(given.length == 1 || given.length == 2, who + ": " + key + " is no number, and no pair of numbers");
        int[] pair = new int[2];
        for (int side = 0; side < 2; side++) {
            long value = given[given.length == 1 ? 0 : side];
            require(value >= least && value <= LARGEST, who + ": " + key + " (" + value + ") must be from " + least
                    + " to " + LARGEST);
            pair[side] = (int) value;
        }
        return pair;
    }

    private long whole(Group node, String key, String who, long usual) {
        return node.getChildren().get(key) instanceof Dataset ? longs(node, key, who)[0] : usual;
    }

    private long[] longs(Group node, String key, String who) {
        double[] numbers = numbers(node, key, who);
        long[] longs = new long[numbers.length];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = (long) numbers[i];
            require(longs[i] == numbers[i], who + ": " + key + " (" + numbers[i] + ") is no whole number");
        }
        return longs;
    }

    /** Settings of all neurons of a node; the gains receive what multiplies each one's weights and bias. */
    private SpikingSettings neurons(String name, double[] gains) {
        Group node = nodes.get(name);
        String type = type(name);
        String who = "node '" + name + "'";
        boolean synaptic = type.equals("CubaLIF");
        require(synaptic || type.equals("LIF") || type.equals("IF"), who + " (" + type + ") stands where LIF, CubaLIF"
                + " or IF neurons are needed: other kinds are not supported");
        double threshold = one(node, "v_threshold", who, gains.length);
        double[] r = numbers(node, "r", who);
        require(r.length == gains.length, who + " has " + r.length + " values of r for " + gains.length + " neurons");
        double leak = 1;
        double share = 1;
        double synapticDecay = 0;
        if (!type.equals("IF")) {
            share = share(node, synaptic ? "tau_mem" : "tau", who, gains.length);
            leak = 1 - share;
            require(one(node, "v_leak", who, gains.length) == 0, who + " does not rest at 0");
        }
        if (node.getChildren().containsKey("v_reset")) {
            require(one(node, "v_reset", who, gains.length) == 0, who + " is not reset to 0");
        }
        for (int j = 0; j < gains.length; j++) {
            gains[j] = r[j] * share;
        }
        if (synaptic) {
            double ofSynapse = share(node, "tau_syn", who, gains.length);
            synapticDecay = 1 - ofSynapse;
            double[] in = node.getChildren().containsKey("w_in") ? numbers(node, "w_in", who) : new double[] {1};
            require(in.length == 1 || in.length == gains.length, who + " has " + in.length + " values of w_in for "
                    + gains.length + " neurons");
            for (int j = 0; j < gains.length; j++) {
                gains[j] *= in[in.length == 1 ? 0 : j] * ofSynapse;
            }
        }
        boolean soft = false;
        steps = USUAL_STEPS;
        if (node.getChildren().get("metadata") instanceof Group metadata) {
            soft = metadata.getChildren().containsKey(NirExport.RESET)
                    && text(metadata, NirExport.RESET, who).equals("subtraction");
            if (metadata.getChildren().containsKey(NirExport.STEPS)) {
                double said = numbers(metadata, NirExport.STEPS, who)[0];
                require(said >= 1 && said <= Integer.MAX_VALUE, who + " lasts " + said + " time steps");
                steps = (int) said;
            }
        }
        require(threshold > 0 && threshold < Double.POSITIVE_INFINITY, who + " has a threshold (" + threshold
                + ") that is not above 0");
        return SpikingSettings.defaults().withLeak(leak).withThreshold(threshold).withTimeSteps(steps)
                .withSynapticDecay(synapticDecay)
                .withReset(soft ? SpikingDenseLayer.Reset.SUBTRACTION : SpikingDenseLayer.Reset.TO_ZERO);
    }

    /** What a time constant lets go in one time step. */
    private double share(Group node, String key, String who, int width) {
        double tau = one(node, key, who, width);
        require(tau >= dt * (1 - TOLERANCE), who + " has a time constant " + key + " (" + tau + " s) below the time"
                + " step (" + dt + " s)");
        return Math.min(1, dt / tau);
    }

    /** What reads spikes through an LI, times a gain. */
    private SpikeRateLayer integrator(String name, double gain) {
        Group node = nodes.get(name);
        String who = "node '" + name + "'";
        int width = (int) values(shape);
        require(rates == null, who + " is another LI behind an LI");
        double leak = 1 - share(node, "tau", who, width);
        require(one(node, "v_leak", who, width) == 0, who + " does not rest at 0");
        require(gain > 0 && gain < Double.POSITIVE_INFINITY, who + " has an r (" + gain + ") that is not above 0");
        SpikeRateLayer.Builder reads = new SpikeRateLayer.Builder().scale(gain).leak(leak);
        boolean mean = node.getChildren().get("metadata") instanceof Group metadata
                && metadata.getChildren().containsKey(NirExport.READ)
                && text(metadata, NirExport.READ, who).equals(NirExport.MEAN);
        return mean ? reads.build() : reads.last().build();
    }

    /** A readout whose sums an LI integrates: the same as one of integrated spikes, but for its bias. */
    private Stage integrated(Stage readout, String name) {
        String who = "node '" + name + "'";
        rates = integrator(name, 1);
        double[] r = numbers(nodes.get(name), "r", who);
        require(r.length == values(shape), who + " has " + r.length + " values of r for " + values(shape) + " neurons");
        double ofConstant = Arrays.stream(SpikeRate.weights(rates.getLeak(), rates.isLast(), steps)).sum();
        INDArray gains = Nd4j.createFromArray(r);
        if (readout.bias().amaxNumber().doubleValue() != 0) {
            LOG.warn("Node {} integrates biases, and an output layer has them at once: they are read as they are after"
                    + " {} time steps", Quoted.within(name), steps);
        }
        return checked(name, null, readout.weights().mulRowVector(gains.castTo(readout.weights().dataType())
                .reshape(1, r.length)), readout.bias().mul(gains.castTo(readout.bias().dataType())).muli(ofConstant));
    }

    private MultiLayerNetwork network(List<Stage> stages) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().updater(new Adam()).list();
        List<Stage> ofLayers = new ArrayList<>();
        for (Stage stage : stages) {
            if (stage.layer() == null) {
                list.layer(rates == null ? new SpikeRateLayer.Builder().scale(1).build() : rates);
                ofLayers.add(new Stage(null, null, null));
                list.layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT).activation(Activation.SOFTMAX)
                        .nIn(stage.weights().size(0)).nOut(stage.weights().size(1)).build());
            } else {
                list.layer(stage.layer());
            }
            ofLayers.add(stage);
        }
        // Puts what makes vectors of images where Flatten was.
        MultiLayerNetwork network = new MultiLayerNetwork(list.setInputType(input).build());
        network.init();
        for (int layer = 0; layer < ofLayers.size(); layer++) {
            if (ofLayers.get(layer).weights() != null) {
                network.getLayer(layer).getParam("W").assign(ofLayers.get(layer).weights());
                INDArray bias = network.getLayer(layer).getParam("b");
                bias.assign(ofLayers.get(layer).bias().castTo(bias.dataType()).reshape(bias.shape()));
            }
        }
        return network;
    }

    private List<String[]> edges(Group graph) {
        Dataset edges = dataset(graph, "edges", "the graph");
        int[] shape = edges.getDimensions();
        require(shape.length == 2 && shape[1] == 2 && shape[0] <= MOST_NODES,
                "its edges are no list of pairs of names");
        require(edges.getData() instanceof String[][], "its edges are no names");
        return List.of((String[][]) edges.getData());
    }

    /** From the input to the output; an order that is said nowhere but in the edges. */
    private List<String> chain(List<String[]> edges) {
        Map<String, String> next = new HashMap<>();
        Set<String> fed = new HashSet<>();
        for (String[] edge : edges) {
            require(nodes.containsKey(edge[0]) && nodes.containsKey(edge[1]), "an edge goes from '" + edge[0] + "' to '"
                    + edge[1] + "', and it has no such nodes");
            require(next.put(edge[0], edge[1]) == null && fed.add(edge[1]), "node '" + edge[0] + "' or '" + edge[1]
                    + "' has more than one neighbour on one side: only chains are supported");
        }
        List<String> starts = nodes.keySet().stream().filter(name -> type(name).equals("Input")).toList();
        require(starts.size() == 1 && !fed.contains(starts.get(0)), "it does not have one input");
        List<String> chain = new ArrayList<>();
        for (String name = starts.get(0); name != null; name = next.get(name)) {
            chain.add(name);
        }
        String end = chain.get(chain.size() - 1);
        require(type(end).equals("Output"), "its chain ends in node '" + end + "', which is no output");
        Set<String> outside = new HashSet<>(nodes.keySet());
        outside.removeAll(chain);
        require(outside.isEmpty(), "nodes " + outside + " are not on the way from its input to its output");
        return chain;
    }

    private String type(String name) {
        return text(nodes.get(name), "type", "node '" + name + "'");
    }

    private long[] shape(String name) {
        long[] shape = longs(nodes.get(name), "shape", "node '" + name + "'");
        require(shape.length == 1 || shape.length == 3, "node '" + name + "' is of shape " + Arrays.toString(shape)
                + ": only vectors and images (channels, height, width) are supported");
        for (long size : shape) {
            require(size >= 1 && size <= LARGEST, "node '" + name + "' is of shape " + Arrays.toString(shape)
                    + ", and each size must be from 1 to " + LARGEST);
        }
        require(values(shape) <= MOST_VALUES, "node '" + name + "' is of shape " + Arrays.toString(shape)
                + ", too large");
        return shape;
    }

    private double one(Group node, String key, String who, int width) {
        double[] values = numbers(node, key, who);
        require(values.length == width, who + " has " + values.length + " values of " + key + " for " + width
                + " neurons");
        for (double value : values) {
            require(Math.abs(value - values[0]) <= TOLERANCE * Math.abs(values[0]), who + " has neurons of different "
                    + key + ": a spiking layer has one for all");
        }
        return values[0];
    }

    private float[][] matrix(Group node, String name) {
        Dataset dataset = dataset(node, "weight", "node '" + name + "'");
        int[] shape = dataset.getDimensions();
        require(shape.length == 2 && shape[0] > 0 && shape[1] > 0 && (long) shape[0] * shape[1] <= MOST_VALUES,
                "the weights of node '" + name + "' are no matrix, or too large a one");
        double[] values = numbers(node, "weight", "node '" + name + "'");
        float[][] matrix = new float[shape[0]][shape[1]];
        for (int i = 0; i < values.length; i++) {
            matrix[i / shape[1]][i % shape[1]] = (float) values[i];
        }
        return matrix;
    }

    private double[] numbers(Group group, String key, String who) {
        Dataset dataset = dataset(group, key, who);
        require(dataset.getSize() <= MOST_VALUES, who + ": " + key + " has more than " + MOST_VALUES + " values");
        Object data = dataset.isScalar() ? dataset.getData() : dataset.getDataFlat();
        double[] values;
        if (data instanceof double[] doubles) {
            values = doubles;
        } else if (data instanceof float[] floats) {
            values = new double[floats.length];
            for (int i = 0; i < floats.length; i++) {
                values[i] = floats[i];
            }
        } else if (data instanceof long[] longs) {
            values = new double[longs.length];
            for (int i = 0; i < longs.length; i++) {
                values[i] = longs[i];
            }
        } else if (data instanceof int[] ints) {
            values = new double[ints.length];
            for (int i = 0; i < ints.length; i++) {
                values[i] = ints[i];
            }
        } else if (data instanceof Number number) {
            values = new double[] {number.doubleValue()};
        } else {
            throw refused(who + ": " + key + " holds no numbers");
        }
        require(values.length > 0, who + ": " + key + " is empty");
        for (double value : values) {
            require(!Double.isNaN(value) && !Double.isInfinite(value), who + ": " + key + " has values that are not"
                    + " finite");
        }
        return values;
    }

    private String text(Group group, String key, String who) {
        Object data = dataset(group, key, who).getData();
        require(data instanceof String, who + ": " + key + " is no text");
        return (String) data;
    }

    private Dataset dataset(Group group, String key, String who) {
        Node node = group.getChildren().get(key);
        require(node instanceof Dataset, who + " has no " + key);
        Dataset dataset = (Dataset) node;
        // Sizes are what a file says, and jhdf makes room for them before it reads.
        double bytes = dataset.getDataType().getSize();
        for (long size : dataset.getDimensionsAsLong()) {
            bytes *= size;
        }
        require(bytes <= MOST_GROWTH * length, who + ": " + key + " has " + bytes + " bytes, which a file of " + length
                + " bytes can't hold");
        return dataset;
    }

    private Group group(Group parent, String key, String who) {
        Node node = parent.getChildren().get(key);
        require(node instanceof Group, who + " has no group '" + key + "'");
        return (Group) node;
    }

    private void require(boolean holds, String sentence) {
        if (!holds) {
            throw refused(sentence);
        }
    }

    private RefusedException refused(String sentence) {
        return new RefusedException(file + " is no network that can be imported: " + Quoted.within(sentence));
    }

    /** What this class itself says, as against what reading HDF5 throws. */
    private static final class RefusedException extends RuntimeException {
        RefusedException(String message) {
            super(message);
        }
    }
}
