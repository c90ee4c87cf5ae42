package org.ibhebb.internal.stream;

import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.indexer.IntIndexer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Samples on their way into an engine, and predictions on their way out. Grows to the largest use and stays, so that
 * the steady state allocates nothing. Used by one thread at a time.
 */
public final class Batch {

    private final DataType type;
    private final int inputs;
    private final int outputs;

    private int size;
    /** Rows of all inputs, or the values of single elements. */
    private Reals values;
    /** Rows; null where labels are classes. */
    private Reals labels;
    private Reals predictions;
    private Ints elements;
    private Ints starts;
    private Ints classes;
    private boolean sparse;
    private Supervision supervision;

    /** What is known of the samples besides inputs. */
    private enum Supervision { NONE, CLASSES, ROWS }

    Batch(DataType type, int inputs, int outputs) {
        this.type = type;
        this.inputs = inputs;
        this.outputs = outputs;
        this.values = Reals.allocate(type, inputs);
        this.labels = Reals.allocate(type, outputs);
        this.predictions = Reals.allocate(type, outputs);
        this.elements = new Ints(1);
        this.starts = new Ints(2);
        this.classes = new Ints(1);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // What the caller fills in: first the inputs, then the labels
    // ----------------------------------------------------------------------------------------------------------------

    /**
     * Takes samples.
     *
     * @param rows one sample after the other
     * @param first the place of the first one to be taken, counted in samples
     * @param count how many
     */
    public void inputs(float[] rows, int first, int count) {
        dense(count);
        values.put(0, rows, first * inputs, count * inputs);
    }

    /**
     * Takes samples.
     *
     * @param rows one sample after the other
     * @param first the place of the first one to be taken, counted in samples
     * @param count how many
     */
    public void inputs(double[] rows, int first, int count) {
        dense(count);
        values.put(0, rows, first * inputs, count * inputs);
    }

    private void dense(int count) {
        sparse = false;
        supervision = Supervision.NONE;
        size = count;
        long needed = (long) count * inputs;
        if (values.length() < needed) {
            values = Reals.allocate(type, needed);
        }
        if (predictions.length() < (long) count * outputs) {
            predictions = Reals.allocate(type, (long) count * outputs);
        }
    }

    /**
     * Takes one sample of which most inputs are 0.
     *
     * @param indices of the others
     * @param given their values
     */
    public void inputs(int[] indices, float[] given) {
        sparse = true;
        supervision = Supervision.NONE;
        size = 1;
        if (values.length() < given.length) {
            values = Reals.allocate(type, given.length);
        }
        if (elements.length < indices.length) {
            elements = new Ints(indices.length);
        }
        values.put(0, given, 0, given.length);
        for (int i = 0; i < indices.length; i++) {
            elements.indexer.put(i, indices[i]);
        }
        starts.indexer.put(0, 0);
        starts.indexer.put(1, indices.length);
    }

    /**
     * Takes the labels of the samples that were taken last.
     *
     * @param given numbers of classes
     * @param first the place of the first one to be taken
     */
    public void classes(int[] given, int first) {
        supervision = Supervision.CLASSES;
        if (classes.length < size) {
            classes = new Ints(size);
        }
        for (int i = 0; i < size; i++) {
            classes.indexer.put(i, given[first + i]);
        }
    }

    /**
     * Takes the label of the sample that was taken last.
     *
     * @param given the number of a class
     */
    public void oneClass(int given) {
        supervision = Supervision.CLASSES;
        classes.indexer.put(0, given);
    }

    /**
     * Takes the labels of the samples that were taken last.
     *
     * @param rows one value for each output, one sample after the other
     * @param first the place of the first one to be taken, counted in samples
     */
    public void labels(float[] rows, int first) {
        rows();
        labels.put(0, rows, first * outputs, size * outputs);
    }

    /**
     * Takes the labels of the samples that were taken last.
     *
     * @param rows one value for each output, one sample after the other
     * @param first the place of the first one to be taken, counted in samples
     */
    public void labels(double[] rows, int first) {
        rows();
        labels.put(0, rows, first * outputs, size * outputs);
    }

    private void rows() {
        supervision = Supervision.ROWS;
        long needed = (long) size * outputs;
        if (labels.length() < needed) {
            labels = Reals.allocate(type, needed);
        }
    }

    /**
     * Gives the predictions of the samples that were taken last.
     *
     * @param rows receives one value for each output, one sample after the other
     * @param first the place of the first one, counted in samples
     */
    public void predictions(float[] rows, int first) {
        predictions.get(0, rows, first * outputs, size * outputs);
    }

    /**
     * Gives the predictions of the samples that were taken last.
     *
     * @param rows receives one value for each output, one sample after the other
     * @param first the place of the first one, counted in samples
     */
    public void predictions(double[] rows, int first) {
        predictions.get(0, rows, first * outputs, size * outputs);
    }

    /** Takes one of the samples of another batch, which gives all inputs. */
    void take(Batch from, int i) {
        sparse = false;
        size = 1;
        supervision = from.supervision;
        values.copyPart(from.values, (long) i * inputs, inputs);
        if (hasClasses()) {
            classes.indexer.put(0, from.classes.indexer.get(i));
        } else if (hasLabelRows()) {
            labels.copyPart(from.labels, (long) i * outputs, outputs);
        }
    }

    /** Takes the prediction of the only sample of another batch as that of one of its own. */
    void takePrediction(Batch from, int i) {
        for (int k = 0; k < outputs; k++) {
            predictions.put((long) i * outputs + k, from.predictions.get(k));
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // What an engine reads
    // ----------------------------------------------------------------------------------------------------------------

    int size() {
        return size;
    }

    boolean isSparse() {
        return sparse;
    }

    boolean hasClasses() {
        return supervision == Supervision.CLASSES;
    }

    boolean hasLabelRows() {
        return supervision == Supervision.ROWS;
    }

    Reals values() {
        return values;
    }

    Reals labels() {
        return labels;
    }

    Reals predictions() {
        return predictions;
    }

    IntIndexer elements() {
        return elements.indexer;
    }

    IntIndexer starts() {
        return starts.indexer;
    }

    IntIndexer classes() {
        return classes.indexer;
    }

    /** 0 where all inputs are given. */
    long elementsAddress() {
        return sparse ? elements.pointer.address() : 0;
    }

    /** 0 where all inputs are given. */
    long startsAddress() {
        return sparse ? starts.pointer.address() : 0;
    }

    /** 0 where labels are no classes. */
    long classesAddress() {
        return hasClasses() ? classes.pointer.address() : 0;
    }

    /** 0 where labels are no rows. */
    long labelsAddress() {
        return hasLabelRows() ? labels.address() : 0;
    }

    private static final class Ints {

        private final IntPointer pointer;
        private final IntIndexer indexer;
        private final int length;

        private Ints(int length) {
            this.length = Math.max(1, length);
            this.pointer = new IntPointer(this.length);
            this.indexer = IntIndexer.create(pointer);
        }
    }
}
