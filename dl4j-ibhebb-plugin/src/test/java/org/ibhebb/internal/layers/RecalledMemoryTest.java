package org.ibhebb.internal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ibhebb.Fixtures.values;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.memory.DelayLines;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.memory.MemoryPretrainer;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.MemoryFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** Training with a memory network, against training with the exact memory that it stands for. */
class RecalledMemoryTest {

    private static final int CAPACITY = 7;
    /** One at a time until beyond full, then smaller, equal and larger than the capacity. */
    private static final int[] BATCHES = {1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 5, 7, 2, 8, 1, 20, 6, 1, 1, 14, 3, 1, 1};
    private static final MemoryNetwork PERFECT = DelayLines.recalling(4, 9);

    /** With perfect recall nothing can be told from an exact memory, whatever the sizes of the mini-batches. */
    @ParameterizedTest
    @MethodSource("org.ibhebb.internal.layers.WorkingMemoryTest#rules")
    void perfectRecallTrainsAsAnExactMemoryDoes(LearningRule exact) {
        LearningRule recalled = exact.toBuilder().memory(PERFECT, CAPACITY).build();
        MultiLayerNetwork one = Fixtures.localMlp(exact, 5, 4, 6, 3);
        MultiLayerNetwork other = Fixtures.localMlp(recalled, 5, 4, 6, 3);
        INDArray start = one.params().dup();
        for (int step = 0; step < BATCHES.length; step++) {
            DataSet batch = batch(step, BATCHES[step]);
            one.fit(batch);
            other.fit(batch);
            assertThat(other.params().distance2(one.params()))
                    .as("step " + step).isLessThan(1e-6 * start.distance2(one.params()) + 1e-9);
        }
        assertThat(start.distance2(one.params())).isGreaterThan(1e-3);
    }

