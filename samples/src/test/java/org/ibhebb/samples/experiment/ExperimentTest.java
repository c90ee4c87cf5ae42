package org.ibhebb.samples.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.ibhebb.samples.Main;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The experiments as a user meets them, but tiny. */
class ExperimentTest {

    private static final FileTime LONG_AGO = FileTime.fromMillis(0);
    private static final int PAPER_ROWS = 5;

    @TempDir
    private Path temporary;

    private Path folder;
    private StringWriter out;
    private StringWriter err;

    @BeforeEach
    void inAFolderThatDoesNotExist() {
        folder = temporary.resolve("new").resolve("experiment");
    }

    private int run(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        List<String> all = new ArrayList<>(List.of("experiment"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--out", folder.toString()));
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    private void paper(String... more) {
        paper(2, 100, more);
    }

    private void paper(int seeds, int trainLimit, String... more) {
        List<String> arguments = new ArrayList<>(List.of("paper", "--part", "mnist", "--data", "digits", "--model",
                "mlp:12,8", "--seeds", String.valueOf(seeds), "--epochs", "2", "--train-limit",
                String.valueOf(trainLimit)));
        arguments.addAll(List.of(more));
        assertThat(run(arguments.toArray(String[]::new))).isZero();
    }

    private List<Path> runs() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("runs"))) {
            return files.sorted(Comparator.comparing(Path::toString)).toList();
        }
    }

