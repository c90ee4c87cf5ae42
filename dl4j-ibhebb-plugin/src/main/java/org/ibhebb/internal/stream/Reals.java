package org.ibhebb.internal.stream;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Numbers outside of Java's heap, where native code finds them: floats or doubles, read and written as doubles. Whole
 * arrays are copied by one thread at a time.
 */
abstract sealed class Reals {

    private final long address;
    private final long length;

    private Reals(long address, long length) {
        this.address = address;
        this.length = length;
    }

    /**
     * Zeros. They take no memory before they are written: what a long working memory holds is not there at once.
     *
     * @throws OutOfMemoryError if there is no room for them
     */
    static Reals allocate(DataType type, long length) {
        long room = Math.max(1, length);
        return type == DataType.FLOAT
                ? new Floats(new FloatPointer(new Zeros(room, Float.BYTES)).capacity(room), 0, length)
                : new Doubles(new DoublePointer(new Zeros(room, Double.BYTES)).capacity(room), 0, length);
    }

    /**
     * A view of numbers that someone else has allocated.
     *
     * @param pointer to the first of them
     * @param start where the view starts, in elements
     */
    static Reals view(Pointer pointer, long start, long length) {
        return pointer instanceof FloatPointer floats
                ? new Floats(floats, start, length)
                : new Doubles((DoublePointer) pointer, start, length);
    }

    final long address() {
        return address;
    }

    final long length() {
        return length;
    }

    abstract double get(long i);

    /** Rounds to the type of these numbers. */
    abstract void put(long i, double value);

    abstract void put(long i, float[] values, int from, int count);

    abstract void put(long i, double[] values, int from, int count);

    abstract void get(long i, float[] values, int from, int count);

    abstract void get(long i, double[] values, int from, int count);

    /** How many bytes one number takes. */
    abstract int bytes();

    /** To what was allocated, of which this may be a part. */
    abstract Pointer pointer();

    /** All numbers of another array of the same type and length. */
    final void copy(Reals from) {
        if (from.length != length || from.bytes() != bytes()) {
            throw new IllegalArgumentException(from.length + " numbers of " + from.bytes() + " bytes can't be copied to"
                    + " " + length + " of " + bytes());
        }
        Pointer.memcpy(new Addressed(address), new Addressed(from.address), length * bytes());
    }

    /** Some numbers of another array of the same type, as the first of this one. */
    final void copyPart(Reals from, long start, long count) {
        for (long i = 0; i < count; i++) {
            put(i, from.get(start + i));
        }
    }

    final DataType type() {
        return bytes() == Float.BYTES ? DataType.FLOAT : DataType.DOUBLE;
    }

    /** A pointer to anywhere. */
    private static final class Addressed extends Pointer {
        private Addressed(long address) {
            super();
            this.address = address;
        }
    }

    /** Memory of the C library, which gets large blocks from the system as zeros that nobody has touched yet. */
    private static final class Zeros extends Pointer {

        private Zeros(long count, int bytes) {
            Pointer memory = Pointer.calloc(count, bytes);
            if (memory == null || memory.isNull()) {
                throw new OutOfMemoryError("no room for " + count + " numbers of " + bytes + " bytes");
            }
            address = memory.address();
            capacity = Math.multiplyExact(count, bytes);
            limit = capacity;
            deallocator(() -> Pointer.free(memory));
        }

        @Override
        public int sizeof() {
            return 1;
        }
    }

    static final class Floats extends Reals {

        private final FloatPointer pointer;
        private final FloatIndexer indexer;
        private final long start;

        private Floats(FloatPointer pointer, long start, long length) {
            super(pointer.address() + start * Float.BYTES, length);
            // One of our own, which nobody else moves, and which keeps the memory alive.
            this.pointer = new FloatPointer(pointer).position(0).limit(start + length);
            this.indexer = FloatIndexer.create(this.pointer);
            this.start = start;
        }

        @Override
        double get(long i) {
            return indexer.get(start + i);
        }

        @Override
        void put(long i, double value) {
            indexer.put(start + i, (float) value);
        }

        @Override
        void put(long i, float[] values, int from, int count) {
            pointer.position(start + i).put(values, from, count);
        }

        @Override
        void put(long i, double[] values, int from, int count) {
            for (int k = 0; k < count; k++) {
                indexer.put(start + i + k, (float) values[from + k]);
            }
        }

        @Override
        void get(long i, float[] values, int from, int count) {
            pointer.position(start + i).get(values, from, count);
        }

        @Override
        void get(long i, double[] values, int from, int count) {
            for (int k = 0; k < count; k++) {
                values[from + k] = indexer.get(start + i + k);
            }
        }

        @Override
        int bytes() {
            return Float.BYTES;
        }

        @Override
        Pointer pointer() {
            return pointer;
        }
    }

    static final class Doubles extends Reals {

        private final DoublePointer pointer;
        private final DoubleIndexer indexer;
        private final long start;

        private Doubles(DoublePointer pointer, long start, long length) {
            super(pointer.address() + start * Double.BYTES, length);
            this.pointer = new DoublePointer(pointer).position(0).limit(start + length);
            this.indexer = DoubleIndexer.create(this.pointer);
            this.start = start;
        }

        @Override
        double get(long i) {
            return indexer.get(start + i);
        }

        @Override
        void put(long i, double value) {
            indexer.put(start + i, value);
        }

        @Override
        void put(long i, float[] values, int from, int count) {
            for (int k = 0; k < count; k++) {
                indexer.put(start + i + k, values[from + k]);
            }
        }

        @Override
        void put(long i, double[] values, int from, int count) {
            pointer.position(start + i).put(values, from, count);
        }

        @Override
        void get(long i, float[] values, int from, int count) {
            for (int k = 0; k < count; k++) {
                values[from + k] = (float) indexer.get(start + i + k);
            }
        }

        @Override
        void get(long i, double[] values, int from, int count) {
            pointer.position(start + i).get(values, from, count);
        }

        @Override
        int bytes() {
            return Double.BYTES;
        }

        @Override
        Pointer pointer() {
            return pointer;
        }
    }
}
