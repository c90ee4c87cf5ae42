package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ibhebb.Fixtures.values;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.saver.LocalFileModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.deeplearning4j.util.ModelSerializer;
import org.ibhebb.Interruptions.Layers;
import org.ibhebb.Interruptions.Memory;
import org.ibhebb.Interruptions.Objectives;
import org.ibhebb.rule.LearningRule;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.learning.config.Sgd;

/** What a network remembers, as a value and in files. */
class NetworkStateTest {

    private final List<DataSet> batches = Interruptions.batches(Layers.DENSE, 3, 12, DataType.FLOAT);
    private final MultiLayerNetwork net = network();

    @TempDir
    Path folder;

    private static MultiLayerNetwork network() {
        return Fixtures.network(
                Interruptions.conf(Objectives.DEFAULT, Memory.EXACT, Layers.DENSE, DataType.FLOAT));
    }

    @BeforeEach
    void train() {
        batches.subList(0, 9).forEach(net::fit);
    }

    @Test
    void itCanBeLookedIntoAndCompared() {
        NetworkState state = IbHebb.state(net);
        assertThat(state.names()).contains("slots/next", "labels 0/rows", "layer 0/gain/squares",
                "layer 1/predictor/output 0/weights", "layer 0/activations/rows", "layer 0/moments/variance");
        // 27 samples in a memory of 11.
        assertThat(state.numbers("slots/filled")).containsExactly(11);
        assertThat(state.numbers("slots/next")).containsExactly(27 % 11);
        assertThat(state.numbers("layer 0/activations/rows")).hasSize(11 * 7);
        assertThat(state.numbers("layer 1/predictor/output 0/weights")).hasSize(3 * 17);
        assertThat(state).hasToString(state.toString()).isEqualTo(IbHebb.state(net))
                .hasSameHashCodeAs(IbHebb.state(net));
        assertThat(state.toString()).contains("slots/filled: 11\n", "layer 0/activations/rows: FLOAT [11, 7]\n");
        assertThatThrownBy(() -> state.numbers("nothing")).hasMessageContaining("'nothing'");
        net.fit(batches.get(9));
        // It does not follow.
        assertThat(state).isNotEqualTo(IbHebb.state(net));
        assertThat(state.numbers("slots/next")).containsExactly(27 % 11);
    }

