package org.ibhebb.samples.stream;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.samples.data.StreamImages;
import org.ibhebb.samples.folder.Json;
import org.ibhebb.samples.folder.OutputFile;
import org.ibhebb.samples.option.Limits;
import org.ibhebb.samples.report.Chart;
import org.ibhebb.samples.report.Curves;
import org.ibhebb.samples.report.Page;
import org.ibhebb.samples.training.SpikingOptions;
import org.ibhebb.stream.StreamingNetwork;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ibhebb stream}: one network that learns on the fly. */
@Command(name = "stream", sortOptions = false,
        description = "Learns on the fly: predicts each sample, then learns it, one at a time, and says how many were"
                + " right before they were learnt.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb stream --data mnist --model mlp:128,64 --json mnist.json",
            "  ibhebb stream --data mnist --model cnn:16,32 --memory 0",
            "  ibhebb stream --data mnist --model snn:128,64 --steps 8 --encode poisson",
            "  ibhebb stream --data csv:electricity.csv --class class --report electricity",
            "  ibhebb stream --data moa:\"(generators.SEAGenerator -i 7)\" --limit 50000",
            "  generator | ibhebb stream --data - --save learnt.ibstream"
        })
public final class StreamCommand implements Callable<Integer> {

    /** Marks of drift on the chart, whose legend has a line for each. */
    private static final int DRAWN = 8;

    @Spec
    private CommandSpec command;

    @Option(names = "--data", required = true, paramLabel = "SOURCE", order = 1,
            description = "What to learn: digits, mnist, fashion-mnist, cifar10, csv:FILE, arff:FILE, generated:NAME"
                    + " (sea, agrawal, hyperplane, rbf-fast, rbf-slow, led or waveform; :SEED and the place of a :DRIFT"
                    + " may follow), moa:STREAM (one of MOA's, as it describes it, where samples/moa is built), or -"
                    + " for CSV on standard input. The first line of CSV names the columns; which are numbers and which"
                    + " are words is found from the first 1,000 lines.")
    private String data;

    @Option(names = "--class", paramLabel = "COLUMN", order = 2,
            description = "The column of CSV or ARFF that is to be predicted. Default: the last one.")
    private String column;

    @Option(names = "--classes", paramLabel = "N", defaultValue = "0", order = 2,
            description = "How many classes CSV may have. Default: those in the first 1,000 lines.")
    private int classes;

    @Option(names = "--data-dir", paramLabel = "DIR", order = 3,
            description = "The folder with the data set's files.")
    private Path dataDir;

    @Option(names = "--model", paramLabel = "MODEL", defaultValue = "mlp:128,64", order = 4,
            description = "mlp:A,B,...: dense layers of those sizes. snn:A,B,...: dense layers of spiking neurons. For"
                    + " images also cnn:A,B,...: 3x3 convolutions with so many feature maps, each halving the image,"
                    + " scnn:A,B,...: the same of spiking neurons, or lenet. Behind a spiking one, +trace, +exact or"
                    + " +per-step is how it learns, if not factorised. Default: ${DEFAULT-VALUE}.")
    private String model;

    @Mixin
    private SpikingOptions spiking;

    @Option(names = "--memory", paramLabel = "N", order = 5,
            description = "Samples that working memory holds, the newest included; 0 for none, which is faster."
                    + " Default: 64.")
    private Integer memory;

    @Option(names = "--raw", order = 6,
            description = "Images as pixels from 0 to 1, of which those that are 0 cost nothing, not standardised:"
                    + " what spiking networks see anyway.")
    private boolean raw;

    @Option(names = "--limit", paramLabel = "N", order = 7, description = "Stop after N samples.")
    private Long limit;

    @Option(names = "--passes", paramLabel = "P", defaultValue = "1", order = 8,
            description = "How often to go through the images. Default: ${DEFAULT-VALUE}.")
    private int passes;

