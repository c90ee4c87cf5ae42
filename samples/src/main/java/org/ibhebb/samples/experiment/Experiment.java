package org.ibhebb.samples.experiment;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.ibhebb.samples.data.DataSets;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.folder.Json;
import org.ibhebb.samples.folder.Provenance;
import org.ibhebb.samples.folder.RunFolder;
import org.ibhebb.samples.folder.WholeFile;
import org.ibhebb.samples.option.TypedCommand;
import org.ibhebb.samples.report.Page;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What all experiments do: decide how much there is time for, train, and write it all down. */
abstract class Experiment implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private ExperimentOptions options;

    /** What is to be trained, with the data loaded. */
    abstract List<Part> parts() throws IOException;

    /** A heading for the page. */
    abstract String title();

    /**
     * Says on the page what was measured, with tables and charts.
     *
     * @param laboratory for what the runs alone do not tell
     * @return further content for results.json
     */
    abstract Map<String, Object> report(List<Findings> findings, Laboratory laboratory, Page page) throws IOException;

    /** Flags of its own that pick out a part. */
    abstract List<String> arguments(Part part);

    final CommandSpec command() {
        return command;
    }

    final ExperimentOptions options() {
        return options;
    }

    @Override
    public final Integer call() throws IOException {
        options.check();
        checkOwnOptions();
        try (RunFolder folder = RunFolder.open(command.commandLine(), options.out())) {
            carryOut(folder);
        }
        return 0;
    }

    private void carryOut(RunFolder folder) throws IOException {
        PrintWriter out = command.commandLine().getOut();
        Laboratory laboratory = new Laboratory(folder, out);
        List<Part> parts = parts();
        Provenance provenance = Provenance.here();
        Scale asked = options.scale(parts.stream().map(Part::wanted).toList(), ownSeeds());
        Plan plan = options.budgetMinutes() == null
                ? null
                : new Planner(folder, laboratory).plan(options.budgetMinutes(), parts, asked);
        Scale scale = plan == null ? asked : plan.chosen();
        List<String> extents = Extents.sentences(parts, scale, plan);
        extents.forEach(extent -> laboratory.say("%s", extent));
        List<Findings> findings = laboratory.carryOut(parts, scale);

        Page page = new Page(title());
        Map<String, Object> more = report(findings, laboratory, page);
        List<String> spelledOut = spelledOut(parts, scale);
        addHow(page, extents, spelledOut, provenance);
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("experiment", command.name());
        results.put("title", title());
        results.put("command", TypedCommand.of(command));
        results.put("commands", spelledOut);
        results.put("extents", extents);
        results.put("provenance", provenance);
        results.put("scale", scale);
        results.put("plan", plan);
        results.putAll(Ledger.json(findings));
        results.putAll(more);
        Json.write(folder.path().resolve("results.json"), results);
        WholeFile.write(folder.path().resolve("results.csv"), Ledger.csv(findings));
        page.write(folder.path(), ", and start the same command again: no run will be repeated.");
        laboratory.say("Wrote %s", folder.path().resolve("index.html"));
    }

    /** Refuses flags that do not go together. */
    void checkOwnOptions() {}

    /** Runs of everything, unless the user says otherwise. */
    int ownSeeds() {
        return ExperimentOptions.SEEDS;
    }

    /** Flags that all experiments share, by which a part is carried out again. */
    List<String> usualArguments(Part part, Part.Size size, Scale scale) {
        return options.arguments(part.task().name(), size, scale);
    }

    final LearningTask load(DataSets data) throws IOException {
        PrintWriter notes = command.commandLine().getErr();
        LearningTask task = data.load(options.dataDir(), notes);
        notes.flush();
        return task;
    }

    private void addHow(Page page, List<String> extents, List<String> spelledOut, Provenance run) {
        page.heading("How it was made");
        extents.forEach(page::paragraph);
        page.paragraph("± is the sample standard deviation over the seeds, which give initial weights and the order of"
                + " the images. Rows of one network with one seed start from the same weights. Learning rates fall"
                + " linearly to 0; updates are Adam's.");
        page.paragraph("This page was made by");
        page.command(TypedCommand.of(command));
        page.paragraph("The same runs, whatever the defaults and the time given:");
        page.command(String.join("\n", spelledOut));
        page.paragraph(String.format(Locale.ROOT, "%s, with the %s kernel and %d BLAS thread%s on %d processors (%s),"
                + " Java %s, Deeplearning4j %s, DL4J-IbHebb %s. Every number is in results.json and results.csv.",
                run.date(), run.kernel(), run.blasThreads(), run.blasThreads() == 1 ? "" : "s", run.processors(),
                run.platform(), run.java(), run.deeplearning4j(), run.plugin()));
    }

    /** One command; or one a part, where parts differ in what one command gives to all. */
    private List<String> spelledOut(List<Part> parts, Scale scale) {
        Map<List<String>, List<String>> flagsByPart = new LinkedHashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            flagsByPart.put(arguments(parts.get(i)),
                    usualArguments(parts.get(i), scale.sizes().get(i), scale));
        }
        List<String> commands = new ArrayList<>();
        flagsByPart.forEach((own, common) -> {
            String suffix = flagsByPart.size() == 1 ? "" : "-" + own.get(1);
            commands.add(TypedCommand.of(Stream.of(
                            List.of("samples/ibhebb", "experiment", command.name()),
                            own,
                            List.of("--out", options.out() + suffix),
                            common)
                    .flatMap(List::stream)));
        });
        return commands;
    }
}
