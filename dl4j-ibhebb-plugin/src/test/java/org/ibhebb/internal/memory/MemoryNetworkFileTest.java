package org.ibhebb.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.ibhebb.Fixtures;
import org.ibhebb.ForAnyKernel;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.memory.MemoryPretrainer;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.MemoryFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is what is read; whatever else is read is refused in a sentence. */
@ForAnyKernel
class MemoryNetworkFileTest {

    private static final Recaller ONE = pretrained(1);

    @TempDir
    private Path folder;

    private final Recaller network = ONE;
    private Path file;

    private static Recaller pretrained(long seed) {
        return Recaller.of(MemoryPretrainer.builder().units(30).activityWidth(3).recall(4).seed(seed).build()
                .pretrain(done -> {}).reference());
    }

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("memory.ibmem");
        network.save(file);
    }

    @Test
    void whatIsReadIsWhatWasWritten() throws IOException {
        Recaller read = Recaller.load(file);
        assertThat(read.header()).isEqualTo(network.header());
        assertThat(read.readout()).isEqualTo(network.readout());
        assertThat(read.reservoir().columns()).isEqualTo(network.reservoir().columns());
        assertThat(read.reservoir().signs()).isEqualTo(network.reservoir().signs());
        assertThat(read.reference().file()).isEqualTo(file.toAbsolutePath().toString());
        assertThat(read.reference().checksum()).isEqualTo(network.checksum()).hasSize(64);
    }

    /** Eight letters, the header's length, JSON, arrays: a program in another language can read it. */
    @Test
    void theFormatIsAsDocumented() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int length = ByteBuffer.wrap(bytes).getInt(8);
        String header = new String(bytes, 12, length, StandardCharsets.UTF_8);
        assertThat(new String(bytes, 0, 8, StandardCharsets.US_ASCII)).isEqualTo("IBMEMORY");
        assertThat(header).contains("\"version\":1", "\"units\":30", "\"width\":3", "\"recall\":4", "\"seed\":1",
                "\"statistics\":", "\"checksum\":\"" + network.checksum() + "\"");
        assertThat(bytes).hasSize(12 + length + 4 * (30 + 30 + 30 * 3 * 3));
    }

    /** Whoever may read the folder's other files may read it; and nothing else is left there. */
    @Test
    void theFileIsAnOrdinaryOne() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
        assumeThat(Files.getFileStore(folder).supportsFileAttributeView("posix")).isTrue();
        Path other = Files.createFile(folder.resolve("other"));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(other));
    }

    @Test
    void anotherKindOfFileIsRefused() throws IOException {
        Files.writeString(file, "PK\3\4, a zip file perhaps, of some length");
        refuses("no memory network (.ibmem) file");
        Files.writeString(file, "");
        refuses("no memory network (.ibmem) file");
        Files.delete(file);
        refuses("there is no such file");
    }

    @Test
    void aFileThatIsCutOffIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (int length : new int[] {12, 40, bytes.length / 2, bytes.length - 1}) {
            Files.write(file, Arrays.copyOf(bytes, length));
            refuses("cut off");
        }
        Files.write(file, Arrays.copyOf(bytes, bytes.length + 1));
        refuses("damaged");
    }

    @Test
    void anyChangedByteIsNoticed() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (int at = 0; at < bytes.length; at += 7) {
            byte[] changed = bytes.clone();
            changed[at] ^= 1;
            Files.write(file, changed);
            assertThatThrownBy(() -> Recaller.load(file)).as("byte " + at)
                    .isInstanceOf(IOException.class).hasMessageStartingWith(file + ": ");
        }
    }

    @Test
    void aLaterVersionIsNamed() throws IOException {
        header("\"version\":1", "\"version\":2");
        refuses("of version 2", "reads version 1");
    }

    /** Sizes that would not fit into memory are refused before anything is allocated. */
    @Test
    void hugeSizesAreRefused() throws IOException {
        header("\"units\":30", "\"units\":2000000000");
        refuses("beyond all limits", "2000000000");
        write();
        header("\"units\":30", "\"units\":60");
        refuses("cut off", "asks for");
        write();
        header("\"units\":30", "\"units\":-1");
        refuses("damaged", "units -1");
    }

    /** Whatever stands in the header's place is refused, in a sentence and at once. */
    @Test
    void noHeaderIsRefused() throws IOException {
        for (String json : List.of("null", "7", "\"a\"", "[]", "{}", "{\"version\":null}", "{\"version\":1}", " ",
                "{\"statistics\":{\"recall\":[[[[]]]]}}", "{\"units\":1e99999999999999999999999999999999999999999999"
                        + "9999999999999999999999999999999999999999999999999999}")) {
            replaceHeader(json.getBytes(StandardCharsets.UTF_8));
            refuses("damaged");
        }
        write();
        header("\"units\":30", "\"units\":30,\"units\":30");
        refuses("damaged", "Duplicate");
        write();
        header("\"checksum\"", "\"more\":1,\"checksum\"");
        refuses("damaged", "more");
    }

    /** What a JSON parser takes for UTF-32, and is none. */
    @Test
    void anUnreadableEncodingIsRefused() throws IOException {
        replaceHeader(new byte[] {0, 0, 0, '{', (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF});
        refuses("damaged");
        replaceHeader(new byte[] {'{', '"', (byte) 0xC3, '(', '"', '}'});
        refuses("damaged");
    }

    @Test
    void aDeeplyNestedHeaderIsRefusedAtOnce() throws IOException {
        for (String start : List.of("", "{\"statistics\":")) {
            replaceHeader((start + "[".repeat((1 << 20) - start.length())).getBytes(StandardCharsets.UTF_8));
            assertTimeoutPreemptively(Duration.ofSeconds(5), () -> refuses("damaged"));
        }
    }

    /** A right checksum says who wrote the values, not that they make sense. */
    @Test
    void valuesThatMakeNoSenseAreRefusedBehindARightChecksum() throws IOException {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] readout = network.readout().clone();
            readout[7] = bad;
            forged(network.reservoir(), readout);
            refuses("readout is " + bad);
        }
        for (float bad : new float[] {0, 2, -1.5F, Float.NaN}) {
            float[] signs = network.reservoir().signs().clone();
            signs[3] = bad;
            forged(new Reservoir(network.reservoir().columns(), signs, network.header().decay()), network.readout());
            refuses("sign is " + bad);
        }
        for (int bad : new int[] {-1, 3, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            int[] columns = network.reservoir().columns().clone();
            columns[29] = bad;
            forged(new Reservoir(columns, network.reservoir().signs(), network.header().decay()), network.readout());
            refuses("hears column " + bad, "there are 3");
        }
        forged(network.reservoir(), network.readout());
        assertThat(Recaller.load(file).checksum()).isEqualTo(network.checksum());
    }

    @Test
    void sizesAndDecaysThatCanNotBeAreRefused() {
        MemoryHeader.Measured measured = network.header().statistics();
        MemoryHeader least = new MemoryHeader(1, 1, 1, 2, 1, 1, 0.5f, 0, measured, null);
        assertThat(least.weights()).isEqualTo(1);
        assertThat(new MemoryHeader(1, 5, 3, 4, 1, 1, 0.5f, 0, measured, null).weights()).isEqualTo(5 * 3 * 3);
        for (int[] sizes : new int[][] {{0, 1, 2, 1, 1}, {1, 0, 2, 1, 1}, {1, 1, 1, 1, 1}, {1, 1, 2, 0, 1},
            {1, 1, 2, 1, 0}}) {
            assertThatThrownBy(() -> new MemoryHeader(1, sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], 0.5f, 0,
                    measured, null))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("units " + sizes[0]);
        }
        for (float decay : new float[] {0, 1, -0.5f, 2, Float.NaN}) {
            assertThatThrownBy(() -> new MemoryHeader(1, 1, 1, 2, 1, 1, decay, 0, measured, null))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("decay " + decay);
        }
        assertThatThrownBy(() -> new MemoryHeader(1, 1, 1, 2, 1, 1, 0.5f, 0, null, null))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no statistics");
        int most = Integer.MAX_VALUE;
        assertThatThrownBy(() -> new MemoryHeader(1, most, most, most, 1, 1, 0.5f, 0, measured, null).weights())
                .isInstanceOf(ArithmeticException.class);
    }

    /** Within a file, and within what any header needs. */
    @Test
    void lengthsThatNoHeaderHasAreRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (int length : new int[] {0, -1, bytes.length - 11, (1 << 20) + 1, Integer.MAX_VALUE}) {
            Files.write(file, ByteBuffer.wrap(length == (1 << 20) + 1 ? Arrays.copyOf(bytes, 2 << 20) : bytes.clone())
                    .putInt(8, length).array());
            refuses("damaged or cut off", "can't be " + length + " bytes long");
        }
        Files.write(file, ByteBuffer.wrap(bytes.clone()).putInt(8, bytes.length - 12).array());
        refuses("its header can't be read");
        // As deep as a header is, and deeper.
        for (int depth : new int[] {3, 4}) {
            replaceHeader(("{\"a\":".repeat(depth) + "1" + "}".repeat(depth)).getBytes(StandardCharsets.UTF_8));
            refuses(depth == 3 ? "'Missing required creator property" : "it is nested more than 3 deep");
        }
    }

    private void forged(Reservoir reservoir, float[] readout) throws IOException {
        MemoryHeader header = network.header();
        String checksum = MemoryNetworkFile.checksum(header, reservoir, readout);
        MemoryNetworkFile.write(
                file, new Recaller(header.with(header.statistics(), checksum), reservoir, readout, null));
    }

    @Test
    void aPathThatNoFileCanHaveIsNamed() {
        assertThatThrownBy(() -> new MemoryFile("nul\0.ibmem", "0".repeat(64), 30, 3, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not the name of a file");
    }

    /** Those that are in a file can be had again: they are not kept longer than there is memory for them. */
    @Test
    void manyMemoryNetworksDoNotFillTheMemory() throws IOException {
        int before = Recaller.kept();
        for (int seed = 10; seed < 15; seed++) {
            Recaller.load(pretrainedFile(seed));
        }
        assertThat(Recaller.kept()).isEqualTo(before + 5);
        Recaller.dropWhatFilesHave();
        assertThat(Recaller.kept()).isLessThan(before + 1);
        LearningRule rule = LearningRule.builder().memory(Recaller.load(file)).build();
        Recaller.dropWhatFilesHave();
        assertThat(Recaller.of(rule.memoryNetwork()).checksum()).isEqualTo(network.checksum());
    }

    private Path pretrainedFile(int seed) throws IOException {
        Path path = folder.resolve(seed + ".ibmem");
        Recaller made = pretrained(seed);
        made.save(path);
        made.forget();
        return path;
    }

    @Test
    void aFailedWriteLeavesTheOldFile() throws IOException {
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(() -> network.save(folder.resolve("none").resolve("memory.ibmem")))
                .isInstanceOf(IOException.class);
        network.save(file);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.toList()).isEqualTo(List.of(file));
        }
    }

    @Test
    void aRuleThatNamesAFileFindsItThere() throws IOException {
        LearningRule rule = Fixtures.plain().memory(network.save(file)).build();
        network.forget();
        assertThat(Recaller.of(rule.memoryNetwork()).checksum()).isEqualTo(network.checksum());

        // As version 0.1 wrote it, with the file's path.
        network.forget();
        LearningRule old = LearningRule.fromJson(
                rule.toJson().replace("\"memory.ibmem\"", "\"" + file.toString().replace("\\", "\\\\") + "\""));
        assertThat(old).isEqualTo(rule);
        assertThat(old.toJson()).isEqualTo(rule.toJson());
        assertThat(Recaller.of(old.memoryNetwork()).checksum()).isEqualTo(network.checksum());
    }

    /** A place on one machine is neither in JSON nor what makes rules differ. */
    @Test
    void aRuleThatIsReadFindsAFileOfThatNameInTheFoldersThatAreListed() throws IOException {
        LearningRule rule = LearningRule.builder().memory(network.save(file)).build();
        network.forget();
        assertThat(rule.toJson()).contains("\"memory.ibmem\"").doesNotContain(folder.getFileName().toString());
        LearningRule restored = LearningRule.fromJson(rule.toJson());
        assertThat(restored).isEqualTo(rule).hasSameHashCodeAs(rule).hasToString(rule.toString());
        assertThatThrownBy(() -> Recaller.of(restored.memoryNetwork())).isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("memory.ibmem", "not there", "ibhebb.memory.path", "working directory");

        // A file of that name that holds another one does no harm.
        Path other = Files.createDirectory(folder.resolve("other"));
        pretrained(2).save(other.resolve("memory.ibmem"));
        String before = System.setProperty("ibhebb.memory.path", other + File.pathSeparator + folder);
        try {
            assertThat(Recaller.of(restored.memoryNetwork()).checksum()).isEqualTo(network.checksum());
        } finally {
            if (before == null) {
                System.clearProperty("ibhebb.memory.path");
            } else {
                System.setProperty("ibhebb.memory.path", before);
            }
        }
    }

    /** Two users of one memory network, each with a copy of its file in a folder of his own. */
    @Test
    void rulesFromTwoFoldersAreTheSame() throws IOException {
        List<LearningRule> rules = new ArrayList<>();
        for (String user : List.of("first", "second")) {
            Path copy = Files.copy(file, Files.createDirectory(folder.resolve(user)).resolve("memory.ibmem"));
            network.forget();
            rules.add(Fixtures.plain().memory(MemoryNetwork.load(copy)).build());
            assertThat(rules.get(rules.size() - 1).memoryNetwork().file()).isEqualTo(copy.toAbsolutePath().toString());
        }
        LearningRule first = rules.get(0);
        assertThat(rules.get(1)).isEqualTo(first).hasSameHashCodeAs(first).hasToString(first.toString());
        assertThat(rules.get(1).sharesMemoryWith(first)).isTrue();
        assertThat(rules.get(1).toJson()).isEqualTo(first.toJson()).contains("\"memory.ibmem\"")
                .doesNotContain("first", "second", folder.toAbsolutePath().toString());
        Path other = folder.resolve("other.ibmem");
        pretrained(2).save(other);
        assertThat(Fixtures.plain().memory(MemoryNetwork.load(other)).build()).isNotEqualTo(first);
    }

    @Test
    void whatCanBeNoFilesNameIsRefused() {
        for (String name : List.of("a\0b", "", " ")) {
            assertThatThrownBy(() -> new MemoryFile(name, "0".repeat(64), 4, 4, 4))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not the name of a file");
        }
        // A path of another system's is none here, or one that is not there; its name is the same.
        MemoryFile foreign = new MemoryFile("C:\\a\\memory.ibmem", "0".repeat(64), 4, 4, 4);
        assertThat(foreign.candidates()).isEmpty();
        assertThat(foreign).hasToString(new MemoryFile("/a/memory.ibmem", "0".repeat(64), 4, 4, 4).toString());
    }

    @Test
    void aRuleWhoseFileIsGoneOrAnotherSaysSo() throws IOException {
        LearningRule rule = Fixtures.plain().memory(network.save(file)).build();
        network.forget();
        pretrained(2).save(file);
        assertThatThrownBy(() -> Recaller.of(rule.memoryNetwork())).isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(file.toString(), "another one", "MemoryNetwork.load");
        Files.delete(file);
        assertThatThrownBy(() -> Recaller.of(rule.memoryNetwork())).isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(file.toString(), "not there", "can be used, but not trained");
        // A copy of it elsewhere does.
        Path copy = folder.resolve("copy.ibmem");
        network.save(copy);
        network.forget();
        Recaller.load(copy);
        assertThat(Recaller.of(rule.memoryNetwork()).checksum()).isEqualTo(network.checksum());
    }

    private void header(String from, String to) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int length = ByteBuffer.wrap(bytes).getInt(8);
        replaceHeader(new String(bytes, 12, length, StandardCharsets.UTF_8).replace(from, to)
                .getBytes(StandardCharsets.UTF_8));
    }

    private void replaceHeader(byte[] json) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int length = ByteBuffer.wrap(bytes).getInt(8);
        ByteBuffer changed = ByteBuffer.allocate(bytes.length - length + json.length);
        changed.put(bytes, 0, 8).putInt(json.length).put(json).put(bytes, 12 + length, bytes.length - 12 - length);
        Files.write(file, changed.array());
    }

    private void refuses(String... words) {
        assertThatThrownBy(() -> Recaller.load(file)).isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": ").hasMessageContainingAll(words).hasMessageNotContaining("\n");
    }
}