    @Option(names = "--window", paramLabel = "N", defaultValue = "1000", order = 9,
            description = "The latest samples that accuracy and kappa are of while it runs. Default: ${DEFAULT-VALUE}.")
    private int window;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", order = 10,
            description = "Fixes the initial weights and the order of images. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--json", paramLabel = "FILE", order = 11,
            description = "Write settings and results there, as a JSON object; accuracies are percentages, 0 to 100.")
    private Path json;

    @Option(names = "--report", paramLabel = "DIR", order = 12, description = "Write a page with a chart there.")
    private Path report;

    @Option(names = "--save", paramLabel = "FILE", order = 13,
            description = "Write what was learnt there, at the end or when interrupted.")
    private Path save;

    @Option(names = "--resume", paramLabel = "FILE", order = 14,
            description = "Go on from what --save wrote, with the same --data, --model, --memory and --seed: samples"
                    + " that were learnt already are skipped, but on standard input.")
    private Path resume;

    private volatile boolean interrupted;

    @Override
    public Integer call() throws IOException {
        StreamModel chosen = check();
        model = chosen.name();
        PrintWriter out = command.commandLine().getOut();
        try (Source source = chosen.seen(source(chosen), seed)) {
            MultiLayerNetwork network = chosen.network(source, seed);
            StreamingNetwork.Builder builder = StreamingNetwork.builder(network).rule(rule())
                    .timeSteps(chosen.timeSteps())
                    .standardizeInputs(source.isUnscaled()).missingValues(source.isUnscaled());
            StreamingNetwork stream = resume == null ? builder.build() : builder.resume(resume);
            CountDownLatch done = new CountDownLatch(1);
            Thread hook = new Thread(() -> interrupt(done));
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                run(source, stream, out);
            } finally {
                done.countDown();
                if (!interrupted) {
                    Runtime.getRuntime().removeShutdownHook(hook);
                }
            }
        }
        return 0;
    }

    private StreamModel check() {
        Limits.atLeastOne(command, "--passes", passes);
        Limits.atLeastOne(command, "--window", window);
        if (limit != null && limit < 1) {
            throw wrong("--limit must be at least 1, not " + limit);
        }
        Limits.noneOrAtLeastTwo(command, "--memory", memory);
        StreamModel chosen = StreamModel.of(command, model, spiking, StreamImages.exists(data));
        boolean hasColumns = Sources.isFile(data) || data.equals(Sources.STANDARD_INPUT);
        if (column != null && !hasColumns) {
            throw wrong("--class is for --data csv:FILE, arff:FILE and -");
        }
        OutputFile.check(command.commandLine(), "--json", json);
        OutputFile.check(command.commandLine(), "--save", save);
        OutputFile.makeFolder(command.commandLine(), "--report", report);
        return chosen;
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }

    /** Waits until what was learnt is saved. */
    private void interrupt(CountDownLatch done) {
        interrupted = true;
        try {
            done.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Source source(StreamModel chosen) throws IOException {
        if (Sources.exist(data)) {
            return Sources.open(data, column, classes);
        }
        if (!StreamImages.exists(data)) {
            throw wrong("--data '" + data + "' is none of digits, mnist, fashion-mnist, cifar10, csv:FILE, arff:FILE,"
                    + " generated:NAME, moa:STREAM, -");
        }
        PrintWriter notes = command.commandLine().getErr();
        StreamImages.Loaded images = StreamImages.load(data, dataDir, notes);
        notes.flush();
        return new ImageSource(images, !raw && !chosen.takesIntensities(), passes, seed);
    }

    private LearningRule rule() {
        return Contest.rule(memory == null ? 64 : memory);
    }

    private void run(Source source, StreamingNetwork stream, PrintWriter out) throws IOException {
        long skipped = data.equals(Sources.STANDARD_INPUT) ? 0 : stream.learnt();
        float[] passed = new float[source.inputs()];
        for (long i = 0; i < skipped; i++) {
            if (source.next(passed, 0) < 0) {
                break;
            }
        }
        out.printf(Locale.ROOT, "%10s  %10s  %8s  %12s%n", "samples", "accuracy", "kappa", "samples/s");
        Prequential results = new Prequential(source.classes(), window);
        List<Curves.Point> accuracies = new ArrayList<>();
        List<Curves.Point> kappas = new ArrayList<>();
        DriftMarks drifts = new DriftMarks(window);
        long nanos = 0;
        long most = limit == null ? Long.MAX_VALUE : limit;
        Block block = new Block(source);
        boolean more;
        do {
            more = block.read(most - results.seen(), () -> !interrupted);
            long before = results.seen();
            nanos += block.learn(stream, results);
            if (results.seen() / window > before / window) {
                accuracies.add(new Curves.Point(results.seen(), results.windowAccuracy()));
                kappas.add(new Curves.Point(results.seen(), 100 * results.windowKappa()));
                DriftMarks.Mark drift = drifts.see(results.seen(), results.windowAccuracy());
                if (drift != null) {
                    out.printf(Locale.ROOT, "%10d  %s%n", results.seen(), drift);
                }
                if (results.seen() % (10L * window) < Block.SIZE) {
                    line(out, results, nanos);
                }
            }
        } while (more);
        line(out, results, nanos);
        if (save != null) {
            stream.save(save);
        }
        finish(source, stream, results, nanos, accuracies, kappas, drifts.all(), out);
    }

    private static void line(PrintWriter out, Prequential results, long nanos) {
        out.printf(Locale.ROOT, "%10d  %8.2f %%  %8.3f  %12.0f%n", results.seen(), results.windowAccuracy(),
                results.windowKappa(), perSecond(results, nanos));
        out.flush();
    }

    private static double perSecond(Prequential results, long nanos) {
        return nanos == 0 ? 0 : results.seen() * 1e9 / nanos;
    }

    private void finish(Source source, StreamingNetwork stream, Prequential results, long nanos,
            List<Curves.Point> accuracies, List<Curves.Point> kappas, List<DriftMarks.Mark> drifts, PrintWriter out)
            throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("data", data);
        result.put("model", model);
        result.put("rule", rule().toString());
        result.put("seed", seed);
        result.put("samples", results.seen());
        result.put("prequentialAccuracy", results.accuracy());
        result.put("windowAccuracy", results.windowAccuracy());
        result.put("windowKappa", results.windowKappa());
        result.put("samplesPerSecond", perSecond(results, nanos));
        result.put("drifts", drifts.stream().map(DriftMarks.Mark::samples).toList());
        out.printf(Locale.ROOT, "right before they were learnt: %.2f %% of %d samples%n", results.accuracy(),
                results.seen());
        Source.Held test = source.test();
        if (test != null && !interrupted) {
            double accuracy = Classes.accuracy(stream, test, source.classes());
            result.put("testAccuracy", accuracy);
            out.printf(Locale.ROOT, "test images: %.2f %%%n", accuracy);
        }
        out.flush();
        if (json != null) {
            Json.write(json, result);
        }
        if (report != null) {
            page(result, accuracies, kappas, drifts).write(report);
        }
    }

    private Page page(Map<String, Object> result, List<Curves.Point> accuracies, List<Curves.Point> kappas,
            List<DriftMarks.Mark> drifts) {
        Page page = new Page("On the fly: " + model + " on " + data);
        page.paragraph("Each sample was predicted, then learnt. Accuracy and kappa are of the latest " + window
                + " samples before they were learnt.");
        if (!accuracies.isEmpty()) {
            List<Curves.Curve> curves = new ArrayList<>(List.of(new Curves.Curve("accuracy", accuracies),
                    new Curves.Curve("100 x kappa", kappas)));
            // Upright lines, as high as the curve.
            double least = accuracies.stream().mapToDouble(Curves.Point::y).min().orElseThrow();
            double most = accuracies.stream().mapToDouble(Curves.Point::y).max().orElseThrow();
            drifts.stream().limit(DRAWN).forEach(drift -> curves.add(new Curves.Curve("drift at " + drift.samples(),
                    List.of(new Curves.Point(drift.samples(), least), new Curves.Point(drift.samples(), most)))));
            page.figure(new Curves("prequential", "Right before they were learnt", "samples", "per cent",
                    Chart.Scale.LINEAR, false, curves), "100 x kappa is 0 for as many as by chance.");
        }
        if (!drifts.isEmpty()) {
            page.paragraph("Drift is marked where fewer of a window were right than of the ten before it, by more than"
                    + " chance explains (3.4 standard errors).");
            page.table(List.of("samples", "% right", "% right before"), drifts.stream()
                    .map(drift -> List.of(String.valueOf(drift.samples()),
                            String.format(Locale.ROOT, "%.2f", drift.after()),
                            String.format(Locale.ROOT, "%.2f", drift.before())))
                    .toList());
        }
        page.table(List.of("", ""), result.entrySet().stream()
                .map(entry -> List.of(entry.getKey(), String.valueOf(entry.getValue()))).toList());
        return page;
    }
}
