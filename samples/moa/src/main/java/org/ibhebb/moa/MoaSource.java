package org.ibhebb.moa;

import com.yahoo.labs.samoa.instances.Attribute;
import com.yahoo.labs.samoa.instances.Instance;
import com.yahoo.labs.samoa.instances.InstancesHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import moa.streams.ExampleStream;
import org.ibhebb.samples.folder.DataException;
import org.ibhebb.samples.stream.Column;
import org.ibhebb.samples.stream.Source;

/** The instances of one of MOA's streams, each as the inputs of a network; what is missing is NaN. */
final class MoaSource implements Source {

    private final ExampleStream<?> stream;
    private final List<Column> columns = new ArrayList<>();
    private final int classes;
    private final int inputs;
    /** Null before the first instance. */
    private Attributes attributes;
    private float[] row;

    MoaSource(ExampleStream<?> stream) throws IOException {
        this.stream = stream;
        InstancesHeader header = stream.getHeader();
        if (header.classIndex() < 0 || header.classIndex() >= header.numAttributes()) {
            throw new DataException("no attribute of MOA's stream is the class, and there must be one to be learnt");
        }
        for (int i = 0; i < header.numAttributes(); i++) {
            Attribute attribute = header.attribute(i);
            if (i != header.classIndex()) {
                columns.add(new Column(attribute.name(), attribute.isNominal() ? values(attribute) : null));
            }
        }
        try {
            Attributes.checkClass(header.classAttribute());
        } catch (IllegalArgumentException e) {
            throw new DataException(e.getMessage(), e);
        }
        this.classes = header.classAttribute().numValues();
        this.inputs = columns.stream().mapToInt(Column::inputs).sum();
    }

    private static List<String> values(Attribute attribute) {
        List<String> values = new ArrayList<>();
        for (int k = 0; k < attribute.numValues(); k++) {
            values.add(attribute.value(k));
        }
        return values;
    }

    @Override
    public int inputs() {
        return inputs;
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
        if (!stream.hasMoreInstances()) {
            return -1;
        }
        Instance instance = (Instance) stream.nextInstance().getData();
        if (instance.classIsMissing()) {
            throw new DataException("an instance of MOA's stream has no class, and there is nothing to learn from it");
        }
        try {
            if (attributes == null) {
                attributes = Attributes.of(instance);
                row = new float[attributes.inputs()];
            }
            attributes.write(instance, Float.NaN, row);
        } catch (IllegalArgumentException e) {
            throw new DataException(e.getMessage(), e);
        }
        System.arraycopy(row, 0, x, first, row.length);
        return (int) instance.classValue();
    }

    @Override
    public boolean isUnscaled() {
        return true;
    }

    @Override
    public void close() {}
}
