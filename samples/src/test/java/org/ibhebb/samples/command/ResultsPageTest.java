package org.ibhebb.samples.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ibhebb.samples.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

class ResultsPageTest {

    private static final String RESULTS = """
            {"title": "A title", "commands": ["samples/ibhebb experiment best --out best"], "extents": ["All of it."],
             "summary": [{"part": "mnist", "row": "back-propagation", "evaluatedOn": "test",
               "accuracy": {"mean": 98.0, "deviation": 0.1, "count": 3}, "epochs": 10, "trainSamples": 60000,
               "batch": 128, "memory": null},
              {"part": "mnist", "row": "ours", "evaluatedOn": "test",
               "accuracy": {"mean": 98.1, "deviation": null, "count": 1}, "epochs": 10, "trainSamples": 60000,
               "batch": 128, "memory": 128}],
             "provenance": {"date": "2026-01-01", "kernel": "native", "blasThreads": 1}}
            """;

    private static final String SUITE = """
            {"title": "The suite", "command": "samples/ibhebb experiment suite --data-dir /d --out /o/s",
             "counts": ["default: level on 1 of 1."],
             "tasks": [{"task": "mnist", "settings": {"group": "images", "network": "dense:8", "batch": 64, "epochs": 3},
               "ways": {"default": {"error": {"mean": 0.06, "deviation": 0.0043, "count": 3}, "verdict": "level"},
                 "back-propagation": {"error": {"mean": 0.077, "deviation": null, "count": 1}},
                 "tuned back-propagation": {"error": {"mean": 0.069, "deviation": null, "count": 1}},
                 "frozen hidden layers": {"error": {"mean": 0.476, "deviation": null, "count": 1}}}}],
             "provenance": {"date": "2026-01-01", "kernel": "native", "blasThreads": 1}}
            """;

    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();

    private int page(String results) throws IOException {
        Files.writeString(folder.resolve("results.json"), results);
        err.getBuffer().setLength(0);
        return Main.commandLine().setErr(new PrintWriter(err, true))
                .execute("results", folder.toString(), "--out", folder.resolve("page.md").toString());
    }

    @Test
    void levelWithAControlIsNoControl() throws IOException {
        assertThat(page(RESULTS.replace("98.1", "98.0"))).as(err.toString()).isZero();
        assertThat(Files.readString(folder.resolve("page.md")))
                .contains("| back-propagation | 98.00 ± 0.10 | 3 |  |").contains("| ours | 98.00 | 1 | +0.00 |");
    }

    @Test
    void chartsThatAreThereAreShown() throws IOException {
        String figures = """
                {"figures": [{"file": "a b.svg", "title": "Depth *"}, {"file": "gone.svg", "title": "Gone"},
                  {"file": "../above.svg", "title": "Elsewhere"}],""";
        Files.writeString(folder.resolve("a b.svg"), "<svg/>");
        assertThat(page(RESULTS.replaceFirst("\\{", figures))).as(err.toString()).isZero();
        assertThat(Files.readString(folder.resolve("page.md"))).contains("\n![Depth \\*](a%20b.svg)\n")
                .doesNotContain("Gone").doesNotContain("Elsewhere");
    }

    @Test
    void aLineForEachRow() throws IOException {
        assertThat(page(RESULTS)).as(err.toString()).isZero();
        assertThat(folder.resolve("page.md")).content()
                .contains("| back-propagation | 98.00 ± 0.10 | 3 |  |  | 10 | 60,000 | 128 |  |")
                .contains("| ours | 98.10 | 1 | +0.10 |  | 10 | 60,000 | 128 | 128 |");
    }

    @Test
    void aSuiteIsATableForEachGroup() throws IOException {
        assertThat(page(SUITE)).as(err.toString()).isZero();
        assertThat(folder.resolve("page.md")).content()
                .contains("- default: level on 1 of 1.", "experiment suite --data-dir DIR --out s", "### images")
                .contains("| mnist | dense:8, batch 64 x 3 | 0.060 ± 0.0043 | level | 0.077 | 0.069 | 0.476 |");
    }

    @ParameterizedTest
    @ValueSource(strings = {RESULTS, SUITE})
    void whatIsMissingOrOfAnotherKindIsOneSentence(String intact) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<JsonNode> damaged = new ArrayList<>();
        damage(mapper, mapper.readTree(intact), List.of(), damaged);
        assertThat(damaged).hasSizeGreaterThan(50);
        for (JsonNode results : damaged) {
            int exit = page(results.toString());
            assertThat(exit).as("%s: %s", results, err).isIn(0, 1);
            assertThat(err.toString()).doesNotContain("\tat ").doesNotContain("Exception");
            if (exit == 1) {
                assertThat(err.toString()).startsWith("ibhebb: " + folder.resolve("results.json")).hasLineCount(1);
            }
        }
        for (int length = 0; length < intact.strip().length(); length += 7) {
            assertThat(page(intact.substring(0, length))).isEqualTo(1);
            assertThat(err.toString()).startsWith("ibhebb: " + folder.resolve("results.json")).hasLineCount(1);
        }
    }

    /** Every value, once left out and once of another kind. */
    private static void damage(ObjectMapper mapper, JsonNode whole, List<Object> path, List<JsonNode> damaged) {
        JsonNode at = at(whole, path);
        List<Object> steps = new ArrayList<>();
        at.fieldNames().forEachRemaining(steps::add);
        for (int i = 0; i < (at.isArray() ? at.size() : 0); i++) {
            steps.add(i);
        }
        for (Object step : steps) {
            for (JsonNode other : new JsonNode[] {null, mapper.nullNode(), mapper.createArrayNode(),
                mapper.createObjectNode(), mapper.getNodeFactory().textNode("text"),
                mapper.getNodeFactory().numberNode(1e300)}) {
                JsonNode copy = whole.deepCopy();
                JsonNode parent = at(copy, path);
                if (parent instanceof ObjectNode object && other == null) {
                    object.remove((String) step);
                } else if (parent instanceof ObjectNode object) {
                    object.set((String) step, other);
                } else if (other == null) {
                    ((ArrayNode) parent).remove((int) step);
                } else {
                    ((ArrayNode) parent).set((int) step, other);
                }
                damaged.add(copy);
            }
            List<Object> below = new ArrayList<>(path);
            below.add(step);
            damage(mapper, whole, below, damaged);
        }
    }

    private static JsonNode at(JsonNode node, List<Object> path) {
        for (Object step : path) {
            node = step instanceof String name ? node.get(name) : node.get((int) step);
        }
        return node;
    }

    @Test
    void aForeignTitleStaysText() throws IOException {
        String title = "<script>alert(1)</script> [x](http://x) `a` | *b* \\\\ &amp; \\n## Not a heading";
        assertThat(page(RESULTS.replace("A title", title).replace("\"ours\"", "\"" + title + "\"")
                .replace("--out best", "\\n```\\n<b>"))).as(err.toString()).isZero();
        String page = Files.readString(folder.resolve("page.md"));
        assertThat(page).doesNotContain("<script>", "x](http", "\n## Not").contains("&lt;script&gt;alert(1)")
                .contains("\\[x\\](http").contains("\\|").contains("&amp;amp;").contains("````\nsamples/ibhebb");
        assertThat(page.lines().filter(line -> line.startsWith("| &lt;")).findFirst()).hasValueSatisfying(line ->
                assertThat(line.replace("\\|", "").chars().filter(c -> c == '|').count()).isEqualTo(10));
    }
}
