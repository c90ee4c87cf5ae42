package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Interruptions.Layers;
import org.ibhebb.Interruptions.Memory;
import org.ibhebb.Interruptions.Objectives;
import org.ibhebb.internal.file.WholeFile;
import org.ibhebb.listeners.Checkpoints;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.memory.MemoryPretrainer;
import org.ibhebb.stream.StreamingNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * A program that is killed while it writes leaves the old file or the new one: never half of one, never none.
 * {@code -Dibhebb.kills=N} kills N programs that train and save all that the plugin writes, in place of two.
 */
@ForAnyKernel
class KilledTest {

    private static final int KILLS = Integer.getInteger("ibhebb.kills", 2);
    private static final int QUICK_KILLS = 20;
    /** Until one was killed while it wrote, which is a matter of chance. */
    private static final int MOST_QUICK_KILLS = 10 * QUICK_KILLS;
    /** After its first file a program lives no longer than this, in milliseconds. */
    private static final int LONGEST = 400;

    @TempDir
    Path folder;

    private final Random random = new Random();

    /** Starts a program, waits for its first file, and kills it at some moment after that. */
    private void kill(Class<?> program) throws IOException, InterruptedException {
        Process process =
                AnotherJvm.running(List.of("-XX:TieredStopAtLevel=1"), program, folder.toString()).start();
        List<String> said = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            for (String line = lines.readLine(); !"ready".equals(line); line = lines.readLine()) {
                assertThat(line).as("%s", said).isNotNull();
                said.add(line);
            }
            Thread.sleep(random.nextInt(LONGEST));
            assertThat(process.isAlive()).as("%s", said).isTrue();
            // SIGKILL, which no program can put off.
            process.destroyForcibly();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private int deleteUnfinished() throws IOException {
        int found = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (file.toString().endsWith(WholeFile.UNFINISHED)) {
                    Files.delete(file);
                    found++;
                }
            }
        }
        return found;
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Any file
    // ----------------------------------------------------------------------------------------------------------------

    @Test
    void whatIsWrittenWholeIsThereWhole() throws Exception {
        Path file = folder.resolve("file");
        long last = -1;
        int unfinished = 0;
        for (int kill = 0; kill < QUICK_KILLS || unfinished == 0 && kill < MOST_QUICK_KILLS; kill++) {
            kill(Writer.class);
            long number = Writer.check(Files.readAllBytes(file));
            assertThat(number).isGreaterThanOrEqualTo(last);
            last = number;
            unfinished += deleteUnfinished();
        }
        // Otherwise nobody was killed while he wrote.
        assertThat(unfinished).isPositive();
        assertThat(folder.toFile().list()).containsExactly("file");
    }

    /** Writes numbered files, one after the other. */
    static final class Writer {

        private static final int NUMBER = 8;
        private static final int DIGEST = 32;

        private Writer() {}

        public static void main(String[] arguments) throws Exception {
            Path file = Path.of(arguments[0]).resolve("file");
            long number = Files.exists(file) ? check(Files.readAllBytes(file)) : 0;
            for (boolean first = true; ; first = false) {
                WholeFile.write(file, content(++number));
                if (first) {
                    System.out.println("ready");
                }
            }
        }

        static byte[] content(long number) throws Exception {
            byte[] content = new byte[NUMBER + new Random(number).nextInt(1 << 20)];
            new Random(number).nextBytes(content);
            ByteBuffer.wrap(content).putLong(number);
            byte[] whole = Arrays.copyOf(content, content.length + DIGEST);
            System.arraycopy(MessageDigest.getInstance("SHA-256").digest(content), 0, whole, content.length, DIGEST);
            return whole;
        }

