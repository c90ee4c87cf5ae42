package org.ibhebb.samples.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.memory.MemoryPretrainer;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.samples.data.DataSets;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.fidelity.MemoryFiles;
import org.ibhebb.samples.fidelity.MemoryFinding;
import org.ibhebb.samples.fidelity.RecallMeter;
import org.ibhebb.samples.report.Chart;
import org.ibhebb.samples.report.Page;
import org.ibhebb.samples.report.Progress;
import org.ibhebb.samples.report.Spread;
import org.ibhebb.samples.training.TunedRule;
import org.ibhebb.samples.training.ModelSpec;
import org.ibhebb.samples.training.Row;
import org.ibhebb.samples.training.TrainingRule;
import picocli.CommandLine.Command;

/** {@code ibhebb experiment memory}: what a memory network must remember for a network to learn. */
@Command(name = "memory", sortOptions = false,
        description = "Pretrains memory networks with reservoirs of different sizes, and trains one sample at a time"
                + " with each of them at several recall depths, beside an exact memory, back-propagation and frozen"
                + " hidden layers. Shows how far each memory network remembers, how close its signal comes to that of"
                + " an exact memory, and the test accuracy. By default 10,000 training images of mnist, one epoch.",
        footerHeading = "%nExample:%n",
        footer = "  ibhebb experiment memory --out memory --budget-minutes 20")
final class MemoryExperiment extends Experiment {

    private static final ModelSpec MODEL = ModelSpec.parse("mlp:128,64");
    private static final int TRAIN_SAMPLES = 10_000;
    private static final int EPOCHS = 1;
    private static final int BATCH = 1;
    private static final double LR = 1e-3;
    private static final int WIDTH = 32;
    private static final List<Integer> UNITS = List.of(64, 128, 256, 384, 768);
    private static final List<Integer> DEPTHS = List.of(4, 8, 16);
    private static final int RECALL = 16;

    private final Map<Integer, MemoryNetwork> networks = new LinkedHashMap<>();

    @Override
    List<Part> parts() throws IOException {
        DataSets data = options().data(DataSets.MNIST);
        LearningTask task = load(data);
        for (int units : UNITS) {
            networks.put(units, network(units));
        }
        boolean flip = data == DataSets.CIFAR10;
        List<Row> rows = new ArrayList<>(List.of(
                Row.backprop(MODEL, BATCH, LR, flip), Row.frozen(MODEL, BATCH, LR, flip)));
        for (int depth : DEPTHS) {
            rows.add(exact(depth, flip));
            for (int units : UNITS) {
                rows.add(recalled(units, depth, flip));
            }
        }
        return List.of(new Part(MODEL.toString(), task, options().size(task, TRAIN_SAMPLES, EPOCHS), rows));
    }

    /** From the experiment's folder, where a resumed experiment finds the one that it began with. */
    private MemoryNetwork network(int units) throws IOException {
        Path file = options().out().resolve("memory-" + units + ".ibmem");
        if (Files.exists(file)) {
            return MemoryFiles.read(file);
        }
        try (Progress progress = Progress.start("pretraining " + units, 1)) {
            MemoryNetwork network = MemoryFiles.write(MemoryPretrainer.builder().units(units).activityWidth(WIDTH)
                    .recall(RECALL).build().pretrain(done -> {}), file);
            progress.step(1);
            return network;
        }
    }

    private static Row exact(int depth, boolean flip) {
        return Row.local("exact, N = " + depth, MODEL, TunedRule.builder().memory(depth).build(), BATCH, LR, flip);
    }

    private Row recalled(int units, int depth, boolean flip) {
        LearningRule rule = TunedRule.builder().memory(networks.get(units), depth).build();
        return Row.local(units + " units, N = " + depth, MODEL, rule, BATCH, LR, flip);
    }

    @Override
    String title() {
        return "Memory network and learning";
    }

    @Override
    List<String> arguments(Part part) {
        return List.of();
    }

    @Override
    Map<String, Object> report(List<Findings> findings, Laboratory laboratory, Page page) throws IOException {
        Findings found = findings.get(0);
        laboratory.say("Comparing signals");
        List<MemoryFinding> measured = measure(found);
        addAccuracy(found, page);
        addFidelity(measured, page);
        return Map.of("memory", measured);
    }

