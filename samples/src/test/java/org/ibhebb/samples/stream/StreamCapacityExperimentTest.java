package org.ibhebb.samples.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.ibhebb.memory.MemoryPretrainer;
import org.ibhebb.samples.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class StreamCapacityExperimentTest {

    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();

    private int run(String... more) {
        return Main.commandLine().setOut(new PrintWriter(new StringWriter())).setErr(new PrintWriter(err, true))
                .execute(Stream.concat(Stream.of("experiment", "stream-capacity", "--data", "digits", "--out",
                        folder.resolve("out").toString()), Stream.of(more)).toArray(String[]::new));
    }

    private double accuracy(String way) throws IOException {
        JsonNode results = new ObjectMapper().readTree(folder.resolve("out/results.json").toFile());
        return results.get("ways").get(way).get("testAccuracy").get("mean").asDouble();
    }

    @Test
    void whatLearnsIsAboveWhatIsFrozenAndNoRunIsRepeated() throws IOException {
        assertThat(run("--seeds", "1", "--most", "16")).as(err.toString()).isZero();
        double frozen = accuracy("frozen hidden layers");
        assertThat(accuracy("prediction")).isGreaterThan(frozen + 5);
        assertThat(accuracy("neighbourhood, N = 16")).isGreaterThan(accuracy("neighbourhood, N = 4"));
        assertThat(folder.resolve("out/index.html")).content().contains("<svg", "normalized-hsic, N = 8");

        List<FileTime> before = times();
        assertThat(run("--seeds", "1", "--most", "16")).isZero();
        assertThat(times()).isEqualTo(before);
    }

    @Test
    void aMemoryNetworkStandsBesideTheExactMemory() throws IOException {
        Path file = folder.resolve("memory.ibmem");
        MemoryPretrainer.builder().units(96).recall(8).activityWidth(8).build().pretrain(done -> {}).save(file);
        assertThat(run("--seeds", "1", "--capacities", "16,8", "--model", "mlp:16", "--memory-network", file.toString(),
                "--backprop", "none")).as(err.toString()).isZero();
        assertThat(folder.resolve("out/index.html")).content().doesNotContain("ack-propagation");
        assertThat(accuracy("neighbourhood by a memory network, N = 8"))
                .isCloseTo(accuracy("neighbourhood, N = 8"), within(3.0));
        JsonNode ways = new ObjectMapper().readTree(folder.resolve("out/results.json").toFile()).get("ways");
        assertThat(ways.has("neighbourhood by a memory network, N = 16")).isFalse();
        assertThat(ways.has("neighbourhood, N = 4")).isFalse();
    }

    private List<FileTime> times() throws IOException {
        try (Stream<Path> runs = Files.list(folder.resolve("out/runs"))) {
            return runs.sorted().map(run -> {
                try {
                    return Files.getLastModifiedTime(run);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).toList();
        }
    }

    @Test
    void whatCanNotBeLearntIsOneSentence() {
        assertThat(run("--backprop", "0.1,fast")).isEqualTo(2);
        assertThat(err.toString()).contains("--backprop", "0.1,fast");
        assertThat(run("--capacities", "4,1")).isEqualTo(2);
        assertThat(err.toString()).contains("--capacities", "at least 2", "not 1");
        assertThat(run("--capacities", "8,4", "--most", "3")).isEqualTo(2);
        assertThat(err.toString()).contains("--most", "at least 4", "not 3");
        assertThat(run("--model", "lenet")).isEqualTo(2);
        assertThat(err.toString()).contains("'lenet'", "mlp:128,64");
    }
}
