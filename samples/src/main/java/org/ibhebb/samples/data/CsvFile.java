package org.ibhebb.samples.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.ibhebb.samples.folder.DataException;

/**
 * A file of comma-separated values to be learnt: its first line names the columns, one of which is the class. A column
 * of numbers is one input; of any other column each different text is an input of its own, 1 where it stands and else 0.
 */
public final class CsvFile {

    /** A column with so large a share of numbers is one of numbers, and what else is in it is a mistake. */
    private static final double MOSTLY = 0.9;
    /** More are most likely a column of names or dates. */
    private static final int MOST_TEXTS = 1000;
    static final long MOST_VALUES = 1L << 27;

    private final Path file;
    private final List<String> columns;
    private final List<String[]> records;
    /** In which each record began. */
    private final List<Long> lines;
    private final int classColumn;

    private CsvFile(Path file, List<String> columns, List<String[]> records, List<Long> lines, int classColumn) {
        this.file = file;
        this.columns = columns;
        this.records = records;
        this.lines = lines;
        this.classColumn = classColumn;
    }

    /**
     * Reads it, and draws the rows to test on.
     *
     * @param classColumn its name; null for the last
     * @param testShare of the rows, above 0 and below 1; one row is trained and one tested on at least
     * @param seed of the drawing
     * @throws DataException with the file and what is wrong with it, and with the line where it is one
     */
    public static LearningTask load(Path file, String classColumn, double testShare, long seed) throws DataException {
        return TextFile.read(file, in -> read(file, classColumn, new CsvReader(file.toString(), in)))
                .task(testShare, seed);
    }

    private static CsvFile read(Path file, String classColumn, CsvReader reader) throws IOException {
        List<String> columns = reader.columns();
        int of = classColumn == null ? columns.size() - 1 : columns.indexOf(classColumn);
        if (of < 0) {
            throw new DataException(file + " has no column '" + classColumn + "': it has " + String.join(", ", columns));
        }
        if (columns.size() < 2) {
            throw new DataException(file + " has one column: there must be a class and something to tell it from");
        }
        List<String[]> records = new ArrayList<>();
        List<Long> lines = new ArrayList<>();
        for (String[] fields = reader.next(); fields != null; fields = reader.next()) {
            for (int i = 0; i < fields.length; i++) {
                if (fields[i].isEmpty()) {
                    throw reader.bad("has nothing in column '" + columns.get(i) + "'");
                }
            }
            records.add(fields);
            lines.add(reader.line());
            if ((long) records.size() * columns.size() > MOST_VALUES) {
                throw new DataException(file + " has more than " + MOST_VALUES + " values: use a part of it");
            }
        }
        if (records.size() < 2) {
            throw new DataException(file + " has " + records.size() + " rows: there must be one to train and one to test"
                    + " on at least");
        }
        return new CsvFile(file, columns, records, lines, of);
    }

    private LearningTask task(double testShare, long seed) throws DataException {
        List<Input> inputs = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            if (column != classColumn) {
                inputs.add(input(column));
            }
        }
        List<String> classes = classes();
        int width = inputs.stream().mapToInt(Input::width).sum();
        if ((long) width * records.size() > MOST_VALUES) {
            throw new DataException(file + " becomes " + width + " inputs for each of " + records.size()
                    + " rows, which is too much: leave out columns of many different texts");
        }
        boolean[] numeric = new boolean[width];
        float[][] rows = new float[records.size()][width];
        int[] labels = new int[records.size()];
        int from = 0;
        for (Input input : inputs) {
            numeric[from] = input.texts() == null;
            for (int i = 0; i < rows.length; i++) {
                input.write(records.get(i)[input.column()], rows[i], from);
            }
            from += input.width();
        }
        for (int i = 0; i < labels.length; i++) {
            labels[i] = classes.indexOf(records.get(i)[classColumn]);
        }
        return LearningTask.drawing(file.getFileName().toString(), classes.size(), new Table(numeric, rows, labels),
                testShare, seed);
    }

    /**
     * What a column becomes.
     *
     * @param texts of which each has an input of its own; null for a column of numbers
     */
    private record Input(int column, List<String> texts) {

        int width() {
            return texts == null ? 1 : texts.size();
        }

        void write(String field, float[] row, int from) {
            if (texts == null) {
                row[from] = Float.parseFloat(field);
            } else {
                row[from + Collections.binarySearch(texts, field)] = 1;
            }
        }
    }

    private Input input(int column) throws DataException {
        int numbers = 0;
        int other = -1;
        Collection<String> texts = new TreeSet<>();
        for (int i = 0; i < records.size(); i++) {
            String field = records.get(i)[column];
            if (isNumber(field)) {
                numbers++;
            } else {
                other = other < 0 ? i : other;
            }
            if (texts.size() <= MOST_TEXTS) {
                texts.add(field);
            }
        }
        if (other < 0) {
            return new Input(column, null);
        }
        if (numbers > MOSTLY * records.size()) {
            throw new DataException(file + ", line " + lines.get(other) + " has '" + shortened(records.get(other)[column])
                    + "' in column '" + columns.get(column) + "', which has numbers elsewhere");
        }
        if (texts.size() > MOST_TEXTS) {
            throw new DataException(file + " has more than " + MOST_TEXTS + " different texts in column '"
                    + columns.get(column) + "', which says nothing about other samples: leave it out");
        }
        return new Input(column, List.copyOf(texts));
    }

    /** In their order, which is that of numbers where all are. */
    private List<String> classes() throws DataException {
        Collection<String> texts = new TreeSet<>();
        for (String[] fields : records) {
            texts.add(fields[classColumn]);
        }
        if (texts.size() < 2 || texts.size() > MOST_TEXTS) {
            throw new DataException(file + " has " + (texts.size() < 2 ? "one class" : "more than " + MOST_TEXTS
                    + " classes") + " in column '" + columns.get(classColumn) + "': name another by --class");
        }
        List<String> classes = new ArrayList<>(texts);
        if (classes.stream().allMatch(CsvFile::isNumber)) {
            classes.sort(Comparator.comparingDouble(Double::parseDouble));
        }
        return classes;
    }

    private static boolean isNumber(String field) {
        // Java would also take NaN, Infinity, hexadecimal numbers and "1d".
        return field.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?") && Float.isFinite(Float.parseFloat(field));
    }

    private static String shortened(String field) {
        return field.length() <= 40 ? field : field.substring(0, 40) + "...";
    }
}
