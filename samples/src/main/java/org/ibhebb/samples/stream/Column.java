package org.ibhebb.samples.stream;

import java.util.ArrayList;
import java.util.List;

/**
 * What a sample tells: a number, or one of some values, each of which has an input of its own.
 *
 * @param name as the user knows it
 * @param values null for a number
 */
public record Column(String name, List<String> values) {

    public boolean isNumeric() {
        return values == null;
    }

    /** Inputs that it takes. */
    public int inputs() {
        return isNumeric() ? 1 : values.size();
    }

    /** Inputs that all of them take. */
    static int inputs(List<Column> columns) {
        return columns.stream().mapToInt(Column::inputs).sum();
    }

    /** So many numbers without names. */
    static List<Column> numbers(int count) {
        List<Column> columns = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            columns.add(new Column("input " + i, null));
        }
        return columns;
    }
}
