package org.ibhebb.samples.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ibhebb.rule.Objective;
import org.ibhebb.samples.data.DataSets;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.report.Chart;
import org.ibhebb.samples.report.Page;
import org.ibhebb.samples.report.Spread;
import org.ibhebb.samples.training.ModelSpec;
import org.ibhebb.samples.training.Result;
import org.ibhebb.samples.training.Row;
import org.ibhebb.samples.training.TrainingRule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code ibhebb experiment paper}: the paper's comparison, by this implementation. */
@Command(name = "paper", sortOptions = false,
        description = "Repeats the comparison of Daruwalla and Lipasti (2024) with this library: back-propagation,"
                + " frozen hidden layers, the formula of the published code, the paper's objective with its exact"
                + " gradient, and this library's defaults. Two parts: a multi-layer perceptron on mnist (25 epochs, as"
                + " in the paper) and a convolutional network on cifar10 (10 epochs; 50 in the paper).",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb experiment paper --part mnist --out paper-mnist",
            "  ibhebb experiment paper --data-dir ~/data --out paper --budget-minutes 600",
            "  ibhebb experiment paper --part cifar10 --model cnn:128,256 --data-dir ~/data --out no-norm"
        })
final class PaperExperiment extends Experiment {

    @Option(names = "--part", paramLabel = "PART", converter = PaperPart.Converter.class, order = 8,
            description = "One part alone: ${COMPLETION-CANDIDATES}.")
    private PaperPart only;

    @Option(names = "--model", paramLabel = "MODEL", converter = ModelSpec.Converter.class, order = 9,
            description = "Another network for --part, as for train. Default: mlp:128,64 for mnist, cnn-bn:128,256 for"
                    + " cifar10.")
    private ModelSpec model;

    private final Map<PaperPart, Part> parts = new EnumMap<>(PaperPart.class);

    @Override
    void checkOwnOptions() {
        if (only == null && (model != null || options().givesData())) {
            throw new ParameterException(command().commandLine(), (model == null ? "--data" : "--model")
                    + " changes one part: say which by --part");
        }
    }

    @Override
    List<Part> parts() throws IOException {
        for (PaperPart part : only == null ? List.of(PaperPart.values()) : List.of(only)) {
            DataSets data = options().data(part.data);
            ModelSpec trained = model == null ? part.model : model;
            LearningTask task = load(data);
            parts.put(part, new Part(data + ", " + trained, task,
                    options().size(task, task.train().count(), part.epochs), part.rows(trained, data)));
        }
        return List.copyOf(parts.values());
    }

    @Override
    String title() {
        return "The paper's comparison";
    }

    @Override
    List<String> arguments(Part part) {
        PaperPart name = named(part);
        List<String> arguments = new ArrayList<>(List.of("--part", name.toString()));
        if (model != null) {
            arguments.addAll(List.of("--model", model.toString()));
        }
        return arguments;
    }

    private PaperPart named(Part part) {
        return parts.keySet().stream().filter(name -> parts.get(name) == part).findFirst().orElseThrow();
    }

    @Override
    Map<String, Object> report(List<Findings> findings, Laboratory laboratory, Page page) {
        page.paragraph("Daruwalla and Lipasti (Frontiers in Computational Neuroscience, 2024) compare their rule, in"
                + " which every hidden layer learns by itself, with back-propagation. Here the same is done with this"
                + " library, and with what the paper does not show: hidden layers that do not learn at all. What is not"
                + " clearly above those has learnt nothing of use. The accuracies of the paper are read off its"
                + " figures; networks, batches and numbers of epochs differ as the tables say, so that they are"
                + " no more than a landmark.");
        findings.forEach(found -> add(found, named(found.part()), page));
        return Map.of();
    }

    private static void add(Findings found, PaperPart name, Page page) {
        page.heading(found.part().title());
        Spread backprop = found.accuracy(found.part().control(TrainingRule.BACKPROP));
        Spread frozen = found.accuracy(found.part().control(TrainingRule.FROZEN));
        List<List<String>> table = new ArrayList<>();
        for (Row row : found.part().rows()) {
            Spread accuracy = found.accuracy(row);
            Double inPaper = inPaper(row, name);
            Result first = found.results().get(row).get(0);
            table.add(List.of(row.title(), accuracy.toString(), String.valueOf(accuracy.count()), backprop.toString(),
                    frozen.toString(), inPaper == null ? "" : String.valueOf(inPaper), String.valueOf(row.batch()),
                    first.memory() == null ? "" : String.valueOf(first.memory())));
        }
        page.table(List.of("rule", "test accuracy %", "seeds", Row.BACKPROP + " %", Row.FROZEN + " %",
                "in the paper %", "mini-batch", "working memory"), table);
        page.table(List.of("", "in the paper", "here"), List.of(
                List.of("network", name.paperModel, String.valueOf(found.part().rows().get(0).model())),
                List.of("epochs", String.valueOf(name.paperEpochs), String.valueOf(found.size().epochs())),
                List.of("data", name.data.toString(), found.part().task().name()
                        + (found.part().rows().get(0).flip() ? ", mirrored at random" : ""))));
        page.figure(curves(found, name), "Mean over the seeds; bars are one standard deviation to either side.");
        page.figure(bars(found, name), "After the last epoch. The paper's bars are read off its figures.");
    }

    /** Null where the paper has no such row. */
    private static Double inPaper(Row row, PaperPart name) {
        return switch (row.rule()) {
            case BACKPROP -> name.paperBackprop;
            case FROZEN -> null;
            case IBHEBB -> row.learning().objectives().get(0).kind() == Objective.Kind.REFERENCE
                    ? name.paperRule
                    : null;
        };
    }

    private static Chart curves(Findings found, PaperPart name) {
        int epochs = found.size().epochs();
        List<Chart.Series> series = new ArrayList<>();
        for (Row row : found.part().rows()) {
            series.add(new Chart.Series(row.title(),
                    row.rule() == TrainingRule.IBHEBB ? Chart.Look.LINE : Chart.Look.CONTROL,
                    IntStream.rangeClosed(1, epochs).mapToObj(epoch -> found.accuracyAfter(row, epoch)).toList()));
        }
        return new Chart("curves-" + name, "Test accuracy over training, " + found.part().title(),
                "epoch (passes over the training images)", "test accuracy (%)", Chart.Scale.LINEAR,
                IntStream.rangeClosed(1, epochs).mapToObj(String::valueOf).toList(), series);
    }

    private static Chart bars(Findings found, PaperPart name) {
        List<Row> rows = found.part().rows();
        List<Spread> paper = new ArrayList<>();
        for (Row row : rows) {
            Double inPaper = inPaper(row, name);
            paper.add(inPaper == null ? null : new Spread(inPaper, null, 1));
        }
        return new Chart("accuracies-" + name, "Test accuracy, " + found.part().title(), "rule", "test accuracy (%)",
                Chart.Scale.LINEAR, rows.stream().map(Row::title).toList(), List.of(
                        new Chart.Series("here", Chart.Look.BARS, rows.stream().map(found::accuracy).toList()),
                        new Chart.Series("in the paper", Chart.Look.BARS, paper)));
    }
}
