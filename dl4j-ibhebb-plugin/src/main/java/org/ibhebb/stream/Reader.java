package org.ibhebb.stream;

import java.util.Arrays;
import org.ibhebb.internal.stream.Batch;
import org.ibhebb.internal.stream.Learner;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Checks samples and takes them to a learner, which predicts; each thread by a batch of its own. */
final class Reader implements Predictor {

    /** Samples that are taken to an engine at once: between two batches others may read. */
    static final int AT_ONCE = 64;

    /** The rank of images in time. */
    private static final int FRAMES = 5;

    private final Learner learner;
    private final ThreadLocal<Batch> batches;

    Reader(Learner learner) {
        this.learner = learner;
        this.batches = ThreadLocal.withInitial(learner::batch);
    }

    @Override
    public float[] predict(float[] x) {
        length(x.length);
        float[] prediction = new float[learner.outputs()];
        predict(x, prediction);
        return prediction;
    }

    @Override
    public double[] predict(double[] x) {
        length(x.length);
        Batch batch = batches.get();
        batch.inputs(x, 0, 1);
        predict(batch, 0);
        double[] prediction = new double[learner.outputs()];
        batch.predictions(prediction, 0);
        return prediction;
    }

    @Override
    public float[] predict(int[] indices, float[] values) {
        elements(indices, values);
        Batch batch = batches.get();
        batch.inputs(indices, values);
        predict(batch, 0);
        float[] prediction = new float[learner.outputs()];
        batch.predictions(prediction, 0);
        return prediction;
    }

    @Override
    public void predict(float[] rows, float[] predictions) {
        int n = samples(rows.length);
        fits(predictions, n);
        Batch batch = batches.get();
        for (int first = 0; first < n; first += AT_ONCE) {
            batch.inputs(rows, first, Math.min(AT_ONCE, n - first));
            predict(batch, first);
            batch.predictions(predictions, first);
        }
    }

    @Override
    public INDArray predict(INDArray x) {
        int n = rows(x);
        if (x.dataType() == DataType.DOUBLE) {
            double[] rows = doubles(x);
            double[] predictions = new double[n * learner.outputs()];
            Batch batch = batches.get();
            for (int first = 0; first < n; first += AT_ONCE) {
                batch.inputs(rows, first, Math.min(AT_ONCE, n - first));
                predict(batch, first);
                batch.predictions(predictions, first);
            }
            return Nd4j.createFromArray(predictions).reshape(n, learner.outputs());
        }
        float[] predictions = new float[n * learner.outputs()];
        predict(floats(x), predictions);
        return Nd4j.createFromArray(predictions).reshape(n, learner.outputs());
    }

    private void predict(Batch batch, int first) {
        finite(batch, first);
        learner.predict(batch);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Checks
    // ----------------------------------------------------------------------------------------------------------------

    static float[] floats(INDArray x) {
        return valueByValue(x.castTo(DataType.FLOAT)).data().asFloat();
    }

    static double[] doubles(INDArray x) {
        return valueByValue(x).data().asDouble();
    }

    /** Of images in time (samples x channels x time steps x height x width), the time steps of one pixel together. */
    private static INDArray valueByValue(INDArray x) {
        return (x.rank() == FRAMES ? x.permute(0, 1, 3, 4, 2) : x).dup('c');
    }

    void length(int length) {
        if (length != learner.inputs()) {
            throw new IllegalArgumentException("a sample of " + length + " values does not fit this network, whose"
                    + " samples have " + learner.inputs());
        }
    }

    /** How many samples lie one behind the other. */
    int samples(int length) {
        if (length % learner.inputs() != 0) {
            throw new IllegalArgumentException(length + " values are no whole number of samples, which have "
                    + learner.inputs() + " each");
        }
        return length / learner.inputs();
    }

    void fits(float[] predictions, int n) {
        if (predictions.length != (long) n * learner.outputs()) {
            throw new IllegalArgumentException("predictions of " + n + " samples are " + (long) n * learner.outputs()
                    + " values, and the array for them has " + predictions.length);
        }
    }

    int rows(INDArray x) {
        int steps = learner.timeSteps();
        boolean series = steps > 0 && (x.rank() == 3 || x.rank() == FRAMES) && x.size(2) == steps
                && x.length() == x.size(0) * learner.inputs();
        if (!series && (x.rank() != 2 || x.size(1) != learner.inputs())) {
            throw new IllegalArgumentException("samples are the rows of a matrix of " + learner.inputs() + " columns,"
                    + (steps > 0
                            ? " or sequences (samples x " + learner.inputs() / steps + " x " + steps + " time steps;"
                                    + " of images samples x channels x time steps x height x width),"
                            : "")
                    + " and not an array of shape " + Arrays.toString(x.shape()));
        }
        return Math.toIntExact(x.size(0));
    }

    void elements(int[] indices, float[] values) {
        if (indices.length != values.length) {
            throw new IllegalArgumentException("there are " + indices.length + " indices and " + values.length
                    + " values: each value needs its index");
        }
        for (int index : indices) {
            if (index < 0 || index >= learner.inputs()) {
                throw new IllegalArgumentException("index " + index + " must be from 0 to " + (learner.inputs() - 1));
            }
        }
    }

    void finite(Batch batch, int first) {
        int bad = learner.firstBad(batch);
        if (bad >= 0) {
            throw new ArithmeticException("sample " + (first + bad) + " is not finite, in its inputs or its labels");
        }
    }
}
