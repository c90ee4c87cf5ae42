package org.ibhebb.samples.fidelity;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.internal.term.window.ModulatorySignal;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.samples.data.Batches;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.report.Progress;
import org.ibhebb.samples.training.Row;
import org.ibhebb.samples.training.Trainer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Measures a {@link Fidelity} on a network that has learnt a little. */
public final class FidelityMeter {

    /** Samples from which windows are drawn. */
    private static final int POOL = 4096;

    private final LearningTask task;
    private final Row row;
    private final Fidelity asked;

    /** @param row how the network is trained */
    public FidelityMeter(LearningTask task, Row row, Fidelity asked) {
        this.task = task;
        this.row = row;
        this.asked = asked;
    }

    /**
     * The cosines.
     *
     * @throws IllegalArgumentException if there are too few images
     */
    public Fidelity measure() {
        int needed = asked.largeWindow() + asked.capacities().stream().mapToInt(Integer::intValue).max().orElse(0);
        int pool = Math.min(POOL, task.train().count());
        if (pool < needed) {
            throw new IllegalArgumentException("fidelity compares windows that take " + needed + " different images"
                    + " together, and " + task.name() + " has " + pool + " to train on: use a larger data set");
        }
        LearningTask few = task.trainingOnFirst(asked.trainSamples());
        MultiLayerNetwork network = (MultiLayerNetwork) new Trainer(few, row.settings(1, asked.seed()))
                .train(row.rule(), "before fidelity", epoch -> {}).network().model();
        int[] order = IntStream.range(0, pool).toArray();
        Batches batches = new Batches(few, row.model().takesVectors());
        INDArray inputs = batches.inputs(task.train(), order, 0, pool);
        INDArray labels = batches.labels(task.train(), order, 0, pool);
        List<INDArray> activations = network.feedForward(inputs, false);
        // The first entry is the input, the last one the network's answer.
        List<INDArray> hidden = activations.subList(1, activations.size() - 1);
        double[] sums = new double[asked.capacities().size()];
        Random random = new Random(asked.seed());
        try (Progress progress = Progress.start("fidelity", asked.probes())) {
            for (int probe = 0; probe < asked.probes(); probe++) {
                int[] drawn = draw(order, needed, random);
                for (INDArray layer : hidden) {
                    // Both windows show the first sample drawn; of the others, none is in both.
                    INDArray large = signal(layer, inputs, labels, drawn, needed - asked.largeWindow() + 1, needed);
                    for (int i = 0; i < sums.length; i++) {
                        sums[i] += cosine(signal(layer, inputs, labels, drawn, 1, asked.capacities().get(i)), large);
                    }
                }
                progress.step(1);
            }
        }
        List<Double> cosines = new ArrayList<>();
        for (double sum : sums) {
            cosines.add(sum / (asked.probes() * hidden.size()));
        }
        return asked.with(cosines);
    }

    /** So many numbers of samples, none twice. */
    private static int[] draw(int[] order, int count, Random random) {
        int[] shuffled = order.clone();
        for (int i = 0; i < count; i++) {
            int j = i + random.nextInt(shuffled.length - i);
            int swapped = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = swapped;
        }
        return shuffled;
    }

    /** That of the first sample drawn, over a window of it and of those from {@code from} up to {@code to}. */
    private INDArray signal(INDArray layer, INDArray inputs, INDArray labels, int[] drawn, int from, int to) {
        int[] window = IntStream.concat(IntStream.of(drawn[0]), IntStream.range(from, to).map(i -> drawn[i]))
                .toArray();
        LearningRule rule = asked.learningRule();
        return ModulatorySignal.gradient(rule, layer.getRows(window), 1,
                rule.readsInput() ? inputs.getRows(window) : null,
                List.of(new Labels("output", labels.getRows(window), Labels.Encoding.CLASSES)));
    }

    private static double cosine(INDArray a, INDArray b) {
        double norms = a.norm2Number().doubleValue() * b.norm2Number().doubleValue();
        return norms == 0 ? 0 : a.mul(b).sumNumber().doubleValue() / norms;
    }
}
