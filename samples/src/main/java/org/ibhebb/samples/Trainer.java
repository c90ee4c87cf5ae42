package org.ibhebb.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/** Trains one model on one data set; everything but the training rule is the same from run to run. */
final class Trainer {

    /** Steps on a discarded network, so that neither the first epoch nor the first rule pays for the JVM's start. */
    private static final int WARM_UP_STEPS = 20;
    /** Test images at a time; convolutions need about 4 MB for each. */
    private static final int TEST_BATCH = 250;

    private final ImageTask task;
    private final Settings settings;
    private final Batches batches;

    Trainer(ImageTask task, Settings settings) {
        this.task = task;
        this.settings = settings;
        this.batches = new Batches(task, settings.model().takesVectors());
    }

    /**
     * Trains a new network and tests it after every epoch.
     *
     * @param watcher told of each epoch when it is over
     */
    Trained train(TrainingRule rule, Consumer<EpochResult> watcher) {
        warmUp(rule);
        MultiLayerNetwork network = network(rule);
        List<EpochResult> epochs = new ArrayList<>();
        Random random = new Random(settings.seed());
        int[] order = upTo(task.train().count());
        for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
            shuffle(order, random);
            double seconds = trainOnce(network, order, rule + " " + epoch + "/" + settings.epochs());
            network.incrementEpochCount();
            EpochResult result = new EpochResult(
                    epoch, accuracy(network, task.test()), seconds, order.length / seconds);
            epochs.add(result);
            watcher.accept(result);
        }
        return new Trained(network, result(rule, network, epochs));
    }

    /** Seconds that one pass over the training images takes. */
    private double trainOnce(MultiLayerNetwork network, int[] order, String name) {
        try (Progress progress = Progress.start(name, order.length)) {
            long start = System.nanoTime();
            for (int from = 0; from < order.length; from += settings.batch()) {
                int to = Math.min(from + settings.batch(), order.length);
                fit(network, order, from, to);
                progress.step(to - from);
            }
            return (System.nanoTime() - start) / 1e9;
        }
    }

    private MultiLayerNetwork network(TrainingRule rule) {
        int steps = Math.multiplyExact(
                settings.epochs(), (task.train().count() + settings.batch() - 1) / settings.batch());
        MultiLayerConfiguration conf = settings.model().configure(task.train().shape(), task.classes(),
                settings.seed(), adam(lrHidden(rule), steps), adam(settings.lr(), steps));
        MultiLayerNetwork network = new MultiLayerNetwork(rule.apply(conf, settings.learning()));
        network.init();
        return network;
    }

    private double lrHidden(TrainingRule rule) {
        return rule == TrainingRule.IBHEBB ? settings.lrHidden() : settings.lr();
    }

    private static IUpdater adam(double lr, int steps) {
        return Adam.builder().learningRateSchedule(LinearDecay.from(lr, steps)).beta2(0.99).build();
    }

    private void warmUp(TrainingRule rule) {
        MultiLayerNetwork discarded = network(rule);
        int[] order = upTo(task.train().count());
        int to = Math.min(settings.batch(), order.length);
        for (int step = 0; step < WARM_UP_STEPS; step++) {
            fit(discarded, order, 0, to);
        }
    }

    private void fit(MultiLayerNetwork network, int[] order, int from, int to) {
        network.fit(batches.inputs(task.train(), order, from, to), batches.labels(task.train(), order, from, to));
    }

    private double accuracy(MultiLayerNetwork network, Images images) {
        int[] order = upTo(images.count());
        int correct = 0;
        for (int from = 0; from < order.length; from += TEST_BATCH) {
            int to = Math.min(from + TEST_BATCH, order.length);
            INDArray outputs = network.output(batches.inputs(images, order, from, to), false);
            int[] answers = outputs.argMax(1).toIntVector();
            for (int i = from; i < to; i++) {
                if (answers[i - from] == images.labels()[i]) {
                    correct++;
                }
            }
        }
        return 100.0 * correct / order.length;
    }

    private Result result(TrainingRule rule, MultiLayerNetwork network, List<EpochResult> epochs) {
        LearningRule learning = rule == TrainingRule.IBHEBB ? settings.learning() : null;
        return new Result(
                task.name(),
                settings.model().toString(),
                rule.toString(),
                learning == null ? null : learning.objectives().get(0).kind().toString(),
                learning,
                learning == null ? null : learning.memory(),
                settings.batch(),
                settings.lr(),
                rule == TrainingRule.FROZEN ? null : lrHidden(rule),
                settings.seed(),
                task.train().count(),
                task.test().count(),
                network.numParams(),
                List.copyOf(epochs),
                epochs.get(epochs.size() - 1).testAccuracy());
    }

    private static int[] upTo(int count) {
        return IntStream.range(0, count).toArray();
    }

    private static void shuffle(int[] order, Random random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
    }
}
