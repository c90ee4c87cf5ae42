package org.ibhebb.samples.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.ibhebb.samples.data.DataSets;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.report.Chart;
import org.ibhebb.samples.report.Page;
import org.ibhebb.samples.report.Spread;
import org.ibhebb.samples.training.Row;
import org.ibhebb.samples.training.TrainingRule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code ibhebb experiment best}: what this library reaches with the settings that suit a network. */
@Command(name = "best", sortOptions = false,
        description = "Trains several networks, each with the settings of this library that did best on validation"
                + " images, beside back-propagation and frozen hidden layers: perceptrons on mnist and fashion-mnist"
                + " (10 epochs), three convolutions on cifar10 (10 epochs), and one sample at a time (mnist, one"
                + " epoch). Test images are read once, at these settings.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb experiment best --part mnist-wide --out best",
            "  ibhebb experiment best --part cifar10 --control-seeds 1 --data-dir ~/data --out best-cifar10"
        })
final class BestExperiment extends Experiment {

    @Option(names = "--part", paramLabel = "PART", converter = BestPart.Converter.class, order = 8,
            description = "One part alone: ${COMPLETION-CANDIDATES}.")
    private BestPart only;

    private final Map<BestPart, Part> parts = new EnumMap<>(BestPart.class);

    @Override
    void checkOwnOptions() {
        if (only == null && options().givesData()) {
            throw new ParameterException(
                    command().commandLine(), "--data changes one part: say which by --part");
        }
    }

    @Override
    List<Part> parts() throws IOException {
        for (BestPart part : only == null ? List.of(BestPart.values()) : List.of(only)) {
            DataSets data = options().data(part.data);
            LearningTask task = load(data);
            parts.put(part, new Part(data + ", " + part.model + (part == BestPart.ONLINE ? ", one at a time" : ""),
                    task, options().size(task, task.train().count(), part.epochs), part.rows(data)));
        }
        return List.copyOf(parts.values());
    }

    @Override
    String title() {
        return "This library's best";
    }

    @Override
    List<String> arguments(Part part) {
        return List.of("--part", named(part).toString());
    }

    private BestPart named(Part part) {
        return parts.keySet().stream().filter(name -> parts.get(name) == part).findFirst().orElseThrow();
    }

    @Override
    Map<String, Object> report(List<Findings> findings, Laboratory laboratory, Page page) {
        page.paragraph("Networks whose hidden layers learn by themselves, each by an objective of its own, with the"
                + " settings that did best on validation images: beside back-propagation, and beside hidden layers that"
                + " do not learn at all. What is not clearly above those has learnt nothing of use.");
        findings.forEach(found -> add(found, page));
        return Map.of();
    }

    private void add(Findings found, Page page) {
        page.heading(found.part().title());
        Spread backprop = found.accuracy(found.part().control(TrainingRule.BACKPROP));
        Spread frozen = found.accuracy(found.part().control(TrainingRule.FROZEN));
        List<List<String>> table = new ArrayList<>();
        for (Row row : found.part().rows()) {
            Spread accuracy = found.accuracy(row);
            table.add(List.of(row.title(), accuracy.toString(), String.valueOf(accuracy.count()),
                    signed(accuracy.mean() - backprop.mean()), signed(accuracy.mean() - frozen.mean()),
                    String.valueOf(row.batch()), row.isControl() ? "" : String.valueOf(row.learning().memory()),
                    String.format(Locale.ROOT, "%.0f", found.trainSeconds(row).mean())));
        }
        page.table(List.of("rule", "test accuracy %", "seeds", "over " + Row.BACKPROP, "over frozen", "mini-batch",
                "working memory", "training, s"), table);
        page.figure(curves(found, named(found.part())),
                "Mean over the seeds; bars are one standard deviation to either side.");
    }

    private static String signed(double points) {
        return String.format(Locale.ROOT, "%+.2f", points);
    }

    private static Chart curves(Findings found, BestPart name) {
        int epochs = found.size().epochs();
        List<Chart.Series> series = new ArrayList<>();
        for (Row row : found.part().rows()) {
            series.add(new Chart.Series(row.title(), row.isControl() ? Chart.Look.CONTROL : Chart.Look.LINE,
                    IntStream.rangeClosed(1, epochs).mapToObj(epoch -> found.accuracyAfter(row, epoch)).toList()));
        }
        return new Chart("curves-" + name, "Test accuracy over training, " + found.part().title(),
                "epoch (passes over the training images)", "test accuracy (%)", Chart.Scale.LINEAR,
                IntStream.rangeClosed(1, epochs).mapToObj(String::valueOf).toList(), series);
    }
}
