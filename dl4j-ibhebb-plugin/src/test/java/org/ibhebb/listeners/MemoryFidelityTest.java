package org.ibhebb.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.ibhebb.Fixtures.values;

import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.memory.DelayLines;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.memory.MemoryPretrainer;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** What the listener shows, where the answer is known; and that nobody notices it. */
class MemoryFidelityTest {

    private static final int CAPACITY = 7;
    private static final LearningRule PERFECT =
            Fixtures.plain().objective(Objective.hsic()).memory(DelayLines.recalling(4, 9), CAPACITY).build();

    @Test
    void perfectRecallHasACosineOfOne() {
        MultiLayerNetwork net = Fixtures.localMlp(PERFECT, 5, 4, 6, 3);
        MemoryFidelity fidelity = new MemoryFidelity(5);
        net.addListeners(fidelity);
        for (int step = 0; step < 20; step++) {
            net.fit(batch(step, step == 12 ? 9 : 1 + step % 3));
        }
        assertThat(fidelity.records()).extracting(MemoryFidelity.Record::layer)
                .containsExactly("layer0", "layer1", "layer0", "layer1", "layer0", "layer1", "layer0", "layer1");
        assertThat(fidelity.records()).extracting(MemoryFidelity.Record::iteration)
                .containsExactly(4, 4, 9, 9, 14, 14, 19, 19);
        assertThat(fidelity.records()).allSatisfy(record -> assertThat(record.cosine()).isCloseTo(1, within(1e-5)));
    }

    @Test
    void poorRecallHasALowCosine() {
        MemoryNetwork poor = MemoryPretrainer.builder().units(12).activityWidth(6).recall(8).build().pretrain(d -> {});
        MultiLayerNetwork net =
                Fixtures.localMlp(Fixtures.plain().memory(poor, CAPACITY).build(), 5, 4, 6, 3);
        MemoryFidelity fidelity = new MemoryFidelity(50);
        net.addListeners(fidelity);
        for (int step = 0; step < 50; step++) {
            net.fit(batch(step, 2));
        }
        assertThat(fidelity.records()).hasSize(2)
                .allSatisfy(record -> assertThat(record.cosine()).isBetween(-0.5, 0.95));
    }

    /** Added later, it waits until its own memory holds what the network's holds. */
    @Test
    void addedLaterItMeasuresTheSame() {
        MultiLayerNetwork net = Fixtures.localMlp(PERFECT, 5, 4, 6, 3);
        for (int step = 0; step < 10; step++) {
            net.fit(batch(step, 1));
        }
        MemoryFidelity fidelity = new MemoryFidelity(20);
        net.addListeners(fidelity);
        for (int step = 10; step < 20; step++) {
            net.fit(batch(step, 1));
        }
        assertThat(fidelity.records()).hasSize(2).allSatisfy(record -> {
            assertThat(record.cosine()).isCloseTo(1, within(1e-5));
            assertThat(record.steps()).isEqualTo(10 - CAPACITY);
        });
    }

    /** A layer whose rule has a prediction too, from its first step or later. */
    @Test
    void itComparesObjectivesOfTheWindowAlone() {
        LearningRule rule = PERFECT.toBuilder().plus(Objective.prediction()).build();
        MultiLayerNetwork net = Fixtures.localMlp(rule, 5, 4, 6, 3);
        MemoryFidelity first = new MemoryFidelity(20);
        net.addListeners(first);
        for (int step = 0; step < 10; step++) {
            net.fit(batch(step, 1));
        }
        MemoryFidelity later = new MemoryFidelity(20);
        net.addListeners(later);
        for (int step = 10; step < 20; step++) {
            net.fit(batch(step, 1));
        }
        for (MemoryFidelity fidelity : new MemoryFidelity[] {first, later}) {
            assertThat(fidelity.records()).hasSize(2)
                    .allSatisfy(record -> assertThat(record.cosine()).isCloseTo(1, within(1e-5)));
        }
    }

    @Test
    void twoOfThemSeeTheSame() {
        MultiLayerNetwork net = Fixtures.localMlp(PERFECT, 5, 4, 6, 3);
        MemoryFidelity one = new MemoryFidelity(5);
        MemoryFidelity other = new MemoryFidelity(5);
        net.setListeners(one, other);
        for (int step = 0; step < 10; step++) {
            net.fit(batch(step, 1 + step % 3));
        }
        assertThat(one.records()).hasSize(4).isEqualTo(other.records());
    }

    @Test
    void aGraphIsWatchedTooAndWritten(@TempDir Path folder) throws Exception {
        ComputationGraphConfiguration conf = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH).graphBuilder()
                .addInputs("in")
                .addLayer("hidden", new DenseLayer.Builder().nIn(5).nOut(6).build(), "in")
                .addLayer("out", Fixtures.readout(6, 3), "hidden")
                .setOutputs("out")
                .build();
        ComputationGraph net = new ComputationGraph(IbHebb.convert(conf, PERFECT));
        net.init();
        MemoryFidelity fidelity = new MemoryFidelity(10);
        net.addListeners(fidelity);
        for (int step = 0; step < 10; step++) {
            net.fit(new INDArray[] {Fixtures.noise(step, 1, 5)}, new INDArray[] {Fixtures.oneHot(step, 1, 3)});
        }
        assertThat(fidelity.records()).singleElement().satisfies(record -> {
            assertThat(record.layer()).isEqualTo("hidden");
            assertThat(record.cosine()).isCloseTo(1, within(1e-5));
        });
        Path csv = folder.resolve("fidelity.csv");
        fidelity.writeCsv(csv);
        assertThat(Files.readAllLines(csv)).hasSize(2).startsWith("iteration,layer,cosine,steps");
    }

    @Test
    void theNetworkTrainsToTheSameBits() {
        MemoryNetwork memory = MemoryPretrainer.builder().units(60).activityWidth(6).recall(8).build()
                .pretrain(done -> {});
        LearningRule rule = Fixtures.plain().objective(Objective.hsic()).memory(memory, CAPACITY).build();
        MultiLayerNetwork alone = Fixtures.localMlp(rule, 5, 4, 6, 3);
        MultiLayerNetwork watched = Fixtures.localMlp(rule, 5, 4, 6, 3);
        watched.addListeners(new MemoryFidelity(3));
        for (int step = 0; step < 30; step++) {
            alone.fit(batch(step, 1 + step % 4));
            watched.fit(batch(step, 1 + step % 4));
        }
        assertThat(values(watched.params())).isEqualTo(values(alone.params()));
        assertThat(watched.score()).isEqualTo(alone.score());
    }

    @Test
    void itNeedsAnInterval() {
        assertThatThrownBy(() -> new MemoryFidelity(0)).hasMessageContainingAll("every (0)", "at least 1");
    }

    private static DataSet batch(int step, int samples) {
        return new DataSet(Fixtures.noise(100 + step, samples, 5), Fixtures.oneHot(200 + step, samples, 3));
    }
}
