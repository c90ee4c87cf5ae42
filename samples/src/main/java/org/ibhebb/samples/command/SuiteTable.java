package org.ibhebb.samples.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ibhebb.samples.folder.DataException;

/** What {@code experiment suite} found, as a section of a page of Markdown. */
final class SuiteTable {

    private static final String WAYS = "ways";
    private static final String DEFAULT = "default";
    private static final List<String> CONTROLS =
            List.of("back-propagation", "tuned back-propagation", "frozen hidden layers");

    private SuiteTable() {}

    /** Whether these are a suite's. */
    static boolean knows(ResultsFile results) {
        return results.has("tasks");
    }

    /** The whole section. */
    static String of(ResultsFile results) throws DataException {
        StringBuilder section = new StringBuilder("\n## ").append(Markdown.escape(results.text("title")))
                .append("\n\nErrors on held-out samples, as shares: no test image is read. \"default\" is one changed"
                        + " line and nothing tuned.\n\n");
        for (ResultsFile sentence : results.list("counts")) {
            section.append("- ").append(Markdown.escape(sentence.text())).append('\n');
        }
        section.append('\n').append(Markdown.fenced(ResultsPage.withoutFolders(results.text("command")) + "\n"));
        Map<String, List<ResultsFile>> groups = new LinkedHashMap<>();
        for (ResultsFile task : results.list("tasks")) {
            groups.computeIfAbsent(task.field("settings").text("group"), first -> new ArrayList<>()).add(task);
        }
        for (Map.Entry<String, List<ResultsFile>> group : groups.entrySet()) {
            section.append("\n### ").append(Markdown.escape(group.getKey())).append("\n\n| task | network | default | |"
                    + " back-propagation | tuned | frozen |\n|---|---|---|---|---|---|---|\n");
            for (ResultsFile task : group.getValue()) {
                section.append(row(task));
            }
        }
        return section.toString();
    }

    private static String row(ResultsFile task) throws DataException {
        ResultsFile settings = task.field("settings");
        ResultsFile ways = task.field(WAYS);
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "| %s | %s, batch %d x %d | %s | %s |",
                Markdown.escape(task.text("task")), Markdown.escape(settings.text("network")),
                settings.whole("batch"), settings.whole("epochs"), error(ways.field(DEFAULT)),
                Markdown.escape(ways.field(DEFAULT).text("verdict"))));
        for (String control : CONTROLS) {
            row.append(' ').append(error(ways.field(control))).append(" |");
        }
        return row.append('\n').toString();
    }

    private static String error(ResultsFile way) throws DataException {
        ResultsFile error = way.field("error");
        String mean = number(error.number("mean"));
        return error.isNull("deviation") ? mean : mean + " ± " + number(error.number("deviation"));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 0.01 ? "%.4f" : "%.3f", value);
    }
}
