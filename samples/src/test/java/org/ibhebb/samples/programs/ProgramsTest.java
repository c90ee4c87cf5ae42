package org.ibhebb.samples.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    void ownLayer() throws IOException {
        assertThat(accuracy(OwnLayer::main)).isGreaterThan(0.95);
    }

    /** The layer, and what makes it local, without blank lines and comments. */
    @Test
    void ownLayerIsShort() throws IOException {
        List<String> lines = Files.readAllLines(Path.of(
                "src", "main", "java", "org", "ibhebb", "samples", "programs", "OwnLayer.java"));
        int from = first(lines, "public static class Radial ");
        int to = first(lines, "public static void main(");
        assertThat(from).isPositive().isLessThan(to);
        assertThat(to).isLessThan(lines.size());
        assertThat(lines.subList(from, to).stream().map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("/") && !line.startsWith("*")).count())
                .isBetween(20L, 59L);
    }

    private static int first(List<String> lines, String start) {
        return (int) lines.stream().takeWhile(line -> !line.strip().startsWith(start)).count();
    }

    @Test
    void memoryNetwork() throws IOException {
        Path file = folder.resolve("memory.ibmem");
        assertThat(accuracy(MemoryNetworkProgram::main, file.toString())).isGreaterThan(0.7);
        assertThat(file).isNotEmptyFile();
    }
}
