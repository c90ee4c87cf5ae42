package org.ibhebb.samples.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.samples.data.DataSets;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.fidelity.Fidelity;
import org.ibhebb.samples.fidelity.FidelityMeter;
import org.ibhebb.samples.report.Chart;
import org.ibhebb.samples.report.Page;
import org.ibhebb.samples.report.Spread;
import org.ibhebb.samples.training.TunedRule;
import org.ibhebb.samples.training.ModelSpec;
import org.ibhebb.samples.training.Row;
import org.ibhebb.samples.training.TrainingRule;
import picocli.CommandLine.Command;

/** {@code ibhebb experiment capacity}: what a larger working memory brings. */
@Command(name = "capacity", sortOptions = false,
        description = "Trains one sample at a time with working memories of 2 to 256 samples, and shows test accuracy"
                + " against capacity; and, for the same capacities, how close a layer's signal comes to that of a"
                + " window of 512. Nothing else changes with the capacity: the output layer, too, learns from one"
                + " sample at a time. By default 10,000 training images of mnist, one epoch.",
        footerHeading = "%nExample:%n",
        footer = "  ibhebb experiment capacity --out capacity --budget-minutes 10")
final class CapacityExperiment extends Experiment {

    private static final ModelSpec MODEL = ModelSpec.parse("mlp:128,64");
    private static final DataSets DATA = DataSets.MNIST;
    private static final int TRAIN_SAMPLES = 10_000;
    private static final int EPOCHS = 1;
    private static final int BATCH = 1;
    private static final double LR = 1e-3;
    private static final List<Integer> CAPACITIES = List.of(2, 4, 8, 16, 32, 64, 128, 256);
    private static final List<Objective> OBJECTIVES = List.of(Objective.neighbourhood(), Objective.hsic());

    /** The network whose signals are compared. */
    private static final int FIDELITY_MEMORY = 64;
    private static final int FIDELITY_BATCH = 32;
    private static final int FIDELITY_TRAIN_SAMPLES = 2_000;
    private static final int PROBES = 32;
    private static final int LARGE_WINDOW = 512;

    @Override
    List<Part> parts() throws IOException {
        DataSets data = options().data(DATA);
        LearningTask task = load(data);
        boolean flip = data == DataSets.CIFAR10;
        List<Row> rows = new ArrayList<>(List.of(
                Row.backprop(MODEL, BATCH, LR, flip), Row.frozen(MODEL, BATCH, LR, flip)));
        for (Objective objective : OBJECTIVES) {
            for (int capacity : CAPACITIES) {
                rows.add(row(objective, capacity, BATCH, flip));
            }
        }
        return List.of(new Part(MODEL.toString(), task, options().size(task, TRAIN_SAMPLES, EPOCHS), rows));
    }

    private static Row row(Objective objective, int capacity, int batch, boolean flip) {
        LearningRule rule = TunedRule.builder().objective(objective).memory(capacity).build();
        return Row.local(objective.kind() + ", N = " + capacity, MODEL, rule, batch, LR, flip);
    }

    @Override
    String title() {
        return "Working-memory capacity";
    }

    @Override
    List<String> arguments(Part part) {
        return List.of();
    }

    @Override
    Map<String, Object> report(List<Findings> findings, Laboratory laboratory, Page page) throws IOException {
        Findings found = findings.get(0);
        Map<Objective, List<Fidelity>> fidelities = fidelities(found, laboratory);
        addAccuracy(found, page);
        addFidelity(fidelities, page);
        return Map.of("fidelity", fidelities.values().stream().flatMap(List::stream).toList());
    }

    private Map<Objective, List<Fidelity>> fidelities(Findings found, Laboratory laboratory) throws IOException {
        LearningTask task = found.part().task();
        int seeds = found.results().values().stream().mapToInt(List::size).max().orElseThrow();
        laboratory.say("Comparing signals");
        Map<Objective, List<Fidelity>> fidelities = new LinkedHashMap<>();
        for (Objective objective : OBJECTIVES) {
            Row row = row(objective, FIDELITY_MEMORY, FIDELITY_BATCH, false);
            List<Fidelity> ofSeeds = new ArrayList<>();
            for (long seed : LongStream.rangeClosed(1, seeds).toArray()) {
                Fidelity asked = new Fidelity(task.name(), MODEL.toString(), row.learning(), seed,
                        Math.min(FIDELITY_TRAIN_SAMPLES, task.train().count()), PROBES, LARGE_WINDOW, CAPACITIES,
                        List.of());
                ofSeeds.add(laboratory.outcome(asked, Fidelity.class,
                        settings -> new FidelityMeter(task, row, settings).measure()));
            }
            fidelities.put(objective, ofSeeds);
        }
        return fidelities;
    }

