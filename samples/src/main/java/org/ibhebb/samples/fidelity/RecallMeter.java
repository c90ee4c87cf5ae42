package org.ibhebb.samples.fidelity;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.internal.arithmetic.Buffers;
import org.ibhebb.internal.arithmetic.Rows;
import org.ibhebb.internal.pretraining.MeanCosine;
import org.ibhebb.internal.pretraining.SignalStream;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.internal.view.Representation;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.samples.data.Batches;
import org.ibhebb.samples.data.Examples;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.training.TunedRule;
import org.ibhebb.samples.training.ModelSpec;
import org.ibhebb.samples.training.Row;
import org.ibhebb.samples.training.Trainer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Measures what recall makes of the modulatory signal on real data: the images go, one after the other, through a
 * network that has learnt a little with an exact memory, and each hidden layer's signal by recall is compared with that
 * of an exact memory of as many samples.
 */
public final class RecallMeter {

    public static final List<Objective> OBJECTIVES = List.of(Objective.neighbourhood(), Objective.hsic());

    private static final List<Integer> CAPACITIES = List.of(2, 4, 8, 10, 16, 32, 64);
    private static final int TRAIN_BATCH = 32;
    private static final double LR = 1e-3;
    private static final int TRAIN_SAMPLES = 1000;
    private static final int STREAM_SAMPLES = 400;

    private final Batches batches;
    private final Examples images;
    private final MultiLayerNetwork trained;

    /**
     * @param task its training images train the network and are the stream
     * @param model of dense layers, with the readout on the last one
     */
    public RecallMeter(LearningTask task, ModelSpec model, long seed) {
        LearningTask few = task.trainingOnFirst(TRAIN_SAMPLES);
        Row row = Row.local("before the comparison", model, TunedRule.builder().build(), TRAIN_BATCH, LR, false);
        trained = (MultiLayerNetwork) new Trainer(few, row.settings(1, seed))
                .train(row.rule(), "before", epoch -> {}).network().model();
        batches = new Batches(few, model.takesVectors());
        images = few.train();
    }

    /** The capacities that a memory network can have, of those that are usually compared. */
    public static List<Integer> capacities(MemoryNetwork network) {
        return CAPACITIES.stream().filter(capacity -> capacity <= network.recall()).toList();
    }

    /** The mean cosine in each hidden layer. */
    public List<Double> cosines(Objective objective, MemoryNetwork network, int capacity) {
        int count = Math.min(STREAM_SAMPLES, images.count());
        int[] order = IntStream.range(0, images.count()).toArray();
        INDArray inputs = batches.inputs(images, order, 0, count);
        INDArray labels = batches.labels(images, order, 0, count);
        List<INDArray> activations = trained.feedForward(inputs, false);
        LearningRule exact = TunedRule.builder().objective(objective).memory(capacity).build();
        LearningRule recalled = exact.toBuilder().memory(network, capacity).build();
        List<Double> cosines = new ArrayList<>();
        // The first entry is the input, the last one the network's answer.
        for (INDArray layer : activations.subList(1, activations.size() - 1)) {
            INDArray rows = new Representation(exact, false, Buffers.fresh()).of(layer).rows();
            SignalStream exactly = new SignalStream(exact);
            SignalStream byRecall = new SignalStream(recalled);
            MeanCosine mean = new MeanCosine();
            for (int sample = 0; sample < count; sample++) {
                INDArray row = Rows.between(rows, sample, sample + 1);
                INDArray input = exact.readsInput() ? Rows.between(inputs, sample, sample + 1) : null;
                List<Labels> label = List.of(new Labels(
                        "classes", Rows.between(labels, sample, sample + 1), Labels.Encoding.CLASSES));
                mean.add(byRecall.next(row, input, label), exactly.next(row, input, label));
            }
            cosines.add(mean.value());
        }
        return cosines;
    }
}
