package org.ibhebb.samples.stream;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.ibhebb.samples.folder.Json;
import org.ibhebb.samples.folder.Provenance;
import org.ibhebb.samples.folder.WholeFile;
import org.ibhebb.samples.report.Chart;
import org.ibhebb.samples.report.Csv;
import org.ibhebb.samples.report.Curves;
import org.ibhebb.samples.report.Page;
import org.ibhebb.samples.report.Spread;

/** What came out of {@code experiment stream}: a page, JSON and CSV. */
final class StreamPage {

    private static final String TITLE = "Streams, learnt on the fly";
    /** How far below the best of the others the network may be and still counts as level, in points. */
    private static final double LEVEL = 1.5;

    private final List<NamedStream> streams;
    private final List<StreamRun> runs;
    private final String moa;
    private final String commandLine;
    private final List<String> learners;
    private final int seeds;

    /**
     * The page of some runs.
     *
     * @param runs of each stream, by all seeds, by all learners
     * @param moa its version; null where it took no part
     */
    StreamPage(List<NamedStream> streams, List<StreamRun> runs, String moa, String commandLine) {
        this.streams = streams;
        this.runs = runs;
        this.moa = moa;
        this.commandLine = commandLine;
        this.learners = runs.stream().map(StreamRun::learner).distinct().toList();
        this.seeds = (int) runs.stream().mapToLong(StreamRun::seed).distinct().count();
    }

    private List<StreamRun> of(NamedStream stream, String learner) {
        return runs.stream().filter(run -> run.learner().equals(learner)
                && run.data().equals(stream.data(run.seed(), run.limit()))).toList();
    }

    private Spread accuracy(NamedStream stream, String learner) {
        return Spread.of(of(stream, learner).stream().map(StreamRun::accuracy).toList());
    }

    private Spread speed(NamedStream stream, String learner) {
        return Spread.of(of(stream, learner).stream().map(StreamRun::samplesPerSecond).toList());
    }

    private List<String> others() {
        return learners.stream().filter(learner -> !learner.equals(Contest.NETWORK)).toList();
    }

    /** In how many streams the network is level with the best of the others, and above each; how much faster it is. */
    List<String> summary() {
        List<String> lines = new ArrayList<>();
        if (others().isEmpty()) {
            return lines;
        }
        long level = streams.stream().filter(stream -> accuracy(stream, Contest.NETWORK).mean()
                >= others().stream().mapToDouble(other -> accuracy(stream, other).mean()).max().orElseThrow() - LEVEL)
                .count();
        lines.add(String.format(Locale.ROOT, "Within %.1f points of the best of MOA's on %d of %d streams.", LEVEL,
                level, streams.size()));
        for (String other : others()) {
            long above = streams.stream().filter(stream ->
                    accuracy(stream, Contest.NETWORK).mean() > accuracy(stream, other).mean()).count();
            double[] times = streams.stream().mapToDouble(stream ->
                    speed(stream, Contest.NETWORK).mean() / speed(stream, other).mean()).sorted().toArray();
            lines.add(String.format(Locale.ROOT, "Above %s on %d of %d, at %.2g to %.2g times its speed.", other, above,
                    streams.size(), times[0], times[times.length - 1]));
        }
        return lines;
    }

    /** @param provenance of the runs that were carried out now */
    void write(Path folder, Provenance provenance) throws IOException {
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("experiment", "stream");
        results.put("title", TITLE);
        results.put("command", commandLine);
        results.put("provenance", provenance);
        results.put("moa", moa);
        results.put("seeds", seeds);
        Map<String, Object> byStream = new LinkedHashMap<>();
        for (NamedStream stream : streams) {
            Map<String, Object> byLearner = new LinkedHashMap<>();
            learners.forEach(learner -> byLearner.put(learner, Map.of(
                    "prequentialAccuracy", accuracy(stream, learner), "samplesPerSecond", speed(stream, learner))));
            byStream.put(stream.name(), byLearner);
        }
        results.put("streams", byStream);
        results.put("summary", summary());
        Json.write(folder.resolve("results.json"), results);
        Csv csv = new Csv("data", "learner", "model", "memory", "seed", "samples", "prequentialAccuracy",
                "samplesPerSecond");
        runs.forEach(run -> csv.add(run.data(), run.learner(), run.model() == null ? "" : run.model(), run.memory(),
                run.seed(), run.samples(), run.accuracy(), run.samplesPerSecond()));
        WholeFile.write(folder.resolve("results.csv"), csv.toString());
        page(provenance).write(folder);
    }

    private Page page(Provenance provenance) {
        StreamRun first = runs.get(0);
        Page page = new Page(TITLE);
        page.command(commandLine);
        page.paragraph(String.format(Locale.ROOT, "Each sample was predicted, then learnt. The local network (%s,"
                + " working memory %d) has one setting for all streams. %s Speeds are by the processor time of the"
                + " thread that learns, predictions included, and without the time that samples take to be made. %s,"
                + " Java %s, %d processors, load %.1f, plugin %s, arithmetic %s, %s.", first.model(), first.memory(),
                moa == null
                        ? "MOA was not there; the generators are this program's."
                        : moa + "'s learners have their defaults; the samples are the same.",
                provenance.platform(), provenance.java(), provenance.processors(), provenance.load(),
                provenance.plugin(), provenance.kernel(), provenance.date()));
        summary().forEach(page::paragraph);
        page.heading("Right before they were learnt, %");
        table(page, this::accuracy, "%.2f");
        page.heading("Samples a second");
        table(page, this::speed, "%,.0f");
        for (NamedStream stream : streams) {
            figure(page, stream);
        }
        page.heading("What the streams are");
        page.table(List.of("stream", "--data, with seed 1"), streams.stream()
                .map(stream -> List.of(stream.title(), stream.data(1, first.limit()))).toList());
        return page;
    }

    /** A figure of each learner on each stream. */
    private interface Measure {
        Spread of(NamedStream stream, String learner);
    }

    private void table(Page page, Measure measure, String format) {
        page.table(Stream.concat(Stream.of("stream"), learners.stream()).toList(), streams.stream()
                .map(stream -> Stream.concat(Stream.of(stream.title()), learners.stream()
                        .map(learner -> measure.of(stream, learner))
                        .map(spread -> String.format(Locale.ROOT, format, spread.mean()) + (spread.deviation() == null
                                ? "" : " ± " + String.format(Locale.ROOT, format, spread.deviation())))).toList())
                .toList());
    }

    private void figure(Page page, NamedStream stream) {
        List<Curves.Curve> curves = new ArrayList<>();
        for (String learner : learners) {
            StreamRun run = of(stream, learner).get(0);
            List<Curves.Point> points = new ArrayList<>();
            for (int i = 0; i < run.curve().size(); i++) {
                points.add(new Curves.Point((i + 1.0) * Math.max(1, run.limit() / StreamRun.POINTS),
                        run.curve().get(i)));
            }
            curves.add(new Curves.Curve(learner, points));
        }
        if (curves.stream().anyMatch(curve -> !curve.points().isEmpty())) {
            // The user's may have long names, and the same ones in two folders.
            String name = stream.name().equals(stream.data()) ? "stream-" + streams.indexOf(stream) : stream.name();
            page.figure(new Curves(name, stream.title(), "samples",
                    "per cent right", Chart.Scale.LINEAR, false, curves),
                    "Accuracy of each fiftieth of the stream, by the first seed.");
        }
    }
}
