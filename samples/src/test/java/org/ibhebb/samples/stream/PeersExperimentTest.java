package org.ibhebb.samples.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.ibhebb.samples.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class PeersExperimentTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... more) {
        return Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true))
                .execute(Stream.concat(Stream.of("experiment", "stream-peers", "--data", "digits", "--out",
                        folder.resolve("out").toString()), Stream.of(more)).toArray(String[]::new));
    }

    private String peer(String name, String script) throws IOException {
        Path file = folder.resolve(name + ".sh");
        Files.writeString(file, script);
        return name + "=sh " + file;
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void anotherProgramGetsTheSameImagesAndStandsBeside() throws IOException {
        Path given = folder.resolve("given");
        String peer = peer("counter", "cat > " + given + "\necho 100.0 50.0\n");
        assertThat(run("--model", "mlp:16,8", "--seeds", "2", "--peer", peer)).as(err.toString()).isZero();
        JsonNode results = new ObjectMapper().readTree(folder.resolve("out/results.json").toFile());
        JsonNode ways = results.get("ways");
        assertThat(ways.get("counter").get("testAccuracy").get("mean").asDouble()).isCloseTo(50, within(1e-9));
        assertThat(ways.get("this library, the default").get("testAccuracy").get("mean").asDouble()).isGreaterThan(50);
        assertThat(folder.resolve("out/index.html")).content().contains("counter");
        // Three sizes and those of two layers, a seed, two moments, two counts; digits are images of 8 x 8 and a class.
        long samples = (Files.size(given) - 5 * 4 - 8 - 2 * 4 - 2 * 4) / 65;
        assertThat(Files.size(given)).isEqualTo(5 * 4 + 8 + 2 * 4 + 2 * 4 + 65 * samples);
        assertThat(samples).isEqualTo(1797);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whatGoesWrongThereIsOneSentence() throws IOException {
        assertThat(run("--model", "mlp:16", "--peer", peer("broken", "exit 3\n"))).isEqualTo(1);
        assertThat(err.toString()).contains("broken has failed, with the exit status 3");
        assertThat(run("--model", "mlp:16", "--peer", "none=no-such-program-here")).isEqualTo(1);
        assertThat(err.toString()).contains("none can't be started");
        assertThat(run("--peer", "nameless")).isEqualTo(2);
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("-Psmile");
    }
}
