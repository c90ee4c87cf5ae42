package org.ibhebb.moa;

import com.yahoo.labs.samoa.instances.Attribute;
import com.yahoo.labs.samoa.instances.Instance;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How many inputs each attribute of a stream's instances has, and where: one if numeric, one a value if nominal. */
public final class Attributes {

    /** In place of a number of values. */
    private static final int NUMERIC = 0;

    private final int classIndex;
    /** By attribute, that of the class included: how many values it has, or {@link #NUMERIC}. */
    private final int[] values;
    /** By attribute: its first input. */
    private final int[] places;
    private final int inputs;

    private Attributes(int classIndex, int[] values) {
        this.classIndex = classIndex;
        this.values = values;
        this.places = new int[values.length];
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            places[i] = count;
            count = Math.addExact(count, i == classIndex ? 0 : Math.max(1, values[i]));
        }
        this.inputs = count;
    }

    /**
     * Those of a stream.
     *
     * @param instance any of its instances
     * @return what inputs they have
     * @throws IllegalArgumentException with the attribute's name, if there is one that a network can't learn from
     */
    public static Attributes of(Instance instance) {
        if (instance.classIndex() < 0 || instance.classIndex() >= instance.numAttributes()) {
            throw new IllegalArgumentException("no attribute of these instances is the class that is to be learnt");
        }
        checkClass(instance.classAttribute());
        int[] values = new int[instance.numAttributes()];
        for (int i = 0; i < values.length; i++) {
            Attribute attribute = instance.attribute(i);
            if (!attribute.isNominal() && !attribute.isNumeric()) {
                throw new IllegalArgumentException("attribute '" + attribute.name() + "' is neither numeric nor"
                        + " nominal, and there is no input for it: leave it out by MOA's"
                        + " filters.SelectAttributesFilter");
            }
            if (attribute.isNominal() && attribute.numValues() == 0) {
                throw new IllegalArgumentException("the nominal attribute '" + attribute.name() + "' has no values");
            }
            values[i] = attribute.isNominal() ? attribute.numValues() : NUMERIC;
        }
        Attributes attributes = new Attributes(instance.classIndex(), values);
        if (attributes.inputs == 0) {
            throw new IllegalArgumentException("instances have a class and no other attribute to tell it from");
        }
        return attributes;
    }

    /**
     * Refuses what is no class.
     *
     * @param of the attribute that is to be told from the others
     * @throws IllegalArgumentException if there are no classes to be told apart
     */
    public static void checkClass(Attribute of) {
        if (!of.isNominal()) {
            throw new IllegalArgumentException("the class '" + of.name() + "' is a number, and this classifier tells"
                    + " classes apart: take a stream whose class is nominal, or one of MOA's regressors");
        }
        if (of.numValues() < 2) {
            throw new IllegalArgumentException("the class '" + of.name() + "' has " + of.numValues() + " value(s), and"
                    + " there must be 2 to be told apart at least");
        }
    }

    /**
     * How many there are besides the class.
     *
     * @return 1 at least
     */
    public int count() {
        return values.length - 1;
    }

    /**
     * How many inputs they have together.
     *
     * @return 1 at least
     */
    public int inputs() {
        return inputs;
    }

    /**
     * How many values the class has.
     *
     * @return 2 at least
     */
    public int classes() {
        return values[classIndex];
    }

    /**
     * Writes an instance as inputs.
     *
     * @param instance of the same stream
     * @param missing what an attribute that is missing has in each of its inputs
     * @param row receives the inputs
     * @throws IllegalArgumentException with what is wrong, if the instance is of another stream or not finite
     */
    public void write(Instance instance, float missing, float[] row) {
        if (instance.numAttributes() != values.length || instance.classIndex() != classIndex) {
            throw new IllegalArgumentException("an instance of " + instance.numAttributes() + " attributes with class "
                    + (instance.classIndex() + 1) + " is of another stream than those learnt, which have "
                    + values.length + " with class " + (classIndex + 1));
        }
        // What a sparse instance does not name is 0: the first value where it is nominal.
        for (int i = 0; i < values.length; i++) {
            if (i != classIndex) {
                put(row, i, 0);
            }
        }
        for (int k = 0; k < instance.numValues(); k++) {
            int i = instance.index(k);
            double value = instance.valueSparse(k);
            if (i == classIndex) {
                continue;
            }
            // A value that the header does not know says as little as none.
            if (Double.isNaN(value) || values[i] != NUMERIC && !(value >= 0 && value < values[i])) {
                fill(row, i, missing);
            } else if (Float.isInfinite((float) value)) {
                throw new IllegalArgumentException("attribute '" + instance.attribute(i).name() + "' is " + value
                        + ", and a network's inputs must be finite numbers up to " + Float.MAX_VALUE);
            } else {
                put(row, i, value);
            }
        }
    }

    private void put(float[] row, int attribute, double value) {
        if (values[attribute] == NUMERIC) {
            row[places[attribute]] = (float) value;
        } else {
            fill(row, attribute, 0);
            row[places[attribute] + (int) value] = 1;
        }
    }

    private void fill(float[] row, int attribute, float value) {
        for (int i = 0; i < Math.max(1, values[attribute]); i++) {
            row[places[attribute] + i] = value;
        }
    }

    /**
     * Writes all that {@link #read} needs.
     *
     * @param out where to
     * @throws IOException if it can't be written
     */
    public void write(DataOutput out) throws IOException {
        out.writeInt(classIndex);
        writeInts(out, values);
    }

    /**
     * Reads what {@link #write(DataOutput)} wrote.
     *
     * @param in where from
     * @return the same attributes
     * @throws IOException if it can't be read
     */
    public static Attributes read(DataInput in) throws IOException {
        int classIndex = in.readInt();
        return new Attributes(classIndex, readInts(in));
    }

    static void writeInts(DataOutput out, int[] ints) throws IOException {
        out.writeInt(ints.length);
        for (int each : ints) {
            out.writeInt(each);
        }
    }

    static int[] readInts(DataInput in) throws IOException {
        int[] ints = new int[in.readInt()];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = in.readInt();
        }
        return ints;
    }
}
