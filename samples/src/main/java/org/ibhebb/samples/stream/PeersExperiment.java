package org.ibhebb.samples.stream;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.ibhebb.samples.data.StreamImages;
import org.ibhebb.samples.folder.Json;
import org.ibhebb.samples.folder.Provenance;
import org.ibhebb.samples.folder.RunFolder;
import org.ibhebb.samples.option.Limits;
import org.ibhebb.samples.option.TypedCommand;
import org.ibhebb.samples.report.Page;
import org.ibhebb.samples.report.Spread;
import org.ibhebb.stream.StreamingNetwork;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ibhebb experiment stream-peers}: others' software that learns the same images one at a time. */
@Command(name = "stream-peers", sortOptions = false,
        description = "Learns one pass of a data set one sample at a time, by this library and by others' software, in"
                + " turn and in the same order: how many samples each learns in a second of its thread's processor"
                + " time, and how many test images it then gets right. Smile's perceptron takes part where"
                + " samples/smile is built (mvn -Psmile -pl samples/smile package); PyTorch by --peer and"
                + " samples/peers. All see pixels that the mean and the deviation of all have standardised. Others'"
                + " rates are 0.01, falling to 0 with the last sample, of which this library knows nothing.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb experiment stream-peers --out peers",
            "  ibhebb experiment stream-peers --peer \"PyTorch=python3 samples/peers/pytorch_online.py\" --out peers"
        })
public final class PeersExperiment implements Callable<Integer> {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    /** Until here the compiler is at work, and time does not count. */
    private static final int WARM_UP = 10_000;
    /** So many calls between two looks at the clock. */
    private static final int CALLS = 50;
    private static final double NANOS = 1e9;

    @Spec
    private CommandSpec command;

    @Option(names = "--out", required = true, paramLabel = "DIR", order = 1,
            description = "The folder for everything that comes out; made where there is none.")
    private Path out;

    @Mixin
    private ImageStream learnt;

    @Option(names = "--seeds", paramLabel = "N", defaultValue = "3", order = 6,
            description = "Rounds, each with another order and other initial weights. Default: ${DEFAULT-VALUE}.")
    private int seeds;

    @Option(names = "--peer", paramLabel = "NAME=COMMAND", order = 7,
            description = "Another program that takes part, such as samples/peers/pytorch_online.py, which says what it"
                    + " is given. May be given several times.")
    private List<String> peers = List.of();

    /** A way to learn. */
    private interface Way {
        PeerProcess.Outcome learn(StreamImages.Loaded images, long seed) throws IOException;
    }

    @Override
    public Integer call() throws IOException {
        Limits.atLeastOne(command, "--seeds", seeds);
        learnt.check(command);
        Map<String, Way> ways = ways();
        try (RunFolder folder = RunFolder.open(command.commandLine(), out)) {
            StreamImages.Loaded images = learnt.load(command);
            Provenance provenance = Provenance.here();
            write(folder.path(), provenance, carryOut(ways, images));
        }
        return 0;
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }

    private Map<String, Way> ways() {
        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put("this library, prediction", (images, seed) -> local(images, 0, seed));
        ways.put("this library, the default", (images, seed) -> local(images, 64, seed));
        List<PeerProcess> others = new ArrayList<>(PeerProcess.smile().stream().toList());
        for (String peer : peers) {
            PeerProcess parsed = PeerProcess.parse(peer);
            if (parsed == null) {
                throw wrong("--peer '" + peer + "' is no NAME=COMMAND");
            }
            others.add(parsed);
        }
        if (others.isEmpty()) {
            throw wrong("there is nobody to be compared with: build Smile's part by 'mvn -Psmile -pl samples/smile"
                    + " package', or name a program by --peer");
        }
        int[] hidden = Perceptron.sizes(learnt.model());
        others.forEach(peer -> ways.put(peer.name(),
                (images, seed) -> peer.learn(images, order(images, seed), hidden, seed)));
        return ways;
    }

    private int[] order(StreamImages.Loaded images, long seed) {
        return Arrays.copyOf(ImageSource.order(images.trainLabels().length, seed), learnt.samples(images));
    }