    @Test
    void perfectRecallTrainsAGraphWithTwoOutputsAsAnExactMemoryDoes() {
        LearningRule exact = Fixtures.plain().memory(CAPACITY).build();
        ComputationGraph[] graphs = new ComputationGraph[2];
        for (int i = 0; i < 2; i++) {
            ComputationGraphConfiguration conf = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH)
                    .graphBuilder()
                    .addInputs("in")
                    .addLayer("hidden", new DenseLayer.Builder().nIn(5).nOut(6).build(), "in")
                    .addLayer("a", Fixtures.readout(6, 3), "hidden")
                    .addLayer("b", Fixtures.readout(6, 2), "hidden")
                    .setOutputs("a", "b")
                    .build();
            graphs[i] = new ComputationGraph(IbHebb.convert(
                    conf, i == 0 ? exact : exact.toBuilder().memory(PERFECT, CAPACITY).build()));
            graphs[i].init();
        }
        for (int step = 0; step < 20; step++) {
            for (ComputationGraph graph : graphs) {
                graph.fit(new INDArray[] {Fixtures.noise(step, 1, 5)},
                        new INDArray[] {Fixtures.oneHot(step, 1, 3), Fixtures.oneHot(step + 50, 1, 2)});
            }
        }
        assertThat(graphs[1].params().distance2(graphs[0].params())).isLessThan(1e-5);
    }

    /** An imperfect memory is noticed: the test above could fail. */
    @Test
    void imperfectRecallTrainsALittleDifferently() {
        LearningRule exact = Fixtures.plain().memory(CAPACITY).build();
        MultiLayerNetwork one = Fixtures.localMlp(exact, 5, 4, 6, 3);
        MultiLayerNetwork other = Fixtures.localMlp(withSmall(), 5, 4, 6, 3);
        INDArray start = one.params().dup();
        for (int step = 0; step < BATCHES.length; step++) {
            one.fit(batch(step, BATCHES[step]));
            other.fit(batch(step, BATCHES[step]));
        }
        double difference = other.params().distance2(one.params()) / start.distance2(one.params());
        assertThat(difference).isBetween(1e-5, 0.2);
    }

    @Test
    void theSameRunTwiceIsTheSameToTheBit() {
        MultiLayerNetwork one = Fixtures.localMlp(withSmall(), 5, 4, 6, 3);
        MultiLayerNetwork other = Fixtures.localMlp(withSmall(), 5, 4, 6, 3);
        for (int step = 0; step < BATCHES.length; step++) {
            one.fit(batch(step, BATCHES[step]));
            other.fit(batch(step, BATCHES[step]));
        }
        assertThat(values(other.params())).isEqualTo(values(one.params()));
    }

    @Test
    void layersAboveDoNotChangeTheUpdatesBelow() {
        MultiLayerNetwork plain = Fixtures.localMlp(withSmall(), 5, 7, 6, 3);
        MultiLayerNetwork perturbed = plain.clone();
        perturbed.getLayer(1).params().muli(-1.7).addi(0.3);
        perturbed.getLayer(2).params().muli(2);
        for (int step = 0; step < BATCHES.length; step++) {
            plain.fit(batch(step, BATCHES[step]));
            perturbed.fit(batch(step, BATCHES[step]));
        }
        assertThat(values(perturbed.getLayer(0).params())).isEqualTo(values(plain.getLayer(0).params()));
        assertThat(values(perturbed.getLayer(1).params())).isNotEqualTo(values(plain.getLayer(1).params()));
    }

    /** Whether it fails before it has written anything, or after. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFailedStepLeavesTheMemoryAsItWas(boolean late) {
        MultiLayerNetwork net = Fixtures.localMlp(withSmall(), 5, 4, 6, 3);
        MultiLayerNetwork quiet = Fixtures.localMlp(withSmall(), 5, 4, 6, 3);
        // The first step fails too.
        for (int step = 0; step < 25; step++) {
            DataSet failing = batch(300 + step, 1 + step % 9);
            if (late) {
                net.setListeners(new BaseTrainingListener() {
                    @Override
                    public void onGradientCalculation(Model model) {
                        throw new ArithmeticException("on purpose");
                    }
                });
            } else {
                failing.getFeatures().putScalar(0, Double.NaN);
            }
            assertThatThrownBy(() -> net.fit(failing)).isInstanceOf(ArithmeticException.class)
                    .hasMessageContaining(late ? "on purpose" : "not finite");
            net.setListeners();
            net.fit(batch(step, 1 + step % 3));
            quiet.fit(batch(step, 1 + step % 3));
            assertThat(values(net.params())).as("step " + step).isEqualTo(values(quiet.params()));
        }
        assertThat(IbHebb.state(net)).isEqualTo(IbHebb.state(quiet));
    }

    @Test
    void aSavedModelNamesItsMemoryNetworkAndGoesOn(@TempDir Path folder) throws Exception {
        MemoryNetwork network = small().save(folder.resolve("memory.ibmem"));
        LearningRule rule = Fixtures.plain().memory(network, CAPACITY).build();
        MultiLayerNetwork net = Fixtures.network(
                IbHebb.convert(Fixtures.mlp(Activation.TANH, new Adam(1e-2), 5, 4, 3), rule));
        net.fit(batch(1, 3));
        File saved = folder.resolve("net.zip").toFile();
        net.save(saved, true);
        MultiLayerNetwork restored = MultiLayerNetwork.load(saved, true);
        MultiLayerNetwork clone = net.clone();

        assertThat(restored.getLayerWiseConfigurations()).isEqualTo(net.getLayerWiseConfigurations());
        assertThat(restored.getLayerWiseConfigurations().toJson())
                .contains(network.checksum(), "memory.ibmem");
        for (int step = 2; step < 20; step++) {
            restored.fit(batch(step, 2));
            clone.fit(batch(step, 2));
        }
        assertThat(values(restored.params())).isEqualTo(values(clone.params()));
    }

    @Test
    void withoutItsFileARestoredModelCanBeUsedButNotTrained(@TempDir Path folder) throws Exception {
        MemoryFile gone = new MemoryFile(folder.resolve("gone.ibmem").toString(), "0".repeat(64), 90, 8, 9);
        LearningRule rule = Fixtures.plain().memory(gone, CAPACITY).build();
        MultiLayerConfiguration conf = IbHebb.convert(Fixtures.mlp(Activation.TANH, new Sgd(0.1), 5, 4, 3), rule);
        MultiLayerNetwork net = Fixtures.network(conf);
        File saved = folder.resolve("net.zip").toFile();
        net.save(saved, true);
        MultiLayerNetwork restored = MultiLayerNetwork.load(saved, true);

        assertThat(restored.output(Fixtures.noise(1, 2, 5))).isEqualTo(net.output(Fixtures.noise(1, 2, 5)));
        double[] before = values(restored.params());
        assertThatThrownBy(() -> restored.fit(batch(1, 3))).isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("layer", "index 0", "gone.ibmem", "not there", "MemoryNetwork.load");
        assertThat(values(restored.params())).isEqualTo(before);
        assertThat(Files.exists(saved.toPath())).isTrue();
    }

    @Test
    void aTrainedNetworkGoesOnWithAMemoryNetwork() {
        MultiLayerNetwork stock = Fixtures.network(Fixtures.mlp(Activation.TANH, new Sgd(0.1), 5, 4, 6, 3));
        stock.fit(batch(1, 9));
        MultiLayerNetwork local = IbHebb.convert(stock, withSmall());
        double[] before = values(local.getLayer(0).params());
        assertThat(before).isEqualTo(values(stock.getLayer(0).params()));
        for (int step = 0; step < 10; step++) {
            local.fit(batch(step, 3));
        }
        assertThat(values(local.getLayer(0).params())).isNotEqualTo(before);
        assertThat(IbHebb.report(local.getLayerWiseConfigurations()).toString())
                .contains("memory 7", "recalled by", "100 units");
    }

    @Test
    void oneNetworkHasOneMemory() {
        MultiLayerConfiguration conf = Fixtures.mlp(Activation.TANH, new Sgd(0.1), 5, 4, 6, 3);
        ((DenseLayer) conf.getConf(0).getLayer()).setIUpdater(new IbHebb(new Sgd(0.1), withSmall()));
        ((DenseLayer) conf.getConf(1).getLayer()).setIUpdater(
                new IbHebb(new Sgd(0.1), Fixtures.plain().memory(CAPACITY).build()));
        assertThatThrownBy(() -> IbHebb.convert(conf))
                .hasMessageContainingAll("one working memory", "7 samples", "recalled by");
    }

    @Test
    void moreThanIsRecalledCantBeAskedFor() {
        assertThatThrownBy(() -> Fixtures.plain().memory(PERFECT, 10).build())
                .hasMessageContainingAll("memory (10)", "at most 9");
        assertThat(Fixtures.plain().memory(PERFECT).build().memory()).isEqualTo(9);
        assertThat(Fixtures.plain().memory(PERFECT).memory(64).build().memoryNetwork()).isNull();
    }

    private static MemoryNetwork small() {
        return Small.NETWORK;
    }

    private static LearningRule withSmall() {
        return Fixtures.plain().memory(small(), CAPACITY).build();
    }

    private static DataSet batch(int step, int samples) {
        return new DataSet(Fixtures.noise(100 + step, samples, 5), Fixtures.oneHot(200 + step, samples, 3));
    }

    private static final class Small {
        static final MemoryNetwork NETWORK =
                MemoryPretrainer.builder().units(100).activityWidth(8).recall(8).build().pretrain(done -> {});
    }
}
