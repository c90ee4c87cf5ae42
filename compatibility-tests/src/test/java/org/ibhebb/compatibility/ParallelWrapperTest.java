package org.ibhebb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ibhebb.compatibility.Networks.accuracy;
import static org.ibhebb.compatibility.Networks.builder;
import static org.ibhebb.compatibility.Networks.dense;
import static org.ibhebb.compatibility.Networks.network;
import static org.ibhebb.compatibility.Networks.readout;
import static org.ibhebb.compatibility.Networks.values;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** DL4J's training on several threads: every replica of a network has a working memory of its own. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ParallelWrapperTest {

    private static final int DIMENSIONS = 20;
    private static final DataSet DATA = Samples.xor(1, 192, DIMENSIONS);
    private static final DataSet TEST = Samples.xor(2, 192, DIMENSIONS);
    private static final int STEPS = 24;
    /** More than a mini-batch, so that what a replica has learnt from before matters. */
    private static final LearningRule RULE = LearningRule.builder().memory(64).build();

    private static MultiLayerNetwork chain(NeuralNetConfiguration.Builder builder) {
        return network(IbHebb.convert(builder.list()
                .layer(dense(12)).layer(dense(8)).layer(readout(2))
                .setInputType(InputType.feedForward(DIMENSIONS))
                .build(), RULE));
    }

    private static ComputationGraph graph() {
        return network(IbHebb.convert(builder().graphBuilder()
                .addInputs("in")
                .addLayer("a", dense(12), "in").addLayer("b", dense(8), "a").addLayer("out", readout(2), "b")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(DIMENSIONS))
                .build(), RULE));
    }

    private static void train(Model network, ParallelWrapper.TrainingMode mode, int epochs, int batch)
            throws Exception {
        try (ParallelWrapper wrapper = new ParallelWrapper.Builder<>(network)
                .workers(2)
                .prefetchBuffer(0)
                .averagingFrequency(1)
                .trainingMode(mode)
                .build()) {
            List<DataSet> samples = new ArrayList<>();
            for (int epoch = 0; epoch < epochs; epoch++) {
                samples.addAll(DATA.asList());
            }
            wrapper.fit(new ListDataSetIterator<>(samples, batch));
        }
    }

    private static void assertLearnt(Model network) {
        assertThat(Arrays.stream(values(network.params())).allMatch(Double::isFinite)).isTrue();
        assertThat(accuracy(network, TEST)).isGreaterThan(0.7);
    }

    @Test
    void averagedChainsLearn() throws Exception {
        MultiLayerNetwork network = chain(builder());
        train(network, ParallelWrapper.TrainingMode.AVERAGING, 20, 16);
        assertLearnt(network);
    }

    @Test
    void averagedGraphsLearn() throws Exception {
        ComputationGraph network = graph();
        train(network, ParallelWrapper.TrainingMode.AVERAGING, 20, 16);
        assertLearnt(network);
    }

    /** One call of fit: a second one deadlocks in DL4J, with stock networks too. */
    @Test
    void chainsThatShareGradientsLearn() throws Exception {
        MultiLayerNetwork network = chain(builder());
        train(network, ParallelWrapper.TrainingMode.SHARED_GRADIENTS, 20, 16);
        assertLearnt(network);
    }

    /**
     * What the wrapper does, without the wrapper, which averages too early now and then (with stock networks too): two
     * clones train at the same time, each step on either thread, and end as a clone does that trains alone.
     */
    @Test
    void replicasDoNotMixTheirMemories() throws Exception {
        MultiLayerNetwork network = chain(builder().updater(new Sgd(0.1)));
        List<DataSet> batches = DATA.batchBy(16);
        List<double[]> alone = new ArrayList<>();
        for (int replica = 0; replica < 2; replica++) {
            MultiLayerNetwork clone = network.clone();
            for (int step = 0; step < STEPS; step++) {
                clone.fit(batch(batches, replica, step));
            }
            alone.add(values(clone.params()));
        }

        List<MultiLayerNetwork> replicas = List.of(network.clone(), network.clone());
        CyclicBarrier together = new CyclicBarrier(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (int thread = 0; thread < 2; thread++) {
                int own = thread;
                workers.add(threads.submit(() -> {
                    for (int step = 0; step < STEPS; step++) {
                        together.await(30, TimeUnit.SECONDS);
                        int replica = (own + step / 3) % 2;
                        replicas.get(replica).fit(batch(batches, replica, step));
                    }
                    return null;
                }));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(alone.get(0)).isNotEqualTo(alone.get(1));
        for (int replica = 0; replica < 2; replica++) {
            assertThat(values(replicas.get(replica).params())).isEqualTo(alone.get(replica));
        }
    }

    /** The replicas take turns through the data, from its two halves. */
    private static DataSet batch(List<DataSet> batches, int replica, int step) {
        return batches.get((step + replica * batches.size() / 2) % batches.size());
    }
}
