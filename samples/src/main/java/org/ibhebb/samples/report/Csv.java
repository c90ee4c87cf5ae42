package org.ibhebb.samples.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A table of comma-separated values, as RFC 4180 has them. */
public final class Csv {

    private final List<String> lines = new ArrayList<>();

    /**
     * An empty table.
     *
     * @param columns their names
     */
    public Csv(Object... columns) {
        add(columns);
    }

    /**
     * Adds a line.
     *
     * @param values one a column; null leaves a field empty
     */
    public void add(Object... values) {
        lines.add(Arrays.stream(values).map(Csv::field).collect(Collectors.joining(",")));
    }

    private static String field(Object value) {
        String text = value == null ? "" : value.toString();
        return text.matches("[^\",\r\n]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }

    /**
     * The table.
     *
     * @return all lines, each with its end
     */
    @Override
    public String toString() {
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }
}