    private Map<String, List<PeerProcess.Outcome>> carryOut(Map<String, Way> ways, StreamImages.Loaded images)
            throws IOException {
        PrintWriter print = command.commandLine().getOut();
        Map<String, List<PeerProcess.Outcome>> outcomes = new LinkedHashMap<>();
        for (long seed = 1; seed <= seeds; seed++) {
            for (Map.Entry<String, Way> way : ways.entrySet()) {
                PeerProcess.Outcome outcome = way.getValue().learn(images, seed);
                outcomes.computeIfAbsent(way.getKey(), first -> new ArrayList<>()).add(outcome);
                print.printf(Locale.ROOT, "seed %d, %s: %.2f %%, %,.0f samples/s%n", seed, way.getKey(),
                        outcome.accuracy(), outcome.samplesPerSecond());
                print.flush();
            }
        }
        return outcomes;
    }

    /** By single calls, each of which gives its prediction. */
    private PeerProcess.Outcome local(StreamImages.Loaded images, int memory, long seed) throws IOException {
        try (Source source = new ImageSource(images, true, 1, seed)) {
            StreamingNetwork stream = StreamingNetwork.builder(Perceptron.of(learnt.model(), source, seed))
                    .rule(Contest.rule(memory)).build();
            int samples = learnt.samples(images);
            float[][] rows = new float[CALLS][source.inputs()];
            int[] labels = new int[CALLS];
            long nanos = 0;
            int counted = 0;
            for (int first = 0; first < samples; first += CALLS) {
                int count = Math.min(CALLS, samples - first);
                for (int i = 0; i < count; i++) {
                    labels[i] = source.next(rows[i], 0);
                }
                long start = THREADS.getCurrentThreadCpuTime();
                for (int i = 0; i < count; i++) {
                    stream.learn(rows[i], labels[i]);
                }
                if (first >= WARM_UP) {
                    nanos += THREADS.getCurrentThreadCpuTime() - start;
                    counted += count;
                }
            }
            return new PeerProcess.Outcome(nanos == 0 ? 0 : counted * NANOS / nanos,
                    Classes.accuracy(stream, source.test(), source.classes()));
        }
    }

    private void write(Path folder, Provenance provenance, Map<String, List<PeerProcess.Outcome>> outcomes)
            throws IOException {
        String reference = outcomes.keySet().iterator().next();
        Map<String, Object> ways = new LinkedHashMap<>();
        List<List<String>> rows = new ArrayList<>();
        outcomes.forEach((way, each) -> {
            Spread accuracy = Spread.of(each.stream().map(PeerProcess.Outcome::accuracy).toList());
            Spread speed = Spread.of(each.stream().map(PeerProcess.Outcome::samplesPerSecond).toList());
            Spread ratio = ratio(outcomes.get(reference), each);
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("testAccuracy", accuracy);
            result.put("samplesPerSecond", speed);
            result.put("firstOverThis", ratio);
            ways.put(way, result);
            rows.add(List.of(way, accuracy.toString(),
                    ratio == null ? "too few samples" : String.format(Locale.ROOT, "%,.0f", speed.mean()),
                    Objects.toString(ratio, "")));
        });
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("experiment", command.name());
        results.put("title", title());
        results.put("command", TypedCommand.of(command));
        results.put("provenance", provenance);
        results.put("seeds", seeds);
        results.put("ways", ways);
        Json.write(folder.resolve("results.json"), results);
        Page page = new Page(title());
        page.paragraph("One pass, one sample at a time, each round in an order of its own that all share. Samples a"
                + " second are of the learning thread's processor time, without the first " + WARM_UP + " (PyTorch"
                + " 1,000); the last column is how many times as fast the first one is, round by round. Accuracy is"
                + " that on test images. Others learn by back-propagation and stochastic gradient descent with a rate"
                + " of 0.01 that falls to 0 with the last sample; this library by its defaults, which know no last"
                + " sample.");
        page.table(List.of("", "test accuracy %", "samples/s", "first one / this one"), rows);
        page.write(folder);
        PrintWriter print = command.commandLine().getOut();
        rows.forEach(row -> print.println(String.join("   ", row)));
        print.println("Wrote " + folder.resolve("index.html"));
        print.flush();
    }

    /** Round by round: what a machine does besides changes from one to the next. */
    private static Spread ratio(List<PeerProcess.Outcome> first, List<PeerProcess.Outcome> other) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            if (!(other.get(i).samplesPerSecond() > 0)) {
                return null;
            }
            ratios.add(first.get(i).samplesPerSecond() / other.get(i).samplesPerSecond());
        }
        return Spread.of(ratios);
    }

    private String title() {
        return "One sample at a time, beside others: " + learnt;
    }
}
