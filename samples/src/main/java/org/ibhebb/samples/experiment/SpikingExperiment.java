package org.ibhebb.samples.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.samples.data.DataSets;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.data.TemporalTask;
import org.ibhebb.samples.report.Chart;
import org.ibhebb.samples.report.Curves;
import org.ibhebb.samples.report.Page;
import org.ibhebb.samples.training.Firing;
import org.ibhebb.samples.training.ModelSpec;
import org.ibhebb.samples.training.ModelSpec.Encoding;
import org.ibhebb.samples.training.Row;
import org.ibhebb.samples.training.TrainingRule;
import org.ibhebb.spiking.SpikingDenseLayer.Learning;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code ibhebb experiment spiking}: what spiking networks learn, how often they fire, and what time is to them. */
@Command(name = "spiking", sortOptions = false,
        description = "Trains a spiking network by the rule, by back-propagation through time and with frozen hidden"
                + " layers: on mnist, fashion-mnist and digits, for several numbers of time steps and as what the"
                + " network sees images, and shows accuracy against firing rates; and on two generated tasks that no"
                + " single time step tells, which of two groups of inputs spikes first (order) and whether a late spike"
                + " is the partner of an early one (match). By default all training images and 10 epochs, which takes a"
                + " day.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb experiment spiking --out spiking --quick",
            "  ibhebb experiment spiking --part order --out order",
            "  ibhebb experiment spiking --part mnist --steps 8 --encode current,poisson --out mnist"
        })
final class SpikingExperiment extends Experiment {

    private static final int EPOCHS = 10;
    private static final int BATCH = 128;
    private static final double LR = 1e-3;
    private static final int QUICK_IMAGES = 4000;
    private static final int QUICK_EPOCHS = 3;
    private static final List<Integer> QUICK_STEPS = List.of(4, 16);
    /** Of a generated task. */
    private static final int TRAINED = 4000;
    private static final int TESTED = 2000;
    private static final long DRAWN = 1;
    private static final String DEFAULT = "the default";
    /** What else the rule can do with time. */
    private static final Map<Learning, String> LEARNING =
            Map.of(Learning.TRACE, "by traces", Learning.PER_STEP, "at every time step");

    @Option(names = "--part", paramLabel = "PART", converter = SpikingPart.Converter.class, order = 8,
            description = "One part alone: ${COMPLETION-CANDIDATES}.")
    private SpikingPart only;

    @Option(names = "--model", paramLabel = "MODEL", defaultValue = "snn:128,64",
            converter = ModelSpec.Converter.class, order = 9,
            description = "The network, as for train. Default: ${DEFAULT-VALUE}.")
    private ModelSpec model;

    @Option(names = "--steps", paramLabel = "T", split = ",", order = 10,
            description = "For how many time steps images are seen. Default: 4,8,16,25. Generated tasks last "
                    + TemporalTask.STEPS + ".")
    private List<Integer> steps;

    @Option(names = "--encode", paramLabel = "NAME", split = ",", converter = Encoding.Converter.class, order = 11,
            description = "As what images are seen: ${COMPLETION-CANDIDATES}. Default: all of them.")
    private List<Encoding> encodings;

    @Option(names = "--quick", order = 12,
            description = "One seed, 4 and 16 time steps, " + QUICK_EPOCHS + " epochs of " + QUICK_IMAGES + " images,"
                    + " where nothing else is said: about a quarter of an hour. It shows that all works, and not who is"
                    + " better: back-propagation at this rate is far from done after so few steps.")
    private boolean quick;

    /** In the order of the parts that each consists of. */
    private final Map<SpikingPart, List<Part>> parts = new EnumMap<>(SpikingPart.class);

    @Override
    void checkOwnOptions() {
        if (only == null && options().givesData()) {
            throw new ParameterException(
                    command().commandLine(), "--data changes one part: say which by --part");
        }
        if (options().givesData() && only.task().isPresent()) {
            throw new ParameterException(command().commandLine(), "--data changes a part of images, and --part " + only
                    + " is a generated task");
        }
        try {
            for (ModelSpec seen : models()) {
                // Encoders of some kinds need more than one time step.
                seen.encoder(1);
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command().commandLine(), e.getMessage(), e);
        }
    }

    @Override
    int ownSeeds() {
        return quick ? 1 : super.ownSeeds();
    }

    private List<Integer> steps() {
        return steps != null ? steps : quick ? QUICK_STEPS : List.of(4, 8, 16, 25);
    }

    private List<Encoding> encodings() {
        return encodings != null ? encodings : List.of(Encoding.values());
    }

    /** What sees images. */
    private List<ModelSpec> models() {
        List<ModelSpec> models = new ArrayList<>();
        for (Encoding encoding : encodings()) {
            for (int count : steps()) {
                models.add(model.withSteps(count).with(encoding));
            }
        }
        return models;
    }

