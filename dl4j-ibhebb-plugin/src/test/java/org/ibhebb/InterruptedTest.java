package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.ibhebb.Fixtures.values;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Interruptions.Layers;
import org.ibhebb.Interruptions.Memory;
import org.ibhebb.Interruptions.Objectives;
import org.ibhebb.listeners.Checkpoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** A network that was saved and brought back goes on as if nothing had happened, to the bit. */
@ForAnyKernel
class InterruptedTest {

    private static final int BEFORE = 5;
    private static final int AFTER = 6;
    private static final int[] SIZES = {1, 7, 32};

    /** All sizes in each cell, or each size in a third of them. */
    private static final boolean WHOLE = "whole".equals(System.getProperty("ibhebb.tests"));

    @TempDir
    Path folder;

    private static int[] sizes(int cell) {
        return WHOLE ? SIZES : new int[] {SIZES[cell % SIZES.length]};
    }

    /** Parameters, updater's state, counts, and all that is remembered. */
    private static void assertSame(MultiLayerNetwork one, MultiLayerNetwork other, String what) {
        assertThat(values(other.params())).as(what).isEqualTo(values(one.params()));
        assertThat(values(other.getUpdater().getStateViewArray())).as(what)
                .isEqualTo(values(one.getUpdater().getStateViewArray()));
        assertThat(other.getIterationCount()).as(what).isEqualTo(one.getIterationCount());
        assertThat(other.getEpochCount()).as(what).isEqualTo(one.getEpochCount());
        assertThat(IbHebb.state(other)).as(what).isEqualTo(IbHebb.state(one));
    }

    private static void assertSame(ComputationGraph one, ComputationGraph other, String what) {
        assertThat(values(other.params())).as(what).isEqualTo(values(one.params()));
        assertThat(values(other.getUpdater().getStateViewArray())).as(what)
                .isEqualTo(values(one.getUpdater().getStateViewArray()));
        assertThat(other.getIterationCount()).as(what).isEqualTo(one.getIterationCount());
        assertThat(IbHebb.state(other)).as(what).isEqualTo(IbHebb.state(one));
    }

    /** Double precision where the native kernel and BLAS take other ways than in single, too. */
    private static DataType type(int size) {
        return size == 7 ? DataType.DOUBLE : DataType.FLOAT;
    }

    /** Every objective x memory x kind of layer x size of mini-batch. */
    @ParameterizedTest
    @EnumSource(Layers.class)
    void everyNetworkGoesOn(Layers layers) throws Exception {
        int cells = 0;
        for (Objectives objective : Objectives.values()) {
            for (Memory memory : Memory.values()) {
                for (int size : sizes(layers.ordinal() + objective.ordinal() + memory.ordinal())) {
                    String cell = layers + ", " + objective + ", " + memory + ", mini-batches of " + size;
                    List<DataSet> batches = Interruptions.batches(layers, size, BEFORE + AFTER, type(size));
                    MultiLayerNetwork net =
                            Fixtures.network(Interruptions.conf(objective, memory, layers, type(size)));
                    batches.subList(0, BEFORE).forEach(net::fit);
                    Path file = folder.resolve("net.zip");
                    IbHebb.save(net, file);
                    MultiLayerNetwork restored = IbHebb.restoreMultiLayerNetwork(file);
                    MultiLayerNetwork clone = IbHebb.clone(net);
                    assertSame(net, restored, cell);
                    assertSame(net, clone, cell);
                    for (DataSet batch : batches.subList(BEFORE, BEFORE + AFTER)) {
                        net.fit(batch);
                        restored.fit(batch);
                        clone.fit(batch);
                    }
                    assertSame(net, restored, cell);
                    assertSame(net, clone, cell);
                    cells++;
                }
            }
        }
        int all = Objectives.values().length * Memory.values().length * SIZES.length;
        assertThat(cells).isEqualTo(WHOLE ? all : all / SIZES.length);
    }

    @ParameterizedTest
    @EnumSource(Layers.class)
    void everyGraphGoesOn(Layers layers) throws Exception {
        for (Memory memory : Memory.values()) {
            for (int size : sizes(layers.ordinal() + memory.ordinal())) {
                String cell = layers + ", " + memory + ", mini-batches of " + size;
                List<DataSet> batches = Interruptions.batches(layers, size, BEFORE + AFTER, type(size));
                ComputationGraph net = Fixtures.network(
                        Interruptions.conf(Objectives.DEFAULT, memory, layers, type(size))).toComputationGraph();
                batches.subList(0, BEFORE).forEach(net::fit);
                Path file = folder.resolve("graph.zip");
                IbHebb.save(net, file);
                ComputationGraph restored = IbHebb.restoreComputationGraph(file);
                ComputationGraph clone = IbHebb.clone(net);
                for (DataSet batch : batches.subList(BEFORE, BEFORE + AFTER)) {
                    net.fit(batch);
                    restored.fit(batch);
                    clone.fit(batch);
                }
                assertSame(net, restored, cell);
                assertSame(net, clone, cell);
            }
        }
    }

