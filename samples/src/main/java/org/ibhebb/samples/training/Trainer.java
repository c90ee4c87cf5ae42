package org.ibhebb.samples.training;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.ibhebb.samples.data.Batches;
import org.ibhebb.samples.data.Examples;
import org.ibhebb.samples.data.HeldOut;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.report.Progress;
import org.ibhebb.spiking.SpikeEncoder;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/** Trains one model on one data set; everything but the training rule is the same from run to run. */
public final class Trainer {

    /** Steps on a discarded network, so that neither the first epoch nor the first rule pays for the JVM's start. */
    private static final int WARM_UP_STEPS = 20;
    /** Evaluated images at a time; convolutions need about 4 MB for each. */
    private static final int EVALUATION_BATCH = 250;

    /** Samples that show how often neurons fire. */
    private static final int FIRING = 1000;
    private final LearningTask task;
    private final Settings settings;
    private final Batches batches;
    private final EnergyCounters energy = EnergyCounters.ofMachine();
    /** Gives the training samples of a run their time steps; null where layers do so themselves. */
    private SpikeEncoder encoder;

    public Trainer(LearningTask task, Settings settings) {
        this.task = task;
        this.settings = settings;
        this.batches = new Batches(task, settings.model().takesVectors(), settings.model().takesIntensities());
    }

    /** Of what the network is tested on: the same spikes whenever that is, and others than it learns from. */
    private SpikeEncoder testing() {
        return settings.model().encoder(~settings.seed()).orElse(null);
    }

    private static INDArray encoded(SpikeEncoder encoder, INDArray inputs) {
        return encoder == null ? inputs : encoder.encode(inputs);
    }

    /**
     * Trains a new network and evaluates it after every epoch.
     *
     * @param watcher told of each epoch when it is over
     */
    public Trained train(TrainingRule rule, Consumer<EpochResult> watcher) {
        return train(rule, rule.toString(), watcher);
    }