    @Override
    List<Part> parts() throws IOException {
        for (SpikingPart part : only == null ? List.of(SpikingPart.values()) : List.of(only)) {
            parts.put(part, part.images().isPresent()
                    ? ofImages(options().data(part.images().get()))
                    : List.of(ofTask(part.task().orElseThrow())));
        }
        return parts.values().stream().flatMap(List::stream).toList();
    }

    private List<Part> ofImages(DataSets data) throws IOException {
        LearningTask task = load(data);
        Part.Size size = options().size(task, quick ? QUICK_IMAGES : task.train().count(),
                quick ? QUICK_EPOCHS : EPOCHS);
        return models().stream()
                .map(seen -> new Part(String.format(Locale.ROOT, "%s, T %d, %s", data, seen.steps(), seen.encoding()),
                        task, size, rows(seen)))
                .toList();
    }

    private Part ofTask(TemporalTask which) {
        LearningTask task = which.draw(TRAINED, TESTED, DRAWN);
        ModelSpec seen = model.withSteps(TemporalTask.STEPS).with(Encoding.LATENCY);
        List<Row> rows = new ArrayList<>(rows(seen));
        for (Learning learning : List.of(Learning.TRACE, Learning.PER_STEP)) {
            rows.add(Row.local(LEARNING.get(learning), seen.with(learning), LearningRule.defaults(), BATCH, LR, LR,
                    false));
        }
        return new Part(which.toString(), task, options().size(task, TRAINED, EPOCHS), rows);
    }

    private static List<Row> rows(ModelSpec seen) {
        return List.of(Row.backprop(seen, BATCH, LR, false), Row.frozen(seen, BATCH, LR, false),
                Row.local(DEFAULT, seen, LearningRule.defaults(), BATCH, LR, LR, false));
    }

    @Override
    String title() {
        return "Spiking networks";
    }

    @Override
    List<String> arguments(Part part) {
        SpikingPart name = named(part);
        List<String> arguments = new ArrayList<>(List.of("--part", name.toString(), "--model", model.toString()));
        if (name.images().isPresent()) {
            arguments.addAll(List.of("--steps", join(steps()), "--encode", join(encodings())));
        }
        return arguments;
    }

