package org.ibhebb.internal.term.prediction;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a layer remembers of how its activations go with the labels: a linear readout of its own for each output, which
 * predicts the labels and learns by the delta rule. Its error, sent back through its weights, is the modulatory signal
 * of the prediction objective. In place of the last N samples it keeps d x c associations, of all samples, of which the
 * oldest fade. What it learns from a mini-batch counts once it has {@linkplain #learn learnt} it.
 */
public final class LabelPredictor {

    private final double rate;
    /** Samples that are learnt from at a time; 0 for a mini-batch. */
    private final int block;
    private final Map<String, LabelReadout> readouts = new LinkedHashMap<>();

    /**
     * A predictor that knows nothing yet, and learns once a mini-batch: it gives no signal in the first one.
     *
     * @param rate of the delta rule, relative to the squared length of activations; above 0. Real values are learnt at
     *     an eighth of it
     */
    public LabelPredictor(double rate) {
        this(rate, 0);
    }

    /**
     * A predictor that knows nothing yet.
     *
     * @param prediction says how it learns
     */
    public LabelPredictor(Objective prediction) {
        this(prediction.rate(), prediction.block());
    }

    private LabelPredictor(double rate, int block) {
        this.rate = rate;
        this.block = block;
    }

    /**
     * Predicts the labels, and adds the derivative of the prediction's loss to a signal: cross-entropy for classes and
     * independent labels, half the squared error for real values, the mean over outputs. Each row's loss counts in
     * full, so that the signal's mean over a mini-batch is the derivative of the mean loss. What was learnt before, and
     * not yet said to count, is forgotten.
     *
     * @param rows what the signal sees of the activations: B x d
     * @param labels B rows each, one entry an output
     * @param weight by which the derivative is multiplied
     * @param signal B x d, without gaps, by rows; added to
     */
    public void addSignal(INDArray rows, List<Labels> labels, double weight, INDArray signal) {
        for (Labels output : labels) {
            known(output, rows).addSignal(rows, output, weight / labels.size(), signal);
        }
    }

    private LabelReadout known(Labels output, INDArray rows) {
        return readouts.computeIfAbsent(output.output(), name -> block == 0
                ? new WholeBatchReadout(rate, rows, output.rows().size(1))
                : new BlockReadout(rate, block, rows, output));
    }

    /** What was learnt from the samples that were predicted last counts. */
    public void learn() {
        try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            readouts.values().forEach(LabelReadout::commit);
        }
    }

    /**
     * How much of the error of a predictor that knows nothing is left, the mean over outputs: objectives that fade do
     * so by it.
     *
     * @return in [0, 1]; 1 before anything was learnt, and where mini-batches are learnt as a whole
     */
    public double share() {
        return readouts.values().stream().mapToDouble(LabelReadout::share).average().orElse(1);
    }

    /**
     * The loss of predicting these labels, the mean over samples and outputs.
     *
     * @param rows as for {@link #addSignal}
     * @param labels as for {@link #addSignal}
     * @return in nats for classes and independent labels
     */
    public double loss(INDArray rows, List<Labels> labels) {
        double sum = 0;
        for (Labels output : labels) {
            sum += known(output, rows).loss(rows, output);
        }
        return sum / rows.size(0) / labels.size();
    }

    /**
     * A predictor that knows the same, and forgets it independently.
     *
     * @return a deep copy
     */
    public LabelPredictor copy() {
        LabelPredictor copy = new LabelPredictor(rate, block);
        try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            readouts.forEach((output, readout) -> copy.readouts.put(output, readout.copy()));
        }
        return copy;
    }
}
