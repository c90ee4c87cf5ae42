package org.ibhebb.compatibility;

import static org.ibhebb.compatibility.Networks.builder;
import static org.ibhebb.compatibility.Networks.dense;
import static org.ibhebb.compatibility.Networks.readout;
import static org.ibhebb.compatibility.Specimen.single;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/** Small graphs, for what only graphs have. */
final class GraphModels {

    private static final String SECTION = "Graphs";
    private static final int SAMPLES = 192;
    private static final int DIMENSIONS = 20;
    private static final int SIDE = 6;
    private static final int FEATURES = 24;
    private static final int STEPS = 4;
    private static final int EPOCHS = 20;

    private static final InputType VECTOR = InputType.feedForward(DIMENSIONS);
    private static final InputType IMAGE = InputType.convolutional(SIDE, SIDE, 1);
    private static final InputType SEQUENCE = InputType.recurrent(FEATURES, STEPS);

    private static final MultiDataSet VECTORS = single(Samples.xor(1, SAMPLES, DIMENSIONS));
    private static final MultiDataSet IMAGES = single(Samples.textures(1, SAMPLES, SIDE));
    private static final MultiDataSet SEQUENCES = single(Samples.needleSequences(1, SAMPLES, FEATURES, STEPS));

    private final List<Specimen> all = new ArrayList<>();

    private GraphModels() {}

    static List<Specimen> all() {
        GraphModels models = new GraphModels();
        models.connections();
        models.vertices();
        models.overTime();
        return models.all;
    }

    private void add(String name, GraphBuilder graph, MultiDataSet data, InputType... inputs) {
        all.add(Specimen.of(SECTION, name, graph.setInputTypes(inputs).build(), data, EPOCHS));
    }

    private static GraphBuilder graph(String... inputs) {
        return builder().graphBuilder().addInputs(inputs).setOutputs("out");
    }

    /** Input, a dense layer, this vertex, a dense layer, readout. */
    private void between(String name, GraphVertex vertex) {
        add(name, graph("in")
                .addLayer("below", dense(12), "in")
                .addVertex("vertex", vertex, "below")
                .addLayer("above", dense(8), "vertex")
                .addLayer("out", readout(2), "above"), VECTORS, VECTOR);
    }

    /** Input, two dense layers, this vertex on both, a dense layer, readout. */
    private void joining(String name, GraphVertex vertex) {
        add(name, graph("in")
                .addLayer("left", dense(12), "in")
                .addLayer("right", dense(12), "in")
                .addVertex("vertex", vertex, "left", "right")
                .addLayer("above", dense(8), "vertex")
                .addLayer("out", readout(2), "above"), VECTORS, VECTOR);
    }

    private static ConvolutionLayer convolution() {
        return new ConvolutionLayer.Builder(3, 3).nOut(6).activation(Activation.IDENTITY)
                .convolutionMode(ConvolutionMode.Same).build();
    }

    /** Narrow, so that chance does not give the readout what it needs. */
    private static LSTM lstm() {
        return new LSTM.Builder().nOut(2).activation(Activation.TANH).build();
    }