    /** At any step: the memory is empty, filling, full, and has gone around. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 11, 23})
    void aNetworkGoesOnFromAnyStep(int step) throws Exception {
        List<DataSet> batches = Interruptions.batches(Layers.DENSE, 3, step + 100, DataType.FLOAT);
        MultiLayerNetwork net = Fixtures.network(
                Interruptions.conf(Objectives.DEFAULT, Memory.EXACT, Layers.DENSE, DataType.FLOAT));
        batches.subList(0, step).forEach(net::fit);
        IbHebb.save(net, folder.resolve("net.zip"));
        MultiLayerNetwork restored = IbHebb.restoreMultiLayerNetwork(folder.resolve("net.zip"));
        for (DataSet batch : batches.subList(step, step + 100)) {
            net.fit(batch);
            restored.fit(batch);
        }
        assertSame(net, restored, "from step " + step);
    }

    @Test
    void aNetworkInHalfPrecisionGoesOn() throws Exception {
        assumeThat(System.getProperty("ibhebb.kernel")).as("a kernel that takes it").isNotEqualTo("native");
        List<DataSet> batches = Interruptions.batches(Layers.DENSE, 7, BEFORE + AFTER, DataType.FLOAT16);
        MultiLayerNetwork net = Fixtures.network(
                Interruptions.conf(Objectives.DEFAULT, Memory.EXACT, Layers.DENSE, DataType.FLOAT16));
        batches.subList(0, BEFORE).forEach(net::fit);
        IbHebb.save(net, folder.resolve("net.zip"));
        MultiLayerNetwork restored = IbHebb.restoreMultiLayerNetwork(folder.resolve("net.zip"));
        for (DataSet batch : batches.subList(BEFORE, BEFORE + AFTER)) {
            net.fit(batch);
            restored.fit(batch);
        }
        assertSame(net, restored, "half precision");
    }

    /** What a network draws from ND4J's generator of its thread, which {@code draw} moves in between. */
    private enum Drawing {
        DROPOUT {
            @Override
            DenseLayer.Builder with(DenseLayer.Builder layer) {
                return layer.dropOut(0.7);
            }
        },
        NOISE {
            @Override
            DenseLayer.Builder with(DenseLayer.Builder layer) {
                return layer.dropOut(new GaussianNoise(0.3));
            }
        },
        WEIGHT_NOISE {
            @Override
            DenseLayer.Builder with(DenseLayer.Builder layer) {
                return layer.weightNoise(new DropConnect(0.7));
            }
        },
        RANDOM_SLOPES {
            @Override
            DenseLayer.Builder with(DenseLayer.Builder layer) {
                return layer.activation(new ActivationRReLU());
            }
        },
        NOTHING {
            @Override
            DenseLayer.Builder with(DenseLayer.Builder layer) {
                return layer;
            }
        };

        abstract DenseLayer.Builder with(DenseLayer.Builder layer);
    }

    /** ND4J's generator is each thread's, and what was drawn since the network was saved is drawn once more. */
    @ParameterizedTest
    @EnumSource(Drawing.class)
    void aNetworkThatDrawsAtRandomGoesOn(Drawing drawing) throws Exception {
        List<DataSet> batches = Interruptions.batches(Layers.DENSE, 7, BEFORE + AFTER, DataType.FLOAT);
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(
                Fixtures.builder(new Adam(1e-2)).dataType(DataType.FLOAT).activation(Activation.TANH).list()
                        .layer(new DenseLayer.Builder().nIn(5).nOut(7).build())
                        .layer(drawing.with(new DenseLayer.Builder().nIn(7).nOut(6)).build())
                        .layer(Fixtures.readout(6, 3)).build()));
        Nd4j.getRandom().setSeed(5);
        batches.subList(0, BEFORE).forEach(net::fit);
        Path chain = folder.resolve("net.zip");
        IbHebb.save(net, chain);
        batches.subList(BEFORE, BEFORE + AFTER).forEach(net::fit);

