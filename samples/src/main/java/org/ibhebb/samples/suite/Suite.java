package org.ibhebb.samples.suite;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ibhebb.samples.folder.DataException;
import org.ibhebb.samples.folder.RunFolder;

/** Carries out what is not in the folder yet. */
final class Suite {

    private final RunFolder folder;
    private final Path dataDir;
    private final PrintWriter out;
    private final PrintWriter notes;
    private final Set<Outcome.Kind> again;
    private final List<String> candidates;
    private final Map<String, String> skipped = new LinkedHashMap<>();
    /** The data made last, for one task is learnt in many ways. */
    private Task.Data made;
    private long madeBy;
    private TaskData data;

    /**
     * @param dataDir null for where data sets usually are
     * @param out gets a line for each task
     * @param notes gets a line for each thing that the user should know
     * @param again ways of these kinds are trained whatever the folder has
     * @param candidates among which back-propagation is tuned
     */
    Suite(RunFolder folder, Path dataDir, PrintWriter out, PrintWriter notes, Set<Outcome.Kind> again,
            List<String> candidates) {
        this.folder = folder;
        this.dataDir = dataDir;
        this.out = out;
        this.notes = notes;
        this.again = again;
        this.candidates = candidates;
    }

    /** Why tasks could not be learnt, by their names. */
    Map<String, String> skipped() {
        return skipped;
    }

    /**
     * Every task gets its first seed before any gets its second.
     *
     * @param judged the ways by the rule
     */
    List<Finding> carryOut(List<Task> tasks, List<Way> judged, int seeds) throws IOException {
        Map<Task, Finding> findings = new LinkedHashMap<>();
        for (long seed = 1; seed <= seeds; seed++) {
            for (int i = 0; i < tasks.size(); i++) {
                Task task = tasks.get(i);
                try {
                    data(task, seed);
                } catch (DataException e) {
                    if (skipped.put(task.name(), e.getMessage()) == null) {
                        out.println(task.name() + " is left out: " + e.getMessage());
                        out.flush();
                    }
                    continue;
                }
                learn(task, judged, seed, findings);
                out.println((i + 1) + "/" + tasks.size() + (seeds == 1 ? " " : " seed " + seed + " ")
                        + SuitePage.line(findings.get(task), judged));
                out.flush();
            }
        }
        return List.copyOf(findings.values());
    }

    private void learn(Task task, List<Way> judged, long seed, Map<Task, Finding> findings) throws IOException {
        Finding found = findings.get(task);
        if (found == null) {
            found = new Finding(task, data(task, seed).measure(), best(task, seed));
            findings.put(task, found);
        }
        List<Way> ways = new ArrayList<>(judged);
        ways.addAll(List.of(Way.BACKPROP, Way.TUNED, Way.FROZEN));
        for (Way way : ways) {
            String updater = way.tuned() ? found.tunedBy() : task.updater();
            found.add(way, outcome(Outcome.asked(task, way, updater, way.tuned(), false, seed)));
        }
    }

    /** The candidate that is best on validation samples. */
    private String best(Task task, long seed) throws IOException {
        String best = null;
        double least = Double.POSITIVE_INFINITY;
        for (String candidate : candidates) {
            double error = outcome(Outcome.asked(task, Way.TUNED, candidate, true, true, seed)).error();
            if (error < least) {
                least = error;
                best = candidate;
            }
        }
        return best;
    }

    private Outcome outcome(Outcome asked) throws IOException {
        return folder.outcome(asked, Outcome.class, again.contains(asked.kind()),
                settings -> new Trial(settings, data(settings.task(), settings.seed())).run());
    }

    private TaskData data(Task task, long seed) throws IOException {
        if (!task.data().equals(made) || seed != madeBy) {
            data = task.data().make(seed, dataDir, notes);
            notes.flush();
            made = task.data();
            madeBy = seed;
        }
        return data;
    }
}
