package org.ibhebb.samples.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ibhebb.samples.data.Tables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs to copy do what they say. */
class ProgramsTest {

    @TempDir
    private Path folder;

    private interface Program {
        void main(String[] arguments) throws IOException;
    }

    private static double accuracy(Program program, String... arguments) throws IOException {
        PrintStream out = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true));
        try {
            program.main(arguments);
        } finally {
            System.setOut(out);
        }
        String[] words = said.toString().strip().split("\\s+");
        assertThat(words).contains("accuracy");
        return Double.parseDouble(words[words.length - 1]);
    }

    @Test
    void oneLine() throws IOException {
        assertThat(accuracy(OneLine::main)).isGreaterThan(0.94);
    }

    @Test
    void ownCsv() throws IOException {
        Path file = folder.resolve("flowers.csv");
        Files.copy(Tables.class.getResourceAsStream("iris.csv"), file);
        assertThat(accuracy(OwnCsv::main, file.toString())).isGreaterThan(0.88);
    }

    @Test
    void memoryNetwork() throws IOException {
        Path file = folder.resolve("memory.ibmem");
        assertThat(accuracy(MemoryNetworkProgram::main, file.toString())).isGreaterThan(0.7);
        assertThat(file).isNotEmptyFile();
    }
}
