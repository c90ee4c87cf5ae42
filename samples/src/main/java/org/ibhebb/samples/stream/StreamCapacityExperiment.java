package org.ibhebb.samples.stream;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.samples.data.StreamImages;
import org.ibhebb.samples.fidelity.MemoryFiles;
import org.ibhebb.samples.folder.Json;
import org.ibhebb.samples.folder.Provenance;
import org.ibhebb.samples.folder.RunFolder;
import org.ibhebb.samples.folder.WholeFile;
import org.ibhebb.samples.option.Limits;
import org.ibhebb.samples.option.TypedCommand;
import org.ibhebb.samples.report.Chart;
import org.ibhebb.samples.report.Csv;
import org.ibhebb.samples.report.Page;
import org.ibhebb.samples.report.Spread;
import org.ibhebb.stream.StreamingNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ibhebb experiment stream-capacity}: what a larger working memory brings to one that learns on the fly. */
@Command(name = "stream-capacity", sortOptions = false,
        description = "Learns one pass of a data set on the fly, one sample at a time, with working memories of 2 to"
                + " 1024 samples and each objective that has one, beside prediction alone, which needs none,"
                + " back-propagation of single samples, and frozen hidden layers. Shows accuracy on test"
                + " images against capacity. With --memory-network the neighbourhood's samples are recalled by one as"
                + " well. Resumable.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb experiment stream-capacity --data mnist --out capacity",
            "  ibhebb experiment stream-capacity --data mnist --memory-network memory.ibmem --out recalled",
            "  ibhebb experiment stream-capacity --data digits --seeds 2 --out digits"
        })
public final class StreamCapacityExperiment implements Callable<Integer> {

    private static final int LEAST = 2;
    private static final List<Objective> OBJECTIVES = List.of(Objective.neighbourhood(),
            Objective.normalizedHsic(), Objective.hsicZZ(), Objective.hsic());
    private static final double NANOS = 1e9;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @Spec
    private CommandSpec command;

    @Option(names = "--out", required = true, paramLabel = "DIR", order = 1,
            description = "The folder for everything that comes out; made where there is none. Runs that are there"
                    + " already are not repeated.")
    private Path out;

    @Mixin
    private ImageStream learnt;

    @Option(names = "--most", paramLabel = "N", defaultValue = "1024", order = 6,
            description = "The largest working memory. Default: ${DEFAULT-VALUE}.")
    private int most;

    @Option(names = "--capacities", paramLabel = "N", split = ",", defaultValue = "2,4,8,16,32,64,128,256,512,1024",
            order = 6, description = "The working memories, in samples. Default: ${DEFAULT-VALUE}.")
    private List<Integer> capacities;

