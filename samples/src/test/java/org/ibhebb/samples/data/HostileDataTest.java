package org.ibhebb.samples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.ibhebb.samples.folder.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Data files that somebody made to do harm are taken for what they say, or refused in a sentence that has one line:
 * soon, and without much memory. Cases are drawn by their number; {@code -Dibhebb.fuzz=N} makes it N of each kind, and
 * {@code -Dibhebb.fuzz.from=K} begins with another one.
 */
class HostileDataTest {

    private static final int CASES = Integer.getInteger("ibhebb.fuzz", 2000);
    private static final int FROM = Integer.getInteger("ibhebb.fuzz.from", 0);
    private static final long SECONDS = 20;
    private static final int LONGEST_MESSAGE = 900;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** What readers have to do with, and what they take for signs. */
    private static final List<String> PIECES = List.of("", " ", ",", ",,", "\"", "'", "\\", "{", "}", "%", "?", "\n",
            "\r\n", "\t", "\0", "\u001b[2J", "\u2028", "\ufeff", "nan", "Infinity", "-0", "1e999", "1e-999", "0x1p3", "1f",
            "1d", ".", "-", "+", "9".repeat(400), "x".repeat(2000), "-1", "2147483648", "99999999999999999999", "@data",
            "@attribute", "@attribute a {", "@attribute a numeric", "@relation", "{0 1}", "{-1 2}",
            "{0 1, 0 1}", "\ud800");

    private static final String CSV = "sepal,petal,\"the, colour\",kind\n5.1,1.4,red,a\n"
            + "4.9,1.5,\"blue \"\"sky\"\"\",b\n"
            + "6.3,-2e3,red,a\n\n5.8,0.1,green,c\n6.0,1,red,b\n";
    private static final String ARFF = "% of nobody\n@relation flowers\n@attribute sepal numeric\n"
            + "@attribute 'the petal' real\n@attribute colour {red, 'light blue', green}\n"
            + "@attribute kind {a,b,c}\n@data\n5.1,1.4,red,a\n"
            + "4.9,?,'light blue',b\n{0 6.3, 2 green, 3 c}\n5.8,0.1,green,c\n6.0,1,?,b\n";

    @TempDir
    Path folder;

    /** What is done with a hostile file. */
    @FunctionalInterface
    private interface Use {
        void read() throws DataException;
    }

