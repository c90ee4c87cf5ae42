package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Interruptions.Layers;
import org.ibhebb.Interruptions.Memory;
import org.ibhebb.Interruptions.Objectives;
import org.ibhebb.listeners.Checkpoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Several threads and one network: one trains, others ask, save, copy and look at what is remembered. Each finds the
 * network between two mini-batches, and training goes on to the same bits as alone.
 */
@ForAnyKernel
class ConcurrentUseTest {

    private static final int BATCHES = 120;

    @TempDir
    Path folder;

    private static MultiLayerNetwork network(Layers layers) {
        return Fixtures.network(Interruptions.conf(Objectives.DEFAULT, Memory.EXACT, layers, DataType.FLOAT));
    }

    @Test
    void othersFindTheNetworkBetweenMiniBatches() throws Exception {
        List<DataSet> batches = Interruptions.batches(Layers.CONVOLUTION, 7, BATCHES, DataType.FLOAT);
        // By their parameters, what there is to remember beside them.
        Map<List<Double>, NetworkState> states = new HashMap<>();
        MultiLayerNetwork alone = network(Layers.CONVOLUTION);
        for (DataSet batch : batches) {
            alone.fit(batch);
            states.put(bits(alone), IbHebb.state(alone));
        }
        MultiLayerNetwork net = network(Layers.CONVOLUTION);
        net.fit(batches.get(0));
        AtomicBoolean over = new AtomicBoolean();
        Path file = folder.resolve("net.zip");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> others = new ArrayList<>();
            others.add(threads.submit(repeating(over, () -> {
                IbHebb.save(net, file);
                MultiLayerNetwork saved = IbHebb.restoreMultiLayerNetwork(file);
                assertThat(states.get(bits(saved))).isNotNull().isEqualTo(IbHebb.state(saved));
            })));
            others.add(threads.submit(repeating(over, () -> {
                MultiLayerNetwork twin = IbHebb.clone(net);
                assertThat(states.get(bits(twin))).isNotNull().isEqualTo(IbHebb.state(twin));
                twin.fit(batches.get(0));
            })));
            others.add(threads.submit(repeating(over, () -> assertThat(states).containsValue(IbHebb.state(net)))));
            others.add(threads.submit(repeating(over, () -> assertThat(
                    net.output(batches.get(0).getFeatures()).sumNumber().doubleValue()).isBetween(6.99, 7.01))));
            for (DataSet batch : batches.subList(1, BATCHES)) {
                net.fit(batch);
                // The monitor is nobody's by turns.
                Thread.sleep(1);
            }
            over.set(true);
            for (Future<Integer> other : others) {
                assertThat(other.get(120, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
        assertThat(bits(net)).isEqualTo(bits(alone));
        assertThat(IbHebb.state(net)).isEqualTo(IbHebb.state(alone));
    }

    /** Deeplearning4j lets one wait for the other; which mini-batch comes first is up to chance. */
    @Test
    void twoThreadsMayTrainOneNetwork() throws Exception {
        MultiLayerNetwork net = network(Layers.BATCH_NORMALIZATION);
        List<DataSet> batches = Interruptions.batches(Layers.BATCH_NORMALIZATION, 7, 40, DataType.FLOAT);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> both = new ArrayList<>();
            for (int half = 0; half < 2; half++) {
                List<DataSet> own = batches.subList(20 * half, 20 * half + 20);
                both.add(threads.submit(() -> own.forEach(net::fit)));
            }
            for (Future<?> each : both) {
                each.get(120, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(net.getIterationCount()).isEqualTo(40);
        assertThat(bits(net)).allMatch(Double::isFinite);
        assertThat(IbHebb.state(net).numbers("slots/filled")).containsExactly(11);
    }

    @Test
    void graphs() throws Exception {
        ComputationGraph graph = network(Layers.DENSE).toComputationGraph();
        ComputationGraph alone = network(Layers.DENSE).toComputationGraph();
        List<DataSet> batches = Interruptions.batches(Layers.DENSE, 7, BATCHES, DataType.FLOAT);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> other = threads.submit(repeating(over, () -> {
                IbHebb.save(graph, folder.resolve("graph.zip"));
                IbHebb.clone(graph).fit(batches.get(0));
                IbHebb.state(graph);
            }));
            for (DataSet batch : batches) {
                graph.fit(batch);
                alone.fit(batch);
                Thread.sleep(1);
            }
            over.set(true);
            assertThat(other.get(120, TimeUnit.SECONDS)).isPositive();
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
        assertThat(Fixtures.values(graph.params())).isEqualTo(Fixtures.values(alone.params()));
        assertThat(IbHebb.state(graph)).isEqualTo(IbHebb.state(alone));
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Interruption
    // ----------------------------------------------------------------------------------------------------------------

    /** Whoever interrupts a thread is heard afterwards: what it learns and saves is whole. */
    @Test
    void anInterruptedThreadLearnsAndSaves() throws Exception {
        MultiLayerNetwork net = network(Layers.DENSE);
        MultiLayerNetwork alone = network(Layers.DENSE);
        List<DataSet> batches = Interruptions.batches(Layers.DENSE, 7, 10, DataType.FLOAT);
        net.addListeners(new Checkpoints(folder, 1, 2));
        Path file = folder.resolve("net.zip");
        for (DataSet batch : batches) {
            Thread.currentThread().interrupt();
            net.fit(batch);
            IbHebb.save(net, file);
            assertThat(Thread.interrupted()).isTrue();
            alone.fit(batch);
        }
        assertThat(bits(net)).isEqualTo(bits(alone));
        assertThat(IbHebb.state(IbHebb.restoreMultiLayerNetwork(file))).isEqualTo(IbHebb.state(alone));
        assertThat(IbHebb.state(IbHebb.restoreMultiLayerNetwork(Checkpoints.last(folder).orElseThrow())))
                .isEqualTo(IbHebb.state(alone));
    }

    /** At whatever moment: also while the file is being written. */
    @Test
    void interruptionsWhileAFileIsWritten() throws Exception {
        MultiLayerNetwork net = network(Layers.DENSE);
        net.fit(Interruptions.batches(Layers.DENSE, 7, 1, DataType.FLOAT).get(0));
        Path file = folder.resolve("net.zip");
        AtomicBoolean over = new AtomicBoolean();
        Thread saving = Thread.currentThread();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> interrupting = threads.submit(repeating(over, () -> {
                saving.interrupt();
                TimeUnit.MICROSECONDS.sleep(700);
            }));
            for (int i = 0; i < 50; i++) {
                IbHebb.save(net, file);
            }
            over.set(true);
            while (!interrupting.isDone()) {
                Thread.onSpinWait();
            }
        } finally {
            over.set(true);
            threads.shutdown();
            Thread.interrupted();
        }
        assertThat(bits(IbHebb.restoreMultiLayerNetwork(file))).isEqualTo(bits(net));
        assertThat(folder.toFile().list()).containsExactly("net.zip");
    }

    /** What is done again and again, at least once. */
    @FunctionalInterface
    private interface Deed {
        void run() throws Exception;
    }

    /** How often it was done. */
    private static Callable<Integer> repeating(AtomicBoolean over, Deed deed) {
        return () -> {
            int times = 0;
            do {
                deed.run();
                times++;
            } while (!over.get());
            return times;
        };
    }

    private static List<Double> bits(MultiLayerNetwork net) {
        List<Double> all = new ArrayList<>();
        for (double value : Fixtures.values(net.params())) {
            all.add(value);
        }
        return all;
    }
}
