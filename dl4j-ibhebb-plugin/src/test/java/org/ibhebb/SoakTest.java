package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.BufferedReader;
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
 *
 * <p>Each does so in a JVM of its own, whose process would grow without us: the heap, until all of it has been touched;
 * code, as the second of HotSpot's compilers makes more of it for hours; what that compiler works with, given back to
 * the C library, which keeps it, for each thread. So the heap is touched at the start, there is the first compiler
 * alone, and one store of the C library's: what grows still has been lost.
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
    /** Of a process, of whose code some is compiled for the first time after long. */
    private static final long PROCESS_SLACK = 8 << 20;
    /** So many collections that free nothing more are enough, and so many are too many. */
    private static final int STILL = 6;
    private static final int LONGEST_WAIT = 200;
    private static final long NOTICEABLE = 64 << 10;
    private static final List<String> FLAT = List.of("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:+AlwaysPreTouch",
            "-XX:+IgnoreUnrecognizedVMOptions", "-XX:TieredStopAtLevel=1",
            "-Dorg.bytedeco.javacpp.maxbytes=6g", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0");

    @TempDir
    Path folder;

    /** Runs a program, which ends with another status than 0 where something has grown, and shows what it says. */
    private void alone(Class<?> program, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = AnotherJvm.running(FLAT, program, arguments);
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        Process process = builder.start();
        // With this one.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        List<String> said = new ArrayList<>();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(line);
                said.add(line);
            }
        }
        assertThat(process.waitFor()).as(() -> String.join(System.lineSeparator(), said)).isZero();
    }

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

        void isNoMoreThan(Usage before, boolean warm) {
            assertThat(heap).as("heap").isLessThan((long) (before.heap * SHARE) + SLACK);
            assertThat(besideTheHeap).as("beside the heap").isLessThan((long) (before.besideTheHeap * SHARE) + SLACK);
            if (warm) {
                // Of a process that has just begun most code is yet to be compiled.
                assertThat(process).as("all of the process")
                        .isLessThan((long) (before.process * SHARE) + PROCESS_SLACK);
            }
            assertThat(threads).as("threads").isLessThanOrEqualTo(before.threads + 1);
            assertThat(files).as("file handles").isLessThanOrEqualTo(before.files + 1);
        }
    }

    @Test
    void networksThatAreDroppedLeaveNothing() throws IOException, InterruptedException {
        assumeThat(WHOLE || Integer.getInteger("ibhebb.networks") != null)
                .as("-Pwhole, or -Dibhebb.networks=N").isTrue();
        alone(Dropping.class, String.valueOf(NETWORKS));
    }

    @Test
    void longTrainingIsFlat() throws IOException, InterruptedException {
        assumeThat(WHOLE || MINUTES > 0).as("-Pwhole, or -Dibhebb.soak=MINUTES").isTrue();
        alone(Soaking.class, String.valueOf(MINUTES), folder.toString());
    }

    /** Makes networks, and drops them. */
    static final class Dropping {

        /** Until all of what they need is there: fewer leave code to be compiled. */
        private static final int WARM_UP = 400;
        private static final int COLLECTED = 50;

        private Dropping() {}

        public static void main(String[] arguments) throws InterruptedException {
            int networks = Integer.parseInt(arguments[0]);
            List<DataSet> batches = Interruptions.batches(Layers.DENSE, 7, 2, DataType.FLOAT);
            makeAndDrop(WARM_UP, batches);
            Usage before = Usage.now();
            makeAndDrop(networks, batches);
            Usage after = Usage.now();
            System.out.println(networks + " networks: " + before + " before, " + after + " after");
            after.isNoMoreThan(before, true);
        }

        private static void makeAndDrop(int networks, List<DataSet> batches) {
            for (int i = 0; i < networks; i++) {
                MultiLayerNetwork net = Fixtures.network(Interruptions.conf(
                        Objectives.values()[i % Objectives.values().length], Memory.values()[i / 8 % 2], Layers.DENSE,
                        DataType.FLOAT));
                batches.forEach(net::fit);
                net.output(batches.get(0).getFeatures());
                if (i % COLLECTED == 0) {
                    // What has been dropped goes when the collector comes by: native memory, too, of which a small heap
                    // knows nothing, so that there may be any number of networks beside it until then.
                    System.gc();
                }
            }
        }
    }

    /** Trains for some minutes, or for a few rounds. */
    static final class Soaking {

        /** The warm-up is a fifth of the minutes, and so many rounds at least: on a busy machine a minute is little. */
        private static final int WARM_UP = 5;
        private static final int WARM_ROUNDS = 100;
        private static final int LEAST_ROUNDS = 2 * WARM_ROUNDS;

        private Soaking() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            int minutes = Integer.parseInt(arguments[0]);
            Training training = new Training(Path.of(arguments[1]));
            long begun = System.nanoTime();
            long end = begun + TimeUnit.MINUTES.toNanos(minutes);
            Usage warm = null;
            int rounds = 0;
            for (; minutes == 0 ? rounds < BRIEF_ROUNDS : rounds < LEAST_ROUNDS || System.nanoTime() < end; rounds++) {
                training.round(rounds);
                boolean isWarm = minutes == 0
                        ? rounds >= BRIEF_ROUNDS / 2
                        : rounds >= WARM_ROUNDS && System.nanoTime() - begun > (end - begun) / WARM_UP;
                if (isWarm && warm == null) {
                    warm = Usage.now();
                    System.out.println("warm after round " + rounds + ": " + warm);
                } else if (rounds % 100 == 0) {
                    System.out.println("after round " + rounds + ": " + Usage.now());
                }
            }
            Usage last = Usage.now();
            System.out.println("after " + rounds + " rounds in " + minutes + " minutes: " + last);
            assertThat(warm).isNotNull();
            last.isNoMoreThan(warm, minutes > 0);
        }
    }

    /** Networks of all kinds that live on, with all that is done to networks. */
    private static final class Training {

        private final Path folder;
        private final List<MultiLayerNetwork> nets = new ArrayList<>();
        private final List<List<DataSet>> data = new ArrayList<>();
        private StreamingNetwork stream = StreamingNetwork.builder(
                Fixtures.network(Fixtures.mlp(Activation.RELU, new Sgd(0.1), 5, 8, 3))).build();

        Training(Path folder) {
            this.folder = folder;
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
