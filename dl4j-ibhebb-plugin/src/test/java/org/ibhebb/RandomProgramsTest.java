package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.listeners.CollectScoresListener;
import org.ibhebb.Interruptions.Layers;
import org.ibhebb.Interruptions.Memory;
import org.ibhebb.Interruptions.Objectives;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * A machine of states: programs of random operations on one network, against a plain model of it, a network that does
 * nothing but learn. Whatever else a program does (saves, copies, asks, looks, fails), the two agree to the bit after
 * each operation. Programs are drawn by their number; {@code -Dibhebb.programs=N} runs N of them, {@code
 * -Dibhebb.programs.from=K} begins with another one.
 */
@ForAnyKernel
class RandomProgramsTest {

    private static final int PROGRAMS = Integer.getInteger("ibhebb.programs", 25);
    private static final int FROM = Integer.getInteger("ibhebb.programs.from", 0);
    private static final int LONGEST = 12;
    private static final int[] SIZES = {1, 2, 7, 12, 30};
    /** Those of which a step takes as given what has no state beside the network. */
    private static final List<Layers> LAYERS = List.of(Layers.DENSE, Layers.DENSE, Layers.CONVOLUTION,
            Layers.BATCH_NORMALIZATION, Layers.RECURRENT, Layers.TIME_STEPS, Layers.SPIKING);

    @TempDir
    Path folder;

    private enum Operation {
        LEARN, LEARN_AGAIN, SAVE, COPY, COPY_LEARNS, ASK, LOOK, FAIL, LISTEN, CONFIGURATION, STATE, SAVE_PLAINLY
    }

    @Test
    void nothingButLearningChangesANetwork() throws IOException {
        for (int number = FROM; number < FROM + PROGRAMS; number++) {
            new Program(number).run();
        }
    }

    private final class Program {

        private final int number;
        private final Random random;
        private final Layers layers;
        private final MultiLayerNetwork model;
        private MultiLayerNetwork net;
        private final List<String> done = new ArrayList<>();

        Program(int number) {
            this.number = number;
            this.random = new Random(number);
            this.layers = LAYERS.get(random.nextInt(LAYERS.size()));
            Objectives objective = Objectives.values()[random.nextInt(Objectives.values().length)];
            Memory memory = Memory.values()[random.nextInt(2)];
            MultiLayerConfiguration conf = Interruptions.conf(objective, memory, layers, DataType.FLOAT);
            model = Fixtures.network(conf);
            net = Fixtures.network(conf.clone());
            done.add(layers + " " + objective + " " + memory);
        }

        void run() throws IOException {
            learn(batch(), 1);
            int length = 1 + random.nextInt(LONGEST);
            for (int i = 0; i < length; i++) {
                Operation operation = Operation.values()[random.nextInt(Operation.values().length)];
                done.add(operation.toString());
                try {
                    apply(operation);
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError("program " + number + ": " + done, e);
                }
                assertThat(Fixtures.values(net.params())).as("program %s: %s", number, done)
                        .isEqualTo(Fixtures.values(model.params()));
                assertThat(remembered(net)).as("program %s: %s", number, done).isEqualTo(remembered(model));
                assertThat(net.getIterationCount()).as("program %s: %s", number, done)
                        .isEqualTo(model.getIterationCount());
            }
        }

        /** But for room that a step made that did not count: it is filled before more is made. */
        private Map<String, List<Double>> remembered(MultiLayerNetwork network) {
            NetworkState state = IbHebb.state(network);
            Map<String, List<Double>> all = new TreeMap<>();
            state.names().stream().filter(name -> !name.endsWith("/slots")).forEach(name ->
                    all.put(name, Arrays.stream(state.numbers(name)).boxed().toList()));
            return all;
        }

        private DataSet batch() {
            return layers.data(SIZES[random.nextInt(SIZES.length)], random.nextInt(1000));
        }

        private void apply(Operation operation) throws IOException {
            switch (operation) {
                case LEARN -> learn(batch(), 1);
                case LEARN_AGAIN -> learn(batch(), 3);
                case SAVE -> {
                    Path file = folder.resolve("net.zip");
                    IbHebb.save(net, file);
                    net = IbHebb.restoreMultiLayerNetwork(file);
                    Files.delete(file);
                }
                case COPY -> net = IbHebb.clone(net);
                case COPY_LEARNS -> {
                    MultiLayerNetwork twin = IbHebb.clone(net);
                    twin.fit(batch());
                    assertThat(twin.getIterationCount()).isEqualTo(net.getIterationCount() + 1);
                }
                case ASK -> {
                    DataSet batch = batch();
                    INDArray answer = net.output(batch.getFeatures());
                    assertThat(Fixtures.values(answer)).isEqualTo(Fixtures.values(model.output(batch.getFeatures())));
                }
                case LOOK -> {
                    DataSet batch = batch();
                    net.setInput(batch.getFeatures().castTo(DataType.FLOAT));
                    net.setLabels(batch.getLabels().castTo(DataType.FLOAT));
                    net.computeGradientAndScore();
                    assertThat(net.score()).isFinite();
                }
                case FAIL -> {
                    DataSet batch = batch();
                    INDArray features = batch.getFeatures().dup();
                    features.putScalar(random.nextInt((int) features.length()), Double.NaN);
                    assertThatThrownBy(() -> net.fit(new DataSet(features, batch.getLabels())))
                            .isInstanceOf(ArithmeticException.class).hasMessageContaining("not finite");
                }
                case LISTEN -> net.setListeners(new CollectScoresListener(1));
                case CONFIGURATION -> assertThat(MultiLayerConfiguration.fromJson(
                        net.getLayerWiseConfigurations().toJson())).isEqualTo(net.getLayerWiseConfigurations());
                case STATE -> assertThat(IbHebb.state(net)).isEqualTo(IbHebb.state(net))
                        .hasSameHashCodeAs(IbHebb.state(net));
                case SAVE_PLAINLY -> {
                    Path file = folder.resolve("plain.zip");
                    net.save(file.toFile());
                    // As Deeplearning4j saves it, it has forgotten; the one that goes on has not.
                    assertThat(Fixtures.values(MultiLayerNetwork.load(file.toFile(), true).params()))
                            .isEqualTo(Fixtures.values(net.params()));
                    Files.delete(file);
                }
                default -> throw new AssertionError(operation);
            }
        }

        private void learn(DataSet batch, int times) {
            for (int i = 0; i < times; i++) {
                net.fit(batch);
                model.fit(batch);
            }
        }
    }
}