    private static String join(List<?> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    @Override
    List<String> usualArguments(Part part, Part.Size size, Scale scale) {
        return named(part).images().isPresent()
                ? super.usualArguments(part, size, scale)
                : options().arguments(size, scale);
    }

    private SpikingPart named(Part part) {
        return parts.keySet().stream().filter(name -> parts.get(name).contains(part)).findFirst().orElseThrow();
    }

    // ----------------------------------------------------------------------------------------------------------------
    // The page
    // ----------------------------------------------------------------------------------------------------------------

    @Override
    Map<String, Object> report(List<Findings> findings, Laboratory laboratory, Page page) {
        page.paragraph("Neurons that leak, integrate and fire, of " + model + ": trained by the rule, layer by layer and"
                + " once a sample; by back-propagation through all layers and time steps; and with hidden layers that"
                + " do not learn at all. Firing rates are spikes a neuron and time step, accumulates and"
                + " multiply-accumulates those of one sample whose input and weight are not 0, measured on up to 1,000"
                + " samples that no network was trained on.");
        List<Map<String, String>> figures = new ArrayList<>();
        parts.forEach((name, own) -> {
            List<Findings> found = findings.stream().filter(each -> own.contains(each.part())).toList();
            page.heading(name.images().isPresent() ? found.get(0).part().task().name() : headingOf(name));
            if (name.images().isPresent()) {
                figures.addAll(images(name, found, page));
            } else {
                page.paragraph(wordsOf(name.task().orElseThrow()));
            }
            table(found, page);
        });
        List<Findings> timed = findings.stream().filter(each -> named(each.part()).task().isPresent()).toList();
        if (!timed.isEmpty()) {
            figures.add(tasks(timed, page));
        }
        return Map.of("figures", figures, "firing", summary(findings));
    }

    private static String headingOf(SpikingPart name) {
        return "Time: " + name;
    }

    private static String wordsOf(TemporalTask task) {
        return "Samples of " + TemporalTask.STEPS + " time steps, in which each input spikes once at most. " + switch (
                task) {
            case ORDER -> "Two groups of inputs spike, one to four time steps apart, on a circle of time steps; the"
                    + " class says which is the first. How often inputs spike is the same in both classes, and no time"
                    + " step by itself says more than a coin.";
            case MATCH -> "One of two groups of inputs spikes early, one of two others six to nine time steps later;"
                    + " the class says whether it is its partner. No time step by itself says more than a coin.";
        } + " The default's update has the product of means over time, of inputs' traces and of slopes: what comes"
                + " when it does not see. By traces, slope and trace meet at each time step; at every time step, so do"
                + " the signal and what comes of it.";
    }

    private List<Map<String, String>> images(SpikingPart name, List<Findings> found, Page page) {
        List<Map<String, String>> figures = new ArrayList<>();
        String data = found.get(0).part().task().name();
        String rates = "Accuracy against firing rate, " + data;
        page.figure(new Curves("rates-" + name, rates, "spikes a neuron and time step", "test accuracy (%)",
                Chart.Scale.LINEAR, true, curves(found)),
                "Each line goes from the fewest time steps (hollow) to the most (filled); means over the seeds.");
        figures.add(figure("rates-" + name, rates));
        String over = "Accuracy against time steps, " + data;
        page.figure(new Chart("steps-" + name, over, "time steps", "test accuracy (%)", Chart.Scale.LINEAR,
                steps().stream().map(String::valueOf).toList(), overSteps(found)),
                "Means over the seeds; bars are one standard deviation to either side. Frozen hidden layers are in the"
                        + " table.");
        figures.add(figure("steps-" + name, over));
        return figures;
    }

    private static Map<String, String> tasks(List<Findings> found, Page page) {
        String title = "Tasks that no single time step tells";
        page.heading(title);
        List<Chart.Series> series = new ArrayList<>();
        for (int i = 0; i < found.get(0).part().rows().size(); i++) {
            int number = i;
            series.add(new Chart.Series(found.get(0).part().rows().get(i).title(), Chart.Look.BARS, found.stream()
                    .map(each -> each.accuracy(each.part().rows().get(number))).toList()));
        }
        page.figure(new Chart("time", title, "task", "test accuracy (%)", Chart.Scale.LINEAR,
                found.stream().map(each -> each.part().title()).toList(), series),
                "Means over the seeds; a coin is right in 50 of 100.");
        return figure("time", title);
    }

    private static Map<String, String> figure(String file, String title) {
        return Map.of("file", file + ".svg", "title", title);
    }

    private static ModelSpec model(Findings found) {
        return found.part().rows().get(0).model();
    }

    private List<Curves.Curve> curves(List<Findings> found) {
        Map<String, List<Curves.Point>> points = new LinkedHashMap<>();
        for (Findings each : found) {
            for (TrainingRule rule : List.of(TrainingRule.IBHEBB, TrainingRule.BACKPROP)) {
                Row row = each.part().control(rule);
                points.computeIfAbsent(words(row) + ", " + model(each).encoding(), first -> new ArrayList<>())
                        .add(new Curves.Point(mean(each, row, Firing::meanRate), each.accuracy(row).mean()));
            }
        }
        return points.entrySet().stream().map(each -> new Curves.Curve(each.getKey(), each.getValue())).toList();
    }

    private List<Chart.Series> overSteps(List<Findings> found) {
        List<Chart.Series> series = new ArrayList<>();
        for (TrainingRule rule : List.of(TrainingRule.IBHEBB, TrainingRule.BACKPROP)) {
            for (Encoding encoding : encodings()) {
                List<Findings> seen = found.stream().filter(each -> model(each).encoding() == encoding).toList();
                series.add(new Chart.Series(words(seen.get(0).part().control(rule)) + ", " + encoding, Chart.Look.LINE,
                        seen.stream().map(each -> each.accuracy(each.part().control(rule))).toList()));
            }
        }
        return series;
    }

    private static String words(Row row) {
        return row.rule() == TrainingRule.IBHEBB ? "the rule" : row.title();
    }

    private static void table(List<Findings> found, Page page) {
        List<List<String>> table = new ArrayList<>();
        for (Findings each : found) {
            for (Row row : each.part().rows()) {
                Firing first = each.results().get(row).get(0).firing();
                table.add(List.of(each.part().title(), row.title(), each.accuracy(row).toString(),
                        String.valueOf(each.accuracy(row).count()),
                        first.join("%.3f", Firing.OfLayer::rate), first.join("%.2f", Firing.OfLayer::silent),
                        whole(mean(each, row, firing -> firing.synapticOperations().effectiveAcs())),
                        whole(mean(each, row, firing -> firing.synapticOperations().effectiveMacs())),
                        whole(each.trainSeconds(row).mean())));
            }
        }
        page.table(List.of("", "rule", "test accuracy %", "seeds", "firing rates, first seed", "silent neurons",
                "accumulates", "multiply-accumulates", "training, s"), table);
    }

    private static String whole(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static double mean(Findings found, Row row, ToDoubleFunction<Firing> figure) {
        return found.spread(row, result -> figure.applyAsDouble(result.firing())).mean();
    }

    /** For programs: the means that the page shows. */
    private static List<Map<String, Object>> summary(List<Findings> findings) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Findings found : findings) {
            for (Row row : found.part().rows()) {
                Map<String, Object> mean = new LinkedHashMap<>();
                mean.put("part", found.part().title());
                mean.put("row", row.title());
                mean.put("rate", mean(found, row, Firing::meanRate));
                mean.put("dense", mean(found, row, firing -> firing.synapticOperations().dense()));
                mean.put("effectiveMacs", mean(found, row, firing -> firing.synapticOperations().effectiveMacs()));
                mean.put("effectiveAcs", mean(found, row, firing -> firing.synapticOperations().effectiveAcs()));
                all.add(mean);
            }
        }
        return all;
    }
}
