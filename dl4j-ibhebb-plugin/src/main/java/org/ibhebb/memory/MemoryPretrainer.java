package org.ibhebb.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleConsumer;
import org.ibhebb.internal.memory.MemoryHeader;
import org.ibhebb.internal.memory.Recaller;
import org.ibhebb.internal.memory.Reservoir;
import org.ibhebb.internal.pretraining.MeanCosine;
import org.ibhebb.internal.pretraining.RecallTask;
import org.ibhebb.internal.pretraining.RidgeRegression;
import org.ibhebb.internal.pretraining.SignalStream;
import org.ibhebb.internal.pretraining.SyntheticStreams;
import org.ibhebb.internal.pretraining.SyntheticTasks;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Pretrains memory networks: drives a reservoir with synthetic streams and fits, by ridge
 * regression in double precision, the linear readout that recalls from its state the samples that came last. No task
 * data takes part.
 *
 * <pre>{@code
 * MemoryNetwork network = MemoryPretrainer.builder().units(2000).activityWidth(128).recall(10).build()
 *         .pretrain(done -> System.out.printf("%.0f %%%n", 100 * done));
 * network.save(Path.of("memory.ibmem"));
 * }</pre>
 */
public final class MemoryPretrainer {

    /** The second moments of more units' states would not fit into memory (8 bytes each). */
    private static final int MOST_UNITS = 8192;
    private static final int MOST_SAMPLES_RECALLED = 1024;

    /**
     * What is left of the oldest sample that is recalled. Single precision has seven digits: a smaller part would leave
     * too few of them, a larger one too much of the samples before, which recall can't tell from it once these are more
     * than the units.
     */
    private static final double LEFT_OF_THE_OLDEST = 1e-3;
    /** To which wider network inputs are projected. */
    private static final int INPUT_WIDTH = 16;
    private static final double RIDGE = 1e-8;
    private static final int SAMPLES_A_UNIT = 8;
    private static final int LEAST_SAMPLES = 6000;
    private static final int HELD_OUT_SAMPLES = 2000;
    private static final int TASK_SAMPLES = 500;
    private static final int CHUNK = 1000;

    private final int units;
    private final int width;
    private final int labels;
    private final int recall;
    private final long seed;

    private MemoryPretrainer(Builder builder) {
        units = builder.units;
        width = builder.activityWidth;
        labels = builder.labelWidth;
        recall = builder.recall;
        seed = builder.seed;
        check("activityWidth", width, 1, MOST_UNITS);
        check("units", units, width, MOST_UNITS);
        check("labelWidth", labels, 2, Integer.MAX_VALUE);
        check("recall", recall, 2, MOST_SAMPLES_RECALLED);
        if ((long) units * width * (recall - 1) > Integer.MAX_VALUE / Float.BYTES) {
            throw new IllegalArgumentException("units (" + units + ") x activityWidth (" + width + ") x recall ("
                    + recall + "), the size of the readout, must be at most " + Integer.MAX_VALUE / Float.BYTES
                    + ": choose a smaller activityWidth; wider layers are split into blocks of it");
        }
    }

    private static void check(String name, int value, int from, int to) {
        if (value < from || value > to) {
            throw new IllegalArgumentException(name + " (" + value + ") must be from " + from + " to " + to);
        }
    }