    private List<MemoryFinding> measure(Findings found) {
        RecallMeter meter = new RecallMeter(found.part().task(), MODEL, 1);
        List<MemoryFinding> all = new ArrayList<>();
        for (int depth : DEPTHS) {
            for (int units : UNITS) {
                double cosine = meter.cosines(Objective.neighbourhood(), networks.get(units), depth).stream()
                        .mapToDouble(Double::doubleValue).average().orElseThrow();
                all.add(new MemoryFinding(
                        units, WIDTH, depth, networks.get(units).statistics().capacity(), cosine));
            }
        }
        return all;
    }

    private void addAccuracy(Findings found, Page page) {
        Row backprop = found.part().control(TrainingRule.BACKPROP);
        Row frozen = found.part().control(TrainingRule.FROZEN);
        page.paragraph("A memory network is a reservoir with a linear readout, pretrained on synthetic streams and"
                + " never on this data. It recalls the N - 1 samples before the newest one, for the labels and for each"
                + " hidden layer (of which every " + WIDTH + " units have a reservoir to themselves), and the modulatory"
                + " signal follows from what it recalls. Here a network (" + MODEL + ") is trained one sample at a time with"
                + " reservoirs of different sizes and at different depths N, beside an exact memory of the same N.");
        List<Chart.Series> series = new ArrayList<>();
        List<List<String>> table = new ArrayList<>();
        for (int depth : DEPTHS) {
            Row exact = exact(depth, backprop.flip());
            List<Spread> spreads = new ArrayList<>();
            for (int units : UNITS) {
                Spread spread = found.accuracy(recalled(units, depth, backprop.flip()));
                spreads.add(spread);
                table.add(List.of(String.valueOf(depth), String.valueOf(units), spread.toString(),
                        String.valueOf(spread.count()), found.accuracy(exact).toString(),
                        found.accuracy(backprop).toString(), found.accuracy(frozen).toString()));
            }
            // Beside the reservoirs, of unlimited size so to speak.
            spreads.add(found.accuracy(exact));
            series.add(new Chart.Series("N = " + depth, Chart.Look.LINE, spreads));
        }
        List<String> categories = new ArrayList<>(sizes());
        categories.add("exact");
        for (Row control : List.of(backprop, frozen)) {
            series.add(Chart.Series.control(control.title(), found.accuracy(control).mean(), categories.size()));
        }
        page.heading("Accuracy");
        page.figure(new Chart("accuracy", "Test accuracy against reservoir size",
                "units of a reservoir of " + WIDTH + " columns", "test accuracy (%)", Chart.Scale.LINEAR, categories,
                series), "Mean over the seeds; bars are one standard deviation to either side.");
        page.table(List.of("N", "units", "test accuracy %", "seeds", "exact memory %", Row.BACKPROP + " %",
                Row.FROZEN + " %"), table);
    }

    private void addFidelity(List<MemoryFinding> measured, Page page) {
        List<Chart.Series> series = new ArrayList<>();
        for (int depth : DEPTHS) {
            series.add(new Chart.Series("N = " + depth, Chart.Look.LINE, measured.stream()
                    .filter(finding -> finding.depth() == depth)
                    .map(finding -> Spread.of(List.of(finding.cosine())))
                    .toList()));
        }
        page.heading("Fidelity");
        page.paragraph("The cosine of the signal to that of an exact memory of the same N, averaged over the hidden"
                + " layers of a network that has learnt a little and over a stream of training images; and how many"
                + " samples a reservoir remembers: recall summed over the samples, of " + (RECALL - 1) + ", on"
                + " synthetic streams that it was not trained on. One column takes about 1.5 N units.");
        page.figure(new Chart("fidelity", "Fidelity against reservoir size",
                "units of a reservoir of " + WIDTH + " columns", "cosine to the signal of an exact memory",
                Chart.Scale.LINEAR, sizes(), series), "One network, one seed.");
        page.table(List.of("N", "units", "capacity (samples)", "cosine"), measured.stream()
                .map(finding -> List.of(String.valueOf(finding.depth()), String.valueOf(finding.units()),
                        String.format(Locale.ROOT, "%.2f", finding.capacity()),
                        String.format(Locale.ROOT, "%.4f", finding.cosine())))
                .toList());
    }

    private static List<String> sizes() {
        return UNITS.stream().map(String::valueOf).toList();
    }
}
