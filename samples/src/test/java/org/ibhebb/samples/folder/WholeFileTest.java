package org.ibhebb.samples.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {

    @TempDir
    private Path folder;

    private long files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }

    @Test
    void replacesWhatWasThere() throws IOException {
        Path file = folder.resolve("a.json");
        WholeFile.write(file, "old");
        WholeFile.write(file, "new");
        assertThat(file).hasContent("new");
        assertThat(files()).isOne();
    }

    @Test
    void aFailureLeavesWhatWasThereAndNamesTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("net.zip"), "old");
        assertThatThrownBy(() -> WholeFile.write(file, unfinished -> {
            Files.writeString(unfinished, "half of");
            throw new IOException("No space left on device");
        })).isInstanceOf(DataException.class).hasMessageContaining(file.toString())
                .hasMessageContaining("No space left on device");
        assertThat(file).hasContent("old");
        assertThat(files()).isOne();
    }

    @Test
    void aLinkIsReplacedNotFollowed() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "precious");
        Path link = Files.createSymbolicLink(folder.resolve("link"), precious);
        WholeFile.write(link, "new");
        assertThat(precious).hasContent("precious");
        assertThat(Files.isSymbolicLink(link)).isFalse();
        assertThat(link).hasContent("new");
    }

    /** Nobody can know the name under which a file is written. */
    @Test
    void whatIsPlantedBesideAFileIsNotFollowed() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "precious");
        for (String planted : List.of("a.json.unfinished", "a.unfinished", "a.json.tmp", ".a.json", ".a.json.tmp")) {
            Files.createSymbolicLink(folder.resolve(planted), precious);
        }
        long before = files();
        Set<Path> names = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            WholeFile.write(folder.resolve("a.json"), unfinished -> {
                names.add(unfinished);
                assertThat(Files.isSymbolicLink(unfinished)).isFalse();
                Files.writeString(unfinished, "new");
            });
        }
        assertThat(names).hasSize(2);
        assertThat(folder.resolve("a.json")).hasContent("new");
        assertThat(precious).hasContent("precious");
        assertThat(files()).isEqualTo(before + 1);
    }

    @Test
    void theEndingIsKeptForLibrariesThatGoByIt() throws IOException {
        WholeFile.write(folder.resolve("chart.png"), unfinished ->
                assertThat(unfinished).hasParent(folder).hasFileName(unfinished.getFileName().toString())
                        .asString().endsWith(".png"));
        assertThat(folder.resolve("chart.png")).isEmptyFile();
    }

    @Test
    void theLongestNameThatAFileCanHaveIsWritten() throws IOException {
        Path file = folder.resolve("x".repeat(250) + ".json");
        WholeFile.write(file, "content");
        assertThat(file).hasContent("content");
    }

    @Test
    void readersSeeOneContentOrTheOther() throws Exception {
        Path file = folder.resolve("shared.json");
        String a = "a".repeat(100_000);
        String b = "b".repeat(100_000);
        WholeFile.write(file, a);
        ExecutorService writers = Executors.newFixedThreadPool(2);
        try {
            Future<?> first = writers.submit(() -> {
                for (int i = 0; i < 50; i++) {
                    WholeFile.write(file, a);
                }
                return null;
            });
            Future<?> second = writers.submit(() -> {
                for (int i = 0; i < 50; i++) {
                    WholeFile.write(file, b);
                }
                return null;
            });
            while (!(first.isDone() && second.isDone())) {
                assertThat(Files.readString(file)).isIn(a, b);
            }
            first.get();
            second.get();
        } finally {
            writers.shutdownNow();
        }
        assertThat(files()).isOne();
    }
}
