package org.ibhebb.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ibhebb.Fixtures;
import org.ibhebb.listeners.InformationPlane;
import org.ibhebb.listeners.MemoryFidelity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;

/** What is written is there whole or not at all. */
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
