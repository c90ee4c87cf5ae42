package org.ibhebb.internal.state;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What was remembered at one moment: quantities by their names, such as {@code layer 0/gain/squares}. Immutable, and
 * equal to another one if every quantity has the same bits.
 */
public final class State {

    private final Map<String, Object> quantities;

    /** Of numbers (Double), whole numbers (Long), texts (String), lists of texts (List) and arrays (Numbers). */
    State(Map<String, Object> quantities) {
        this.quantities = new LinkedHashMap<>(quantities);
    }

    /**
     * What somebody remembers now.
     *
     * @param whose not changed
     * @return a copy
     */
    public static State of(Stateful whose) {
        Saving saving = new Saving();
        whose.state(saving);
        return new State(saving.quantities());
    }

    /**
     * Makes somebody remember this.
     *
     * @param whose of the same configuration as the one whose state this is; not to be used after a failure, for part
     *     of this may have reached it
     * @param type of its arrays
     * @throws IllegalArgumentException with one sentence that says what does not fit
     */
    public void into(Stateful whose, DataType type) {
        Restoring restoring = new Restoring(quantities, type);
        whose.state(restoring);
        restoring.checkAllUsed();
    }

    /**
     * The names of all quantities.
     *
     * @return in the order in which they were saved
     */
    public List<String> names() {
        return List.copyOf(quantities.keySet());
    }

    /**
     * One quantity.
     *
     * @param name as {@link #names} has it
     * @return a Double, Long, String, List of String, or {@link Numbers}
     * @throws IllegalArgumentException if there is none of that name
     */
    public Object get(String name) {
        Object value = quantities.get(name);
        if (value == null) {
            throw new IllegalArgumentException("there is no quantity '" + name + "' in this state");
        }
        return value;
    }

    Map<String, Object> quantities() {
        return quantities;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof State that && quantities.equals(that.quantities);
    }

    @Override
    public int hashCode() {
        return quantities.hashCode();
    }

    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        quantities.forEach((name, value) -> lines.append(name).append(": ").append(value).append('\n'));
        return lines.toString();
    }

    /** An array's numbers, apart from ND4J's memory. */
    public static final class Numbers {

        private final DataType type;
        private final char order;
        private final long[] shape;
        /** As bits of their own type; those of HALF as bits of FLOAT. */
        private final Object values;

        /** Of no array: there was none. */
        static final Numbers NONE = new Numbers(DataType.FLOAT, 'c', new long[0], new float[0]);

        private Numbers(DataType type, char order, long[] shape, Object values) {
            this.type = type;
            this.order = order;
            this.shape = shape;
            this.values = values;
        }

        static Numbers of(INDArray array) {
            if (array == null) {
                return NONE;
            }
            try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                INDArray gapless = array.dup(array.ordering());
                Object values = array.dataType() == DataType.DOUBLE ? gapless.data().asDouble() : gapless.data().asFloat();
                return new Numbers(array.dataType(), array.ordering(), array.shape().clone(), values);
            }
        }

        static Numbers of(float[] values) {
            return new Numbers(DataType.FLOAT, 'c', new long[] {values.length}, values.clone());
        }

        static Numbers of(DataType type, char order, long[] shape, Object values) {
            return shape.length == 0 ? NONE : new Numbers(type, order, shape, values);
        }

        /** Null where there was none. */
        INDArray array() {
            if (this == NONE) {
                return null;
            }
            try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                INDArray array = Nd4j.createUninitialized(type == DataType.DOUBLE ? type : DataType.FLOAT, shape, order);
                if (values instanceof double[] doubles) {
                    array.data().setData(doubles);
                } else {
                    array.data().setData((float[]) values);
                }
                return array.castTo(type);
            }
        }

        DataType type() {
            return type;
        }

        char order() {
            return order;
        }

        Object values() {
            return values;
        }

        long length() {
            return values instanceof double[] doubles ? doubles.length : ((float[]) values).length;
        }

        /**
         * The array's shape.
         *
         * @return a copy; empty where there was no array
         */
        public long[] shape() {
            return shape.clone();
        }

        /**
         * The numbers, one behind the other.
         *
         * @return a copy
         */
        public double[] toDoubles() {
            if (values instanceof double[] doubles) {
                return doubles.clone();
            }
            float[] floats = (float[]) values;
            double[] copy = new double[floats.length];
            for (int i = 0; i < copy.length; i++) {
                copy[i] = floats[i];
            }
            return copy;
        }

        @Override
        public boolean equals(Object other) {
            // Arrays.equals compares the bits.
            return other instanceof Numbers that && type == that.type && order == that.order
                    && Arrays.equals(shape, that.shape) && Objects.deepEquals(values, that.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(shape) * 31 + type.hashCode();
        }

        @Override
        public String toString() {
            return this == NONE ? "none" : type + " " + Arrays.toString(shape);
        }
    }
}