    @Option(names = "--seeds", paramLabel = "N", defaultValue = "5", order = 7,
            description = "Runs of everything but back-propagation, which is slow and runs once a rate. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int seeds;

    @Option(names = "--memory-network", paramLabel = "FILE", order = 8,
            description = "Learn by the neighbourhood with samples that this pretrained memory network recalls too, as"
                    + " many as it can. pretrain-memory makes one.")
    private Path memoryNetwork;

    @Option(names = "--backprop", paramLabel = "RATES", split = ",", defaultValue = "0.003,0.01,0.03", order = 9,
            description = "The rates at which back-propagation begins, which is slow; none for no back-propagation."
                    + " Default: ${DEFAULT-VALUE}.")
    private List<String> backprop;

    private List<Double> rates;

    /** Null without --memory-network. */
    private MemoryNetwork network;

    @Override
    public Integer call() throws IOException {
        Limits.atLeastOne(command, "--seeds", seeds);
        learnt.check(command);
        for (int capacity : capacities) {
            if (capacity < LEAST) {
                throw new ParameterException(command.commandLine(), "--capacities must be at least " + LEAST
                        + " samples each, not " + capacity);
            }
        }
        if (capacities().isEmpty()) {
            throw new ParameterException(command.commandLine(), "--most must be at least "
                    + Collections.min(capacities) + ", not " + most);
        }
        rates = rates();
        network = memoryNetwork == null ? null : MemoryFiles.read(memoryNetwork);
        try (RunFolder folder = RunFolder.open(command.commandLine(), out)) {
            StreamImages.Loaded images = learnt.load(command);
            write(folder, carryOut(folder, images));
        }
        return 0;
    }

    private List<Double> rates() {
        if (backprop.equals(List.of("none"))) {
            return List.of();
        }
        try {
            List<Double> given = backprop.stream().map(Double::valueOf).toList();
            if (given.stream().allMatch(rate -> rate > 0 && rate < 10)) {
                return given;
            }
        } catch (NumberFormatException e) {
            // Is said below.
        }
        throw new ParameterException(command.commandLine(), "--backprop must be numbers above 0 and below 10, or none,"
                + " not " + String.join(",", backprop));
    }

    private List<OnlineRun> asked(int samples) {
        List<OnlineRun> asked = new ArrayList<>();
        for (long seed = 1; seed <= seeds; seed++) {
            asked.add(OnlineRun.frozen(learnt.data(), learnt.model(), samples, seed));
            asked.add(local(Objective.Kind.PREDICTION, 0, samples, seed));
            for (int capacity : capacities()) {
                for (Objective objective : OBJECTIVES) {
                    asked.add(local(objective.kind(), capacity, samples, seed));
                }
                if (recalls(capacity)) {
                    asked.add(recalled(capacity, samples, seed));
                }
            }
        }
        rates.forEach(rate -> asked.add(OnlineRun.backprop(learnt.data(), learnt.model(), rate, samples, 1)));
        return asked;
    }

    private boolean recalls(int capacity) {
        return network != null && capacity <= network.recall();
    }

    private OnlineRun local(Objective.Kind objective, int capacity, int samples, long seed) {
        return OnlineRun.local(learnt.data(), learnt.model(), objective, capacity, samples, seed);
    }

    private OnlineRun recalled(int capacity, int samples, long seed) {
        return local(Objective.Kind.NEIGHBOURHOOD, capacity, samples, seed)
                .by(network.checksum());
    }

    private List<Integer> capacities() {
        return capacities.stream().filter(capacity -> capacity <= most).sorted().distinct().toList();
    }

    private List<OnlineRun> carryOut(RunFolder folder, StreamImages.Loaded images) throws IOException {
        PrintWriter print = command.commandLine().getOut();
        List<OnlineRun> asked = asked(learnt.samples(images));
        List<OnlineRun> done = new ArrayList<>();
        for (OnlineRun run : asked) {
            OnlineRun outcome = folder.outcome(run, OnlineRun.class, false, each -> measure(each, images));
            done.add(outcome);
            print.printf(Locale.ROOT, "%d/%d %s, seed %d: %.2f %%, %,.0f samples/s%n", done.size(), asked.size(),
                    outcome.way(), outcome.seed(), outcome.accuracy(), outcome.samplesPerSecond());
            print.flush();
        }
        return done;
    }

    private OnlineRun measure(OnlineRun run, StreamImages.Loaded images) throws IOException {
        try (Source source = new ImageSource(images, true, 1, run.seed())) {
            return run.isBackprop() ? backprop(run, source) : stream(run, source);
        }
    }

    private OnlineRun stream(OnlineRun run, Source source) throws IOException {
        MultiLayerNetwork network = run.objective() == null
                ? Perceptron.of(run.model(), source, run.seed(), new Sgd(), FrozenLayer::new)
                : Perceptron.of(run.model(), source, run.seed());
        StreamingNetwork stream = StreamingNetwork.builder(network).rule(rule(run)).build();
        OnlineLearner learner = new StreamingLearner(stream, source.inputs(), source.classes());
        Block block = new Block(source);
        Prequential seen = new Prequential(source.classes(), Block.SIZE);
        long nanos = 0;
        boolean more;
        do {
            more = block.read(run.samples() - seen.seen(), () -> true);
            nanos += block.learn(learner, seen);
        } while (more);
        return run.reached(Classes.accuracy(stream, source.test(), source.classes()), run.samples() * NANOS / nanos);
    }

    private LearningRule rule(OnlineRun run) {
        if (run.objective() == null || run.objective() == Objective.Kind.PREDICTION) {
            return LearningRule.builder().objective(Objective.prediction().withRate(1)).build();
        }
        LearningRule.Builder rule = LearningRule.builder().objective(Objective.of(run.objective()));
        return (run.network() == null ? rule.memory(run.memory()) : rule.memory(network, run.memory())).build();
    }

    private static OnlineRun backprop(OnlineRun run, Source source) throws IOException {
        MultiLayerNetwork network = Perceptron.of(run.model(), source, run.seed(),
                new Sgd(new PolySchedule(ScheduleType.ITERATION, run.rate(), 1, run.samples() + 1)), hidden -> hidden);
        float[] row = new float[source.inputs()];
        long nanos = 0;
        for (int i = 0; i < run.samples(); i++) {
            INDArray label = Nd4j.zeros(1, source.classes());
            label.putScalar(source.next(row, 0), 1);
            INDArray input = Nd4j.create(row, new long[] {1, row.length}, 'c');
            long start = THREADS.getCurrentThreadCpuTime();
            network.fit(input, label);
            nanos += THREADS.getCurrentThreadCpuTime() - start;
        }
        Source.Held test = source.test();
        float[] predictions = network
                .output(Nd4j.create(test.rows(), new long[] {test.labels().length, source.inputs()}, 'c'))
                .dup('c').data().asFloat();
        return run.reached(Classes.accuracy(predictions, test.labels(), source.classes()),
                run.samples() * NANOS / nanos);
    }

    private void write(RunFolder folder, List<OnlineRun> runs) throws IOException {
        Map<String, List<OnlineRun>> byWay = new LinkedHashMap<>();
        runs.forEach(run -> byWay.computeIfAbsent(run.way(), first -> new ArrayList<>()).add(run));
        Provenance provenance = Provenance.here();
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("experiment", command.name());
        results.put("title", title());
        results.put("command", TypedCommand.of(command));
        results.put("provenance", provenance);
        Map<String, Object> ways = new LinkedHashMap<>();
        byWay.forEach((way, ofSeeds) -> ways.put(way, Map.of("testAccuracy", accuracy(ofSeeds),
                "samplesPerSecond", speed(ofSeeds))));
        results.put("ways", ways);
        Json.write(folder.path().resolve("results.json"), results);
        Csv csv = new Csv("data", "model", "way", "objective", "memory", "network", "seed", "samples", "testAccuracy",
                "samplesPerSecond");
        runs.forEach(run -> csv.add(run.data(), run.model(), run.way(), Objects.toString(run.objective(), ""),
                run.memory(), Objects.toString(run.network(), ""), run.seed(), run.samples(), run.accuracy(),
                run.samplesPerSecond()));
        WholeFile.write(folder.path().resolve("results.csv"), csv.toString());
        page(byWay, runs.get(0).samples()).write(folder.path());
        command.commandLine().getOut().println("Wrote " + folder.path().resolve("index.html"));
        command.commandLine().getOut().flush();
    }

    private String title() {
        return "Working memory on the fly: " + learnt;
    }

    private static Spread accuracy(List<OnlineRun> runs) {
        return Spread.of(runs.stream().map(OnlineRun::accuracy).toList());
    }

    private static Spread speed(List<OnlineRun> runs) {
        return Spread.of(runs.stream().map(OnlineRun::samplesPerSecond).toList());
    }

    private Page page(Map<String, List<OnlineRun>> byWay, int samples) {
        Page page = new Page(title());
        page.paragraph(String.format(Locale.ROOT, "One pass of %,d samples, one at a time, strictly in order; accuracy"
                + " is that on test images afterwards, in per cent, the mean over the seeds. Each hidden layer compares"
                + " the newest sample with the N - 1 before it by one objective alone. Prediction has no window."
                + (rates.isEmpty() ? "" : " Back-propagation learns the same samples one by one by stochastic gradient"
                        + " descent whose rate falls to 0, by several rates; the chart shows the best of them, chosen"
                        + " by these very test images, which is a favour to it.")
                + " Frozen hidden layers keep their random weights.", samples)
                + (network == null ? "" : String.format(Locale.ROOT, " The memory network has %d units for every %d"
                        + " columns, and recalls up to %d samples, the newest included.", network.units(),
                        network.width(), network.recall())));
        List<Chart.Series> series = new ArrayList<>();
        for (Objective objective : OBJECTIVES) {
            series.add(new Chart.Series(objective.kind().toString(), Chart.Look.LINE, capacities().stream()
                    .map(capacity -> accuracy(byWay.get(local(objective.kind(), capacity,
                            samples, 1).way())))
                    .toList()));
        }
        if (network != null) {
            series.add(new Chart.Series("neighbourhood, by a memory network", Chart.Look.LINE, capacities().stream()
                    .map(capacity -> recalls(capacity)
                            ? accuracy(byWay.get(recalled(capacity, samples, 1).way())) : null)
                    .toList()));
        }
        int count = capacities().size();
        series.add(new Chart.Series("prediction, without a window", Chart.Look.LINE,
                Collections.nCopies(count, accuracy(byWay.get(Objective.Kind.PREDICTION.toString())))));
        rates.stream()
                .map(rate -> OnlineRun.backprop(learnt.data(), learnt.model(), rate, samples, 1).way())
                .mapToDouble(way -> accuracy(byWay.get(way)).mean())
                .max().ifPresent(best -> series.add(Chart.Series.control("back-propagation", best, count)));
        series.add(Chart.Series.control("frozen hidden layers",
                accuracy(byWay.get(OnlineRun.frozen(learnt.data(), learnt.model(), samples, 1).way())).mean(), count));
        page.figure(new Chart("capacity", "Test accuracy against working-memory capacity, one sample at a time",
                "working-memory capacity N (samples)", "test accuracy (%)", Chart.Scale.LINEAR,
                capacities().stream().map(String::valueOf).toList(), series),
                "Mean over the seeds; bars are one standard deviation to either side.");
        page.paragraph("Samples a second are of the learning thread's processor time.");
        page.table(List.of("way", "test accuracy %", "seeds", "samples/s"), byWay.entrySet().stream()
                .map(way -> List.of(way.getKey(), accuracy(way.getValue()).toString(),
                        String.valueOf(way.getValue().size()),
                        String.format(Locale.ROOT, "%,.0f", speed(way.getValue()).mean())))
                .toList());
        return page;
    }
}
