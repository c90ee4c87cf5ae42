package org.ibhebb.samples.stream;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.ibhebb.samples.data.StreamImages;

/**
 * Comma-separated lines below a line of column names. A column is numeric if each of its values in the first lines is a
 * number or missing (empty, or a question mark); any other is nominal, and has one input for each value seen there. A
 * missing number is NaN; a nominal value that is missing, or seen later for the first time, has no input.
 */
final class CsvSource implements Source {

    /** Lines that are read ahead to find out what the columns are. */
    private static final int AHEAD = 1_000;

    private final String name;
    private final BufferedReader in;
    private final Queue<String> ahead = new ArrayDeque<>();
    private final List<String> header;
    private final int classColumn;
    /** By column: the place of each nominal value among its inputs; null for a numeric column. */
    private final List<Map<String, Integer>> values = new ArrayList<>();
    private final Map<String, Integer> classes = new LinkedHashMap<>();
    private final int inputs;
    private final int most;
    private long line = 1;

    /**
     * @param name for messages
     * @param column the class's; null for the last one
     * @param most how many classes there may be; 0 for those of the first lines
     */
    CsvSource(String name, BufferedReader in, String column, int most) throws IOException {
        this.name = name;
        this.in = in;
        String first = in.readLine();
        if (first == null || first.isBlank()) {
            throw StreamImages.problem(name + " is empty: its first line must name the columns");
        }
        this.header = fields(first);
        this.classColumn = column == null ? header.size() - 1 : header.indexOf(column);
        if (classColumn < 0) {
            throw StreamImages.problem(name + " has no column '" + column + "': its columns are " + header);
        }
        if (header.size() < 2) {
            throw StreamImages.problem(name + " has one column, '" + header.get(0) + "': a class, and what it follows"
                    + " from, take two at least");
        }
        lookAhead();
        int count = 0;
        for (int k = 0; k < header.size(); k++) {
            count += k == classColumn ? 0 : values.get(k) == null ? 1 : values.get(k).size();
        }
        this.inputs = count;
        this.most = Math.max(most, Math.max(2, classes.size()));
    }

    private void lookAhead() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (String next = in.readLine(); next != null; next = in.readLine()) {
            ahead.add(next);
            if (!next.isBlank()) {
                rows.add(checked(next, ahead.size() + 1));
            }
            if (ahead.size() == AHEAD) {
                break;
            }
        }
        if (rows.isEmpty()) {
            throw StreamImages.problem(name + " has no line below the names of its columns");
        }
        for (int k = 0; k < header.size(); k++) {
            int column = k;
            boolean numeric = k != classColumn
                    && rows.stream().allMatch(row -> isMissing(row.get(column)) || isNumber(row.get(column)));
            Map<String, Integer> seen = numeric ? null : k == classColumn ? classes : new LinkedHashMap<>();
            values.add(seen);
            if (seen != null) {
                rows.stream().map(row -> row.get(column)).filter(value -> !isMissing(value))
                        .forEach(value -> seen.putIfAbsent(value, seen.size()));
            }
        }
    }

    private List<String> checked(String text, long at) throws IOException {
        List<String> fields = fields(text);
        if (fields.size() != header.size()) {
            throw StreamImages.problem(name + ", line " + at + ": it has " + fields.size() + " fields, and there are "
                    + header.size() + " columns");
        }
        return fields;
    }

    /** With double quotes around a field that contains commas, and two of them for one. */
    static List<String> fields(String text) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                field.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString().strip());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString().strip());
        return fields;
    }

    private static boolean isMissing(String value) {
        return value.isEmpty() || value.equals("?");
    }

    private static boolean isNumber(String value) {
        try {
            return Double.isFinite(Double.parseDouble(value));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        for (int k = 0; k < header.size(); k++) {
            Map<String, Integer> known = values.get(k);
            if (k != classColumn) {
                columns.add(new Column(header.get(k), known == null ? null : List.copyOf(known.keySet())));
            }
        }
        return columns;
    }

    @Override
    public int classes() {
        return most;
    }

    @Override
    public int next(float[] x, int first) throws IOException {
        String text;
        do {
            text = ahead.isEmpty() ? in.readLine() : ahead.poll();
            line++;
            if (text == null) {
                return -1;
            }
        } while (text.isBlank());
        List<String> fields = checked(text, line);
        int place = first;
        for (int k = 0; k < fields.size(); k++) {
            if (k == classColumn) {
                continue;
            }
            String value = fields.get(k);
            Map<String, Integer> known = values.get(k);
            if (known == null) {
                x[place++] = number(value, k);
            } else {
                for (int i = 0; i < known.size(); i++) {
                    x[place + i] = 0;
                }
                Integer at = known.get(value);
                if (at != null) {
                    x[place + at] = 1;
                }
                place += known.size();
            }
        }
        return category(fields.get(classColumn));
    }

    private float number(String value, int column) throws IOException {
        if (isMissing(value)) {
            return Float.NaN;
        }
        if (!isNumber(value)) {
            throw StreamImages.problem(name + ", line " + line + ": '" + value + "' in column '" + header.get(column)
                    + "' is no number, as the first lines have there");
        }
        return Float.parseFloat(value);
    }

    private int category(String value) throws IOException {
        if (isMissing(value)) {
            throw StreamImages.problem(name + ", line " + line + ": the class, in column '" + header.get(classColumn)
                    + "', is missing");
        }
        Integer known = classes.get(value);
        if (known == null) {
            if (classes.size() == most) {
                throw StreamImages.problem(name + ", line " + line + ": class '" + value + "' is new, and the network"
                        + " has room for " + most + ": give --classes a larger number");
            }
            known = classes.size();
            classes.put(value, known);
        }
        return known;
    }

    @Override
    public boolean isUnscaled() {
        return true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
