package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Interruptions.Layers;
import org.ibhebb.Interruptions.Memory;
import org.ibhebb.Interruptions.Objectives;
import org.ibhebb.stream.StreamingNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * What runs for long, and what is made and dropped often, takes no more memory, threads and file handles as it goes on.
 * {@code -Dibhebb.soak=MINUTES} runs that long; {@code -Dibhebb.networks=N} makes and drops N networks.
 */
@ForAnyKernel
class SoakTest {

    private static final int MINUTES = Integer.getInteger("ibhebb.soak", 0);
    private static final int NETWORKS = Integer.getInteger("ibhebb.networks", 100);
    private static final boolean WHOLE = "whole".equals(System.getProperty("ibhebb.tests"));
    private static final int BRIEF_ROUNDS = 6;
    /** What growth may come to: a part, and what a JVM needs for itself now and then. */
    private static final double SHARE = 1.01;
    private static final long SLACK = 2 << 20;
    private static final long PROCESS_SLACK = 32 << 20;
    /** So many collections that free nothing more are enough, and so many are too many. */
    private static final int STILL = 6;
    private static final int LONGEST_WAIT = 200;
    private static final long NOTICEABLE = 64 << 10;

    @TempDir
    Path folder;

    /** What is in use once all garbage has been collected. */
    private record Usage(long heap, long besideTheHeap, long process, int threads, long files) {

        static Usage now() throws InterruptedException {
            long heap = Long.MAX_VALUE;
            long beside = Long.MAX_VALUE;
            // ND4J frees its arrays by threads of its own, once the garbage collector has found them, and what hangs on
            // an array is garbage only then: on a busy machine that takes its time.
            for (int still = 0, i = 0; still < STILL && i < LONGEST_WAIT; i++) {
                System.gc();
                TimeUnit.MILLISECONDS.sleep(100);
                long heapNow = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
                long besideNow = Pointer.totalBytes();
                boolean fell = heapNow < heap - NOTICEABLE || besideNow < beside;
                still = fell ? 0 : still + 1;
                heap = Math.min(heap, heapNow);
                beside = Math.min(beside, besideNow);
            }
            long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                    ? unix.getOpenFileDescriptorCount()
                    : 0;
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();
            return new Usage(heap, beside, Pointer.physicalBytes(), threads, files);
        }

        void isNoMoreThan(Usage before) {
            assertThat(heap).as("heap").isLessThan((long) (before.heap * SHARE) + SLACK);
            assertThat(besideTheHeap).as("beside the heap").isLessThan((long) (before.besideTheHeap * SHARE) + SLACK);
            if (MINUTES > 0) {
                // Of a process that has just begun the heap still grows.
                assertThat(process).as("all of the process")
                        .isLessThan((long) (before.process * SHARE) + PROCESS_SLACK);
            }
            assertThat(threads).as("threads").isLessThanOrEqualTo(before.threads + 1);
            assertThat(files).as("file handles").isLessThanOrEqualTo(before.files + 1);
        }
    }

    @Test
    void networksThatAreDroppedLeaveNothing() throws InterruptedException {
        assumeThat(WHOLE || Integer.getInteger("ibhebb.networks") != null)
                .as("-Pwhole, or -Dibhebb.networks=N in a JVM of its own").isTrue();
        List<DataSet> batches = Interruptions.batches(Layers.DENSE, 7, 2, DataType.FLOAT);
        for (int i = 0; i < NETWORKS / 4; i++) {
            makeAndDrop(i, batches);
        }
        Usage before = Usage.now();
        for (int i = 0; i < NETWORKS; i++) {
            makeAndDrop(i, batches);
        }
        Usage after = Usage.now();
        System.out.println(NETWORKS + " networks: " + before + " before, " + after + " after");
        after.isNoMoreThan(before);
    }

    private static void makeAndDrop(int number, List<DataSet> batches) {
        MultiLayerNetwork net = Fixtures.network(Interruptions.conf(
                Objectives.values()[number % Objectives.values().length], Memory.values()[number / 8 % 2], Layers.DENSE,
                DataType.FLOAT));
        batches.forEach(net::fit);
        net.output(batches.get(0).getFeatures());
    }

    @Test
    void longTrainingIsFlat() throws IOException, InterruptedException {
        assumeThat(WHOLE || MINUTES > 0).as("-Pwhole, or -Dibhebb.soak=MINUTES").isTrue();
        Long end = MINUTES == 0 ? null : System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
        Training training = new Training();
        List<Usage> all = new ArrayList<>();
        long begun = System.nanoTime();
        // A fifth of it is warm-up.
        Usage warm = null;
        int rounds = 0;
        for (; end == null ? rounds < BRIEF_ROUNDS : System.nanoTime() < end; rounds++) {
            training.round(rounds);
            boolean isWarm = end == null
                    ? rounds >= BRIEF_ROUNDS / 2
                    : System.nanoTime() - begun > (end - begun) / 5;
            if (isWarm && warm == null) {
                warm = Usage.now();
            }
            if (rounds % 100 == 0) {
                all.add(Usage.now());
            }
        }
        Usage last = Usage.now();
        System.out.println(MINUTES + " minutes, " + rounds + " rounds: " + warm + " when warm, " + last
                + " at the end; on the way " + all);
        assertThat(warm).isNotNull();
        last.isNoMoreThan(warm);
    }

    /** Networks of all kinds that live on, with all that is done to networks. */
    private final class Training {

        private final List<MultiLayerNetwork> nets = new ArrayList<>();
        private final List<List<DataSet>> data = new ArrayList<>();
        private StreamingNetwork stream = StreamingNetwork.builder(
                Fixtures.network(Fixtures.mlp(Activation.RELU, new Sgd(0.1), 5, 8, 3))).build();

        Training() {
            for (Layers layers : Layers.values()) {
                for (Memory memory : Memory.values()) {
                    nets.add(Fixtures.network(Interruptions.conf(Objectives.DEFAULT, memory, layers, DataType.FLOAT)));
                    data.add(Interruptions.batches(layers, 7, 4, DataType.FLOAT));
                }
            }
        }

        void round(int number) throws IOException {
            for (int i = 0; i < nets.size(); i++) {
                data.get(i).forEach(nets.get(i)::fit);
                nets.get(i).output(data.get(i).get(0).getFeatures());
                IbHebb.clone(nets.get(i)).fit(data.get(i).get(0));
            }
            int chosen = number % nets.size();
            IbHebb.save(nets.get(chosen), folder.resolve("net.zip"));
            nets.set(chosen, IbHebb.restoreMultiLayerNetwork(folder.resolve("net.zip")));
            for (int i = 0; i < 200; i++) {
                stream.learn(new float[] {1, 0, i % 7, -1, 2}, i % 3);
            }
            stream.save(folder.resolve("stream"));
            stream = StreamingNetwork.builder(Fixtures.network(
                    Fixtures.mlp(Activation.RELU, new Sgd(0.1), 5, 8, 3))).resume(folder.resolve("stream"));
        }
    }
}
