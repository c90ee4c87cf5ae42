package org.ibhebb.samples.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.ibhebb.samples.folder.Provenance;
import org.ibhebb.samples.report.Csv;
import org.ibhebb.samples.report.Page;
import org.ibhebb.samples.report.Spread;

/** What came out of the suite, for people and for programs. */
final class SuitePage {

    private final List<Finding> findings;
    /** The ways that are judged: by the rule. */
    private final List<Way> judged;
    private final List<String> candidates;
    private final Map<String, String> skipped;

    /**
     * @param findings with all of their outcomes
     * @param judged the default first
     * @param candidates among which back-propagation was tuned
     * @param skipped why tasks could not be learnt, by their names
     */
    SuitePage(List<Finding> findings, List<Way> judged, List<String> candidates, Map<String, String> skipped) {
        this.findings = findings;
        this.judged = judged;
        this.candidates = candidates;
        this.skipped = skipped;
    }

    /** A line for the terminal. */
    static String line(Finding found, List<Way> judged) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-24s", found.task().name()));
        for (Way way : judged) {
            line.append(String.format(Locale.ROOT, " %s %s (%s)", way.name(), number(found.error(way)),
                    found.verdict(way)));
        }
        return line + String.format(Locale.ROOT, ", back-propagation %s, tuned %s (%s), frozen %s",
                number(found.error(Way.BACKPROP)), number(found.error(Way.TUNED)), found.tunedBy(),
                number(found.error(Way.FROZEN)));
    }

    /** In sentences, for a way. */
    List<String> counts(Way way) {
        int all = findings.size();
        List<String> sentences = new ArrayList<>();
        sentences.add(String.format(Locale.ROOT, "%s: level with tuned back-propagation or better (within a point or a"
                        + " tenth of its error) on %d of %d tasks (%.0f %%); level with back-propagation by the user's"
                        + " updater on %d; failed (within a tenth of frozen hidden layers) on %d.",
                way.name(), count(way, Finding.Verdict.LEVEL), all,
                100.0 * count(way, Finding.Verdict.LEVEL) / Math.max(1, all),
                findings.stream().filter(found -> found.isLevelWithUsers(way)).count(),
                count(way, Finding.Verdict.FAILED)));
        List<String> failed = findings.stream()
                .filter(found -> found.verdict(way) == Finding.Verdict.FAILED)
                .map(found -> found.task().name()).toList();
        if (!failed.isEmpty()) {
            sentences.add("Failed by " + way.name() + ": " + String.join(", ", failed) + ".");
        }
        return sentences;
    }

    private long count(Way way, Finding.Verdict verdict) {
        return findings.stream().filter(found -> found.verdict(way) == verdict).count();
    }

    Page page(String command, Provenance run, int seeds) {
        Page page = new Page("The suite");
        page.paragraph("Many small tasks of every kind, each by a stock Deeplearning4j network with an updater that a"
                + " user might have chosen. \"default\" is that configuration after IbHebb.convert(conf), with nothing"
                + " else changed. It stands beside back-propagation by the user's updater; back-propagation by the best"
                + " of " + String.join(", ", candidates) + " with rates that fall to 0, chosen on validation samples"
                + " split off the training ones; and the user's updater on hidden layers that keep their random"
                + " weights. Errors are measured on samples that were held out, which for image data sets are the last"
                + " training images: test images are never read.");
        judged.forEach(way -> counts(way).forEach(page::paragraph));
        Map<String, List<Finding>> groups = new LinkedHashMap<>();
        findings.forEach(found -> groups.computeIfAbsent(found.task().group(), first -> new ArrayList<>()).add(found));
        groups.forEach((group, members) -> {
            page.heading(group.substring(0, 1).toUpperCase(Locale.ROOT) + group.substring(1));
            page.table(header(), members.stream().map(this::row).toList());
        });
        addNotes(page);
        page.heading("How it was made");
        page.paragraph(String.format(Locale.ROOT, "Means over %d seed%s, which give the split or the generated samples,"
                + " the initial weights and the order; ± is the sample standard deviation. Real values are measured by"
                + " the unexplained share of their variance, tags by 1 - F1, unbalanced classes by the mean of the"
                + " classes' errors, all others by the share of wrong answers. A network that diverges, or refuses to"
                + " train, counts as wrong on everything.", seeds, seeds == 1 ? "" : "s"));
        page.command(command);
        page.paragraph(String.format(Locale.ROOT, "%s, with the %s kernel and %d BLAS thread%s on %d processors (%s),"
                        + " Java %s, Deeplearning4j %s, DL4J-IbHebb %s. Every number is in results.json and results.csv.",
                run.date(), run.kernel(), run.blasThreads(), run.blasThreads() == 1 ? "" : "s", run.processors(),
                run.platform(), run.java(), run.deeplearning4j(), run.plugin()));
        return page;
    }

    private void addNotes(Page page) {
        Map<String, String> notes = new TreeMap<>();
        skipped.forEach((task, reason) -> notes.put(task, "left out: " + reason));
        for (Finding found : findings) {
            found.outcomes().keySet().forEach(way -> found.notes(way).forEach(note ->
                    notes.merge(found.task().name(), way.name() + ": " + note, (a, b) -> a + " / " + b)));
        }
        if (!notes.isEmpty()) {
            page.heading("What went wrong");
            page.table(List.of("task", "what"), notes.entrySet().stream()
                    .map(note -> List.of(note.getKey(), note.getValue())).toList());
        }
    }

    private List<String> header() {
        List<String> header = new ArrayList<>(List.of("task", "data", "network", "mini-batch x epochs", "measure"));
        for (Way way : judged) {
            header.add(way.name());
            header.add("");
        }
        header.addAll(List.of(Way.BACKPROP.name(), Way.TUNED.name(), Way.FROZEN.name()));
        return header;
    }

    private List<String> row(Finding found) {
        Task task = found.task();
        List<String> row = new ArrayList<>(List.of(task.name(), task.data() + (task.sorted() ? ", sorted" : ""),
                task.network() + " " + task.activation().name().toLowerCase(Locale.ROOT),
                task.batch() + " x " + task.epochs(), found.measure().title));
        for (Way way : judged) {
            row.add(text(found.spread(way)));
            row.add(found.verdict(way).toString());
        }
        row.add(text(found.spread(Way.BACKPROP)) + " (" + task.updater() + ")");
        row.add(text(found.spread(Way.TUNED)) + " (" + found.tunedBy() + ")");
        row.add(text(found.spread(Way.FROZEN)));
        return row;
    }

    private static String text(Spread spread) {
        return number(spread.mean()) + (spread.deviation() == null ? "" : " ± " + number(spread.deviation()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 0.01 ? "%.4f" : "%.3f", value);
    }

    /** The tables of the page, by name. */
    Map<String, Object> json() {
        List<Object> rows = new ArrayList<>();
        for (Finding found : findings) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("task", found.task().name());
            row.put("settings", found.task());
            row.put("measure", found.measure().title);
            row.put("tunedBy", found.tunedBy());
            Map<String, Object> ways = new LinkedHashMap<>();
            found.outcomes().forEach((way, outcomes) -> {
                Map<String, Object> measured = new LinkedHashMap<>();
                measured.put("error", found.spread(way));
                measured.put("seconds", found.seconds(way));
                if (judged.contains(way)) {
                    measured.put("verdict", found.verdict(way).toString());
                    measured.put("gap", found.error(way) - found.error(Way.TUNED));
                }
                measured.put("notes", found.notes(way));
                ways.put(way.name(), measured);
            });
            row.put("ways", ways);
            rows.add(row);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("counts", judged.stream().flatMap(way -> counts(way).stream()).toList());
        json.put("tasks", rows);
        json.put("skipped", skipped);
        return json;
    }

    /** A line a run. */
    String csv() {
        Csv csv = new Csv("task", "group", "data", "network", "activation", "batch", "epochs", "measure", "way",
                "updater", "falling", "seed", "error", "seconds", "steps", "note");
        for (Finding found : findings) {
            Task task = found.task();
            found.outcomes().forEach((way, outcomes) -> outcomes.forEach(outcome -> csv.add(task.name(), task.group(),
                    task.data(), task.network(), task.activation(), task.batch(), task.epochs(),
                    found.measure().title, way.name(), outcome.updater(), outcome.falling(), outcome.seed(),
                    outcome.error(), outcome.seconds(), outcome.steps(), outcome.note())));
        }
        return csv.toString();
    }
}
