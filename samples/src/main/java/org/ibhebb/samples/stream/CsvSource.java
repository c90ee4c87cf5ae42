package org.ibhebb.samples.stream;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.ibhebb.samples.data.CsvReader;
import org.ibhebb.samples.data.StreamImages;
import org.ibhebb.samples.folder.DataException;

/**
 * Comma-separated lines below a line of column names. A column is numeric if each of its values in the first lines is a
 * number or missing (empty, or a question mark); any other is nominal, and has one input for each value seen there. A
 * missing number is NaN; a nominal value that is missing, or seen later for the first time, has no input.
 */
final class CsvSource implements Source {

    /** Lines that are read ahead to find out what the columns are. */
    private static final int AHEAD = 1_000;

    private final String name;
    private final CsvReader in;
    private final Queue<Row> ahead = new ArrayDeque<>();
    private final List<String> header;
    private final int classColumn;
    /** By column: the place of each nominal value among its inputs; null for a numeric column. */
    private final List<Map<String, Integer>> values = new ArrayList<>();
    private final Map<String, Integer> classes = new LinkedHashMap<>();
    private final int inputs;
    private final int most;
    /** What was read last. */
    private Row row;

    /** A record, and the line in which it begins. */
    private record Row(String[] fields, long line) {}

    /**
     * @param name for messages
     * @param column the class's; null for the last one
     * @param most how many classes there may be; 0 for those of the first lines
     */
    CsvSource(String name, Reader in, String column, int most) throws IOException {
        this.name = name;
        this.in = new CsvReader(name, in);
        this.header = this.in.columns();
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
        for (Row next = read(); next != null; next = read()) {
            ahead.add(next);
            if (ahead.size() == AHEAD) {
                break;
            }
        }
        if (ahead.isEmpty()) {
            throw StreamImages.problem(name + " has no line below the names of its columns");
        }
        List<String[]> rows = ahead.stream().map(Row::fields).toList();
        for (int k = 0; k < header.size(); k++) {
            int column = k;
            boolean numeric = k != classColumn
                    && rows.stream().allMatch(row -> isMissing(row[column]) || isNumber(row[column]));
            Map<String, Integer> seen = numeric ? null : k == classColumn ? classes : new LinkedHashMap<>();
            values.add(seen);
            if (seen != null) {
                rows.stream().map(row -> row[column]).filter(value -> !isMissing(value))
                        .forEach(value -> seen.putIfAbsent(value, seen.size()));
            }
        }
    }

    /** Null at the end. */
    private Row read() throws IOException {
        String[] fields = in.next();
        return fields == null ? null : new Row(fields, in.line());
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
        row = ahead.isEmpty() ? read() : ahead.poll();
        if (row == null) {
            return -1;
        }
        int place = first;
        for (int k = 0; k < header.size(); k++) {
            if (k == classColumn) {
                continue;
            }
            String value = row.fields()[k];
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
        return category(row.fields()[classColumn]);
    }

    private float number(String value, int column) throws IOException {
        if (isMissing(value)) {
            return Float.NaN;
        }
        if (!isNumber(value)) {
            throw bad("has '" + value + "' in column '" + header.get(column)
                    + "', which is no number, as the first lines have there");
        }
        return Float.parseFloat(value);
    }

    private int category(String value) throws IOException {
        if (isMissing(value)) {
            throw bad("has no class in column '" + header.get(classColumn) + "'");
        }
        Integer known = classes.get(value);
        if (known == null) {
            if (classes.size() == most) {
                throw bad("has class '" + value + "', which is new, and the network has room for " + most
                        + ": give --classes a larger number");
            }
            known = classes.size();
            classes.put(value, known);
        }
        return known;
    }

    private DataException bad(String problem) {
        return CsvReader.bad(name, row.line(), problem);
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