    private void connections() {
        add("two inputs", graph("a", "b")
                .addLayer("left", dense(8), "a")
                .addLayer("right", dense(8), "b")
                .addLayer("top", dense(8), "left", "right")
                .addLayer("out", readout(2), "top"),
                new MultiDataSet(
                        new INDArray[] {
                            VECTORS.getFeatures(0), Samples.xor(1, SAMPLES, DIMENSIONS / 2).getFeatures()
                        },
                        VECTORS.getLabels()),
                VECTOR, InputType.feedForward(DIMENSIONS / 2));
        add("two outputs", graph("in")
                .addLayer("trunk", dense(12), "in")
                .addLayer("top", dense(8), "trunk")
                .addLayer("early", readout(2), "trunk")
                .addLayer("late", readout(2), "top")
                .setOutputs("early", "late"),
                new MultiDataSet(
                        VECTORS.getFeatures(), new INDArray[] {VECTORS.getLabels(0), VECTORS.getLabels(0)}),
                VECTOR);
        add("residual block of convolutions and batch normalisation", graph("in")
                .addLayer("stem", convolution(), "in")
                .addLayer("conv1", convolution(), "stem")
                .addLayer("norm1", new BatchNormalization(), "conv1")
                .addLayer("relu1", new ActivationLayer(Activation.RELU), "norm1")
                .addLayer("conv2", convolution(), "relu1")
                .addLayer("norm2", new BatchNormalization(), "conv2")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "norm2", "stem")
                .addLayer("relu2", new ActivationLayer(Activation.RELU), "sum")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "relu2")
                .addLayer("out", readout(2), "pool"), IMAGES, IMAGE);
        add("skip from the input to the readout's layer", graph("in")
                .addLayer("first", dense(12), "in")
                .addLayer("second", dense(8), "first")
                .addLayer("out", readout(2), "second", "in"), VECTORS, VECTOR);
        FeedForwardToCnnPreProcessor shared = new FeedForwardToCnnPreProcessor(SIDE, SIDE, 1);
        add("one pre-processor object at two layers", graph("in")
                .addLayer("left", new ConvolutionLayer.Builder(3, 3).nOut(2).build(), shared, "in")
                .addLayer("right", new ConvolutionLayer.Builder(3, 3).nOut(2).build(), shared, "in")
                .addVertex("both", new MergeVertex(), "left", "right")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "both")
                .addLayer("out", readout(2), "pool"),
                Samples.reshaped(IMAGES, SAMPLES, SIDE * SIDE), InputType.feedForward(SIDE * SIDE));
    }

    private void vertices() {
        joining("MergeVertex", new MergeVertex());
        for (ElementWiseVertex.Op op : ElementWiseVertex.Op.values()) {
            joining("ElementWiseVertex, " + op, new ElementWiseVertex(op));
        }
        between("SubsetVertex", new SubsetVertex(0, 7));
        between("ScaleVertex", new ScaleVertex(2));
        between("ShiftVertex", new ShiftVertex(1));
        between("L2NormalizeVertex", new L2NormalizeVertex());
        add("L2Vertex", graph("in")
                .addLayer("left", dense(12), "in")
                .addLayer("right", dense(12), "in")
                .addVertex("distance", new L2Vertex(), "left", "right")
                .addLayer("out", readout(2), "distance", "left"), VECTORS, VECTOR);
        add("ReshapeVertex", graph("in")
                .addLayer("below", dense(36), "in")
                .addVertex("image", new ReshapeVertex('c', new int[] {-1, 1, SIDE, SIDE}, null), "below")
                .addLayer("above", new ConvolutionLayer.Builder(3, 3).nIn(1).nOut(3).build(), "image")
                .addLayer("out", readout(2), "above"), VECTORS, VECTOR);
        add("PreprocessorVertex", graph("in")
                .addLayer("below", dense(36), "in")
                .addVertex("image", new PreprocessorVertex(new FeedForwardToCnnPreProcessor(SIDE, SIDE, 1)), "below")
                .addLayer("above", new ConvolutionLayer.Builder(3, 3).nIn(1).nOut(3).build(), "image")
                .addLayer("out", readout(2), "above"), VECTORS, VECTOR);
        add("StackVertex, UnstackVertex: one layer for two inputs", graph("a", "b")
                .addVertex("stack", new StackVertex(), "a", "b")
                .addLayer("shared", dense(8), "stack")
                .addVertex("left", new UnstackVertex(0, 2), "shared")
                .addVertex("right", new UnstackVertex(1, 2), "shared")
                .addLayer("top", dense(8), "left", "right")
                .addLayer("out", readout(2), "top"),
                new MultiDataSet(
                        new INDArray[] {VECTORS.getFeatures(0), VECTORS.getFeatures(0)}, VECTORS.getLabels()),
                VECTOR, VECTOR);
        between("FrozenVertex", new FrozenVertex(
                new LayerVertex(builder().layer(dense(12)).build(), null)));
    }

    private void overTime() {
        add("LastTimeStepVertex", graph("in")
                .addLayer("lstm", lstm(), "in")
                .addVertex("last", new LastTimeStepVertex("in"), "lstm")
                .addLayer("out", readout(2), "last"), SEQUENCES, SEQUENCE);
        add("ReverseTimeSeriesVertex", graph("in")
                .addVertex("back", new ReverseTimeSeriesVertex("in"), "in")
                .addLayer("lstm", lstm(), "back")
                .addLayer("pool", new GlobalPoolingLayer(), "lstm")
                .addLayer("out", readout(2), "pool"), SEQUENCES, SEQUENCE);
        add("DuplicateToTimeSeriesVertex", graph("a", "b")
                .addLayer("dense", dense(4), "a")
                .addVertex("repeated", new DuplicateToTimeSeriesVertex("b"), "dense")
                .addLayer("lstm", lstm(), "repeated", "b")
                .addLayer("pool", new GlobalPoolingLayer(), "lstm")
                .addLayer("out", readout(2), "pool"),
                new MultiDataSet(
                        new INDArray[] {Samples.noise(3, SAMPLES, DIMENSIONS), SEQUENCES.getFeatures(0)},
                        SEQUENCES.getLabels()),
                VECTOR, SEQUENCE);
        add("AttentionVertex", graph("in")
                .addVertex("attention", new AttentionVertex.Builder().nInKeys(FEATURES).nInValues(FEATURES)
                        .nInQueries(FEATURES).nHeads(1).headSize(4).nOut(4).projectInput(true).build(),
                        "in", "in", "in")
                .addLayer("pool", new GlobalPoolingLayer(), "attention")
                .addLayer("out", readout(2), "pool"), SEQUENCES, SEQUENCE);
    }
}