    /**
     * A builder with the default sizes.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Pretrains a memory network. It takes memory for units x units and units x recall x width doubles, and time in
     * proportion to units^3. The same settings give the same memory network, bit for bit, on the same kind of machine
     * with the same number of BLAS threads.
     *
     * @param progress told how much of the work is done, from 0 to 1
     * @return the memory network
     */
    public MemoryNetwork pretrain(DoubleConsumer progress) {
        try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            Random random = new Random(seed);
            float decay = (float) Math.pow(LEFT_OF_THE_OLDEST, 1.0 / recall);
            Reservoir reservoir = Reservoir.random(units, width, decay, random);
            int samples = Math.max(LEAST_SAMPLES, SAMPLES_A_UNIT * units);
            RidgeRegression regression = new RidgeRegression(units, (recall - 1) * width);
            RecallTask task = new RecallTask(reservoir, width, recall - 1,
                    new SyntheticStreams(width, labels, random.nextLong()));
            for (int done = 0; done < samples; done += CHUNK) {
                int count = Math.min(CHUNK, samples - done);
                task.next(count);
                regression.add(task.states(), task.targets());
                progress.accept(0.9 * (done + count) / samples);
            }
            float[] readout = regression.solve(RIDGE);
            MemoryHeader header = new MemoryHeader(MemoryHeader.VERSION, units, width, recall, labels, INPUT_WIDTH,
                    decay, seed, new MemoryHeader.Measured(samples, RIDGE, List.of(), 0), null);
            Recaller unmeasured = Recaller.sealed(header, reservoir, readout).known();
            progress.accept(0.95);
            List<Double> recalled = recalled(unmeasured, new SyntheticStreams(width, labels, random.nextLong()));
            double cosine = cosine(unmeasured, random);
            unmeasured.forget();
            progress.accept(1);
            MemoryHeader.Measured measured = new MemoryHeader.Measured(samples, RIDGE, recalled, cosine);
            return new MemoryNetwork(Recaller.sealed(header.with(measured, null), reservoir, readout).known());
        }
    }

    /** For each sample back, the part of the variance that is recalled of streams that were not trained on. */
    private List<Double> recalled(Recaller network, SyntheticStreams streams) {
        int back = recall - 1;
        float[] state = new float[units];
        float[] sample = new float[width];
        float[] recalled = new float[back * width];
        float[][] last = new float[back][width];
        double[] errors = new double[back];
        double[] squares = new double[back];
        for (int t = 0; t < HELD_OUT_SAMPLES; t++) {
            streams.next(sample);
            last[t % back] = sample.clone();
            network.step(state, sample, width);
            network.recall(state, width, back, recalled);
            for (int lag = 0; lag < Math.min(back, t + 1); lag++) {
                float[] actual = last[(t - lag) % back];
                for (int column = 0; column < width; column++) {
                    double error = recalled[lag * width + column] - actual[column];
                    errors[lag] += error * error;
                    squares[lag] += actual[column] * actual[column];
                }
            }
        }
        List<Double> parts = new ArrayList<>();
        for (int lag = 0; lag < back; lag++) {
            parts.add(Math.max(0, 1 - errors[lag] / squares[lag]));
        }
        return parts;
    }

    /** Of the default rule's signal to that of an exact memory, on a classification task. */
    private double cosine(Recaller network, Random random) {
        SignalStream exact = new SignalStream(LearningRule.builder().memory(recall).build());
        SignalStream recalled = new SignalStream(LearningRule.builder().memory(network).build());
        SyntheticTasks tasks = new SyntheticTasks(width, labels, TASK_SAMPLES, random);
        MeanCosine mean = new MeanCosine();
        for (int t = 0; t < TASK_SAMPLES; t++) {
            tasks.next();
            mean.add(recalled.next(tasks.row(), null, tasks.labels()), exact.next(tasks.row(), null, tasks.labels()));
        }
        return mean.value();
    }

    /** Collects the sizes of a memory network. */
    public static final class Builder {

        private int units = 768;
        private int activityWidth = 32;
        private int labelWidth = 10;
        private int recall = 16;
        private long seed = 1;

        private Builder() {}

        /**
         * Units of the reservoir that remembers one block of columns. To recall N samples well takes 1.5 x N x the
         * activity width.
         *
         * @param units from the activity width to 8192; 768 unless said otherwise
         * @return this builder
         */
        public Builder units(int units) {
            this.units = units;
            return this;
        }

        /**
         * How many columns of a quantity one reservoir remembers. The memory network serves quantities of any width,
         * narrower ones and, in blocks, wider ones; the work of a recall grows with the units, so that narrow blocks
         * with few units are faster.
         *
         * @param width from 1 to 8192; 32 unless said otherwise
         * @return this builder
         */
        public Builder activityWidth(int width) {
            this.activityWidth = width;
            return this;
        }

        /**
         * How many classes the labels among the synthetic streams have. Labels of any width are remembered.
         *
         * @param width at least 2; 10 unless said otherwise
         * @return this builder
         */
        public Builder labelWidth(int width) {
            this.labelWidth = width;
            return this;
        }

        /**
         * How many samples a window can have at most, the current one included.
         *
         * @param samples from 2 to 1024; 16 unless said otherwise
         * @return this builder
         */
        public Builder recall(int samples) {
            this.recall = samples;
            return this;
        }

        /**
         * Fixes wiring and streams.
         *
         * @param seed any; 1 unless said otherwise
         * @return this builder
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Checks the sizes.
         *
         * @return the pretrainer
         * @throws IllegalArgumentException naming the setting, its value and its limits, if one is out of range
         */
        public MemoryPretrainer build() {
            return new MemoryPretrainer(this);
        }
    }
}
