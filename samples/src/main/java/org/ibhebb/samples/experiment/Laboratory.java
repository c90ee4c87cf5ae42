package org.ibhebb.samples.experiment;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.folder.Kept;
import org.ibhebb.samples.folder.RunFolder;
import org.ibhebb.samples.training.Result;
import org.ibhebb.samples.training.Row;

/** Carries out what is not in an experiment's folder yet. */
final class Laboratory {

    private final RunFolder folder;
    private final PrintWriter out;

    /** @param out gets a line for each run */
    Laboratory(RunFolder folder, PrintWriter out) {
        this.folder = folder;
        this.out = out;
    }

    /**
     * All runs of an experiment. Every row gets its first seed before any gets its second, so that whatever is there
     * after an interruption is balanced.
     */
    List<Findings> carryOut(List<Part> parts, Scale scale) throws IOException {
        List<Run> runs = runs(parts, scale);
        List<Findings> findings = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            findings.add(new Findings(parts.get(i), scale.sizes().get(i), new LinkedHashMap<>()));
        }
        TimeLeft left = new TimeLeft();
        List<Run> toDo = new ArrayList<>();
        for (Run run : runs) {
            Optional<Result> known = folder.find(run.settings(), Result.class);
            known.ifPresent(result -> {
                findings.get(run.part()).add(run.row(), result);
                left.took(run.row(), run.size(), result.allSeconds());
            });
            if (known.isEmpty()) {
                toDo.add(run);
            }
        }
        say("%d runs%s", runs.size(),
                toDo.size() == runs.size() ? "" : ", " + (runs.size() - toDo.size()) + " of them are there already");
        int done = runs.size() - toDo.size();
        for (int i = 0; i < toDo.size(); i++) {
            Run run = toDo.get(i);
            String number = ++done + "/" + runs.size();
            Result result = run.carryOut(number + " " + run.row().rule());
            folder.keep(result);
            findings.get(run.part()).add(run.row(), result);
            left.took(run.row(), run.size(), result.allSeconds());
            List<Run> rest = toDo.subList(i + 1, toDo.size());
            say("%9s  %s: %s, seed %d: %.2f %%, %s%s", number, parts.get(run.part()).title(), run.row().title(),
                    run.seed(), result.accuracy(), TimeLeft.words(result.allSeconds()),
                    rest.isEmpty() ? "" : "; about " + TimeLeft.words(left.seconds(rest).orElse(0)) + " left");
        }
        return findings;
    }

    /** An outcome of another kind, from the folder or else measured now. */
    <T extends Kept<T>> T outcome(T settings, Class<T> type, RunFolder.Measurement<T> measurement)
            throws IOException {
        return folder.outcome(settings, type, false, measurement);
    }

    void say(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
        out.flush();
    }

    private static List<Run> runs(List<Part> parts, Scale scale) {
        List<LearningTask> tasks = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            tasks.add(parts.get(i).task().trainingOnFirst(scale.sizes().get(i).trainSamples()));
        }
        List<Run> runs = new ArrayList<>();
        for (long seed = 1; seed <= scale.seeds(); seed++) {
            for (int i = 0; i < parts.size(); i++) {
                for (Row row : parts.get(i).rows()) {
                    if (seed <= scale.seedsOf(row)) {
                        runs.add(new Run(i, tasks.get(i), scale.sizes().get(i), row, seed));
                    }
                }
            }
        }
        return runs;
    }
}
