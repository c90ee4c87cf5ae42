package org.ibhebb.samples.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.samples.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The suite as a user meets it, with one small task. */
class SuiteExperimentTest {

    private static final FileTime LONG_AGO = FileTime.fromMillis(0);
    private static final String TASK = "sorted-160";

    @TempDir
    private Path temporary;

    private StringWriter out;
    private StringWriter err;

    private int run(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        return Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
                .execute(Stream.concat(Stream.of("experiment", "suite"), Stream.of(arguments)).toArray(String[]::new));
    }

    private List<Path> runs(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("runs"))) {
            return files.toList();
        }
    }

    @Test
    void aTaskIsLearntInAllWaysAndNotAgain() throws IOException {
        Path folder = temporary.resolve("suite");
        Path rule = Files.writeString(temporary.resolve("cka.json"),
                LearningRule.builder().objective(Objective.normalizedHsic()).build().toJson());
        String[] command = {"--rows", TASK, "--quick", "--out", folder.toString(), "--rule", rule.toString()};
        assertThat(run(command)).as(String.valueOf(err)).isZero();
        assertThat(err.toString()).isEmpty();
        // Three candidates; the best of them on all of the samples; the user's; frozen; two rules.
        assertThat(runs(folder)).hasSize(3 + 1 + 1 + 1 + 2);
        JsonNode results = new ObjectMapper().readTree(folder.resolve("results.json").toFile());
        JsonNode task = results.get("tasks").get(0);
        assertThat(task.get("task").asText()).isEqualTo(TASK);
        assertThat(task.get("ways").fieldNames()).toIterable().containsExactlyInAnyOrder("default", "cka.json",
                "back-propagation", "tuned back-propagation", "frozen hidden layers");
        assertThat(task.get("ways").get("default").get("verdict").asText()).isIn("level", "behind", "FAILED");
        assertThat(results.get("counts").get(0).asText()).startsWith("default: level with").contains("of 1 tasks");
        assertThat(Files.readString(folder.resolve("index.html"))).contains("<td>" + TASK + "</td>", "cka.json");
        assertThat(Files.readAllLines(folder.resolve("results.csv"))).hasSize(1 + 5);

        for (Path each : runs(folder)) {
            Files.setLastModifiedTime(each, LONG_AGO);
        }
        assertThat(run(command)).isZero();
        assertThat(runs(folder)).allSatisfy(each ->
                assertThat(Files.getLastModifiedTime(each)).isEqualTo(LONG_AGO));
        assertThat(run("--rows", TASK, "--quick", "--out", folder.toString(), "--again")).isZero();
        assertThat(runs(folder)).filteredOn(each -> each.toFile().lastModified() != LONG_AGO.toMillis()).hasSize(1)
                .allSatisfy(each -> assertThat(each.getFileName().toString()).contains("local"));
    }

    @Test
    void whatIsNotThereIsLeftOut() throws IOException {
        Path folder = temporary.resolve("suite");
        assertThat(run("--rows", "cifar-conv-3k", "--out", folder.toString())).isZero();
        assertThat(out.toString()).contains("cifar-conv-3k is left out: cifar10 does not come with this program");
        assertThat(folder.resolve("index.html")).content().contains("left out");
    }

    /** Whether x is above .5, and a column of words. */
    @Test
    void aTableOfTheUsersIsLearntInPlaceOfTheTasks() throws IOException {
        StringBuilder lines = new StringBuilder("x,word,class\n");
        Random random = new Random(1);
        for (int i = 0; i < 100; i++) {
            double x = random.nextDouble();
            lines.append(x).append(i % 2 == 0 ? ",a," : ",b,").append(x > 0.5 ? "more" : "less").append('\n');
        }
        Path table = Files.writeString(temporary.resolve("my table.csv"), lines);
        Path folder = temporary.resolve("suite");
        String[] command = {"--table", table.toString(), "--quick", "--out", folder.toString()};
        assertThat(run(command)).as(String.valueOf(err)).isZero();
        JsonNode task = new ObjectMapper().readTree(folder.resolve("results.json").toFile()).get("tasks").get(0);
        assertThat(task.get("task").asText()).isEqualTo("my_table");
        assertThat(task.get("ways").get("default").get("error").get("mean").asDouble()).isLessThan(0.15);
        List<Path> before = runs(folder);
        Files.writeString(table, lines.append("0.1,a,less\n"));
        assertThat(run(command)).isZero();
        assertThat(runs(folder)).as("another content is another task").hasSize(2 * before.size());

        assertThat(run("--table", table + ",x/my table.csv", "--out", folder.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("no file x/my table.csv");
        assertThat(run("--table", table + "," + table, "--out", folder.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("two files are called 'my_table'");
    }

    @Test
    void tasksAreListedAndNamed() {
        assertThat(run("--list")).isZero();
        assertThat(out.toString().lines()).hasSize(Tasks.all().size());
        assertThat(run("--rows", "xor,nonsense", "--out", "x")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no task 'nonsense'").hasLineCount(1);
        assertThat(run("--rows", "xor")).isEqualTo(2);
        assertThat(err.toString()).contains("--out").hasLineCount(1);
    }

    @Test
    void aRuleThatCannotBeReadIsOneSentence() throws IOException {
        Path file = Files.writeString(temporary.resolve("rule.json"), "{");
        assertThat(run("--rows", "xor", "--out", temporary.resolve("x").toString(), "--rule", file.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("--rule " + file).hasLineCount(1);
    }
}
