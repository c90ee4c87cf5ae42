package org.ibhebb.internal.pretraining;

import java.util.Random;
import org.ibhebb.internal.memory.Readout;
import org.ibhebb.internal.memory.Reservoir;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The memory network as it was published (Daruwalla and Lipasti 2024), for comparison: one reservoir, driven by a
 * layer's activations and the labels together, from whose state a linear readout gives the modulatory signal itself, in
 * place of the samples that it is to be computed from. It is pretrained, here by ridge regression, on synthetic tasks.
 *
 * <p>It does not work, and {@link #cosine} says how little: the signal is a product of kernels of what is remembered,
 * which no linear map of it is, so that what the readout learns is true of the tasks that it was trained on at best.
 * Use a {@code MemoryNetwork}, which recalls, and lets the signal be computed. No rule takes this class.
 */
final class SignalReadout {

    private static final int SAMPLES_A_UNIT = 8;
    private static final int LEAST_SAMPLES = 4000;
    private static final int CHUNK = 500;
    private static final double RIDGE = 1e-6;
    private static final double LEFT_OF_THE_OLDEST = 1e-3;

    private final LearningRule rule;
    private final int width;
    private final int classes;
    private final Reservoir reservoir;
    private final float[] readout;

    private SignalReadout(LearningRule rule, int width, int classes, Reservoir reservoir, float[] readout) {
        this.rule = rule;
        this.width = width;
        this.classes = classes;
        this.reservoir = reservoir;
        this.readout = readout;
    }

    /**
     * Pretrains one.
     *
     * @param rule whose signal it is to give: the objectives, none of which may read the network's inputs, and the
     *     capacity of an exact memory
     * @param width of the layer: unlike a memory network, this serves no other
     * @param classes of the labels
     * @param units of the reservoir, at least {@code width + classes}
     * @param taskLength samples after which the synthetic stream goes on to another task
     * @param seed fixes everything
     * @return what was learnt
     * @throws IllegalArgumentException if the rule reads inputs, or there are too few units
     */
    public static SignalReadout pretrain(
            LearningRule rule, int width, int classes, int units, int taskLength, long seed) {
        if (rule.readsInput()) {
            throw new IllegalArgumentException("the rule (" + rule + ") reads the network's inputs, which this readout"
                    + " does not see: choose another objective");
        }
        if (units < width + classes) {
            throw new IllegalArgumentException("units (" + units + ") must be at least " + (width + classes)
                    + ", one for each column of activations and labels");
        }
        try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            Random random = new Random(seed);
            float decay = (float) Math.pow(LEFT_OF_THE_OLDEST, 1.0 / rule.memory());
            Reservoir reservoir = Reservoir.random(units, width + classes, decay, random);
            SyntheticTasks tasks = new SyntheticTasks(width, classes, taskLength, random);
            SignalStream exact = new SignalStream(rule);
            RidgeRegression regression = new RidgeRegression(units, width);
            float[] state = new float[units];
            int samples = Math.max(LEAST_SAMPLES, SAMPLES_A_UNIT * units);
            for (int done = 0; done < samples; done += CHUNK) {
                INDArray states = Nd4j.create(DataType.DOUBLE, CHUNK, units);
                INDArray targets = Nd4j.create(DataType.DOUBLE, CHUNK, width);
                for (int i = 0; i < CHUNK; i++) {
                    tasks.next();
                    reservoir.step(state, 0, input(tasks), 0, width + classes);
                    states.putRow(i, Nd4j.createFromArray(state));
                    targets.putRow(i, exact.next(tasks.row(), null, tasks.labels()));
                }
                regression.add(states, targets);
            }
            return new SignalReadout(rule, width, classes, reservoir, regression.solve(RIDGE));
        }
    }

    private static float[] input(SyntheticTasks tasks) {
        float[] input = new float[tasks.sample().length + tasks.label().length];
        System.arraycopy(tasks.sample(), 0, input, 0, tasks.sample().length);
        System.arraycopy(tasks.label(), 0, input, tasks.sample().length, tasks.label().length);
        return input;
    }

    /**
     * The mean cosine of its signal to the exact one.
     *
     * @param samples how many to average over
     * @param taskLength samples after which the synthetic stream goes on to another task
     * @param seed of the tasks; that of the pretraining gives the tasks of the pretraining again
     * @return from -1 to 1
     */
    public double cosine(int samples, int taskLength, long seed) {
        try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            Random random = new Random(seed);
            // As the pretraining drew its wiring first, so that its seed leads to its tasks.
            Reservoir.random(reservoir.units(), width + classes, 0.5f, random);
            SyntheticTasks tasks = new SyntheticTasks(width, classes, taskLength, random);
            SignalStream exact = new SignalStream(rule);
            MeanCosine mean = new MeanCosine();
            float[] state = new float[reservoir.units()];
            float[] signal = new float[width];
            for (int i = 0; i < samples; i++) {
                tasks.next();
                reservoir.step(state, 0, input(tasks), 0, width + classes);
                Readout.multiply(readout, width, width, state, state.length, width, 1, signal);
                mean.add(Nd4j.create(signal.clone(), new long[] {1, width}, 'c'),
                        exact.next(tasks.row(), null, tasks.labels()));
            }
            return mean.value();
        }
    }
}
