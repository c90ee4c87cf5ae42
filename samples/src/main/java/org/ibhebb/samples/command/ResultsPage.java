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
import org.ibhebb.samples.folder.DataException;
import org.ibhebb.samples.folder.OutputFile;
import org.ibhebb.samples.folder.WholeFile;
import org.ibhebb.samples.training.Row;
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
            ResultsFile results = read(file);
            add(results, page);
            addFigures(results, folder, page);
        }
        WholeFile.write(out, page);
        return 0;
    }

    private static ResultsFile read(Path file) throws DataException {
        try {
            return new ResultsFile(file, new ObjectMapper().readTree(file.toFile()));
        } catch (IOException e) {
            throw new DataException(file + " can't be read ("
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + "): " + ResultsFile.REMEDY, e);
        }
    }

    private static void add(ResultsFile results, StringBuilder page) throws DataException {
        if (SuiteTable.knows(results)) {
            page.append(SuiteTable.of(results));
            addRun(results, page);
            return;
        }
        for (String name : List.of("title", "commands", "extents", "summary", "provenance")) {
            results.field(name);
        }
        page.append("\n## ").append(Markdown.escape(results.text("title"))).append("\n\n");
        for (ResultsFile extent : results.list("extents")) {
            page.append("- ").append(Markdown.escape(extent.text())).append('\n');
        }
        StringBuilder commands = new StringBuilder();
        for (ResultsFile line : results.list("commands")) {
            commands.append(withoutFolders(line.text())).append('\n');
        }
        page.append('\n').append(Markdown.fenced(commands.toString()));
        Map<String, List<Line>> parts = new LinkedHashMap<>();
        for (ResultsFile row : results.list("summary")) {
            parts.computeIfAbsent(row.text("part"), title -> new ArrayList<>()).add(Line.of(row));
        }
        parts.forEach((title, lines) -> add(title, lines, page));
        addRun(results, page);
    }

    /** The charts that lie in the folder still, as links from where the page will be. */
    private void addFigures(ResultsFile results, Path folder, StringBuilder page) throws DataException {
        if (!results.has("figures")) {
            return;
        }
        for (ResultsFile figure : results.list("figures")) {
            Path file = folder.resolve(figure.text("file")).toAbsolutePath().normalize();
            if (!file.startsWith(folder.toAbsolutePath().normalize()) || Files.notExists(file)) {
                continue;
            }
            Path from = out.toAbsolutePath().normalize().getParent();
            page.append("\n![").append(Markdown.escape(figure.text("title"))).append("](")
                    .append(from.relativize(file).toString().replace('\\', '/').replace(" ", "%20")).append(")\n");
        }
    }

    private static void addRun(ResultsFile results, StringBuilder page) throws DataException {
        ResultsFile run = results.field("provenance");
        page.append("\ndate: ").append(Markdown.escape(run.text("date"))).append(", kernel: ")
                .append(Markdown.escape(run.text("kernel"))).append(", BLAS threads: ")
                .append(run.whole("blasThreads")).append(".\n");
    }

    /** A line of a table; deviation and memory are null where there are none. */
    private record Line(String row, String evaluatedOn, double mean, Double deviation, int count, int epochs,
            int trainSamples, int batch, Integer memory) {

        static Line of(ResultsFile row) throws DataException {
            ResultsFile accuracy = row.field("accuracy");
            return new Line(row.text("row"), row.text("evaluatedOn"), accuracy.number("mean"),
                    accuracy.isNull("deviation") ? null : accuracy.number("deviation"), accuracy.whole("count"),
                    row.whole("epochs"), row.whole("trainSamples"), row.whole("batch"),
                    row.isNull("memory") ? null : row.whole("memory"));
        }
    }

    private static void add(String title, List<Line> lines, StringBuilder page) {
        Line backprop = named(lines, Row.BACKPROP);
        Line frozen = named(lines, Row.FROZEN);
        page.append("\n### ").append(Markdown.escape(title)).append("\n\n")
                .append("| | ").append(Markdown.escape(lines.get(0).evaluatedOn())).append(" accuracy | seeds | against")
                .append(" back-propagation | above frozen | epochs | images | mini-batch | memory |\n")
                .append("|---|---|---|---|---|---|---|---|---|\n");
        for (Line line : lines) {
            page.append(String.format(Locale.ROOT, "| %s | %.2f%s | %d | %s | %s | %d | %,d | %d | %s |%n",
                    Markdown.escape(line.row()), line.mean(),
                    line.deviation() == null ? "" : String.format(Locale.ROOT, " ± %.2f", line.deviation()),
                    line.count(), difference(line, backprop), difference(line, frozen),
                    line.epochs(), line.trainSamples(), line.batch(),
                    line.memory() == null ? "" : String.valueOf(line.memory())));
        }
    }

    /** Null where there is none. */
    private static Line named(List<Line> lines, String control) {
        return lines.stream().filter(line -> line.row().equals(control)).findFirst().orElse(null);
    }

    private static String difference(Line line, Line control) {
        return control == null || line == control
                ? ""
                : String.format(Locale.ROOT, "%+.2f", line.mean() - control.mean());
    }

    /** Where the data and the outcome lay is nobody else's concern. */
    static String withoutFolders(String command) {
        String word = "('[^']*'|\\S+)";
        return command.replaceAll("--data-dir " + word, "--data-dir DIR")
                .replaceAll("--out '?(?:[^ ']*/)?([^ '/]+)'?", "--out $1");
    }
}
