package org.ibhebb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.ibhebb.compatibility.Networks.builder;
import static org.ibhebb.compatibility.Networks.dense;
import static org.ibhebb.compatibility.Networks.network;
import static org.ibhebb.compatibility.Networks.outputs;
import static org.ibhebb.compatibility.Networks.readout;
import static org.ibhebb.compatibility.Networks.train;
import static org.ibhebb.compatibility.Networks.values;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
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
import org.deeplearning4j.util.ModelSerializer;
import org.ibhebb.ConversionReport.Learning;
import org.ibhebb.IbHebb;
import org.ibhebb.internal.pretraining.SignalStream;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.memory.MemoryPretrainer;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Models that released versions saved can be opened for ever after: they give the outputs that they gave then, and go
 * on learning. A folder for each version; a released one is never written again. To write those of a new version, name
 * its folder in {@link #VERSION} and run
 *
 * <pre>mvn test -pl compatibility-tests -am -Dtest=FixturesTest
 *     -Dsurefire.failIfNoSpecifiedTests=false -Dibhebb.fixtures=write</pre>
 */
class FixturesTest {

    private static final Path FOLDER = Path.of("src", "test", "resources", "org", "ibhebb", "compatibility", "models");
    private static final String VERSION = "0.1.0";
    private static final int SAMPLES = 16;

    /** What this version saves, by the files' names. */
    private static Map<String, Model> models(MemoryNetwork memory) {
        LearningRule rule = LearningRule.builder()
                .objective(Objective.hsic().withGamma(3)).memory(24).build();
        Map<String, Model> models = new TreeMap<>();
        models.put("dense", network(IbHebb.convert(builder().list()
                .layer(dense(6)).layer(dense(5)).layer(readout(2))
                .setInputType(InputType.feedForward(8)).build(), rule)));
        models.put("convolution", network(IbHebb.convert(builder().list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(3).build())
                .layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX).kernelSize(2, 2).build())
                .layer(dense(4)).layer(readout(2))
                .setInputType(InputType.convolutional(6, 6, 1)).build())));
        models.put("unit", network(IbHebb.convert(builder().list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(3).activation(Activation.IDENTITY).build())
                .layer(new BatchNormalization()).layer(new ActivationLayer(Activation.RELU))
                .layer(new GlobalPoolingLayer()).layer(readout(2))
                .setInputType(InputType.convolutional(6, 6, 1)).build())));
        models.put("wrapper", network(IbHebb.convert(builder().list()
                .layer(new LSTM.Builder().nOut(4).activation(Activation.TANH).build())
                .layer(new GlobalPoolingLayer()).layer(readout(2))
                .setInputType(InputType.recurrent(3, 5)).build())));
        models.put("graph", network(IbHebb.convert(builder().graphBuilder().addInputs("in")
                .addLayer("a", dense(6), "in").addLayer("b", dense(6), "a")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
                .addLayer("out", readout(2), "sum").setOutputs("out")
                .setInputTypes(InputType.feedForward(8)).build())));
        models.put("recalled", network(IbHebb.convert(builder().list()
                .layer(dense(6)).layer(dense(5)).layer(readout(2))
                .setInputType(InputType.feedForward(8)).build(), LearningRule.builder().memory(memory, 5).build())));
        return models;
    }

    private static DataSet task(String model) {
        return switch (model) {
            case "convolution", "unit" -> Samples.textures(1, SAMPLES, 6);
            case "wrapper" -> Samples.xorSequences(1, SAMPLES, 3, 5);
            default -> Samples.xor(1, SAMPLES, 8);
        };
    }

    static Stream<Path> saved() throws IOException {
        return files(".zip");
    }

    static Stream<Path> memoryNetworks() throws IOException {
        return files(".ibmem");
    }

    private static Stream<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList().stream();
        }
    }

    private static File beside(Path file, String ending) {
        return new File(file.toString().replaceFirst("[.][a-z]+$", ending));
    }

    /** The signals of some samples, one after the other. */
    private static INDArray signals(LearningRule rule, INDArray rows) {
        SignalStream stream = new SignalStream(rule);
        INDArray signals = Nd4j.create(rows.dataType(), rows.shape());
        for (int sample = 0; sample < rows.rows(); sample++) {
            INDArray row = rows.getRow(sample, true);
            Labels labels = new Labels("out", Samples.oneHot(row.getColumn(0, true)), Labels.Encoding.CLASSES);
            signals.putRow(sample, stream.next(row, null, List.of(labels)));
        }
        return signals;
    }

    private static LearningRule recalling(MemoryNetwork memory) {
        return Networks.plain().memory(memory).build();
    }

    @Test
    @EnabledIfSystemProperty(named = "ibhebb.fixtures", matches = "write")
    void write() throws IOException {
        Path folder = Files.createDirectories(FOLDER.resolve(VERSION));
        // The rule is given the one that is in no file: the place of a file would be that of this machine.
        MemoryNetwork memory = MemoryPretrainer.builder()
                .units(72).activityWidth(8).labelWidth(2).recall(6).build().pretrain(done -> {});
        INDArray rows = Samples.noise(1, SAMPLES, 8);
        new DataSet(rows, signals(recalling(memory), rows)).save(folder.resolve("memory.data").toFile());
        for (Map.Entry<String, Model> entry : models(memory).entrySet()) {
            Model model = entry.getValue();
            DataSet task = task(entry.getKey());
            train(model, task, 3);
            Path zip = folder.resolve(entry.getKey() + ".zip");
            ModelSerializer.writeModel(model, zip.toFile(), true);
            Files.writeString(beside(zip, ".json").toPath(), json(model));
            new DataSet(task.getFeatures(), outputs(model, task.getFeatures())[0]).save(beside(zip, ".data"));
        }
        memory.save(folder.resolve("memory.ibmem"));
    }

    private static String json(Model model) {
        return model instanceof MultiLayerNetwork chain
                ? chain.getLayerWiseConfigurations().toJson()
                : ((ComputationGraph) model).getConfiguration().toJson();
    }

    private static Model read(Path zip) throws IOException {
        return zip.endsWith("graph.zip")
                ? ModelSerializer.restoreComputationGraph(zip.toFile(), true)
                : ModelSerializer.restoreMultiLayerNetwork(zip.toFile(), true);
    }

    @ParameterizedTest
    @MethodSource("saved")
    void givesTheOutputsThatItGave(Path zip) throws IOException {
        DataSet data = new DataSet();
        data.load(beside(zip, ".data"));
        assertThat(values(outputs(read(zip), data.getFeatures())[0])).usingComparatorWithPrecision(1e-5)
                .containsExactly(values(data.getLabels()));
    }

    @ParameterizedTest
    @MethodSource("saved")
    void goesOnLearning(Path zip) throws IOException {
        Model model = read(zip);
        assertThat(Networks.report(model).count(Learning.LOCAL)).isPositive();
        Map<String, double[]> before = Networks.parametersByLayer(model);
        train(model, task(zip.getFileName().toString().replace(".zip", "")), 1);
        Networks.parametersByLayer(model).forEach((layer, parameters) -> {
            assertThat(parameters).as(layer).isNotEqualTo(before.get(layer));
            assertThat(DoubleStream.of(parameters).allMatch(Double::isFinite)).as(layer).isTrue();
        });
    }

    /** The one model whose rule is not the defaults: whatever they become, it keeps what it was saved with. */
    @Test
    void aRuleIsReadAsItWasSaved() throws IOException {
        String json = Files.readString(FOLDER.resolve(VERSION).resolve("dense.json"));
        assertThat(IbHebb.report(MultiLayerConfiguration.fromJson(json)).layers().get(0).detail())
                .contains("gamma 3.0").contains("memory 24");
    }

    @ParameterizedTest
    @MethodSource("saved")
    void itsConfigurationAloneIsReadAsInsideTheModel(Path zip) throws IOException {
        String json = Files.readString(beside(zip, ".json").toPath());
        Model model = read(zip);
        if (model instanceof MultiLayerNetwork chain) {
            MultiLayerConfiguration conf = MultiLayerConfiguration.fromJson(json);
            assertThat(IbHebb.report(conf)).isEqualTo(IbHebb.report(chain.getLayerWiseConfigurations()));
        } else {
            ComputationGraphConfiguration conf = ComputationGraphConfiguration.fromJson(json);
            assertThat(IbHebb.report(conf)).isEqualTo(Networks.report(model));
        }
    }

    /** A model's rule names its memory network by checksum: another version's would not do. */
    @BeforeAll
    static void loadMemoryNetworks() throws IOException {
        for (Path file : memoryNetworks().toList()) {
            MemoryNetwork.load(file);
        }
    }

    /** What it recalls makes the signals that it made, and nearly those of a memory that forgets nothing. */
    @ParameterizedTest
    @MethodSource("memoryNetworks")
    void recallsWhatItRecalled(Path file) throws IOException {
        MemoryNetwork memory = MemoryNetwork.load(file);
        DataSet data = new DataSet();
        data.load(beside(file, ".data"));
        INDArray signals = signals(recalling(memory), data.getFeatures());
        assertThat(values(signals)).usingComparatorWithPrecision(1e-4).containsExactly(values(data.getLabels()));

        INDArray exact = signals(Networks.plain().memory(memory.recall()).build(), data.getFeatures());
        assertThat(Transforms.cosineSim(signals, exact)).isBetween(0.99, 0.999999);
        assertThat(memory.statistics().capacity()).isCloseTo(memory.recall() - 1, within(0.1));
    }

    /** Of each kind of layer that conversion makes, there is one, and one whose memory is a network. */
    @Test
    void thereIsAModelOfEachKindForThisVersion() throws IOException {
        assertThat(saved().filter(zip -> zip.getParent().endsWith(VERSION))
                        .map(zip -> zip.getFileName().toString().replace(".zip", "")))
                .containsExactlyElementsOf(
                        models(MemoryNetwork.load(FOLDER.resolve(VERSION).resolve("memory.ibmem"))).keySet());
    }
}