    /** Whether it was taken. */
    private static boolean isTaken(String name, long bytes, Use use) {
        long begun = System.nanoTime();
        long heap = THREADS.getCurrentThreadAllocatedBytes();
        boolean taken = true;
        try {
            use.read();
        } catch (DataException e) {
            taken = false;
            assertThat(e.getMessage()).as(name).isNotBlank().hasSizeLessThan(LONGEST_MESSAGE);
            assertThat(e.getMessage().chars()).as("%s: %s", name, e.getMessage())
                    .noneMatch(each -> Character.isISOControl(each) || each == 0x2028);
        } catch (Throwable e) {
            throw new AssertionError(name + ": neither taken nor refused", e);
        }
        // A column of texts becomes an input for each of up to 1000 of them.
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - heap).as(name + ": bytes of heap")
                .isLessThan(1024 * bytes + (32 << 20));
        assertThat(System.nanoTime() - begun).as(name + ": time").isLessThan(SECONDS * 1_000_000_000L);
        return taken;
    }

    private void attack(String kind, String valid, Reader reader) throws IOException {
        Path file = folder.resolve(kind);
        int taken = 0;
        for (int number = FROM; number < FROM + CASES; number++) {
            Random random = new Random(number);
            byte[] bytes = random.nextInt(4) == 0
                    ? mutated(valid.getBytes(StandardCharsets.UTF_8), random)
                    : rewritten(valid, random).getBytes(StandardCharsets.UTF_8);
            byte[] content = random.nextInt(10) == 0 ? gzipped(bytes) : bytes;
            Files.write(file, content);
            taken += isTaken(kind + " " + number, bytes.length, () -> reader.read(file)) ? 1 : 0;
        }
        assertThat(taken).isBetween(CASES / 100, CASES - CASES / 100);
    }

    @FunctionalInterface
    private interface Reader {
        void read(Path file) throws DataException;
    }

    @Test
    void hostileCsv() throws IOException {
        attack("table.csv", CSV, file -> CsvFile.load(file, null, 0.3, 1));
    }

    @Test
    void hostileArff() throws IOException {
        attack("table.arff", ARFF, file -> ArffFile.load(file, null, 0.3, 1));
    }

    /** Sizes that a header announces, types, and files that end elsewhere. */
    @Test
    void hostileIdx() throws IOException {
        Path images = folder.resolve("images");
        Path labels = folder.resolve("labels");
        byte[] validImages = DataFiles.idxImages(4, 5, 3);
        byte[] validLabels = DataFiles.idxLabels(0, 2, 1, 2);
        int taken = 0;
        for (int number = FROM; number < FROM + CASES; number++) {
            Random random = new Random(number);
            byte[] other = random.nextBoolean() ? mutated(validImages, random) : validImages;
            byte[] otherLabels = other == validImages ? mutated(validLabels, random) : validLabels;
            Files.write(images, random.nextInt(4) == 0 ? gzipped(other) : other);
            Files.write(labels, random.nextInt(10) == 0 ? mutated(gzipped(otherLabels), random) : otherLabels);
            taken += isTaken("idx " + number, other.length + otherLabels.length,
                    () -> Idx.read(images, labels, 3)) ? 1 : 0;
        }
        assertThat(taken).isBetween(CASES / 100, CASES - CASES / 100);
    }

    /** A line of very many names: looking each one up among all before it would take hours. */
    @Test
    void veryManyColumnsAreReadSoon() throws IOException {
        String names = IntStream.range(0, 400_000).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        Path csv = Files.writeString(folder.resolve("wide.csv"), names + "\n1\n");
        assertThat(isTaken("wide csv", names.length(), () -> CsvFile.load(csv, null, 0.3, 1))).isFalse();
        Path arff = Files.writeString(folder.resolve("wide.arff"), IntStream.range(0, 200_000)
                .mapToObj(i -> "@attribute c" + i + " numeric").collect(Collectors.joining("\n")) + "\n@data\n1\n");
        assertThat(isTaken("wide arff", Files.size(arff), () -> ArffFile.load(arff, null, 0.3, 1))).isFalse();
    }

    /** A small file that becomes a large one. */
    @Test
    void whatIsCompressedWellIsReadToItsAnnouncedEndAlone() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(DataFiles.idxImages(4, 5, 3));
            for (int i = 0; i < 300; i++) {
                zip.write(new byte[1 << 20]);
            }
        }
        Path images = Files.write(folder.resolve("bomb"), bytes.toByteArray());
        Path labels = Files.write(folder.resolve("labels"), DataFiles.idxLabels(0, 2, 1, 2));
        long heap = THREADS.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> Idx.read(images, labels, 3)).hasMessageContaining("more than it announces");
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - heap).isLessThan(1 << 24);
    }

    /** Lines left out, doubled and exchanged, and words that become others. */
    private static String rewritten(String valid, Random random) {
        List<String> lines = new ArrayList<>(Arrays.asList(valid.split("(?<=\n)")));
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(lines.size());
            String line = lines.get(at);
            int place = random.nextInt(line.length() + 1);
            String piece = PIECES.get(random.nextInt(PIECES.size()));
            switch (random.nextInt(6)) {
                case 0 -> lines.add(at, lines.get(random.nextInt(lines.size())));
                case 1 -> lines.set(at, "");
                case 2 -> lines.set(at, line.substring(0, place) + piece + line.substring(place));
                case 3 -> lines.set(at, line.substring(0, place) + piece
                        + line.substring(Math.min(line.length(), place + 1 + random.nextInt(5))));
                case 4 -> {
                    String[] words = line.split("(?<=[, ])");
                    words[random.nextInt(words.length)] = piece + (random.nextBoolean() ? "," : " ");
                    lines.set(at, String.join("", words));
                }
                default -> lines.set(at, line.repeat(1 + random.nextInt(50)));
            }
        }
        return String.join("", lines);
    }

    /** Other bytes, one to four changes away. */
    private static byte[] mutated(byte[] valid, Random random) {
        byte[] bytes = valid.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 1; changes--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                default -> Arrays.fill(bytes, at, Math.min(bytes.length, at + random.nextInt(8)),
                        (byte) (random.nextBoolean() ? 0 : -1));
            }
        }
        return bytes;
    }

    private static byte[] gzipped(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(content);
        }
        return bytes.toByteArray();
    }
}
