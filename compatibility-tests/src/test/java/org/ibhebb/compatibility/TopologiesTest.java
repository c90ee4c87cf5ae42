package org.ibhebb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ibhebb.compatibility.Networks.accuracy;
import static org.ibhebb.compatibility.Networks.builder;
import static org.ibhebb.compatibility.Networks.dense;
import static org.ibhebb.compatibility.Networks.network;
import static org.ibhebb.compatibility.Networks.outputs;
import static org.ibhebb.compatibility.Networks.parametersByLayer;
import static org.ibhebb.compatibility.Networks.readout;
import static org.ibhebb.compatibility.Networks.train;
import static org.ibhebb.compatibility.Networks.values;

import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.ConversionReport;
import org.ibhebb.IbHebb;
import org.ibhebb.ConversionReport.Learning;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * The shapes that networks come in: each converts completely, and its hidden layers learn something that the readout
 * can use, which the same network with its hidden layers as they were initialised has not.
 */
class TopologiesTest {

    private static final int DIMENSIONS = 20;
    private static final int SIDE = 8;

    /**
     * @param margin by how much the local network's test accuracy exceeds the frozen one's at least, at every output
     */
    private record Topology(
            String name,
            MultiLayerConfiguration chain,
            ComputationGraphConfiguration graph,
            MultiDataSet train,
            MultiDataSet test,
            int epochs,
            double margin) {

        Topology(String name, NeuralNetConfiguration.ListBuilder chain, InputType input, Task task, double margin) {
            this(name, chain.setInputType(input).build(), null, task.of(1, 256), task.of(2, 256), 20, margin);
        }

        Topology(
                String name, ComputationGraphConfiguration.GraphBuilder graph, InputType[] inputs, Task task,
                double margin) {
            this(name, null, graph.setInputTypes(inputs).build(), task.of(1, 256), task.of(2, 256), 20, margin);
        }

        /** The network, with its hidden layers learning locally. */
        Model local() {
            return chain == null ? network(IbHebb.convert(graph)) : network(IbHebb.convert(chain));
        }

        /** The same network as DL4J makes it, with hidden layers that stay as they are. */
        Model frozen() {
            return chain == null ? Networks.frozen(graph) : Networks.frozen(chain);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private interface Task {
        MultiDataSet of(long seed, int samples);
    }

    private static MultiDataSet vectors(long seed, int samples) {
        return single(Samples.xor(seed, samples, DIMENSIONS));
    }

    private static MultiDataSet images(long seed, int samples) {
        return single(Samples.xorImages(seed, samples, SIDE));
    }

    private static MultiDataSet textures(long seed, int samples) {
        return single(Samples.textures(seed, samples, SIDE));
    }

    private static MultiDataSet single(DataSet data) {
        return new MultiDataSet(data.getFeatures(), data.getLabels());
    }

    private static MultiDataSet twoInputs(long seed, int samples) {
        DataSet data = Samples.xor(seed, samples, DIMENSIONS);
        DataSet other = Samples.xor(seed, samples, DIMENSIONS / 2);
        return new MultiDataSet(
                new INDArray[] {data.getFeatures(), other.getFeatures()}, new INDArray[] {data.getLabels()});
    }

    private static MultiDataSet twoOutputs(long seed, int samples) {
        DataSet data = Samples.xor(seed, samples, DIMENSIONS);
        return new MultiDataSet(
                new INDArray[] {data.getFeatures()}, new INDArray[] {data.getLabels(), data.getLabels()});
    }

    private static ConvolutionLayer.Builder convolution(int maps) {
        return new ConvolutionLayer.Builder(3, 3).nOut(maps);
    }

    private static SubsamplingLayer pooling() {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build();
    }

    private static ComputationGraphConfiguration.GraphBuilder graph() {
        return builder().graphBuilder();
    }

    static Stream<Topology> topologies() {
        InputType vector = InputType.feedForward(DIMENSIONS);
        InputType image = InputType.convolutional(SIDE, SIDE, 1);
        InputType[] one = {vector};
        return Stream.of(
                new Topology("dense stack", builder().list()
                        .layer(dense(12)).layer(dense(8)).layer(dense(6)).layer(readout(2)),
                        vector, TopologiesTest::vectors, 0.1),
                new Topology("convolution, pooling, dense", builder().list()
                        .layer(convolution(4).build()).layer(pooling()).layer(dense(6)).layer(readout(2)),
                        image, TopologiesTest::images, 0.1),
                new Topology("batch normalisation between", builder().list()
                        .layer(convolution(4).activation(Activation.IDENTITY).build())
                        .layer(new BatchNormalization()).layer(pooling())
                        .layer(dense(6)).layer(new BatchNormalization()).layer(readout(2)),
                        image, TopologiesTest::images, 0.1),
                new Topology("activation and dropout layers between", builder().activation(Activation.IDENTITY).list()
                        .layer(dense(16)).layer(new ActivationLayer(Activation.RELU))
                        .layer(new DropoutLayer(0.9)).layer(dense(8))
                        .layer(new ActivationLayer(Activation.RELU)).layer(readout(2)),
                        vector, TopologiesTest::vectors, 0.1),
                new Topology("global pooling", builder().list()
                        .layer(convolution(6).build()).layer(convolution(4).build())
                        .layer(new GlobalPoolingLayer(PoolingType.AVG)).layer(readout(2)),
                        image, TopologiesTest::textures, 0.1),
                new Topology("from vectors to images to sequences to vectors", builder().list()
                        .layer(dense(16))
                        .layer(convolution(4).build())
                        .inputPreProcessor(1, new FeedForwardToCnnPreProcessor(4, 4, 1))
                        .layer(dense(8))
                        .layer(new Convolution1DLayer.Builder(1).nIn(8).nOut(6).build())
                        .inputPreProcessor(3, new FeedForwardToRnnPreProcessor())
                        .layer(dense(6))
                        .inputPreProcessor(4, new RnnToFeedForwardPreProcessor())
                        .layer(readout(2)),
                        vector, TopologiesTest::vectors, 0.1),
                new Topology("graph with merge", graph().addInputs("in")
                        .addLayer("left", dense(8), "in").addLayer("right", dense(6), "in")
                        .addVertex("both", new MergeVertex(), "left", "right")
                        .addLayer("top", dense(6), "both").addLayer("out", readout(2), "top").setOutputs("out"),
                        one, TopologiesTest::vectors, 0.1),
                new Topology("graph with residual", graph().addInputs("in")
                        .addLayer("first", dense(8), "in").addLayer("second", dense(8), "first")
                        .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "first", "second")
                        .addLayer("top", dense(6), "sum").addLayer("out", readout(2), "top").setOutputs("out"),
                        one, TopologiesTest::vectors, 0.1),
                new Topology("graph with skip", graph().addInputs("in")
                        .addLayer("first", dense(10), "in").addLayer("second", dense(8), "first")
                        .addLayer("late", dense(6), "second", "in").addLayer("out", readout(2), "late")
                        .setOutputs("out"),
                        one, TopologiesTest::vectors, 0.1),
                new Topology("graph with two inputs", graph().addInputs("a", "b")
                        .addLayer("left", dense(8), "a").addLayer("right", dense(8), "b")
                        .addLayer("top", dense(6), "left", "right").addLayer("out", readout(2), "top")
                        .setOutputs("out"),
                        new InputType[] {vector, InputType.feedForward(DIMENSIONS / 2)}, TopologiesTest::twoInputs, 0.1),
                new Topology("graph with a shallow and a deep output", graph().addInputs("in")
                        .addLayer("trunk", dense(8), "in").addLayer("deep", dense(6), "trunk")
                        .addLayer("early", readout(2), "trunk").addLayer("late", readout(2), "deep")
                        .setOutputs("early", "late"),
                        one, TopologiesTest::twoOutputs, 0.05),
                new Topology("graph with batch normalisation units and L2 and pooling vertices", graph().addInputs("in")
                        .addLayer("convolution", convolution(4).activation(Activation.IDENTITY).build(), "in")
                        .addLayer("norm", new BatchNormalization(), "convolution")
                        .addLayer("relu", new ActivationLayer(Activation.RELU), "norm")
                        .addLayer("pool", pooling(), "relu")
                        .addVertex("unit", new L2NormalizeVertex(), "pool")
                        .addLayer("dense", dense(6), "unit").addLayer("out", readout(2), "dense").setOutputs("out"),
                        new InputType[] {image}, TopologiesTest::images, 0.1));
    }

    @ParameterizedTest
    @MethodSource("topologies")
    void everyHiddenLayerLearns(Topology topology) {
        Model local = topology.local();
        ConversionReport report = Networks.report(local);
        assertThat(report.layers()).extracting(ConversionReport.Entry::learning)
                .isSubsetOf(Learning.LOCAL, Learning.READOUT, Learning.NO_WEIGHTS);
        Map<String, double[]> before = parametersByLayer(local);

        train(local, topology.train, topology.epochs);

        Map<String, double[]> after = parametersByLayer(local);
        assertThat(after.keySet()).isEqualTo(before.keySet());
        after.forEach((layer, parameters) -> assertThat(parameters).as(layer).isNotEqualTo(before.get(layer)));

        Model frozen = topology.frozen();
        train(frozen, topology.train, topology.epochs);
        INDArray[] localOutputs = outputs(local, topology.test.getFeatures());
        INDArray[] frozenOutputs = outputs(frozen, topology.test.getFeatures());
        for (int i = 0; i < localOutputs.length; i++) {
            assertThat(accuracy(localOutputs[i], topology.test.getLabels(i)))
                    .isGreaterThan(accuracy(frozenOutputs[i], topology.test.getLabels(i)) + topology.margin);
        }

        Model reverted = local instanceof MultiLayerNetwork chain
                ? IbHebb.revert(chain)
                : IbHebb.revert((ComputationGraph) local);
        INDArray[] stockOutputs = outputs(reverted, topology.test.getFeatures());
        for (int i = 0; i < localOutputs.length; i++) {
            // Batch normalisation is DL4J's up to rounding.
            assertThat(values(stockOutputs[i])).usingComparatorWithPrecision(1e-5)
                    .containsExactly(values(localOutputs[i]));
        }
    }
}