    private JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(folder.resolve(name).toFile());
    }

    private static void makeOld(List<Path> files) throws IOException {
        for (Path file : files) {
            Files.setLastModifiedTime(file, LONG_AGO);
        }
    }

    private static List<Path> old(List<Path> files) throws IOException {
        List<Path> old = new ArrayList<>();
        for (Path file : files) {
            if (Files.getLastModifiedTime(file).equals(LONG_AGO)) {
                old.add(file);
            }
        }
        return old;
    }

    @Test
    void everythingIsWritten() throws IOException {
        paper();

        assertThat(err.toString()).isEmpty();
        assertThat(out.toString()).contains("10 runs").contains("10/10").contains(" left")
                .contains("trained on 100 of 1,347 images for 2 epochs with 2 seeds");
        assertThat(runs()).hasSize(2 * PAPER_ROWS);
        for (String chart : List.of("curves-mnist", "accuracies-mnist")) {
            assertThat(folder.resolve(chart + ".png")).isNotEmptyFile();
            assertThat(folder.resolve(chart + ".svg")).isNotEmptyFile();
        }
        JsonNode results = json("results.json");
        assertThat(results.get("runs")).hasSize(2 * PAPER_ROWS);
        assertThat(results.get("summary")).hasSize(PAPER_ROWS);
        assertThat(results.get("provenance").get("kernel").asText()).isIn("native", "nd4j");
        // A header, and a line a run and epoch.
        assertThat(Files.readAllLines(folder.resolve("results.csv"))).hasSize(1 + 2 * PAPER_ROWS * 2);
    }

    @Test
    void thePageHasAllRowsAndCommandsAndNeedsNothingElse() throws IOException {
        paper();

        String page = Files.readString(folder.resolve("index.html"));
        for (JsonNode row : json("results.json").get("summary")) {
            assertThat(page).contains(row.get("row").asText());
        }
        assertThat(page)
                .contains("samples/ibhebb experiment paper --part mnist --data digits --model mlp:12,8")
                .contains("samples/ibhebb experiment paper --part mnist --model mlp:12,8 --out " + folder
                        + " --data digits --seeds 2 --epochs 2 --train-limit 100")
                .contains(" ± ");
        assertThat(page.replaceAll("xmlns(:xlink)?=\"[^\"]*\"", ""))
                .doesNotContain("http:").doesNotContain("https:").doesNotContain("<script").doesNotContain("<link")
                .doesNotContain("<img").doesNotContain("url(http");
    }

    @Test
    void aSecondCallRepeatsNothing() throws IOException {
        paper();
        makeOld(runs());
        paper();
        assertThat(out.toString()).contains("10 runs, 10 of them are there already");
        assertThat(old(runs())).hasSize(10);
    }

    @Test
    void onlyWhatIsMissingOrUnreadableIsRunAgain() throws IOException {
        paper();
        Path missing = runs().get(1);
        Path broken = runs().get(7);
        Files.delete(missing);
        Files.writeString(broken, Files.readString(broken).substring(0, 100));
        makeOld(runs());
        paper();
        assertThat(out.toString()).contains("10 runs, 8 of them are there already");
        assertThat(err.toString()).startsWith(broken + " can't be read and is made anew (").hasLineCount(1);
        assertThat(runs()).hasSize(10).contains(missing, broken);
        assertThat(old(runs())).hasSize(8).doesNotContain(missing, broken);
    }

    @Test
    void otherSettingsMakeOtherRunsAndThePageHasThoseAlone() throws IOException {
        paper();
        paper(2, 90);
        assertThat(out.toString()).contains("10 runs\n".replace("\n", System.lineSeparator()));
        assertThat(runs()).hasSize(20);
        assertThat(json("results.json").get("runs")).hasSize(10)
                .allSatisfy(run -> assertThat(run.get("result").get("trainSamples").asInt()).isEqualTo(90));
    }

    @Test
    void moreSeedsKeepTheOnesThatAreThere() throws IOException {
        paper();
        makeOld(runs());
        paper(3, 100);
        assertThat(old(runs())).hasSize(10);
        assertThat(runs()).hasSize(15);
    }

    @Test
    void aBudgetIsDecidedOnceAndSaid() throws IOException {
        // Less than anything takes: one seed and one epoch are left.
        paper("--budget-minutes", "0.0001");
        assertThat(runs()).hasSize(PAPER_ROWS);
        assertThat(Files.readString(folder.resolve("index.html")))
                .contains("for 1 of 2 epochs with 1 of 2 seeds")
                .contains("This is to fit 0.0001 minutes").contains("there is nothing left to cut")
                .contains("--seeds 1 --epochs 1 --train-limit 100");
        String plan = Files.readString(folder.resolve("plan.json"));

        paper("--budget-minutes", "0.0001");
        assertThat(out.toString()).contains("Going on by " + folder.resolve("plan.json"))
                .contains("5 runs, 5 of them are there already");
        assertThat(folder.resolve("plan.json")).hasContent(plan);

        paper("--budget-minutes", "1000");
        assertThat(out.toString()).contains("Measuring how fast each of 5 rows is");
        assertThat(runs()).hasSize(PAPER_ROWS + 2 * PAPER_ROWS);
    }

    @Test
    @EnabledIfSystemProperty(named = "ibhebb.tests", matches = "whole",
            disabledReason = "takes long: mvn -Pwhole verify")
    void capacityShowsAccuracyAndFidelity() throws IOException {
        assertThat(run("capacity", "--data", "digits", "--seeds", "1", "--train-limit", "10")).isZero();
        assertThat(err.toString()).isEmpty();
        // Two objectives at eight capacities, two controls; and a fidelity for each objective.
        assertThat(runs()).hasSize(2 * 8 + 2 + 2);
        JsonNode results = json("results.json");
        assertThat(results.get("runs")).allSatisfy(run -> assertThat(run.get("result").get("batch").asInt()).isOne());
        assertThat(results.get("fidelity")).hasSize(2)
                .allSatisfy(fidelity -> assertThat(fidelity.get("cosines")).hasSize(8));
        assertThat(folder.resolve("accuracy.svg")).isNotEmptyFile();
        assertThat(folder.resolve("fidelity.png")).isNotEmptyFile();
        makeOld(runs());
        run("capacity", "--data", "digits", "--seeds", "1", "--train-limit", "10");
        assertThat(old(runs())).hasSize(20);
    }

    @Test
    void memoryShowsAccuracyAndFidelity() throws IOException {
        assertThat(run("memory", "--data", "digits", "--seeds", "1", "--train-limit", "10")).isZero();
        assertThat(err.toString()).isEmpty();
        // Three depths, each with five reservoirs and an exact memory, and two controls.
        assertThat(runs()).hasSize(3 * (5 + 1) + 2);
        assertThat(json("results.json").get("memory")).hasSize(15)
                .allSatisfy(finding -> assertThat(finding.get("cosine").asDouble()).isBetween(-1.0, 1.0));
        assertThat(folder.resolve("memory-768.ibmem")).isNotEmptyFile();
        assertThat(folder.resolve("accuracy.svg")).isNotEmptyFile();
        assertThat(folder.resolve("fidelity.png")).isNotEmptyFile();
        makeOld(runs());
        run("memory", "--data", "digits", "--seeds", "1", "--train-limit", "10");
        assertThat(old(runs())).hasSize(20);
    }

    @Test
    @EnabledIfSystemProperty(named = "ibhebb.tests", matches = "whole",
            disabledReason = "takes long: mvn -Pwhole verify")
    void objectivesAreJudgedByValidationImages() throws IOException {
        assertThat(run("objectives", "--data", "digits", "--seeds", "1", "--epochs", "1", "--train-limit", "12"))
                .isZero();
        assertThat(err.toString()).isEmpty();
        JsonNode runs = json("results.json").get("runs");
        assertThat(runs).hasSize(2 * (3 * 19 + 2)).allSatisfy(run -> {
            assertThat(run.get("result").has("testAccuracy")).isFalse();
            assertThat(run.get("result").get("validationSamples").asInt()).isEqualTo(1347 / 6);
        });
        assertThat(Files.readString(folder.resolve("index.html")))
                .contains("Best for mlp:128,64: ").contains("Best for mlp:512,512: ")
                .contains("by default").contains("on 224 validation images");
    }

    @Test
    void convolutionsHaveObjectivesOfTheirOwn() throws IOException {
        assertThat(run("objectives", "--data", "digits", "--seeds", "1", "--epochs", "1", "--train-limit", "12",
                "--model", "cnn:4")).isZero();
        assertThat(err.toString()).isEmpty();
        // 4 maps seen as 2 x 2 make 16 units: they can't be put into 32 groups.
        JsonNode runs = json("results.json").get("runs");
        assertThat(runs).hasSize(3 * 15 + 2).extracting(run -> run.get("row").asText())
                .contains("normalized-hsic, 16 groups, layer-normalised")
                .contains("neighbourhood, sigma 0.35, maps seen as 4 x 4, layer-normalised")
                .contains("prediction + 0.3 neighbourhood, sigma 0.35, layer-normalised")
                .noneMatch(row -> row.contains("32 groups"));
        assertThat(json("results.json").get("commands").get(0).asText()).contains("--model cnn:4");
    }

    @Test
    void spikingNetworksAreSeenByTimeStepsAndEncodings() throws IOException {
        String[] command = {"spiking", "--part", "digits", "--model", "snn:6,5", "--steps", "3,4", "--encode",
            "current,latency", "--quick", "--epochs", "1", "--train-limit", "40"};
        assertThat(run(command)).as(String.valueOf(err)).isZero();
        assertThat(err.toString()).isEmpty();
        JsonNode results = json("results.json");
        // Two numbers of time steps, two encodings, three rows.
        assertThat(results.get("runs")).hasSize(2 * 2 * 3).allSatisfy(run -> {
            JsonNode firing = run.get("result").get("firing");
            assertThat(firing.get("layers")).hasSize(2).allSatisfy(layer ->
                    assertThat(run.get("part").asText()).contains("T " + layer.get("timeSteps").asInt() + ","));
            assertThat(firing.get("samples").asInt()).isEqualTo(450);
        });
        assertThat(results.get("firing")).hasSize(12).allSatisfy(mean ->
                assertThat(mean.get("rate").asDouble()).isBetween(0.0, 1.0));
        assertThat(results.get("commands").get(0).asText()).contains("--part digits --model snn:6,5 --steps 3,4"
                + " --encode current,latency").contains("--data digits --seeds 1 --epochs 1 --train-limit 40");
        for (JsonNode figure : results.get("figures")) {
            assertThat(folder.resolve(figure.get("file").asText())).isNotEmptyFile();
        }
        assertThat(Files.readString(folder.resolve("index.html"))).contains("digits, T 4, latency")
                .contains("Accuracy against firing rate, digits").contains("multiply-accumulates");
        makeOld(runs());
        assertThat(run(command)).isZero();
        assertThat(old(runs())).hasSize(12);
    }

    @Test
    void timeHasTasksOfItsOwn() throws IOException {
        assertThat(run("spiking", "--part", "match", "--model", "snn:6", "--seeds", "2", "--control-seeds", "1",
                "--epochs", "1", "--train-limit", "40")).as(String.valueOf(err)).isZero();
        JsonNode results = json("results.json");
        assertThat(results.get("runs")).hasSize(3 * 2 + 2).extracting(run -> run.get("result").get("model").asText())
                .contains("snn:6@16+latency", "snn:6@16+latency+trace", "snn:6@16+latency+per-step");
        assertThat(results.get("summary")).extracting(row -> row.get("row").asText())
                .containsExactlyInAnyOrder("back-propagation", "frozen hidden layers", "the default", "by traces",
                        "at every time step");
        // No data set has that name: a command that gave it as one would be refused.
        assertThat(results.get("commands").get(0).asText()).contains("--part match").doesNotContain("--data");
        assertThat(folder.resolve("time.svg")).isNotEmptyFile();
        assertThat(Files.readString(folder.resolve("index.html"))).contains("Time: match");
    }

    @Test
    void missingDataGetsOneSentenceAndExitCode1() {
        assertThat(run("paper", "--data-dir", temporary.toString())).isEqualTo(1);
        assertThat(err.toString()).startsWith("ibhebb: there is neither train-images-idx3-ubyte").hasLineCount(1);
    }

    @Test
    void aFolderThatCannotBeGetsOneSentenceAndExitCode2() throws IOException {
        folder = Files.createFile(temporary.resolve("file"));
        assertThat(run("capacity", "--data", "digits")).isEqualTo(2);
        assertThat(err.toString()).startsWith("ibhebb: --out " + folder).contains("folder").hasLineCount(1);
        folder = folder.resolve("below");
        assertThat(run("capacity", "--data", "digits")).isEqualTo(2);
        assertThat(err.toString()).startsWith("ibhebb: --out " + folder).contains("folder").hasLineCount(1);
    }

    @Test
    void theBestOfEachNetworkBesideItsControls() throws IOException {
        assertThat(run("best", "--part", "mnist-wide", "--data", "digits", "--seeds", "2", "--control-seeds", "1",
                "--epochs", "1", "--train-limit", "100")).as(String.valueOf(err)).isZero();
        JsonNode summary = json("results.json").get("summary");
        // The default, and beside it the rule that was tuned for this network.
        assertThat(summary).hasSize(4);
        assertThat(summary.get(0).get("accuracy").get("count").asInt()).isEqualTo(1);
        assertThat(summary.get(1).get("accuracy").get("count").asInt()).isEqualTo(1);
        assertThat(summary.get(2).get("accuracy").get("count").asInt()).isEqualTo(2);
        assertThat(summary.get(3).get("accuracy").get("count").asInt()).isEqualTo(2);
        assertThat(out.toString()).contains("with 2 seeds (back-propagation and frozen with 1 seed)").contains("6 runs");
        assertThat(Files.readString(folder.resolve("index.html"))).contains("--control-seeds 1");
        for (JsonNode run : json("results.json").get("runs")) {
            if (run.get("row").asText().equals("normalized-hsic")) {
                assertThat(run.get("result").get("lrHidden").asDouble()).isEqualTo(2e-3);
                assertThat(run.get("result").get("learningRule").get("objectives").get(0).get("groups").asInt())
                        .isEqualTo(32);
            }
        }
    }

    @Test
    void resultsOfManyExperimentsMakeOnePage() throws IOException {
        paper();
        Path page = temporary.resolve("results.md");
        StringWriter said = new StringWriter();
        assertThat(Main.commandLine().setErr(new PrintWriter(said, true))
                .execute("results", folder.toString(), "--out", page.toString())).as(said.toString()).isZero();
        String text = Files.readString(page);
        assertThat(text).contains("## The paper's comparison").contains("### digits, mlp:12,8")
                .contains("| back-propagation | ").contains("| frozen hidden layers | ")
                .contains("samples/ibhebb experiment paper --part mnist --model mlp:12,8 --out experiment --data digits")
                .doesNotContain(temporary.toString());
        for (JsonNode row : json("results.json").get("summary")) {
            assertThat(text).contains(String.format("| %s | %.2f ± %.2f | 2 |", row.get("row").asText(),
                    row.get("accuracy").get("mean").asDouble(), row.get("accuracy").get("deviation").asDouble()));
        }

        said.getBuffer().setLength(0);
        assertThat(Main.commandLine().setErr(new PrintWriter(said, true))
                .execute("results", temporary.toString(), "--out", page.toString())).isEqualTo(1);
        assertThat(said.toString()).contains("there is no " + temporary.resolve("results.json"));
        assertThat(Files.readString(page)).isEqualTo(text);
    }
}
