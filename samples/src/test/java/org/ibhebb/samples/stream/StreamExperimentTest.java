package org.ibhebb.samples.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.ibhebb.samples.Main;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Without MOA, which is on no class path here; samples/moa tests the rest. */
class StreamExperimentTest {

    private static final int ROWS = 2_000;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path csv;

    @BeforeEach
    void makeFile() throws IOException {
        Random random = new Random(3);
        StringBuilder text = new StringBuilder("kind,number,other\n");
        for (int i = 0; i < ROWS; i++) {
            double number = random.nextGaussian();
            text.append(String.format(Locale.ROOT, "%s,%.4f,%.4f%n", number > 0 ? "yes" : "no", number,
                    random.nextGaussian()));
        }
        csv = Files.writeString(folder.resolve("mine.csv"), text);
    }

    private int run(String... flags) {
        return Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
                .execute(Stream.concat(Stream.of("experiment", "stream", "--out", folder.resolve("out").toString()),
                        Stream.of(flags)).toArray(String[]::new));
    }

    private int runFile(String... more) {
        List<String> flags = new ArrayList<>(List.of("--data", "csv:" + csv, "--class", "kind", "--model", "mlp:8"));
        flags.addAll(List.of(more));
        return run(flags.toArray(String[]::new));
    }

    private JsonNode results() throws IOException {
        return new ObjectMapper().readTree(folder.resolve("out/results.json").toFile());
    }

    private List<FileTime> times() throws IOException {
        try (Stream<Path> runs = Files.list(folder.resolve("out/runs"))) {
            List<FileTime> times = new ArrayList<>();
            for (Path each : runs.sorted().toList()) {
                times.add(Files.getLastModifiedTime(each));
            }
            return times;
        }
    }

    @Test
    void aFileIsLearntAndNoRunIsRepeatedUnlessItsContentChanged() throws IOException {
        assertThat(runFile()).as(err.toString()).isZero();
        JsonNode learnt = results().get("streams").get("csv:" + csv).get("local network");
        double accuracy = learnt.get("prequentialAccuracy").get("mean").asDouble();
        assertThat(accuracy).isBetween(80.0, 99.9);
        assertThat(learnt.get("samplesPerSecond").get("mean").asDouble()).isPositive();
        assertThat(results().get("moa").isNull()).isTrue();
        assertThat(folder.resolve("out/index.html")).content().contains("<svg", "MOA was not there", "mlp:8");
        assertThat(folder.resolve("out/results.csv")).content().hasLineCount(2).contains("local network,mlp:8,64,1,"
                + ROWS);

        List<FileTime> before = times();
        assertThat(runFile()).isZero();
        assertThat(times()).isEqualTo(before);
        assertThat(runFile("--again")).isZero();
        assertThat(times()).hasSize(1).isNotEqualTo(before);
        Files.writeString(csv, Files.readString(csv) + "yes,1,1\n");
        assertThat(runFile()).isZero();
        assertThat(times()).hasSize(2);
    }

    /** A class that comes after the first 1,000 lines. */
    @Test
    void aLateClassNeedsRoom() throws IOException {
        Files.writeString(csv, Files.readString(csv) + "maybe,1,1\n");
        assertThat(runFile()).isEqualTo(1);
        assertThat(err.toString()).contains("line 2002", "class 'maybe', which is new", "--classes");
        assertThat(runFile("--classes", "3")).isZero();
    }

    /** The accuracies of the parts are those of the whole: no sample is counted twice, or left out. */
    @Test
    void theCurveIsOfTheWholeStream() throws IOException {
        StreamRun run = new Contest(null, "kind", 0).carryOut(
                StreamRun.of("csv:" + csv, null, Contest.NETWORK, "mlp:8", 0, ROWS, 1));
        assertThat(run.samples()).isEqualTo(ROWS);
        assertThat(run.curve()).hasSize(StreamRun.POINTS);
        assertThat(run.curve().stream().mapToDouble(each -> each).average().orElseThrow())
                .isEqualTo(run.accuracy(), within(1e-9));
        // Neither blocks nor parts change what is learnt.
        StreamRun shorter = new Contest(null, "kind", 0).carryOut(
                StreamRun.of("csv:" + csv, null, Contest.NETWORK, "mlp:8", 0, 997, 1));
        assertThat(shorter.samples()).isEqualTo(997);
        double right = 0;
        for (int i = 0; i < 24; i++) {
            right += run.curve().get(i) * ROWS / StreamRun.POINTS / 100;
        }
        assertThat(shorter.accuracy() * 997 / 100).isBetween(right, right + 37);
    }

    @Test
    void publishedStreamsAreGeneratedHereWhereMoaIsNotThere() throws IOException {
        assertThat(run("--limit", "300", "--model", "mlp:8", "--memory", "0")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("MOA takes no part", "generated:sea:1:150", "7/7 generated:waveform:1:150");
        assertThat(results().get("streams").size()).isEqualTo(7);
        assertThat(results().get("summary")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--streams sea,sae                 | there is no stream 'sae': there are sea, agrawal",
        "--streams none                    | there is nothing to learn",
        "--data mnist                      | 'mnist' is none of csv:FILE, arff:FILE, generated:NAME, moa:STREAM",
        "--data -                          | '-' is none of csv:FILE",
        "--class kind                      | --class is for --data csv:FILE and arff:FILE",
        "--model lenet                     | 'lenet'",
        "--limit 0                         | --limit must be at least 1, not 0",
        "--seeds 0                         | --seeds must be at least 1, not 0",
        "--memory 1                        | --memory must be 0 or at least 2, not 1",
    })
    void whatIsWrongIsOneSentence(String flags, String sentence) {
        assertThat(run(flags.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(sentence).hasLineCount(1);
    }
}