    private static void addAccuracy(Findings found, Page page) {
        Row backprop = found.part().control(TrainingRule.BACKPROP);
        Row frozen = found.part().control(TrainingRule.FROZEN);
        page.paragraph("A hidden layer that learns locally compares the newest sample with the N - 1 samples before it,"
                + " which it keeps in its working memory. Here a network (" + MODEL + ") is trained one sample at a"
                + " time with working memories of different capacity N, and nothing else is different: the output"
                + " layer learns from one sample at a time whatever the capacity. (The sweep in the paper changes the"
                + " output layer's mini-batch along with the capacity, so that one can't tell which of them helped.)"
                + " The controls, back-propagation and frozen hidden layers, have no working memory.");
        List<Chart.Series> series = new ArrayList<>();
        List<List<String>> table = new ArrayList<>();
        for (Objective objective : OBJECTIVES) {
            List<Spread> spreads = new ArrayList<>();
            for (int capacity : CAPACITIES) {
                Row row = row(objective, capacity, backprop.batch(), backprop.flip());
                spreads.add(found.accuracy(row));
                table.add(List.of(objective.kind().toString(), String.valueOf(capacity),
                        found.accuracy(row).toString(), String.valueOf(found.accuracy(row).count()),
                        found.accuracy(backprop).toString(), found.accuracy(frozen).toString()));
            }
            series.add(new Chart.Series(objective.kind().toString(), Chart.Look.LINE, spreads));
        }
        for (Row control : List.of(backprop, frozen)) {
            series.add(Chart.Series.control(control.title(), found.accuracy(control).mean(), CAPACITIES.size()));
        }
        page.heading("Accuracy");
        page.figure(new Chart("accuracy", "Test accuracy against working-memory capacity",
                "working-memory capacity N (samples)", "test accuracy (%)", Chart.Scale.LINEAR, capacities(),
                series),
                "Mean over the seeds; bars are one standard deviation to either side.");
        page.table(List.of("objective", "N", "test accuracy %", "seeds", Row.BACKPROP + " %", Row.FROZEN + " %"),
                table);
        page.paragraph("With N = 2 the neighbourhood objective can't learn: with a single other sample, all that are"
                + " near and all of the same label that are near are the same, and the signal is zero.");
    }

    private static void addFidelity(Map<Objective, List<Fidelity>> fidelities, Page page) {
        List<Chart.Series> series = new ArrayList<>();
        List<List<String>> table = new ArrayList<>();
        fidelities.forEach((objective, ofSeeds) -> {
            List<Spread> spreads = new ArrayList<>();
            for (int i = 0; i < CAPACITIES.size(); i++) {
                int position = i;
                Spread spread = Spread.of(ofSeeds.stream().map(each -> each.cosines().get(position)).toList());
                spreads.add(spread);
                table.add(List.of(objective.kind().toString(), String.valueOf(CAPACITIES.get(i)), spread.toString(),
                        String.valueOf(spread.count())));
            }
            series.add(new Chart.Series(objective.kind().toString(), Chart.Look.LINE, spreads));
        });
        page.heading("Gradient fidelity");
        page.paragraph("Does a small memory point where a large one would? A network is trained briefly ("
                + FIDELITY_TRAIN_SAMPLES + " images at most, mini-batches of " + FIDELITY_BATCH + "). Then the signal"
                + " of one sample over a window of N, the other N - 1 drawn at random, is compared with the signal of"
                + " the same sample over a window of " + LARGE_WINDOW + " with other companions, which stands for all"
                + " that could be seen. Shown is the cosine of the angle between the two, averaged over " + PROBES
                + " samples and the hidden layers: 1 is the same direction, 0 none in common. A signal of zero counts"
                + " as 0.");
        page.figure(new Chart("fidelity", "Gradient fidelity against working-memory capacity",
                "working-memory capacity N (samples)", "cosine to the signal of " + LARGE_WINDOW + " samples",
                Chart.Scale.LINEAR, capacities(), series),
                "Mean over the seeds; bars are one standard deviation to either side.");
        page.table(List.of("objective", "N", "cosine", "seeds"), table);
    }

    private static List<String> capacities() {
        return CAPACITIES.stream().map(String::valueOf).toList();
    }
}