        /** The number of a file that is whole. */
        static long check(byte[] whole) throws Exception {
            long number = ByteBuffer.wrap(whole).getLong();
            assertThat(whole).isEqualTo(content(number));
            return number;
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // All that the plugin writes
    // ----------------------------------------------------------------------------------------------------------------

    @Test
    void aTrainingThatIsKilledGoesOnFromItsFiles() throws Exception {
        int iterations = 0;
        long learnt = 0;
        int unfinished = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            kill(Training.class);
            MultiLayerNetwork net = IbHebb.restoreMultiLayerNetwork(folder.resolve("net.zip"));
            assertThat(net.getIterationCount()).isGreaterThanOrEqualTo(iterations);
            iterations = net.getIterationCount();
            IbHebb.restoreMultiLayerNetwork(Checkpoints.last(folder).orElseThrow());
            StreamingNetwork stream = StreamingNetwork.builder(Training.stock()).resume(folder.resolve("stream"));
            assertThat(stream.learnt()).isGreaterThanOrEqualTo(learnt);
            learnt = stream.learnt();
            MemoryNetwork.load(folder.resolve("memory.ibmem"));
            unfinished += deleteUnfinished();
        }
        assertThat(iterations).isPositive();
        assertThat(learnt).isPositive();
        System.out.println(KILLS + " kills, " + unfinished + " while a file was being written; " + iterations
                + " iterations and " + learnt + " samples kept");
    }

    /** Trains, and saves all the time. */
    static final class Training {

        private Training() {}

        static MultiLayerNetwork stock() {
            return Fixtures.network(Fixtures.mlp(Activation.RELU, new Sgd(0.1), 5, 8, 3));
        }

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            Path file = folder.resolve("net.zip");
            MultiLayerNetwork net = Files.exists(file)
                    ? IbHebb.restoreMultiLayerNetwork(file)
                    : Fixtures.network(Interruptions.conf(
                            Objectives.DEFAULT, Memory.EXACT, Layers.CONVOLUTION, DataType.FLOAT));
            net.addListeners(new Checkpoints(folder, 1, 2));
            Path streamed = folder.resolve("stream");
            StreamingNetwork.Builder builder = StreamingNetwork.builder(stock());
            StreamingNetwork stream = Files.exists(streamed) ? builder.resume(streamed) : builder.build();
            MemoryNetwork memory = MemoryPretrainer.builder().units(30).activityWidth(3).recall(4).build()
                    .pretrain(done -> {});
            List<DataSet> batches = Interruptions.batches(Layers.CONVOLUTION, 7, 10, DataType.FLOAT);
            for (int i = 0; ; i++) {
                net.fit(batches.get(i % batches.size()));
                IbHebb.save(net, file);
                stream.learn(new float[] {1, 0, i % 7, -1, 2}, i % 3);
                stream.save(streamed);
                memory.save(folder.resolve("memory.ibmem"));
                if (i == 0) {
                    System.out.println("ready");
                }
            }
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // What can't be written
    // ----------------------------------------------------------------------------------------------------------------

    /** A full disk: writing fails half-way. The file is the old one, and nothing stays beside it. */
    @Test
    void whatFailsHalfWayLeavesTheOldFile() throws IOException {
        Path file = Files.writeString(folder.resolve("net.zip"), "old");
        assertThatThrownBy(() -> WholeFile.write(file, out -> {
            out.write(new byte[1 << 20]);
            throw new FileSystemException(file.toString(), null, "No space left on device");
        })).isInstanceOf(IOException.class).hasMessageContaining("No space left");
        assertThat(file).content().isEqualTo("old");
        assertThat(folder.toFile().list()).containsExactly("net.zip");
    }

    @Test
    void aModelThatCanNotBeWrittenLeavesTheOldFileAndTrainingGoesOn() throws IOException {
        MultiLayerNetwork net = Fixtures.network(Interruptions.conf(
                Objectives.DEFAULT, Memory.EXACT, Layers.DENSE, DataType.FLOAT));
        // A folder that holds something can't be replaced by a file.
        Path taken = Files.createDirectories(folder.resolve("checkpoint-2.zip").resolve("inside"));
        net.addListeners(new Checkpoints(folder, 1, 9));
        Interruptions.batches(Layers.DENSE, 3, 3, DataType.FLOAT).forEach(net::fit);
        assertThat(taken).isDirectory();
        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder("checkpoint-1.zip", "checkpoint-2.zip", "checkpoint-3.zip");
        assertThatThrownBy(() -> IbHebb.save(net, folder.resolve("checkpoint-2.zip"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> IbHebb.save(net, folder.resolve("none").resolve("net.zip")))
                .isInstanceOf(IOException.class).hasMessageContaining("none");
    }
}
