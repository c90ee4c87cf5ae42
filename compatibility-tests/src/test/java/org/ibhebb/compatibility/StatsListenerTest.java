package org.ibhebb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.ibhebb.compatibility.Networks.builder;
import static org.ibhebb.compatibility.Networks.dense;
import static org.ibhebb.compatibility.Networks.network;
import static org.ibhebb.compatibility.Networks.readout;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.stats.api.Histogram;
import org.deeplearning4j.ui.model.stats.api.StatsReport;
import org.deeplearning4j.ui.model.stats.api.StatsType;
import org.deeplearning4j.ui.model.storage.FileStatsStorage;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.ibhebb.IbHebb;
import org.ibhebb.ConversionReport.Learning;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What DL4J's StatsListener reports of networks that learn locally: all that it reports of others, and no zeros. */
class StatsListenerTest {

    private static final int STEPS = 6;

    @TempDir
    Path folder;

    static Stream<Arguments> networks() {
        MultiLayerConfiguration perceptron = builder().list()
                .layer(dense(8)).layer(dense(6)).layer(readout(2)).setInputType(InputType.feedForward(20)).build();
        MultiLayerConfiguration units = builder().list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).activation(Activation.IDENTITY).build())
                .layer(new BatchNormalization()).layer(new ActivationLayer(Activation.RELU))
                .layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX).kernelSize(2, 2).build())
                .layer(dense(6)).layer(readout(2)).setInputType(InputType.convolutional(8, 8, 1)).build();
        MultiLayerConfiguration wrapped = builder().list()
                .layer(new LSTM.Builder().nOut(6).activation(Activation.TANH).build())
                .layer(new GlobalPoolingLayer()).layer(readout(2)).setInputType(InputType.recurrent(4, 5)).build();
        ComputationGraphConfiguration graph = builder().graphBuilder().addInputs("in")
                .addLayer("a", dense(8), "in").addLayer("b", dense(8), "a")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
                .addLayer("out", readout(2), "sum").setOutputs("out")
                .setInputTypes(InputType.feedForward(20)).build();
        return Stream.of(
                arguments("perceptron", perceptron, Samples.xor(1, 32, 20)),
                arguments("units", units, Samples.textures(1, 32, 8)),
                arguments("wrapped", wrapped, Samples.xorSequences(1, 32, 4, 5)),
                arguments("graph", () -> network(IbHebb.convert(graph)), Samples.xor(1, 32, 20), () -> network(graph)));
    }

    private static Arguments arguments(String name, MultiLayerConfiguration conf, DataSet data) {
        return arguments(name, () -> network(IbHebb.convert(conf)), data, () -> network(conf));
    }

    private static Arguments arguments(String name, Supplier<Model> local, DataSet data, Supplier<Model> stock) {
        return Arguments.of(name, local, data, stock);
    }

    private static void fit(Model network, DataSet data) {
        if (network instanceof MultiLayerNetwork chain) {
            chain.fit(data);
        } else {
            ((ComputationGraph) network).fit(data);
        }
    }

    /** A report a step, with the loss that the network itself gives. */
    private static List<StatsReport> train(Model network, DataSet data, StatsStorage storage) {
        StatsListener listener = new StatsListener(storage, 1);
        network.setListeners(listener);
        List<Double> scores = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            fit(network, data);
            scores.add(network.score());
        }
        List<StatsReport> reports = reports(storage, listener.getSessionID());
        assertThat(reports).extracting(StatsReport::getScore).isEqualTo(scores).doesNotHaveDuplicates();
        return reports;
    }

    private static List<StatsReport> reports(StatsStorage storage, String session) {
        return storage.getAllUpdatesAfter(session, StatsListener.TYPE_ID, 0).stream()
                .map(StatsReport.class::cast).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void everyLayerHasItsStatistics(String name, Supplier<Model> local, DataSet data, Supplier<Model> stock) {
        Model network = local.get();
        List<StatsReport> reports = train(network, data, new InMemoryStatsStorage());
        StatsReport ofStock = train(stock.get(), data, new InMemoryStatsStorage()).get(0);
        assertThat(reports).extracting(StatsReport::getIterationCount)
                .containsExactlyElementsOf(IntStream.range(0, STEPS).boxed().toList());

        for (StatsReport report : reports) {
            for (StatsType type : StatsType.values()) {
                assertThat(report.getMeanMagnitudes(type)).as("%s", type)
                        .containsOnlyKeys(ofStock.getMeanMagnitudes(type).keySet());
                report.getMeanMagnitudes(type).forEach((of, magnitude) -> assertThat(magnitude)
                        .as("magnitude of %s of %s at %s", type, of, report.getIterationCount()).isPositive());
                report.getStdev(type).forEach((of, deviation) -> assertThat(deviation)
                        .as("deviation of %s of %s at %s", type, of, report.getIterationCount()).isPositive());
                assertThat(report.getMean(type)).containsOnlyKeys(ofStock.getMean(type).keySet());
                assertThat(report.getHistograms(type)).containsOnlyKeys(ofStock.getHistograms(type).keySet());
                report.getHistograms(type).forEach((of, histogram) -> assertThat(filled(histogram))
                        .as("filled bins of %s of %s", type, of).isGreaterThan(1));
            }
            assertThat(report.getLearningRates()).isEqualTo(ofStock.getLearningRates());
        }
        assertThat(new TreeSet<>(reports.get(0).getMeanMagnitudes(StatsType.Gradients).keySet()))
                .isEqualTo(new TreeSet<>(network.paramTable().keySet()));
        assertThat(Networks.report(network).count(Learning.LOCAL)).isPositive();
    }

    private static long filled(Histogram histogram) {
        return IntStream.of(histogram.getBinCounts()).filter(count -> count > 0).count();
    }

    /** Not those of another step, nor of another network: an update is what the step has changed. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void updatesAreWhatTheStepChanged(String name, Supplier<Model> local, DataSet data) {
        Model network = local.get();
        InMemoryStatsStorage storage = new InMemoryStatsStorage();
        StatsListener listener = new StatsListener(storage, 1);
        network.setListeners(listener);
        for (int step = 0; step < 3; step++) {
            Map<String, INDArray> before = new TreeMap<>();
            network.paramTable().forEach((key, array) -> before.put(key, array.dup()));
            fit(network, data);
            StatsReport report = reports(storage, listener.getSessionID()).get(step);
            network.paramTable().forEach((key, array) -> {
                double changed = Transforms.abs(array.sub(before.get(key))).meanNumber().doubleValue();
                assertThat(report.getMeanMagnitudes(StatsType.Updates).get(key)).as(key)
                        .isCloseTo(changed, within(1e-6 + 1e-3 * changed));
                assertThat(report.getMeanMagnitudes(StatsType.Parameters).get(key)).as(key)
                        .isCloseTo(Transforms.abs(array).meanNumber().doubleValue(), within(1e-6));
            });
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void filesHoldTheSame(String name, Supplier<Model> local, DataSet data) {
        Path file = folder.resolve("stats.dl4j");
        FileStatsStorage written = new FileStatsStorage(file.toFile());
        List<StatsReport> reports = train(local.get(), data, written);
        written.close();
        FileStatsStorage read = new FileStatsStorage(file.toFile());
        try {
            List<StatsReport> readBack = reports(read, read.listSessionIDs().get(0));
            assertThat(readBack).hasSameSizeAs(reports).isNotEmpty();
            for (int i = 0; i < reports.size(); i++) {
                assertThat(readBack.get(i).getScore()).isEqualTo(reports.get(i).getScore());
                for (StatsType type : StatsType.values()) {
                    assertThat(readBack.get(i).getMeanMagnitudes(type))
                            .isEqualTo(reports.get(i).getMeanMagnitudes(type)).isNotEmpty();
                }
            }
        } finally {
            read.close();
        }
    }
}
