package org.ibhebb.samples.stream;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ibhebb.samples.data.ArffReader;

/** Rows in ARFF. An attribute that is missing has NaN in each of its inputs. */
final class ArffSource implements Source {

    private final ArffReader reader;
    private final int classAttribute;
    private final List<Column> columns = new ArrayList<>();
    private final int classes;

    /** @param attribute the class; null for the last one */
    ArffSource(ArffReader reader, String attribute) throws IOException {
        this.reader = reader;
        this.classAttribute = reader.classAttribute(attribute);
        List<ArffReader.Attribute> attributes = reader.attributes();
        for (int i = 0; i < attributes.size(); i++) {
            if (i != classAttribute) {
                columns.add(new Column(attributes.get(i).name(), attributes.get(i).values()));
            }
        }
        this.classes = attributes.get(classAttribute).values().size();
    }

    @Override
    public int inputs() {
        return Column.inputs(columns);
    }

    @Override
    public List<Column> columns() {
        return List.copyOf(columns);
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public int next(float[] x, int first) throws IOException {
        double[] row = reader.next();
        if (row == null) {
            return -1;
        }
        int place = first;
        for (int i = 0; i < row.length; i++) {
            if (i == classAttribute) {
                continue;
            }
            Column column = columns.get(i < classAttribute ? i : i - 1);
            if (column.isNumeric()) {
                x[place] = (float) row[i];
            } else {
                Arrays.fill(x, place, place + column.inputs(), Double.isNaN(row[i]) ? Float.NaN : 0);
                if (!Double.isNaN(row[i])) {
                    x[place + (int) row[i]] = 1;
                }
            }
            place += column.inputs();
        }
        return reader.label(row, classAttribute);
    }

    @Override
    public boolean isUnscaled() {
        return true;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
