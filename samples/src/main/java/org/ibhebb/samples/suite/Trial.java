package org.ibhebb.samples.suite;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** Trains one network and measures it. */
final class Trial {

    private static final int MEASURED_AT_ONCE = 500;
    private static final int LONGEST_NOTE = 300;

    private final Outcome asked;
    private final Task task;
    private final TaskData data;
    private final int batch;
    private final int steps;

    /** @param data of the task */
    Trial(Outcome asked, TaskData data) {
        this.asked = asked;
        this.task = asked.task();
        this.data = asked.validation() ? data.validating() : data;
        this.batch = Math.min(task.batch(), this.data.samples());
        this.steps = task.epochs() * ((this.data.samples() + batch - 1) / batch);
    }

    /** What fails to train counts as the worst there is, and says why. */
    Outcome run() {
        long start = System.nanoTime();
        double error = data.measure().worst();
        String note = null;
        try {
            MultiLayerNetwork network = new MultiLayerNetwork(configuration());
            network.init();
            train(network);
            error = measure(network);
        } catch (IllegalArgumentException | IllegalStateException | ArithmeticException
                | UnsupportedOperationException e) {
            String message = String.valueOf(e.getMessage());
            note = message.substring(0, Math.min(LONGEST_NOTE, message.length()));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
        // ND4J frees arrays when their Java objects are collected, which are too small to be.
        System.gc();
        return asked.reached(error, seconds, steps, note);
    }

    private MultiLayerConfiguration configuration() {
        IUpdater updater = updater();
        IUpdater hidden = asked.kind() == Outcome.Kind.FROZEN ? new Sgd(0) : updater;
        MultiLayerConfiguration conf = Networks.configure(task, data, hidden, updater(), asked.seed());
        if (asked.kind() != Outcome.Kind.LOCAL) {
            return conf;
        }
        return asked.rule() == null ? IbHebb.convert(conf) : IbHebb.convert(conf, asked.rule());
    }

    private IUpdater updater() {
        return asked.falling() ? Updaters.falling(asked.updater(), steps) : Updaters.constant(asked.updater());
    }

    private void train(MultiLayerNetwork network) {
        Random random = new Random(asked.seed());
        int[] sorted = sorted();
        for (int epoch = 0; epoch < task.epochs(); epoch++) {
            int[] order = task.sorted() ? sorted : TaskData.shuffled(data.samples(), random);
            for (int from = 0; from < order.length; from += batch) {
                int[] rows = IntStream.range(from, Math.min(from + batch, order.length)).map(i -> order[i]).toArray();
                network.fit(shaped(TaskData.rows(data.trainInputs(), rows), inputShape()),
                        shaped(TaskData.rows(data.trainLabels(), rows), data.labelShape()));
            }
            network.incrementEpochCount();
        }
    }

    /** By class, as a user's files may have them. */
    private int[] sorted() {
        if (!task.sorted()) {
            return new int[0];
        }
        int[] labels = data.trainLabels().argMax(1).toIntVector();
        return IntStream.range(0, labels.length).boxed()
                .sorted(Comparator.comparingInt(i -> labels[i]))
                .mapToInt(Integer::intValue).toArray();
    }

    private double measure(MultiLayerNetwork network) {
        int count = (int) data.testInputs().size(0);
        INDArray[] outputs = new INDArray[(count + MEASURED_AT_ONCE - 1) / MEASURED_AT_ONCE];
        for (int i = 0; i < outputs.length; i++) {
            int[] rows = IntStream.range(
                    i * MEASURED_AT_ONCE, Math.min((i + 1) * MEASURED_AT_ONCE, count)).toArray();
            outputs[i] = network.output(shaped(TaskData.rows(data.testInputs(), rows), inputShape()), false);
        }
        return data.measure().bounded(Nd4j.concat(0, outputs), shaped(data.testLabels(), data.labelShape()));
    }

    private long[] inputShape() {
        return Networks.takesRows(task) ? new long[] {data.trainInputs().size(1)} : data.shape();
    }

    private static INDArray shaped(INDArray rows, long[] shape) {
        long[] all = new long[shape.length + 1];
        all[0] = rows.size(0);
        System.arraycopy(shape, 0, all, 1, shape.length);
        return rows.reshape('c', all);
    }
}
