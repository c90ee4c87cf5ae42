package org.ibhebb.internal.convert;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.ibhebb.internal.convert.Topology.Node;

/** Connects the output layers of a network to every layer below them that learns locally, not to the last one alone. */
public final class ReadoutFromAllLayers {

    /** Feature maps are averaged to at most so many cells a side: the readout would be most of the network else. */
    private static final int CELLS = 4;

    private final ComputationGraphConfiguration conf;
    private final Map<String, InputType> types;
    private final GraphBuilder graph;

    private ReadoutFromAllLayers(ComputationGraphConfiguration conf, InputType[] inputs) {
        this.conf = conf;
        if (inputs.length != conf.getNetworkInputs().size()) {
            throw new IllegalArgumentException("the network has " + conf.getNetworkInputs().size()
                    + " inputs, and types are given of " + inputs.length);
        }
        this.types = conf.getLayerActivationTypes(inputs);
        this.graph = new GraphBuilder(conf, new NeuralNetConfiguration.Builder(conf.getDefaultConfiguration())
                        .dataType(conf.getDataType()))
                .validateOutputLayerConfig(conf.isValidateOutputLayerConfig())
                // Whoever built the configuration has checked it, or did not want to.
                .validateTbpttConfig(false)
                .allowDisconnected(true);
        // The builder starts from a clone.
        Configurations.vertices(conf.getVertices(), graph.getVertices());
    }

    /**
     * The network as a graph whose output layer reads every layer that learns.
     *
     * @param conf not changed
     * @param input what a sample is
     * @return a new configuration
     * @throws IllegalArgumentException naming the layer, if two have the same name, or one can't be read
     */
    public static ComputationGraphConfiguration of(MultiLayerConfiguration conf, InputType input) {
        return of(Configurations.asGraph(conf), input);
    }

    /**
     * The graph with output layers that read every layer below them that learns.
     *
     * @param conf not changed
     * @param inputs what a sample is, one type an input
     * @return a new configuration
     * @throws IllegalArgumentException naming the layer, if one can't be read or all are read already; if there is not
     *     one type an input
     */
    public static ComputationGraphConfiguration of(ComputationGraphConfiguration conf, InputType... inputs) {
        ComputationGraphConfiguration copy = Configurations.copy(conf);
        LossLayers.fold(copy);
        ReadoutFromAllLayers readout = new ReadoutFromAllLayers(copy, inputs);
        Conversion conversion = new Conversion(Topology.of(readout.conf), Rules.NONE);
        conversion.unitsBelowOutputs().forEach(readout::connect);
        ComputationGraphConfiguration built = readout.graph.setInputTypes(inputs).build();
        Configurations.settings(copy, built);
        built.setDefaultConfiguration(copy.getDefaultConfiguration());
        return built;
    }

    /**
     * Lets an output layer read what is below it.
     *
     * @param ends the layers whose activations the signals see, in the order of the forward pass
     */
    private void connect(Node output, List<Node> ends) {
        LayerVertex vertex = (LayerVertex) conf.getVertices().get(output.name);
        String above = conf.getVertexInputs().get(output.name).get(0);
        Set<String> read = new LinkedHashSet<>();
        for (Node end : ends) {
            if (!end.name.equals(above)) {
                read.add(flat(end.name, output.name));
            }
        }
        if (read.isEmpty()) {
            return;
        }
        read.add(vertex.getPreProcessor() == null
                ? above
                : add(output.name + "-reads-" + above, vertex.getPreProcessor(), above));
        String all = named(output.name + "-reads");
        graph.addVertex(all, new MergeVertex(), read.toArray(String[]::new));
        NeuralNetConfiguration layer = vertex.getLayerConf();
        // Its inputs are counted anew, from what it reads now.
        graph.removeVertex(output.name, false).addVertex(output.name, new LayerVertex(layer, null), all);
    }

    /** A vector of what a layer does, for each sample, or each time step where these have labels. */
    private String flat(String layer, String output) {
        InputType type = types.get(layer);
        String name = output + "-reads-" + layer;
        boolean stepwise = ((LayerVertex) conf.getVertices().get(output)).getLayerConf().getLayer()
                instanceof RnnOutputLayer;
        switch (type.getType()) {
            case FF:
                return stepwise ? add(name, new FeedForwardToRnnPreProcessor(), layer) : layer;
            case RNN:
                if (stepwise) {
                    return layer;
                }
                graph.addLayer(named(name), new GlobalPoolingLayer(PoolingType.AVG), layer);
                return name;
            case CNN:
                return flat((InputTypeConvolutional) type, name, layer);
            default:
                throw new IllegalArgumentException("the activations of layer '" + layer + "' are of type "
                        + type.getType() + ", which a readout can't be connected to: pool them to vectors, and merge"
                        + " those yourself");
        }
    }

    private String flat(InputTypeConvolutional maps, String name, String layer) {
        int height = perCell(maps.getHeight());
        int width = perCell(maps.getWidth());
        String pooled = layer;
        if (height > 1 || width > 1) {
            pooled = named(name + "-pooled");
            graph.addLayer(pooled, new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
                    .kernelSize(height, width)
                    .stride(height, width)
                    .dataFormat(maps.getFormat())
                    .build(), layer);
        }
        return add(name, new CnnToFeedForwardPreProcessor(maps.getHeight() / height, maps.getWidth() / width,
                maps.getChannels(), maps.getFormat()), pooled);
    }

    private static int perCell(long length) {
        return (int) ((length + CELLS - 1) / CELLS);
    }

    private String add(String name, InputPreProcessor reshaping, String input) {
        graph.addVertex(named(name), new PreprocessorVertex(reshaping), input);
        return name;
    }

    private String named(String name) {
        if (graph.getVertices().containsKey(name)) {
            throw new IllegalArgumentException("there is a vertex '" + name + "' already: the output layer reads all"
                    + " layers of this network");
        }
        return name;
    }
}
