package org.ibhebb.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.ibhebb.Fixtures;
import org.ibhebb.ForAnyKernel;
import org.ibhebb.listeners.InformationPlane;
import org.ibhebb.listeners.MemoryFidelity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

/** What is written is there whole or not at all. */
@ForAnyKernel
class WholeFileTest {

    @TempDir
    Path folder;

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void aFileIsReplaced() throws IOException {
        Path file = folder.resolve("plane.csv");
        WholeFile.write(file, "a longer text");
        WholeFile.write(file, "ä");
        assertThat(file).content().isEqualTo("ä");
        assertThat(files()).containsExactly(file);
    }

    @Test
    void whatALinkPointsToIsReplacedAndDevicesAreWrittenTo() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "old");
        Path link = folder.resolve("link");
        try {
            Files.createSymbolicLink(link, file);
        } catch (UnsupportedOperationException | IOException e) {
            assumeTrue(false, "there are no symbolic links here: " + e);
        }
        WholeFile.write(link, "new");
        assertThat(link).isSymbolicLink();
        assertThat(file).content().isEqualTo("new");

        Path device = Path.of("/dev/null");
        if (Files.exists(device)) {
            WholeFile.write(device, "nothing");
            assertThat(Files.isRegularFile(device)).isFalse();
        }
    }

    /** As a full disk does it, and as a bug does. */
    @Test
    void aFailureLeavesWhatWasThereAndNamesTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("net.zip"), "old");
        assertThatThrownBy(() -> WholeFile.write(file, out -> {
            out.write(new byte[100_000]);
            throw new IOException("No space left on device");
        })).isInstanceOf(IOException.class)
                .hasMessageContainingAll(file.toString(), "No space left on device", "as it was before");
        assertThatThrownBy(() -> WholeFile.write(file, out -> {
            throw new IllegalStateException("on purpose");
        })).hasMessage("on purpose");
        assertThat(file).content().isEqualTo("old");
        assertThat(files()).containsExactly(file);

        Path nowhere = folder.resolve("none").resolve("net.zip");
        assertThatThrownBy(() -> WholeFile.write(nowhere, "new")).isInstanceOf(IOException.class)
                .hasMessageContainingAll(nowhere.toString(), "can't be written (no such file)");
    }

    @Test
    void theLongestNamesThatAFileCanHaveAreWritten() throws IOException {
        for (int length : new int[] {200, 207, 208, 250, 255}) {
            Path file = folder.resolve("x".repeat(length));
            WholeFile.write(file, "content");
            assertThat(file).content().isEqualTo("content");
        }
        Path inManyBytes = folder.resolve("\u4e2d".repeat(85));
        WholeFile.write(inManyBytes, "content");
        assertThat(inManyBytes).content().isEqualTo("content");
        assertThat(files()).hasSize(6);
    }

    /** Nobody reads half of it, and writers do not meet in the file beside it. */
    @Test
    void twoWritersAtOnceLeaveOneContentOrTheOther() throws Exception {
        Path file = folder.resolve("shared");
        List<String> contents = List.of("a".repeat(100_000), "b".repeat(100_000));
        WholeFile.write(file, contents.get(0));
        ExecutorService writers = Executors.newFixedThreadPool(2);
        try {
            List<Future<Object>> writing = contents.stream().map(content -> writers.submit(() -> {
                for (int i = 0; i < 30; i++) {
                    WholeFile.write(file, content);
                }
                return null;
            })).toList();
            while (!writing.stream().allMatch(Future::isDone)) {
                assertThat(Files.readString(file)).isIn(contents);
            }
            for (Future<Object> each : writing) {
                each.get();
            }
        } finally {
            writers.shutdownNow();
        }
        assertThat(files()).containsExactly(file);
    }

    /** A folder that is not empty can't be replaced, once all has been written beside it. */
    @Test
    void whatCanNotBeReplacedStaysAndNothingIsLeftBeside() throws IOException {
        Path target = Files.createDirectory(folder.resolve("plane.csv"));
        Path inside = Files.writeString(target.resolve("old"), "old");
        assertThatThrownBy(() -> WholeFile.write(target, "new")).isInstanceOf(IOException.class);
        assertThat(inside).content().isEqualTo("old");
        assertThat(files()).containsExactly(target);

        InformationPlane plane =
                new InformationPlane(new DataSet(Fixtures.noise(1, 4, 5), Fixtures.oneHot(1, 4, 3)), 1);
        assertThatThrownBy(() -> plane.writeCsv(target)).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("plane.csv");
        assertThatThrownBy(() -> new MemoryFidelity(1).writeCsv(target)).isInstanceOf(IOException.class);
        assertThat(files()).containsExactly(target);
    }
}