    /** Deeplearning4j's own reader opens the file, and passes over what is ours. */
    @Test
    void theFileIsDeeplearning4jsOwn() throws IOException {
        Path file = folder.resolve("net.zip");
        IbHebb.save(net, file);
        MultiLayerNetwork stock = ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true);
        assertThat(values(stock.params())).isEqualTo(values(net.params()));
        assertThat(values(stock.getUpdater().getStateViewArray()))
                .isEqualTo(values(net.getUpdater().getStateViewArray()));
        assertThat(IbHebb.state(stock).numbers("has trained")).containsExactly(0);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry state = zip.getEntry("ibhebb-state.bin");
            assertThat(state.getMethod()).isEqualTo(ZipEntry.STORED);
            assertThat(new String(zip.getInputStream(state).readNBytes(8), StandardCharsets.US_ASCII))
                    .isEqualTo("IBHSTATE");
        }
        // Deeplearning4j packs the file anew, and what is ours stays in it.
        ModelSerializer.addNormalizerToModel(file.toFile(), fitted());
        MultiLayerNetwork restored = IbHebb.restoreMultiLayerNetwork(file);
        assertThat(IbHebb.state(restored)).isEqualTo(IbHebb.state(net));
    }

    private NormalizerStandardize fitted() {
        NormalizerStandardize normalizer = new NormalizerStandardize();
        normalizer.fit(batches.get(0));
        return normalizer;
    }

    @Test
    void aFileOfDeeplearning4jsOpensAndSaysOnceThatItRemembersNothing() throws IOException {
        Path file = folder.resolve("stock.zip");
        net.save(file.toFile(), true);
        PrintStream err = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        MultiLayerNetwork restored;
        System.setErr(new PrintStream(log, true));
        try {
            restored = IbHebb.restoreMultiLayerNetwork(file);
        } finally {
            System.setErr(err);
        }
        assertThat(values(restored.params())).isEqualTo(values(net.params()));
        assertThat(IbHebb.state(restored).numbers("has trained")).containsExactly(0);
        assertThat(log.toString(StandardCharsets.UTF_8)).containsOnlyOnce("empty memory").contains("stock.zip");
        restored.fit(batches.get(9));
    }

    /** Nothing of ours is in it. */
    @Test
    void aStockNetworkIsSavedAsDeeplearning4jDoes() throws IOException {
        MultiLayerNetwork stock = IbHebb.revert(net);
        Path file = folder.resolve("net.zip");
        IbHebb.save(stock, file);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.getEntry("ibhebb-state.bin")).isNull();
        }
        MultiLayerNetwork restored = IbHebb.restoreMultiLayerNetwork(file);
        assertThat(values(restored.params())).isEqualTo(values(stock.params()));
        assertThat(values(IbHebb.clone(stock).params())).isEqualTo(values(stock.params()));
    }

    @Test
    void aGraphIsNoChainAndAChainNoGraph() throws IOException {
        Path file = folder.resolve("net.zip");
        IbHebb.save(net, file);
        assertThatThrownBy(() -> IbHebb.restoreComputationGraph(file)).isInstanceOf(IOException.class)
                .hasMessageContainingAll("net.zip", "MultiLayerNetwork");
        assertThatThrownBy(() -> IbHebb.restoreMultiLayerNetwork(folder.resolve("none")))
                .isInstanceOf(IOException.class).hasMessageContaining("no such file");
        Files.writeString(file, "no zip");
        assertThatThrownBy(() -> IbHebb.restoreMultiLayerNetwork(file)).isInstanceOf(IOException.class)
                .hasMessageContaining("no model");
    }

    /** Such as a file that somebody put together of two. */
    @Test
    void theStateOfAnotherNetworkIsRefused() throws IOException {
        Path own = folder.resolve("own.zip");
        Path other = folder.resolve("other.zip");
        IbHebb.save(net, own);
        MultiLayerNetwork larger = Fixtures.network(IbHebb.convert(Layers.DENSE.stock(DataType.FLOAT),
                Objectives.DEFAULT.rule().memory(12).build()));
        batches.subList(0, 9).forEach(larger::fit);
        IbHebb.save(larger, other);
        Path mixed = folder.resolve("mixed.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(mixed))) {
            copy(own, zip, "configuration.json", "coefficients.bin", "updaterState.bin");
            copy(other, zip, "ibhebb-state.bin");
        }
        assertThatThrownBy(() -> IbHebb.restoreMultiLayerNetwork(mixed)).isInstanceOf(IOException.class)
                .hasMessageContainingAll("mixed.zip", "slots/capacity", "12", "11");
    }

    private static void copy(Path from, ZipOutputStream to, String... names) throws IOException {
        try (ZipFile zip = new ZipFile(from.toFile())) {
            for (String name : names) {
                to.putNextEntry(new ZipEntry(name));
                zip.getInputStream(zip.getEntry(name)).transferTo(to);
            }
        }
    }

    /** Tells whether it was made. */
    static final class Planted implements Serializable {

        private static final List<Object> MADE = new ArrayList<>();

        private void readObject(ObjectInputStream in) {
            MADE.add(this);
        }
    }

    /** Deeplearning4j makes an object of whatever stands in this entry; we leave it out. */
    @Test
    void noJavaSerialisedObjectIsMade() throws IOException {
        Path own = folder.resolve("own.zip");
        IbHebb.save(net, own);
        Path planted = folder.resolve("planted.zip");
        // The test may run twice in one JVM.
        Planted.MADE.clear();
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(planted))) {
            copy(own, zip, "configuration.json", "coefficients.bin", "updaterState.bin", "ibhebb-state.bin");
            zip.putNextEntry(new ZipEntry("preprocessor.bin"));
            ObjectOutputStream object = new ObjectOutputStream(zip);
            object.writeObject(new Planted());
            object.flush();
        }
        MultiLayerNetwork restored = IbHebb.restoreMultiLayerNetwork(planted);
        assertThat(IbHebb.state(restored)).isEqualTo(IbHebb.state(net));
        assertThat(Planted.MADE).isEmpty();
        assertThatThrownBy(() -> ModelSerializer.restoreMultiLayerNetwork(planted.toFile())).isNotNull();
        assertThat(Planted.MADE).isNotEmpty();
    }

    /** A step is half done in a listener's iterationDone: what would be saved is neither the old state nor the new. */
    @Test
    void nothingIsSavedWithinAStep() {
        List<Throwable> thrown = new ArrayList<>();
        net.addListeners(new BaseTrainingListener() {
            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
                try {
                    IbHebb.save((MultiLayerNetwork) model, folder.resolve("net.zip"));
                } catch (IOException | IllegalStateException e) {
                    thrown.add(e);
                }
            }
        });
        net.fit(batches.get(9));
        assertThat(thrown).hasSize(1);
        assertThat(thrown.get(0)).isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("between mini-batches", "Checkpoints");
        assertThat(folder.toFile().list()).isEmpty();
    }

    /** A network that has not trained yet lists its layers as its copies do, which were made to remember nothing. */
    @Test
    void copiesOfAnUntrainedNetworkRememberTheSame() throws IOException {
        for (Layers layers : Layers.values()) {
            for (Memory memory : Memory.values()) {
                MultiLayerNetwork untrained =
                        Fixtures.network(Interruptions.conf(Objectives.DEFAULT, memory, layers, DataType.FLOAT));
                Path file = folder.resolve("net.zip");
                IbHebb.save(untrained, file);
                NetworkState state = IbHebb.state(untrained);
                assertThat(state.numbers("has trained")).containsExactly(0);
                assertThat(state.names()).contains("layer 0/gain/squares");
                assertThat(IbHebb.state(IbHebb.clone(untrained))).isEqualTo(state).hasSameHashCodeAs(state);
                assertThat(IbHebb.state(IbHebb.restoreMultiLayerNetwork(file))).isEqualTo(state);
                assertThat(IbHebb.state(untrained)).isEqualTo(state);
                ComputationGraph graph = untrained.toComputationGraph();
                assertThat(IbHebb.state(IbHebb.clone(graph))).isEqualTo(IbHebb.state(graph));
            }
        }
    }

    /** Nor does a layer that never trains make a difference. */
    @Test
    void copiesOfANetworkWithAFrozenLayerRememberTheSame() throws IOException {
        MultiLayerNetwork frozen = new TransferLearning.Builder(net).setFeatureExtractor(0).build();
        for (int trained = 0; trained < 2; trained++) {
            Path file = folder.resolve("net.zip");
            IbHebb.save(frozen, file);
            assertThat(IbHebb.state(IbHebb.clone(frozen))).isEqualTo(IbHebb.state(frozen));
            assertThat(IbHebb.state(IbHebb.restoreMultiLayerNetwork(file))).isEqualTo(IbHebb.state(frozen));
            frozen.fit(batches.get(9));
        }
    }

    /** Deeplearning4j's clone of a graph forgets its counts, and has the very list of its listeners. */
    @Test
    void aGraphsCloneHasItsCountsAndNoListeners() {
        ComputationGraph graph = net.toComputationGraph();
        graph.addListeners(new ScoreIterationListener(1000));
        batches.subList(0, 5).forEach(graph::fit);
        ComputationGraph clone = IbHebb.clone(graph);
        assertThat(clone.getIterationCount()).isEqualTo(graph.getIterationCount()).isEqualTo(5);
        clone.setListeners(List.of());
        assertThat(graph.getListeners()).hasSize(1);
    }

    /** As docs/reliability.md shows it. */
    @Test
    void earlyStoppingKeepsTheBestNetworkWithWhatItRemembers() {
        Path best = folder.resolve("best.zip");
        List<NetworkState> states = new ArrayList<>();
        EarlyStoppingConfiguration<MultiLayerNetwork> conf = new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
                .epochTerminationConditions(new MaxEpochsTerminationCondition(3))
                .scoreCalculator(new DataSetLossCalculator(new SingletonDataSetIterator(batches.get(10)), true))
                .modelSaver(new LocalFileModelSaver(folder.toString()) {
                    @Override
                    public void saveBestModel(MultiLayerNetwork net, double score) throws IOException {
                        states.add(IbHebb.state(net));
                        IbHebb.save(net, best);
                    }

                    @Override
                    public MultiLayerNetwork getBestModel() throws IOException {
                        return IbHebb.restoreMultiLayerNetwork(best);
                    }
                })
                .build();
        MultiLayerNetwork found =
                new EarlyStoppingTrainer(conf, network(), new SingletonDataSetIterator(batches.get(11)))
                        .fit().getBestModel();
        assertThat(states).isNotEmpty();
        assertThat(IbHebb.state(found)).isEqualTo(states.get(states.size() - 1));
        assertThat(IbHebb.state(found).numbers("has trained")).containsExactly(1);
    }

    /** The rows of docs/reliability.md on what Deeplearning4j's own ways keep and drop. */
    @Test
    void deeplearning4jsOwnWaysKeepAllButWhatIsRemembered() throws IOException {
        File file = folder.resolve("net.zip").toFile();
        net.save(file);
        LocalFileModelSaver inFiles = new LocalFileModelSaver(folder.toString());
        inFiles.saveBestModel(net, 0);
        InMemoryModelSaver<MultiLayerNetwork> inMemory = new InMemoryModelSaver<>();
        inMemory.saveBestModel(net, 0);
        List<MultiLayerNetwork> kept = List.of(MultiLayerNetwork.load(file, true), net.clone(), inFiles.getBestModel(),
                inMemory.getBestModel());
        for (MultiLayerNetwork copy : kept) {
            assertThat(values(copy.params())).isEqualTo(values(net.params()));
            assertThat(values(copy.getUpdater().getStateViewArray()))
                    .isEqualTo(values(net.getUpdater().getStateViewArray()));
            assertThat(copy.getIterationCount()).isEqualTo(net.getIterationCount()).isEqualTo(9);
            assertThat(IbHebb.state(copy).numbers("has trained")).containsExactly(0);
            assertThat(IbHebb.state(copy)).isNotEqualTo(IbHebb.state(net));
        }
        assertThat(IbHebb.revert(net).getIterationCount()).isEqualTo(9);
        assertThat(values(IbHebb.revert(net).params())).isEqualTo(values(net.params()));
        // The library's updater has gone, and the configured one begins anew; where that has been at work it goes on.
        assertThat(values(IbHebb.revert(net).getUpdater().getStateViewArray())).containsOnly(0);
        LearningRule configured = Objectives.HSIC.rule().build();
        MultiLayerNetwork plain = Fixtures.network(IbHebb.convert(Layers.DENSE.stock(DataType.FLOAT), configured));
        plain.fit(batches.get(9));
        MultiLayerNetwork thereAndBack = IbHebb.convert(IbHebb.revert(plain), configured);
        assertThat(values(thereAndBack.getUpdater().getStateViewArray()))
                .isEqualTo(values(plain.getUpdater().getStateViewArray()));
        assertThat(IbHebb.state(thereAndBack).numbers("has trained")).containsExactly(0);
        // A graph's clone counts anew.
        ComputationGraph graph = net.toComputationGraph();
        graph.fit(batches.get(9));
        assertThat(graph.clone().getIterationCount()).isZero();
        assertThat(values(graph.clone().params())).isEqualTo(values(graph.params()));
        assertThat(IbHebb.state(graph.clone()).numbers("has trained")).containsExactly(0);
    }

    /** What the layers that go have remembered means nothing to those that come. */
    @Test
    void transferLearningKeepsTheParametersOfTheLayersThatStay() {
        double[] before = values(net.params());
        MultiLayerNetwork transferred =
                new TransferLearning.Builder(net).nOutReplace(2, 4, WeightInit.XAVIER).build();
        for (int layer = 0; layer < 2; layer++) {
            assertThat(values(transferred.getLayer(layer).params())).isEqualTo(values(net.getLayer(layer).params()));
        }
        assertThat(transferred.getIterationCount()).isZero();
        assertThat(values(transferred.getUpdater().getStateViewArray())).containsOnly(0);
        assertThat(IbHebb.state(transferred).numbers("has trained")).containsExactly(0);
        // The network that it came from has lost nothing.
        assertThat(values(net.params())).isEqualTo(before);
        assertThat(IbHebb.state(net).numbers("has trained")).containsExactly(1);
    }

    /** Deeplearning4j makes layers when a network is initialised, or first trains. */
    @Test
    void aNetworkThatIsNotInitialisedIsNamedSo() {
        for (MultiLayerConfiguration conf : List.of(
                Fixtures.mlp(Activation.TANH, new Sgd(0.1), 5, 4, 3),
                IbHebb.convert(Fixtures.mlp(Activation.TANH, new Sgd(0.1), 5, 4, 3)))) {
            MultiLayerNetwork unborn = new MultiLayerNetwork(conf);
            Path file = folder.resolve("unborn.zip");
            assertThatThrownBy(() -> IbHebb.save(unborn, file)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("network.init()");
            assertThatThrownBy(() -> IbHebb.state(unborn)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("network.init()");
            assertThatThrownBy(() -> IbHebb.clone(unborn)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("network.init()");
            assertThat(file).doesNotExist();
        }
    }
}