        Nd4j.getRandom().setSeed(99);
        double next = Nd4j.rand(1).getDouble(0);
        Nd4j.getRandom().setSeed(99);
        MultiLayerNetwork restored = IbHebb.restoreMultiLayerNetwork(chain);
        // A network that draws nothing leaves the program's generator alone.
        assertThat(Nd4j.rand(1).getDouble(0) == next).isEqualTo(drawing == Drawing.NOTHING);
        restored = IbHebb.restoreMultiLayerNetwork(chain);
        batches.subList(BEFORE, BEFORE + AFTER).forEach(restored::fit);
        assertSame(net, restored, drawing.toString());

        // Otherwise nothing above would show anything.
        if (drawing != Drawing.NOTHING) {
            MultiLayerNetwork other = IbHebb.restoreMultiLayerNetwork(chain);
            Nd4j.rand(1);
            batches.subList(BEFORE, BEFORE + AFTER).forEach(other::fit);
            assertThat(values(other.params())).isNotEqualTo(values(net.params()));
        }
    }

    /** Two branches that draw, one after the other: a restored graph's layers come in the same order. */
    @ParameterizedTest
    @EnumSource(Drawing.class)
    void aGraphThatDrawsAtRandomGoesOn(Drawing drawing) throws Exception {
        List<DataSet> batches = Interruptions.batches(Layers.DENSE, 7, BEFORE + AFTER, DataType.FLOAT);
        ComputationGraph net = new ComputationGraph(IbHebb.convert(
                Fixtures.builder(new Adam(1e-2)).dataType(DataType.FLOAT).activation(Activation.TANH).graphBuilder()
                        .addInputs("in")
                        .addLayer("z", drawing.with(new DenseLayer.Builder().nIn(5).nOut(7)).build(), "in")
                        .addLayer("a", drawing.with(new DenseLayer.Builder().nIn(5).nOut(4)).build(), "in")
                        .addLayer("m", drawing.with(new DenseLayer.Builder().nIn(11).nOut(6)).build(), "z", "a")
                        .addLayer("out", Fixtures.readout(6, 3), "m")
                        .setOutputs("out").build()));
        net.init();
        Nd4j.getRandom().setSeed(5);
        batches.subList(0, BEFORE).forEach(net::fit);
        Path file = folder.resolve("graph.zip");
        IbHebb.save(net, file);
        batches.subList(BEFORE, BEFORE + AFTER).forEach(net::fit);

        Nd4j.getRandom().setSeed(99);
        ComputationGraph restored = IbHebb.restoreComputationGraph(file);
        batches.subList(BEFORE, BEFORE + AFTER).forEach(restored::fit);
        assertSame(net, restored, drawing.toString());

        // Otherwise nothing above would show anything.
        if (drawing != Drawing.NOTHING) {
            ComputationGraph other = IbHebb.restoreComputationGraph(file);
            Nd4j.rand(1);
            batches.subList(BEFORE, BEFORE + AFTER).forEach(other::fit);
            assertThat(values(other.params())).isNotEqualTo(values(net.params()));
        }
    }

    /** Otherwise nothing above would show anything. */
    @Test
    void withoutItsMemoryANetworkGoesAnotherWay() throws Exception {
        List<DataSet> batches = Interruptions.batches(Layers.DENSE, 7, BEFORE + 1, DataType.DOUBLE);
        for (Objectives objective : Objectives.values()) {
            MultiLayerNetwork net = Fixtures.network(
                    Interruptions.conf(objective, Memory.EXACT, Layers.DENSE, DataType.DOUBLE));
            batches.subList(0, BEFORE).forEach(net::fit);
            IbHebb.save(net, folder.resolve("net.zip"));
            MultiLayerNetwork forgetful = MultiLayerNetwork.load(folder.resolve("net.zip").toFile(), true);
            assertThat(values(forgetful.params())).isEqualTo(values(net.params()));
            net.fit(batches.get(BEFORE));
            forgetful.fit(batches.get(BEFORE));
            assertThat(values(forgetful.params())).as("%s", objective).isNotEqualTo(values(net.params()));
        }
    }

    /** What was looked at, before or after, leaves no trace: a restored network's first step counts by its update. */
    @Test
    void aLookAtTheGradientsBeforeOrAfterLeavesNoTrace() throws Exception {
        List<DataSet> batches = Interruptions.batches(Layers.DENSE, 3, 20, DataType.FLOAT);
        MultiLayerNetwork net = Fixtures.network(
                Interruptions.conf(Objectives.DEFAULT, Memory.EXACT, Layers.DENSE, DataType.FLOAT));
        batches.subList(0, 6).forEach(net::fit);
        look(net, batches.get(19));
        IbHebb.save(net, folder.resolve("net.zip"));
        MultiLayerNetwork restored = IbHebb.restoreMultiLayerNetwork(folder.resolve("net.zip"));
        look(restored, batches.get(18));
        for (DataSet batch : batches.subList(6, 12)) {
            net.fit(batch);
            restored.fit(batch);
        }
        assertSame(net, restored, "looked at");
    }

    private static void look(MultiLayerNetwork net, DataSet batch) {
        net.setInput(batch.getFeatures());
        net.setLabels(batch.getLabels());
        net.computeGradientAndScore();
    }

    /** A file of a listener's, written within a step, holds the network as it is after it. */
    @Test
    void aCheckpointIsTheNetworkAfterItsStep() throws Exception {
        List<DataSet> batches = Interruptions.batches(Layers.DENSE, 7, 24, DataType.FLOAT);
        MultiLayerNetwork plain = constrained();
        MultiLayerNetwork net = constrained();
        net.addListeners(new Checkpoints(folder, 5, 2));
        List<MultiLayerNetwork> going = new ArrayList<>(List.of(plain, net));
        for (int i = 0; i < batches.size(); i++) {
            for (MultiLayerNetwork each : going) {
                each.fit(batches.get(i));
            }
            if (i == 9) {
                Path last = Checkpoints.last(folder).orElseThrow();
                assertThat(last.getFileName()).hasToString("checkpoint-10.zip");
                MultiLayerNetwork restored = IbHebb.restoreMultiLayerNetwork(last);
                assertThat(restored.getIterationCount()).isEqualTo(10);
                assertSame(net, restored, "just saved");
                going.add(restored);
            }
        }
        assertSame(plain, net, "with the listener");
        assertSame(net, going.get(2), "from the checkpoint");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("checkpoint-15.zip", "checkpoint-20.zip");
    }

    /** With constraints, which come after listeners, and a schedule, which goes by the count of iterations. */
    private static MultiLayerNetwork constrained() {
        return Fixtures.network(IbHebb.convert(Fixtures.builder(new Adam(
                        new ExponentialSchedule(
                                ScheduleType.ITERATION, 1e-2, 0.9)))
                .dataType(DataType.FLOAT).activation(Activation.TANH)
                .constrainWeights(new MaxNormConstraint(0.5, 1)).list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(7).build())
                .layer(Fixtures.readout(7, 3)).build()));
    }

    /** As a user's program goes on: another JVM, from the file alone. */
    @ParameterizedTest
    @EnumSource(Memory.class)
    void anotherJvmGoesOn(Memory memory) throws Exception {
        List<DataSet> batches = Interruptions.batches(Layers.CONVOLUTION, 7, BEFORE + 100, DataType.FLOAT);
        MultiLayerNetwork net = Fixtures.network(
                Interruptions.conf(Objectives.DEFAULT, memory, Layers.CONVOLUTION, DataType.FLOAT));
        batches.subList(0, BEFORE).forEach(net::fit);
        Path file = folder.resolve("net.zip");
        IbHebb.save(net, file);
        batches.subList(BEFORE, batches.size()).forEach(net::fit);
        File log = folder.resolve("log").toFile();
        Process other = AnotherJvm.running(List.of(), GoingOn.class, memory.name(), file.toString())
                .redirectOutput(log).start();
        assertThat(other.waitFor()).as(() -> text(log)).isZero();
        assertSame(net, IbHebb.restoreMultiLayerNetwork(file), "another JVM");
    }

    private static String text(File file) {
        try {
            return Files.readString(file.toPath());
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The other JVM: goes on with the network of a file, and saves it there. */
    static final class GoingOn {

        private GoingOn() {}

        public static void main(String[] arguments) throws Exception {
            // Makes the memory network that the rules name.
            Memory.valueOf(arguments[0]).of(Objectives.DEFAULT);
            Path file = Path.of(arguments[1]);
            MultiLayerNetwork net = IbHebb.restoreMultiLayerNetwork(file);
            List<DataSet> batches = Interruptions.batches(Layers.CONVOLUTION, 7, BEFORE + 100, DataType.FLOAT);
            batches.subList(BEFORE, batches.size()).forEach(net::fit);
            IbHebb.save(net, file);
        }
    }
}
