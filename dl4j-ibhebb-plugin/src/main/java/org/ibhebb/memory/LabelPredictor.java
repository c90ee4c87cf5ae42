package org.ibhebb.memory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.view.Labels;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * What a layer remembers of how its activations go with the labels: a linear readout of its own for each output, which
 * predicts the labels and learns by the delta rule. Its error, sent back through its weights, is the modulatory signal
 * of the prediction objective. In place of the last N samples it keeps d x c associations, of all samples, of which the
 * oldest fade.
 */
public final class LabelPredictor {

    /** The squared error is curved more than cross-entropy: a rate that suits this one makes that one diverge. */
    private static final double OF_REAL_VALUES = 1.0 / 8;
    /** Where activations are all 0 there is nothing to learn, and nothing to divide by. */
    private static final double SMALLEST_SQUARE = 1e-5;

    private final double rate;
    private final Map<String, Associations> associations = new LinkedHashMap<>();
    /** What is learnt next. */
    private final List<Runnable> lessons = new ArrayList<>();

    /**
     * A predictor that knows nothing yet: it gives no signal.
     *
     * @param rate of the delta rule, relative to the squared length of activations; above 0. Real values are learnt at
     *     an eighth of it
     */
    public LabelPredictor(double rate) {
        this.rate = rate;
    }

    /**
     * Predicts the labels, and adds the derivative of the prediction's loss to a signal: cross-entropy for classes and
     * independent labels, half the squared error for real values, the mean over outputs. Each row's loss counts in
     * full, so that the signal's mean over a mini-batch is the derivative of the mean loss.
     *
     * @param rows what the signal sees of the activations: B x d
     * @param labels B rows each, one entry an output
     * @param weight by which the derivative is multiplied
     * @param signal B x d, without gaps, by rows; added to
     */
    public void addSignal(INDArray rows, List<Labels> labels, double weight, INDArray signal) {
        lessons.clear();
        Arithmetic kernel = Arithmetic.of(rows.dataType());
        for (Labels output : labels) {
            Associations known = known(output, rows);
            INDArray error = known.predict(kernel, rows, output.encoding()).subi(output.rows());
            signal.addi(error.mmul(known.weights.transpose()).muli(weight / labels.size()));
            double step = output.encoding() == Labels.Encoding.REAL ? rate * OF_REAL_VALUES : rate;
            lessons.add(() -> known.learn(kernel, rows, error, step));
        }
    }

    private Associations known(Labels output, INDArray rows) {
        return associations.computeIfAbsent(
                output.output(), name -> Associations.of(rows, output.rows().size(1)));
    }

    /** Learns the associations of the samples that were predicted last. */
    public void learn() {
        try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            lessons.forEach(Runnable::run);
        }
        lessons.clear();
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
            Associations known = known(output, rows);
            INDArray predicted = known.predict(Arithmetic.of(rows.dataType()), rows, output.encoding());
            INDArray given = output.rows();
            sum += switch (output.encoding()) {
                case CLASSES -> -given.mul(Transforms.log(predicted)).sumNumber().doubleValue();
                case INDEPENDENT -> -given.mul(Transforms.log(predicted))
                        .addi(given.rsub(1).muli(Transforms.log(predicted.rsub(1)))).sumNumber().doubleValue();
                case REAL -> Math.pow(predicted.sub(given).norm2Number().doubleValue(), 2) / 2;
            };
        }
        return sum / rows.size(0) / labels.size();
    }

    /**
     * A predictor that knows the same, and forgets it independently.
     *
     * @return a deep copy
     */
    public LabelPredictor copy() {
        LabelPredictor copy = new LabelPredictor(rate);
        try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            associations.forEach((output, known) ->
                    copy.associations.put(output, new Associations(known.weights.dup(), known.bias.dup())));
        }
        return copy;
    }

    /** d x c, and c. */
    private record Associations(INDArray weights, INDArray bias) {

        static Associations of(INDArray rows, long classes) {
            try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                return new Associations(
                        Nd4j.zeros(rows.dataType(), rows.size(1), classes), Nd4j.zeros(rows.dataType(), 1, classes));
            }
        }

        INDArray predict(Arithmetic kernel, INDArray rows, Labels.Encoding encoding) {
            INDArray predicted =
                    Nd4j.createUninitialized(rows.dataType(), new long[] {rows.size(0), weights.size(1)}, 'f');
            kernel.affine(rows, weights, bias, predicted);
            return switch (encoding) {
                // ND4J's softmax fails for rows whose entries are all far below 0.
                case CLASSES -> Transforms.softmax(predicted.subiColumnVector(predicted.max(true, 1)), false);
                case INDEPENDENT -> Transforms.sigmoid(predicted, false);
                case REAL -> predicted;
            };
        }

        void learn(Arithmetic kernel, INDArray rows, INDArray error, double step) {
            INDArray gradient = Nd4j.createUninitialized(weights.dataType(), weights.shape(), 'c');
            INDArray sums = Nd4j.createUninitialized(bias.dataType(), bias.shape(), 'c');
            kernel.denseGradient(rows, error, gradient, sums);
            long samples = rows.size(0);
            double squares = Math.pow(rows.norm2Number().doubleValue(), 2) + SMALLEST_SQUARE * samples;
            weights.subi(gradient.muli(step / squares));
            bias.subi(sums.muli(step / samples));
        }
    }
}
