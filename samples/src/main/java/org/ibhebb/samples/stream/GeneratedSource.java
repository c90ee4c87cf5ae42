package org.ibhebb.samples.stream;

import java.util.ArrayList;
import java.util.List;

/** Samples that are made up, without an end, after a published definition; a seed decides which. */
abstract class GeneratedSource implements Source {

    private final List<Column> columns;
    private final int classes;

    GeneratedSource(List<Column> columns, int classes) {
        this.columns = List.copyOf(columns);
        this.classes = classes;
    }

    /** A column of values without names. */
    static Column nominal(String name, int count) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(String.valueOf(i));
        }
        return new Column(name, values);
    }

    /** The next sample, as {@link Source#next}, which never ends. */
    @Override
    public abstract int next(float[] x, int first);

    @Override
    public int inputs() {
        return Column.inputs(columns);
    }

    @Override
    public List<Column> columns() {
        return columns;
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public boolean isUnscaled() {
        return true;
    }

    @Override
    public void close() {}
}
