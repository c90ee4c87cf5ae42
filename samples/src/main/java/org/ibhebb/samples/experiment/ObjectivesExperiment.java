package org.ibhebb.samples.experiment;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.LearningRule.Normalization;
import org.ibhebb.rule.Objective;
import org.ibhebb.samples.data.DataSets;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.report.Chart;
import org.ibhebb.samples.report.Page;
import org.ibhebb.samples.report.Spread;
import org.ibhebb.samples.training.TunedRule;
import org.ibhebb.samples.training.ModelSpec;
import org.ibhebb.samples.training.Row;
import org.ibhebb.samples.training.TrainingRule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ibhebb experiment objectives}: which rule to ship. */
@Command(name = "objectives", sortOptions = false,
        description = "Trains by every objective, with and without normalisation and grouping, at two widths, and"
                + " sorts them by their accuracy on validation images: the last sixth of the training images, on which"
                + " nothing is trained. The test images are not even read. By default mnist, 5 epochs. Convolutional"
                + " networks have a list of their own, which varies what the signal sees of a feature map too.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb experiment objectives --out objectives --budget-minutes 60",
            "  ibhebb experiment objectives --data cifar10 --model cnn-bn:48,96,192 --data-dir ~/data --out maps"
        })
final class ObjectivesExperiment extends Experiment {

    private static final DataSets DATA = DataSets.MNIST;
    private static final int EPOCHS = 5;
    private static final double LR = 1e-3;
    private static final double[] SIGMAS = {0.2, 0.25, 0.35, 0.5};
    private static final double[] RATES = {1, 4, 10};
    private static final double[] WEIGHTS = {0.3, 1};
    private static final int[] POOLINGS = {1, 4};
    /** Less than one image in a set of any size here. */
    private static final double LEAST_ERROR = 1e-3;
    private static final int[] GROUPS = {16, 32};

    @Option(names = "--model", paramLabel = "MODEL", converter = ModelSpec.Converter.class, order = 8,
            defaultValue = "mlp:128,64 mlp:512,512", split = " ",
            description = "The networks, as for train; several by giving this flag several times. Default:"
                    + " ${DEFAULT-VALUE}.")
    private List<ModelSpec> models;

    @Override
    List<Part> parts() throws IOException {
        DataSets data = options().data(DATA);
        PrintWriter notes = command().commandLine().getErr();
        LearningTask task = data.loadForValidation(options().dataDir(), notes);
        notes.flush();
        Part.Size size = options().size(task, task.train().count(), EPOCHS);
        return models.stream()
                .map(model -> new Part(model.toString(), task, size, rows(model, data == DataSets.CIFAR10)))
                .toList();
    }

    private static List<Row> rows(ModelSpec model, boolean flip) {
        int batch = model.takesVectors() ? 128 : 32;
        List<Row> rows = new ArrayList<>(List.of(
                Row.backprop(model, batch, LR, flip), Row.frozen(model, batch, LR, flip)));
        for (Normalization normalization : Normalization.values()) {
            objectives(model).forEach((name, builder) -> rows.add(Row.local(name + ", " + name(normalization), model,
                    builder.normalization(normalization).build(), batch, LR, flip)));
        }
        return rows;
    }

    /** All that are tried, by what they are called here. */
    private static Map<String, LearningRule.Builder> objectives(ModelSpec model) {
        Map<String, LearningRule.Builder> objectives = new LinkedHashMap<>();
        for (double sigma : SIGMAS) {
            add(objectives, "neighbourhood, sigma " + sigma, Objective.neighbourhood().withSigma(sigma));
        }
        for (double rate : RATES) {
            add(objectives, "prediction, rate " + rate, Objective.prediction().withRate(rate));
        }
        if (model.takesVectors()) {
            addForVectors(objectives);
        } else {
            addForMaps(objectives);
        }
        objectives.values().removeIf(rule -> !divides(rule.build(), model));
        return objectives;
    }

    /** Whether each layer's units, as the signal sees them, can be split into the rule's groups. */
    private static boolean divides(LearningRule rule, ModelSpec model) {
        int cells = model.takesVectors() ? 1 : rule.pooling() * rule.pooling();
        return rule.objectives().stream()
                .filter(objective -> objective.groups() > 0)
                .allMatch(objective -> model.sizes().stream().allMatch(size -> size * cells % objective.groups() == 0));
    }

    private static void addForVectors(Map<String, LearningRule.Builder> objectives) {
        addGroups(objectives, Objective.neighbourhood());
        for (Objective objective : List.of(Objective.normalizedHsic(), Objective.hsic(), Objective.hsicZZ())) {
            add(objectives, objective.kind().toString(), objective);
            addGroups(objectives, objective);
        }
        objectives.put("neighbourhood + normalized-hsic", TunedRule.builder()
                .objective(Objective.neighbourhood())
                .plus(Objective.normalizedHsic()));
    }

