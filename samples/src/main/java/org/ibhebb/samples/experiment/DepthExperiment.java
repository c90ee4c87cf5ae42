package org.ibhebb.samples.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.samples.data.DataSets;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.option.Limits;
import org.ibhebb.samples.report.Chart;
import org.ibhebb.samples.report.Page;
import org.ibhebb.samples.report.Spread;
import org.ibhebb.samples.training.ModelSpec;
import org.ibhebb.samples.training.Row;
import org.ibhebb.samples.training.TrainingRule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ibhebb experiment depth}: what becomes of learning without back-propagation as layers are added. */
@Command(name = "depth", sortOptions = false,
        description = "Trains perceptrons of 1, 2, 4 and 8 hidden layers by the rule after one changed line, by"
                + " back-propagation and with frozen hidden layers, and shows test accuracy against depth. By default"
                + " layers of 256 units on all training images of mnist, 10 epochs, mini-batches of 128.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb experiment depth --out depth",
            "  ibhebb experiment depth --width 1024 --data fashion-mnist --seeds 1 --out deep-and-wide"
        })
final class DepthExperiment extends Experiment {

    private static final List<Integer> DEPTHS = List.of(1, 2, 4, 8);
    private static final int EPOCHS = 10;
    private static final int BATCH = 128;
    private static final double LR = 1e-3;
    private static final String CHART = "depth";

    @Option(names = "--width", paramLabel = "N", defaultValue = "256", order = 8,
            description = "Units of each hidden layer. Default: ${DEFAULT-VALUE}.")
    private int width;

    @Override
    void checkOwnOptions() {
        Limits.atLeastOne(command(), "--width", width);
    }

    @Override
    List<Part> parts() throws IOException {
        DataSets data = options().data(DataSets.MNIST);
        boolean flip = data == DataSets.CIFAR10;
        LearningTask task = load(data);
        List<Part> parts = new ArrayList<>();
        for (int depth : DEPTHS) {
            ModelSpec model = ModelSpec.parse("mlp:" + Collections.nCopies(depth, width).stream()
                    .map(String::valueOf).collect(Collectors.joining(",")));
            parts.add(new Part(String.format(Locale.ROOT, "%s, %d x %d", data, depth, width), task,
                    options().size(task, task.train().count(), EPOCHS), List.of(
                            Row.backprop(model, BATCH, LR, flip),
                            Row.frozen(model, BATCH, LR, flip),
                            Row.local("the default", model, LearningRule.defaults(), BATCH, LR, LR, flip))));
        }
        return parts;
    }

    @Override
    String title() {
        return "Depth";
    }

    @Override
    List<String> arguments(Part part) {
        return List.of("--width", String.valueOf(width));
    }

    @Override
    Map<String, Object> report(List<Findings> findings, Laboratory laboratory, Page page) {
        page.paragraph("No error crosses a layer, so that a layer can't ask the one below for what it lacks: does"
                + " depth still help, or at least do no harm? Beside the rule stand back-propagation and hidden layers"
                + " that do not learn at all; all on the same images for the same time.");
        List<Chart.Series> series = new ArrayList<>();
        List<List<String>> table = new ArrayList<>();
        for (TrainingRule rule : List.of(TrainingRule.IBHEBB, TrainingRule.BACKPROP, TrainingRule.FROZEN)) {
            List<Spread> accuracies = new ArrayList<>();
            String title = findings.get(0).part().control(rule).title();
            for (Findings found : findings) {
                Row row = found.part().control(rule);
                accuracies.add(found.accuracy(row));
                table.add(List.of(found.part().title(), title, found.accuracy(row).toString(),
                        String.valueOf(found.accuracy(row).count()),
                        String.format(Locale.ROOT, "%.0f", found.trainSeconds(row).mean())));
            }
            series.add(new Chart.Series(title, Chart.Look.LINE, accuracies));
        }
        String heading = "Test accuracy against depth, layers of " + width + " units";
        page.figure(new Chart(CHART, heading, "hidden layers", "test accuracy (%)", Chart.Scale.LINEAR,
                DEPTHS.stream().map(String::valueOf).toList(), series),
                "Mean over the seeds; bars are one standard deviation to either side.");
        page.table(List.of("", "rule", "test accuracy %", "seeds", "training, s"), table);
        return Map.of("figures", List.of(Map.of("file", CHART + ".svg", "title", heading)));
    }
}
