package org.ibhebb.samples.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.ibhebb.samples.folder.DataException;
import org.ibhebb.samples.folder.OutputFile;
import org.ibhebb.samples.training.Row;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ibhebb results}: the numbers of many experiments as one page of Markdown. */
@Command(name = "results", sortOptions = false,
        description = "Writes the numbers of finished experiments, with the commands that repeat them, as one Markdown"
                + " page. It reads their results.json and nothing else.",
        footerHeading = "%nExample:%n",
        footer = "  ibhebb results best paper capacity --out docs/results.md")
public final class ResultsPage implements Callable<Integer> {

    private static final String INTRODUCTION = """
            # Results

            Written by `samples/ibhebb results`, from the results.json of the experiments named below: change nothing
            here by hand. Accuracies are in percent, means over the seeds, ± the sample standard deviation. Beside each
            stands what it differs by from back-propagation and from frozen hidden layers (only the readout learns) on
            the same network, images and epochs: what is not clearly above the latter has learnt nothing of use.
            Speed is measured by `samples/ibhebb bench`, not here.
            """;

    @Spec
    private CommandSpec command;

    @Parameters(arity = "1..*", paramLabel = "FOLDER", description = "What experiments were given as --out.")
    private List<Path> folders;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The page to write.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        OutputFile.check(command.commandLine(), "--out", out);
        StringBuilder page = new StringBuilder(INTRODUCTION);
        for (Path folder : folders) {
            Path file = folder.resolve("results.json");
            if (Files.notExists(file)) {
                throw new DataException("there is no " + file + ": let the experiment finish, by its own command");
            }
            add(new ObjectMapper().readTree(file.toFile()), file, page);
        }
        Files.writeString(out, page);
        return 0;
    }

    private static void add(JsonNode results, Path file, StringBuilder page) throws DataException {
        for (String name : List.of("title", "commands", "extents", "summary", "provenance")) {
            if (!results.has(name)) {
                throw new DataException(file + " has no '" + name + "': it is of an older version; start the same"
                        + " experiment again, which repeats no run");
            }
        }
        page.append("\n## ").append(results.get("title").asText()).append("\n\n");
        results.get("extents").forEach(extent -> page.append("- ").append(extent.asText()).append('\n'));
        page.append("\n```\n");
        results.get("commands").forEach(line -> page.append(withoutFolders(line.asText())).append('\n'));
        page.append("```\n");
        Map<String, List<JsonNode>> parts = new LinkedHashMap<>();
        results.get("summary").forEach(row ->
                parts.computeIfAbsent(row.get("part").asText(), title -> new ArrayList<>()).add(row));
        parts.forEach((title, rows) -> add(title, rows, page));
        JsonNode run = results.get("provenance");
        page.append("\n").append(Map.of("date", run.get("date").asText(), "kernel", run.get("kernel").asText())
                .entrySet().stream().sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + ": " + entry.getValue()).collect(Collectors.joining(", ")))
                .append(", BLAS threads: ").append(run.get("blasThreads").asInt()).append(".\n");
    }

    private static void add(String title, List<JsonNode> rows, StringBuilder page) {
        Double backprop = mean(rows, Row.BACKPROP);
        Double frozen = mean(rows, Row.FROZEN);
        page.append("\n### ").append(title).append("\n\n")
                .append("| | ").append(rows.get(0).get("evaluatedOn").asText()).append(" accuracy | seeds | against")
                .append(" back-propagation | above frozen | epochs | images | mini-batch | memory |\n")
                .append("|---|---|---|---|---|---|---|---|---|\n");
        for (JsonNode row : rows) {
            JsonNode accuracy = row.get("accuracy");
            double mean = accuracy.get("mean").asDouble();
            JsonNode deviation = accuracy.get("deviation");
            JsonNode memory = row.get("memory");
            page.append(String.format(Locale.ROOT, "| %s | %.2f%s | %d | %s | %s | %d | %,d | %d | %s |%n",
                    row.get("row").asText(), mean,
                    deviation.isNull() ? "" : String.format(Locale.ROOT, " ± %.2f", deviation.asDouble()),
                    accuracy.get("count").asInt(), difference(mean, backprop), difference(mean, frozen),
                    row.get("epochs").asInt(), row.get("trainSamples").asInt(), row.get("batch").asInt(),
                    memory.isNull() ? "" : memory.asText()));
        }
    }

    private static Double mean(List<JsonNode> rows, String control) {
        return rows.stream()
                .filter(row -> row.get("row").asText().equals(control))
                .map(row -> row.get("accuracy").get("mean").asDouble())
                .findFirst().orElse(null);
    }

    private static String difference(double mean, Double control) {
        return control == null || mean == control ? "" : String.format(Locale.ROOT, "%+.2f", mean - control);
    }

    /** Where the data and the outcome lay is nobody else's concern. */
    private static String withoutFolders(String command) {
        String word = "('[^']*'|\\S+)";
        return command.replaceAll("--data-dir " + word, "--data-dir DIR")
                .replaceAll("--out '?(?:[^ ']*/)?([^ '/]+)'?", "--out $1");
    }
}