    private static void addForMaps(Map<String, LearningRule.Builder> objectives) {
        Objective neighbourhood = Objective.neighbourhood().withSigma(0.35);
        add(objectives, "normalized-hsic", Objective.normalizedHsic());
        addGroups(objectives, Objective.normalizedHsic());
        add(objectives, "hsic", Objective.hsic());
        for (double weight : WEIGHTS) {
            objectives.put("neighbourhood, sigma 0.35 + " + weight + " normalized-hsic", TunedRule.builder()
                    .objective(neighbourhood)
                    .plus(Objective.normalizedHsic().withWeight(weight)));
        }
        objectives.put("prediction + 0.3 neighbourhood, sigma 0.35", TunedRule.builder()
                .objective(Objective.prediction())
                .plus(neighbourhood.withWeight(0.3)));
        for (int pooling : POOLINGS) {
            objectives.put("neighbourhood, sigma 0.35, maps seen as " + pooling + " x " + pooling,
                    TunedRule.builder().objective(neighbourhood).pooling(pooling));
        }
    }

    private static void addGroups(Map<String, LearningRule.Builder> objectives, Objective objective) {
        for (int groups : GROUPS) {
            add(objectives, objective.kind() + ", " + groups + " groups", objective.withGroups(groups));
        }
    }

    private static void add(Map<String, LearningRule.Builder> objectives, String name, Objective objective) {
        objectives.put(name, TunedRule.builder().objective(objective));
    }

    private static String name(Normalization normalization) {
        return switch (normalization) {
            case NONE -> "not normalised";
            case LAYER_NORM -> "layer-normalised";
            case BY_WIDTH -> "normalised by width";
        };
    }

    @Override
    String title() {
        return "Objectives";
    }

    @Override
    List<String> arguments(Part part) {
        return List.of("--model", part.title());
    }

    @Override
    Map<String, Object> report(List<Findings> findings, Laboratory laboratory, Page page) {
        page.paragraph("Every hidden layer descends an objective of its own. Which? Here each one is tried, alone and"
                + " in groups of units, with its view of the layer's output normalised or not, at two widths. Sorted by"
                + " the accuracy on validation images, on which nothing was trained; no test image was read, so that a"
                + " choice made here does not flatter what is measured on those.");
        findings.forEach(found -> page.paragraph(best(found)));
        findings.forEach(found -> add(found, page));
        return Map.of();
    }

    /** The rows that are no controls, the most accurate first. */
    private static List<Row> sorted(Findings found) {
        return found.part().tried().stream()
                .sorted(Comparator.comparingDouble((Row row) -> found.accuracy(row).mean()).reversed())
                .toList();
    }

    private static String best(Findings found) {
        List<Row> sorted = sorted(found);
        Row best = sorted.get(0);
        LearningRule defaults = best.model().defaultRule();
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "Best for %s: %s, with %s %%",
                found.part().title(), best.title(), found.accuracy(best)));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).learning().equals(defaults)) {
                text.append(String.format(Locale.ROOT, "; what the library does by default (%s) is number %d of %d,"
                        + " with %s %%", sorted.get(i).title(), i + 1, sorted.size(), found.accuracy(sorted.get(i))));
            }
        }
        if (best.learning().equals(defaults)) {
            text.append("; that is what the library does by default");
        }
        return text.append('.').toString();
    }

    private static void add(Findings found, Page page) {
        String model = found.part().title();
        Spread backprop = found.accuracy(found.part().control(TrainingRule.BACKPROP));
        Spread frozen = found.accuracy(found.part().control(TrainingRule.FROZEN));
        page.heading(model);
        page.figure(chart(found), "Lower is better; the scale is logarithmic. Mean over the seeds; bars are one"
                + " standard deviation to either side.");
        List<List<String>> table = new ArrayList<>();
        for (Row row : sorted(found)) {
            Spread accuracy = found.accuracy(row);
            table.add(List.of(row.title(), accuracy.toString(), String.valueOf(accuracy.count()),
                    backprop.toString(), frozen.toString()));
        }
        page.table(List.of("objective", "validation accuracy %", "seeds", Row.BACKPROP + " %", Row.FROZEN + " %"),
                table);
    }

    private static Chart chart(Findings found) {
        List<String> names = List.copyOf(objectives(found.part().rows().get(0).model()).keySet());
        List<Chart.Series> series = new ArrayList<>();
        for (Normalization normalization : Normalization.values()) {
            Map<String, Spread> errors = new LinkedHashMap<>();
            found.part().tried().stream()
                    .filter(row -> row.learning().normalization() == normalization)
                    .forEach(row -> errors.put(row.title(), error(found.accuracy(row))));
            series.add(new Chart.Series(name(normalization), Chart.Look.DOTS, List.copyOf(errors.values())));
        }
        for (TrainingRule rule : List.of(TrainingRule.BACKPROP, TrainingRule.FROZEN)) {
            Row control = found.part().control(rule);
            series.add(Chart.Series.control(control.title(), error(found.accuracy(control)).mean(), names.size()));
        }
        String model = found.part().title();
        return new Chart("objectives-" + model.replaceAll("[^a-z0-9]+", "-"), "Validation error, " + model, "objective",
                "validation images that are wrong (%)", Chart.Scale.LOGARITHMIC, names, series);
    }

    /** Above 0, as the logarithmic chart needs it. */
    private static Spread error(Spread accuracy) {
        return new Spread(Math.max(LEAST_ERROR, 100 - accuracy.mean()), accuracy.deviation(), accuracy.count());
    }
}