    /**
     * The same.
     *
     * @param title what the progress bar calls it
     * @param listeners of the network, whose time counts as the training's
     */
    public Trained train(TrainingRule rule, String title, Consumer<EpochResult> watcher,
            TrainingListener... listeners) {
        warmUp(rule);
        Network network = network(rule);
        encoder = settings.model().encoder(settings.seed()).orElse(null);
        network.model().addListeners(listeners);
        List<EpochResult> epochs = new ArrayList<>();
        Random random = new Random(settings.seed());
        // Apart from the order, which is then the same with and without.
        Random coins = new Random(~settings.seed());
        int[] order = upTo(task.train().count());
        for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
            shuffle(order, random);
            BitSet mirrored = settings.flip() ? tosses(order.length, coins) : new BitSet();
            EnergyCounters.Reading before = energy.read();
            double seconds = trainOnce(network, order, mirrored, title + " " + epoch + "/" + settings.epochs());
            Double joules = energy.joulesSince(before);
            network.endEpoch();
            EpochResult result = evaluate(network, epoch, order.length, seconds, joules);
            epochs.add(result);
            watcher.accept(result);
        }
        return new Trained(network,
                Result.of(task, rule, settings).reached(network.model().numParams(), epochs, firing(network)));
    }

    /** How fast that is, judged by so many images (no more than there are); the network is discarded. */
    public Speed speed(TrainingRule rule, int samples) {
        warmUp(rule);
        Network network = network(rule);
        int[] order = upTo(Math.min(samples, task.train().count()));
        double training = order.length / trainOnce(network, order, new BitSet(), rule + " speed");
        Examples evaluated = task.evaluation().first(samples);
        accuracy(network, evaluated.first(EVALUATION_BATCH));
        long start = System.nanoTime();
        accuracy(network, evaluated);
        return new Speed(training, evaluated.count() / seconds(start));
    }

    /** Images that a run trains on before it is timed. */
    public int warmUpSamples() {
        return WARM_UP_STEPS * Math.min(settings.batch(), task.train().count());
    }

    private EpochResult evaluate(Network network, int epoch, int trained, double trainSeconds, Double trainJoules) {
        long start = System.nanoTime();
        double accuracy = accuracy(network, task.evaluation());
        // ND4J frees arrays when their Java objects are collected, and these are so small that they never are:
        // convolutional networks would take gigabytes more after every epoch.
        System.gc();
        boolean test = task.heldOut() == HeldOut.TEST;
        return new EpochResult(epoch, test ? accuracy : null, test ? null : accuracy, trainSeconds, trainJoules,
                seconds(start), trained / trainSeconds);
    }

    /** Seconds that one pass over the training images takes. */
    private double trainOnce(Network network, int[] order, BitSet mirrored, String name) {
        try (Progress progress = Progress.start(name, order.length)) {
            long start = System.nanoTime();
            int batch = Math.min(settings.batch(), order.length);
            for (int from = 0; from < order.length; from += batch) {
                int to = Math.min(from + batch, order.length);
                fit(network, order, mirrored, from, to);
                progress.step(to - from);
            }
            return seconds(start);
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /** Images that no rule trains on, no more than so many, spread evenly over those that the network is tested on. */
    public DataSet unseen(int most) {
        Examples images = task.evaluation();
        int count = Math.min(most, images.count());
        int[] order = upTo(count);
        for (int i = 0; i < count; i++) {
            order[i] = (int) ((long) i * images.count() / count);
        }
        return new DataSet(encoded(testing(), batches.inputs(images, order, 0, count)),
                batches.labels(images, order, 0, count));
    }

    /** How often the neurons of a trained network fire; null if they do not. */
    private Firing firing(Network network) {
        return settings.model().isSpiking()
                ? FiringMeter.of((MultiLayerNetwork) network.model(), unseen(FIRING).getFeatures())
                : null;
    }

    /**
     * What the neurons of a trained network do for single samples that it was not trained on.
     *
     * @param network of this trainer, and spiking
     * @param most of how many samples
     */
    public List<SpikeTrains> spikes(Network network, int most) {
        return SpikeTrains.of((MultiLayerNetwork) network.model(), unseen(most));
    }

    /**
     * Iterations of a whole run.
     *
     * @throws IllegalArgumentException if they are more than Deeplearning4j can count
     */
    public int steps() {
        long steps = settings.epochs() * (((long) task.train().count() + settings.batch() - 1) / settings.batch());
        if (steps > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(settings.epochs() + " epochs are " + steps + " training steps, more than"
                    + " Deeplearning4j counts (" + Integer.MAX_VALUE + "): train for fewer epochs");
        }
        return (int) steps;
    }

    private Network network(TrainingRule rule) {
        int steps = steps();
        MultiLayerConfiguration conf = settings.model().configure(task.train().shape(), task.classes(),
                settings.seed(), adam(rule.lrHidden(settings), steps), adam(settings.lr(), steps));
        return settings.model().readsAllLayers()
                ? rule.readingAllLayers(conf, settings.model().input(task.train().shape()), settings.learning())
                : rule.network(conf, settings.learning());
    }

    private static IUpdater adam(double lr, int steps) {
        return Adam.builder().learningRateSchedule(LinearDecay.from(lr, steps)).beta2(0.99).build();
    }

    private void warmUp(TrainingRule rule) {
        encoder = testing();
        Network discarded = network(rule);
        int[] order = upTo(task.train().count());
        int to = Math.min(settings.batch(), order.length);
        for (int step = 0; step < WARM_UP_STEPS; step++) {
            fit(discarded, order, new BitSet(), 0, to);
        }
    }

    private void fit(Network network, int[] order, BitSet mirrored, int from, int to) {
        try {
            network.fit(encoded(encoder, batches.inputs(task.train(), order, mirrored, from, to)),
                    batches.labels(task.train(), order, from, to));
        } catch (ArithmeticException e) {
            // Something is not finite: a lower learning rate may help, so that it is the user's to mend.
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private double accuracy(Network network, Examples images) {
        int[] order = upTo(images.count());
        SpikeEncoder testing = testing();
        int correct = 0;
        for (int from = 0; from < order.length; from += EVALUATION_BATCH) {
            int to = Math.min(from + EVALUATION_BATCH, order.length);
            INDArray outputs = network.output(encoded(testing, batches.inputs(images, order, from, to)));
            int[] answers = outputs.argMax(1).toIntVector();
            for (int i = from; i < to; i++) {
                if (answers[i - from] == images.label(i)) {
                    correct++;
                }
            }
        }
        return 100.0 * correct / order.length;
    }

    private static int[] upTo(int count) {
        return IntStream.range(0, count).toArray();
    }

    private static BitSet tosses(int count, Random coins) {
        BitSet heads = new BitSet(count);
        for (int i = 0; i < count; i++) {
            heads.set(i, coins.nextBoolean());
        }
        return heads;
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
