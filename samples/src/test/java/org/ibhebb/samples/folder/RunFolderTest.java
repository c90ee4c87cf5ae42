package org.ibhebb.samples.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

class RunFolderTest {

    @TempDir
    private Path temporary;

    @Command
    private static final class Nothing {}

    private static RunFolder open(Path folder) throws IOException {
        return RunFolder.open(new CommandLine(new Nothing()), folder);
    }

    /** The other process: opens the folder that it is given, and says how that went. */
    static final class Other {

        private Other() {}

        public static void main(String[] arguments) {
            try (RunFolder opened = open(Path.of(arguments[0]))) {
                System.out.println("opened " + opened.path());
            } catch (IOException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }

    private String another() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), Other.class.getName(), temporary.toString())
                .redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return said;
    }

    @Test
    void aSecondProcessIsRefusedUntilTheFirstIsDone() throws Exception {
        try (RunFolder first = open(temporary)) {
            assertThat(another()).contains("refused: another experiment is at work in " + first.path());
            assertThatThrownBy(() -> open(temporary)).isInstanceOf(DataException.class)
                    .hasMessageContaining("another experiment is at work in " + temporary);
        }
        assertThat(another()).contains("opened " + temporary);
        open(temporary).close();
    }

    @Test
    void linksInAFolderAreNotFollowed() throws IOException {
        Path precious = Files.writeString(temporary.resolve("precious"), "precious");
        Path locked = Files.createDirectory(temporary.resolve("locked"));
        Files.createSymbolicLink(locked.resolve(".lock"), precious);
        assertThatThrownBy(() -> open(locked)).isInstanceOf(DataException.class)
                .hasMessageContaining(locked.resolve(".lock").toString());
        Path linked = Files.createDirectory(temporary.resolve("linked"));
        Files.createSymbolicLink(linked.resolve("runs"), Files.createDirectory(temporary.resolve("elsewhere")));
        assertThatThrownBy(() -> open(linked)).isInstanceOf(ParameterException.class)
                .hasMessageContaining("is a symbolic link");
        Path kept = temporary.resolve("kept");
        try (RunFolder folder = open(kept)) {
            Files.createSymbolicLink(kept.resolve("plan.json"), precious);
            folder.keep("plan.json", "planned");
        }
        assertThat(kept.resolve("plan.json")).hasContent("\"planned\"");
        assertThat(precious).hasContent("precious");
    }
}
