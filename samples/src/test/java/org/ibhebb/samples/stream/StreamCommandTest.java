package org.ibhebb.samples.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import picocli.CommandLine;

class StreamCommandTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();

    private int run(String... arguments) {
        StringWriter written = out;
        return new CommandLine(new StreamCommand())
                .setOut(new PrintWriter(written))
                .setErr(new PrintWriter(written))
                .setExecutionExceptionHandler((problem, command, parsed) -> {
                    command.getErr().println(problem.getMessage());
                    command.getErr().flush();
                    return 1;
                })
                .execute(arguments);
    }

    /** A class that follows from a number and a word, and not from either alone. */
    private Path csv(int lines) throws IOException {
        Random random = new Random(3);
        StringBuilder text = new StringBuilder("number,kind,word,noise\n");
        for (int i = 0; i < lines; i++) {
            double number = random.nextGaussian();
            String word = random.nextBoolean() ? "\"with, comma\"" : "plain";
            String kind = number > 0 == word.equals("plain") ? "yes" : "no";
            text.append(String.format(Locale.ROOT, "%s,%s,%s,%.3f%n", i % 50 == 7 ? "?" : String.valueOf(number), kind,
                    word, 100 * random.nextGaussian()));
        }
        return Files.writeString(folder.resolve("stream.csv"), text);
    }

    private JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    @Test
    void csvIsLearntByAColumnThatIsNamed() throws IOException {
        Path result = folder.resolve("result.json");
        Path report = folder.resolve("report");
        assertThat(run("--data", "csv:" + csv(6_000), "--class", "kind", "--model", "mlp:32,16", "--memory", "16",
                "--json", result.toString(), "--report", report.toString())).as(out.toString()).isZero();
        JsonNode json = json(result);
        assertThat(json.get("samples").asInt()).isEqualTo(6_000);
        assertThat(json.get("windowAccuracy").asDouble()).isGreaterThan(85);
        assertThat(json.get("windowKappa").asDouble()).isGreaterThan(0.7);
        assertThat(json.get("prequentialAccuracy").asDouble()).isBetween(70.0, 99.0);
        assertThat(json.get("samplesPerSecond").asDouble()).isPositive();
        assertThat(report.resolve("index.html")).exists();
    }

    /** The same samples once as CSV and once as ARFF, where each column's kind is declared. */
    @Test
    void convolutionsLearnImages() throws IOException {
        Path result = folder.resolve("result.json");
        for (String model : List.of("cnn:8", "lenet")) {
            assertThat(run("--data", "digits", "--model", model, "--memory", "16", "--json", result.toString()))
                    .as(out.toString()).isZero();
            assertThat(json(result).get("testAccuracy").asDouble()).as(model).isGreaterThan(70);
        }
        assertThat(run("--data", "generated:sea", "--model", "cnn:8")).isEqualTo(2);
        assertThat(run("--data", "digits", "--model", "cnn:x")).isEqualTo(2);
        assertThat(run("--data", "generated:sea", "--model", "scnn:8")).isEqualTo(2);
        assertThat(run("--data", "digits", "--model", "scnn:x")).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"'scnn:8,16', current, 60", "scnn:8, poisson, 60", "'snn:48,32+trace', poisson, 70",
        "'snn:48,32+per-step', current, 70", "scnn:8+per-step, current, 50"})
    void spikesOfFeatureMapsAndAtSingleTimeStepsAreLearnt(String model, String encoding, double atLeast)
            throws IOException {
        Path result = folder.resolve("result.json");
        assertThat(run("--data", "digits", "--model", model, "--steps", "8", "--encode", encoding, "--memory", "16",
                "--passes", "3", "--json", result.toString())).as(out.toString()).isZero();
        assertThat(json(result).get("testAccuracy").asDouble()).isGreaterThan(atLeast);
    }

    @ParameterizedTest
    @CsvSource({"current, 80", "poisson, 70", "latency, 50"})
    void spikingNeuronsLearnImages(String encoding, double atLeast) throws IOException {
        Path result = folder.resolve("result.json");
        Path saved = folder.resolve("learnt.ibstream");
        String[] flags = {"--data", "digits", "--model", "snn:48,32", "--steps", "11", "--encode", encoding, "--memory",
            "16", "--passes", "3", "--json", result.toString()};
        assertThat(run(flags)).as(out.toString()).isZero();
        JsonNode json = json(result);
        assertThat(json.get("testAccuracy").asDouble()).isGreaterThan(atLeast);
        assertThat(json.get("model").asText())
                .isEqualTo("snn:48,32@11" + (encoding.equals("current") ? "" : "+" + encoding));
        // The same in two parts.
        assertThat(run(with(flags, "--limit", "1000", "--save", saved.toString()))).isZero();
        assertThat(run(with(flags, "--resume", saved.toString()))).as(out.toString()).isZero();
        assertThat(json(result).get("testAccuracy").asDouble()).isEqualTo(json.get("testAccuracy").asDouble());
    }

    @Test
    void spikingNeuronsLearnWhatIsNoImage() throws IOException {
        Path result = folder.resolve("result.json");
        assertThat(run("--data", "csv:" + csv(6_000), "--class", "kind", "--model", "snn:32,16", "--memory", "16",
                "--synaptic-decay", "0.2", "--refractory", "1", "--json", result.toString())).as(out.toString())
                .isZero();
        assertThat(json(result).get("model").asText()).isEqualTo("snn:32,16+synapse0.2+rest1");
        assertThat(json(result).get("windowAccuracy").asDouble()).isGreaterThan(60);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--data generated:sea --model snn:8 --encode poisson | is for images, whose pixels are from 0 to 1",
        "--data digits --steps 4                             | --steps is the number of time steps of a spiking",
        "--data digits --model snn:8 --synaptic-decay 1      | synapticDecay (1.0) must be in [0, 1)",
        "--data digits --model cnn:8 --refractory 1          | --refractory says how long neurons of a spiking",
        "--data digits --model snn:8 --refractory -1         | refractorySteps (-1) must be at least 0"
    })
    void whatIsWrongWithSpikingNeuronsIsNamed(String arguments, String sentence) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertThat(out.toString()).contains(sentence).doesNotContain("\tat ");
    }

    @Test
    void arffIsLearntAsCsvIs() throws IOException {
        Path result = folder.resolve("result.json");
        String[] flags = {"--class", "kind", "--model", "mlp:32,16", "--memory", "16", "--json", result.toString()};
        assertThat(run(with(flags, "--data", "arff:" + arff(6_000)))).as(out.toString()).isZero();
        JsonNode arff = json(result);
        assertThat(arff.get("samples").asInt()).isEqualTo(6_000);
        assertThat(arff.get("windowAccuracy").asDouble()).isGreaterThan(85);
        assertThat(run(with(flags, "--data", "csv:" + csv(6_000)))).isZero();
        assertThat(json(result).get("prequentialAccuracy").asDouble())
                .isEqualTo(arff.get("prequentialAccuracy").asDouble(), within(3.0));
    }

    private Path arff(int lines) throws IOException {
        List<String> rows = Files.readAllLines(csv(lines));
        return Files.write(folder.resolve("stream.arff"), Stream.concat(
                Stream.of("@relation r", "@attribute number real", "@attribute kind {yes,no}",
                        "@attribute word {plain,'with, comma'}", "@attribute noise numeric", "@data"),
                rows.stream().skip(1)).toList());
    }

    @Test
    void whatIsWrongWithArffIsNamed() throws IOException {
        Path file = arff(20);
        Files.writeString(file, Files.readString(file) + "1,yes,plane,3\n");
        assertThat(run("--data", "arff:" + file, "--class", "kind")).isEqualTo(1);
        assertThat(out.toString()).contains("line 27 has 'plane' for attribute 'word'");
        assertThat(run("--data", "arff:" + file)).isEqualTo(1);
        assertThat(out.toString()).contains("the class 'noise' is declared as a number");
        assertThat(run("--data", "arff:" + folder.resolve("none"))).isEqualTo(1);
        assertThat(out.toString()).contains("there is no such file");
        assertThat(run("--data", "digits", "--class", "kind")).isEqualTo(2);
        assertThat(out.toString()).contains("--class is for");
    }

    /** MOA is on no class path here. */
    @Test
    void streamsOfMoaAskForMoa() {
        assertThat(run("--data", "moa:(generators.SEAGenerator)", "--limit", "10")).isEqualTo(1);
        assertThat(out.toString()).contains("MOA").contains("mvn -Pmoa").doesNotContain("\tat ");
    }

    /** Who gets a loan follows from age at first, and from salary later. */
    @Test
    void driftIsMarked() throws IOException {
        Path result = folder.resolve("result.json");
        Path report = folder.resolve("report");
        assertThat(run("--data", "generated:agrawal:2:15000", "--limit", "25000", "--memory", "0", "--model",
                "mlp:32,16", "--json", result.toString(), "--report", report.toString())).as(out.toString()).isZero();
        JsonNode drifts = json(result).get("drifts");
        assertThat(drifts.size()).isBetween(1, 2);
        assertThat(drifts.get(0).asInt()).isBetween(15_001, 17_000);
        assertThat(out.toString()).contains("drift: ");
        assertThat(report.resolve("index.html")).content().contains("<td>" + drifts.get(0).asInt() + "</td>",
                "% right before");
    }

    @Test
    void aBadLineIsNamed() throws IOException {
        Path file = csv(20);
        Files.writeString(file, Files.readString(file) + "1,yes,plain\n");
        assertThat(run("--data", "csv:" + file, "--class", "kind")).isEqualTo(1);
        assertThat(out.toString()).contains("line 22").contains("3 fields").contains("4 columns");
        assertThat(run("--data", "csv:" + file, "--class", "sort")).isEqualTo(1);
        assertThat(out.toString()).contains("no column 'sort'");
        assertThat(run("--data", "csv:" + folder.resolve("none"))).isEqualTo(1);
        assertThat(run("--data", "nothing")).isEqualTo(2);
        assertThat(run("--data", "digits", "--model", "cnn-bn:3")).isEqualTo(2);
    }

    @Test
    void whatIsSavedGoesOn() throws IOException {
        Path whole = folder.resolve("whole.ibstream");
        Path half = folder.resolve("half.ibstream");
        Path rest = folder.resolve("rest.ibstream");
        String[] flags = {"--data", "digits", "--model", "mlp:24", "--memory", "8"};
        assertThat(run(with(flags, "--save", whole.toString()))).as(out.toString()).isZero();
        assertThat(run(with(flags, "--save", half.toString(), "--limit", "500"))).isZero();
        assertThat(run(with(flags, "--save", rest.toString(), "--resume", half.toString()))).isZero();
        assertThat(Files.readAllBytes(rest)).isEqualTo(Files.readAllBytes(whole));
        assertThat(Files.readAllBytes(half)).isNotEqualTo(Files.readAllBytes(whole));
    }

    private static String[] with(String[] flags, String... more) {
        String[] all = Arrays.copyOf(flags, flags.length + more.length);
        System.arraycopy(more, 0, all, flags.length, more.length);
        return all;
    }

    /** What can't be written is refused before anything is learnt: this would go on for hours. */
    @ParameterizedTest
    @EnabledOnOs(OS.LINUX)
    @CsvSource({"--json, /proc/x.json", "--save, /proc/x.ibstream", "--save, LONG", "--json, LONG", "--report, /proc/x",
        "--save, none/x.ibstream", "--json, .", "--save, ''"})
    void whatCannotBeWrittenIsRefusedFirst(String flag, String target) {
        String name = target.equals("LONG") ? folder.resolve("x".repeat(300)).toString() : target;
        assertThat(run("--data", "digits", "--passes", "100000000", flag, name)).isEqualTo(2);
        assertThat(out.toString()).contains(flag).doesNotContain("\tat ", "samples/s");
    }

    @Test
    void digitsAreTested() throws IOException {
        Path result = folder.resolve("result.json");
        assertThat(run("--data", "digits", "--model", "mlp:64,32", "--passes", "5", "--json", result.toString()))
                .as(out.toString()).isZero();
        assertThat(json(result).get("testAccuracy").asDouble()).isGreaterThan(90);
    }

    @Test
    void accuracyAndKappaAreOfTheLatestSamples() {
        Prequential results = new Prequential(3, 4);
        int[] said = {0, 1, 2, 0, 1, 1};
        int[] was = {1, 1, 2, 0, 0, 1};
        for (int i = 0; i < said.length; i++) {
            results.add(said[i], was[i]);
        }
        assertThat(results.accuracy()).isEqualTo(100 * 4 / 6.0);
        assertThat(results.windowAccuracy()).isEqualTo(75);
        // Of the last four: said 2, 0, 1, 1, was 2, 0, 0, 1.
        double chance = (1 * 2 + 2 * 1 + 1 * 1) / 16.0;
        assertThat(results.windowKappa()).isEqualTo((0.75 - chance) / (1 - chance), within(1e-12));
    }
}
