package org.ibhebb.spiking;

import java.io.Serial;
import java.util.Arrays;
import java.util.Locale;
import org.ibhebb.internal.layers.Sequences;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Makes sequences of the features of data sets: values in time, or spikes. Vectors (samples x values) become sequences
 * (samples x values x time steps), images (samples x channels x height x width) images in time (samples x channels x
 * time steps x height x width), as spiking layers take them. A pre-processor for a data set's iterator:
 *
 * <pre>{@code iterator.setPreProcessor(SpikeEncoder.bernoulli(16, 42));}</pre>
 *
 * <p>A spiking layer whose input has no time steps takes it as a {@link #current} by itself, so that this one is for
 * networks whose input is declared as a sequence. All but {@link #delta} take values from 0 to 1, such as pixels that
 * {@code ImagePreProcessingScaler} has scaled; standardised values are refused.
 *
 * @since 0.1
 */
public abstract class SpikeEncoder implements DataSetPreProcessor {

    @Serial
    private static final long serialVersionUID = 1;

    /** Of a stream of numbers of their own for each mini-batch: the golden ratio's, as splitting generators have it. */
    private static final long APART = 0x9e3779b97f4a7c15L;

    private SpikeEncoder() {}

    /**
     * The same at each time step.
     *
     * @param timeSteps at least 1
     * @return an encoder
     * @throws IllegalArgumentException if it is less
     */
    public static SpikeEncoder current(int timeSteps) {
        return new Current(timeSteps);
    }

    /**
     * At each time step a spike with a probability that is the value, whatever was before: Bernoulli trials, the form
     * in discrete time of what is called Poisson coding.
     *
     * @param timeSteps at least 1
     * @param seed fixes the spikes: encoders of one seed draw the same ones for the same mini-batches in the same
     *     order, and others for each further mini-batch, of each epoch, too. ND4J's own generator is not touched
     * @return an encoder
     * @throws IllegalArgumentException if there is less than 1 time step
     */
    public static SpikeEncoder bernoulli(int timeSteps, long seed) {
        return bernoulli(timeSteps, 1, seed);
    }

    /**
     * At each time step a spike with a probability in proportion to the value.
     *
     * @param timeSteps at least 1
     * @param most the probability of a spike for a value of 1: above 0, and at most 1
     * @param seed as for {@link #bernoulli(int, long)}
     * @return an encoder
     * @throws IllegalArgumentException if one is not
     */
    public static SpikeEncoder bernoulli(int timeSteps, double most, long seed) {
        if (!(most > 0 && most <= 1)) {
            throw new IllegalArgumentException("most (" + most + ") must be above 0, and at most 1: it is the"
                    + " probability of a spike for a value of 1");
        }
        return new Bernoulli(timeSteps, most, seed);
    }

    /**
     * One spike for each value, the earlier the larger the value is: 1 at the first time step, those near 0 at the
     * last, in proportion between, to the nearest time step. 0 has no spike. A neuron gets few spikes so: weights that
     * are small leave layers silent, and what is silent does not learn.
     *
     * @param timeSteps at least 2
     * @return an encoder
     * @throws IllegalArgumentException if it is less
     */
    public static SpikeEncoder latency(int timeSteps) {
        if (timeSteps < 2) {
            throw new IllegalArgumentException("timeSteps (" + timeSteps + ") must be at least 2: a latency of 1 time"
                    + " step says nothing");
        }
        return new Latency(timeSteps);
    }

    /**
     * Of values that change in time: 1 where a value is at least so much above the one at the time step before, -1
     * where it is as much below, else 0; 0 at the first time step. Takes sequences of any values, of vectors or of
     * images.
     *
     * @param threshold above 0, and finite
     * @return an encoder
     * @throws IllegalArgumentException if it is not
     */
    public static SpikeEncoder delta(double threshold) {
        if (!(threshold > 0 && threshold < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("threshold (" + threshold + ") must be above 0, and finite");
        }
        return new Delta(threshold);
    }

    /**
     * Puts sequences in the place of a mini-batch's features; its labels stay.
     *
     * @param batch is changed
     * @throws IllegalArgumentException if the features have another shape than the encoder takes, or a value that it
     *     does not take; then nothing is changed
     */
    @Override
    public final void preProcess(DataSet batch) {
        batch.setFeatures(encode(batch.getFeatures()));
    }

    /**
     * The same for features alone, as a network's {@code output} takes them.
     *
     * @param features not changed
     * @return sequences of the features' type, or of FLOAT where that is no real one
     * @throws IllegalArgumentException as {@link #preProcess}
     */
    public abstract INDArray encode(INDArray features);

    /** Encoders of values that have no time steps yet. */
    private abstract static class Timed extends SpikeEncoder {

        @Serial
        private static final long serialVersionUID = 1;

        final int timeSteps;

        Timed(int timeSteps) {
            if (timeSteps < 1) {
                throw new IllegalArgumentException("timeSteps (" + timeSteps + ") must be at least 1");
            }
            this.timeSteps = timeSteps;
        }

        @Override
        public final INDArray encode(INDArray features) {
            if (features.rank() != 2 && features.rank() != 4) {
                throw new IllegalArgumentException("features of shape " + Arrays.toString(features.shape()) + " are"
                        + " neither vectors (samples x values) nor images (samples x channels x height x width), and"
                        + " this encoder gives them time steps (SpikeEncoder.delta takes sequences)");
            }
            INDArray values = real(features);
            double least = values.minNumber().doubleValue();
            double largest = values.maxNumber().doubleValue();
            // Whatever is compared with NaN does not hold.
            if (!(least >= 0 && largest <= 1) || values.isNaN().any()) {
                throw new IllegalArgumentException(String.format(Locale.ROOT, "features from %s to %s can't be encoded:"
                        + " values from 0 to 1 are needed, and no NaN; scale them first (pixels by"
                        + " ImagePreProcessingScaler, other values by NormalizerMinMaxScaler)", least, largest));
            }
            long[] shape = values.shape().clone();
            shape[0] *= timeSteps;
            INDArray rows = Nd4j.createUninitialized(values.dataType(), shape, 'c');
            long[] steps = new long[shape.length + 1];
            steps[0] = timeSteps;
            System.arraycopy(values.shape(), 0, steps, 1, shape.length);
            fill(values, rows.reshape('c', steps));
            return Sequences.of(rows, timeSteps);
        }

        /** @param steps receives the mini-batch of each time step */
        abstract void fill(INDArray values, INDArray steps);
    }

    private static INDArray real(INDArray features) {
        return features.dataType().isFPType() ? features : features.castTo(DataType.FLOAT);
    }

    private static final class Current extends Timed {

        @Serial
        private static final long serialVersionUID = 1;

        Current(int timeSteps) {
            super(timeSteps);
        }

        @Override
        void fill(INDArray values, INDArray steps) {
            for (int step = 0; step < timeSteps; step++) {
                steps.slice(step).assign(values);
            }
        }
    }

    private static final class Bernoulli extends Timed {

        @Serial
        private static final long serialVersionUID = 1;

        private final double most;
        private final long seed;
        /** Mini-batches so far. */
        private long drawn;

        Bernoulli(int timeSteps, double most, long seed) {
            super(timeSteps);
            this.most = most;
            this.seed = seed;
        }

        private synchronized long next() {
            return seed + APART * ++drawn;
        }

        @Override
        void fill(INDArray values, INDArray steps) {
            try (Random random = Nd4j.getRandomFactory().getNewRandomInstance(next())) {
                Nd4j.rand(steps, random);
            } catch (Exception e) {
                throw new IllegalStateException("ND4J's random numbers failed: " + e.getMessage(), e);
            }
            INDArray probabilities = values.mul(most);
            for (int step = 0; step < timeSteps; step++) {
                INDArray of = steps.slice(step);
                of.assign(of.lt(probabilities));
            }
        }
    }

    private static final class Latency extends Timed {

        @Serial
        private static final long serialVersionUID = 1;

        Latency(int timeSteps) {
            super(timeSteps);
        }

        @Override
        void fill(INDArray values, INDArray steps) {
            INDArray first = Nd4j.math().floor(values.rsub(1).muli(timeSteps - 1).addi(0.5));
            // Of a value of 0 there is no spike: its time step is none of these.
            first.addi(values.eq(0).castTo(first.dataType()).muli(timeSteps));
            for (int step = 0; step < timeSteps; step++) {
                steps.slice(step).assign(first.eq(step));
            }
        }
    }

    private static final class Delta extends SpikeEncoder {

        @Serial
        private static final long serialVersionUID = 1;

        private final double threshold;

        Delta(double threshold) {
            this.threshold = threshold;
        }

        @Override
        public INDArray encode(INDArray features) {
            if (features.rank() != 3 && features.rank() != 5) {
                throw new IllegalArgumentException("features of shape " + Arrays.toString(features.shape()) + " have no"
                        + " time steps: changes are those of sequences (samples x values x time steps, or samples x"
                        + " channels x time steps x height x width)");
            }
            int steps = (int) features.size(2);
            INDArray rows = Sequences.rows(real(features)).dup('c');
            long[] shape = new long[rows.rank() + 1];
            shape[0] = steps;
            System.arraycopy(rows.shape(), 0, shape, 1, rows.rank());
            shape[1] /= steps;
            INDArray values = rows.reshape('c', shape);
            INDArray spikes = Nd4j.create(values.dataType(), shape, 'c');
            for (int step = 1; step < steps; step++) {
                INDArray change = values.slice(step).sub(values.slice(step - 1));
                INDArray up = change.gte(threshold).castTo(change.dataType());
                spikes.slice(step).assign(up.subi(change.lte(-threshold).castTo(change.dataType())));
            }
            return Sequences.of(spikes.reshape('c', rows.shape()), steps);
        }
    }
}
