package org.ibhebb.samples.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ibhebb.samples.folder.DataException;

/**
 * Reads comma-separated values as RFC 4180 has them, one record after another, however many there are: the first names
 * the columns. Lines may end in any way, empty ones are passed over, and a quoted field may contain commas, line ends
 * and doubled quotes.
 */
public final class CsvReader implements AutoCloseable {

    /** A field that is longer has most likely lost its closing quote. */
    private static final int LONGEST_FIELD = 1 << 20;

    private final String name;
    private final BufferedReader in;
    private final List<String> columns;
    /** Of the line that was read last, counted from 1. */
    private long line;
    private long recordLine;

    /**
     * Reads the names of the columns.
     *
     * @param name what messages call the file
     * @throws DataException if there are none, or two are the same
     */
    public CsvReader(String name, Reader in) throws IOException {
        this.name = name;
        this.in = new BufferedReader(in);
        this.columns = record();
        if (columns == null) {
            throw new DataException(name + " is empty: its first line must name the columns");
        }
        Set<String> known = new HashSet<>();
        for (int i = 0; i < columns.size(); i++) {
            columns.set(i, columns.get(i).strip());
            if (!known.add(columns.get(i))) {
                throw bad("has two columns named '" + columns.get(i) + "'");
            }
        }
    }

    /** Their names, in the order of the fields. */
    public List<String> columns() {
        return List.copyOf(columns);
    }

    /**
     * The next record, a field for each column.
     *
     * @return null at the end
     * @throws DataException with the number of the line, if it has more or fewer fields
     */
    public String[] next() throws IOException {
        List<String> fields = record();
        if (fields == null) {
            return null;
        }
        if (fields.size() != columns.size()) {
            throw bad("has " + fields.size() + " fields, but there are " + columns.size() + " columns");
        }
        return fields.stream().map(String::strip).toArray(String[]::new);
    }

    /** The line in which the last record began, counted from 1. */
    public long line() {
        return recordLine;
    }

    /** What is wrong with the last record, for the user. */
    public DataException bad(String problem) {
        return bad(name, recordLine, problem);
    }

    /** What is wrong with a record that was read before, for the user. */
    public static DataException bad(String name, long line, String problem) {
        return new DataException(name + ", line " + line + " " + problem);
    }

    private List<String> record() throws IOException {
        String text = nextLine();
        while (text != null && text.isBlank()) {
            text = nextLine();
        }
        if (text == null) {
            return null;
        }
        recordLine = line;
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        int at = 0;
        while (true) {
            if (at == text.length()) {
                if (!quoted) {
                    fields.add(field.toString());
                    return fields;
                }
                text = field.length() > LONGEST_FIELD ? null : nextLine();
                if (text == null) {
                    throw bad("opens a quote that is never closed");
                }
                field.append('\n');
                at = 0;
                continue;
            }
            char next = text.charAt(at++);
            if (quoted) {
                if (next != '"') {
                    field.append(next);
                } else if (at < text.length() && text.charAt(at) == '"') {
                    field.append('"');
                    at++;
                } else {
                    quoted = false;
                }
            } else if (next == ',') {
                fields.add(field.toString());
                field.setLength(0);
            } else if (next == '"' && field.toString().isBlank()) {
                field.setLength(0);
                quoted = true;
            } else {
                field.append(next);
            }
        }
    }

    private String nextLine() throws IOException {
        String text = in.readLine();
        if (text != null && ++line == 1 && text.startsWith("\ufeff")) {
            // A byte-order mark, as some spreadsheets write it.
            return text.substring(1);
        }
        return text;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
