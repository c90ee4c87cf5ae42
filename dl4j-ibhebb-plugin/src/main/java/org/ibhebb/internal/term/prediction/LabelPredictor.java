package org.ibhebb.internal.term.prediction;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.state.Store;
import org.ibhebb.internal.term.Term;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a layer remembers of how its activations go with the labels: a linear readout of its own for each output, which
 * predicts the labels and learns by the delta rule. Its error, sent back through its weights, is the modulatory signal
 * of the prediction objective. In place of the last N samples it keeps d x c associations, of all samples, of which the
 * oldest fade. What it learns from a mini-batch counts once it has {@linkplain #learn learnt} it.
 */
public final class LabelPredictor implements Term {

    private final double rate;
    /** Samples that are learnt from at a time; 0 for a mini-batch. */
    private final int block;
    private final Map<String, LabelReadout> readouts = new LinkedHashMap<>();
    /** Of each readout. */
    private final Map<String, Size> sizes = new LinkedHashMap<>();

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
     * Predicts the labels, and adds the derivative of the prediction's loss: cross-entropy for classes and independent
     * labels, half the squared error for real values, the mean over outputs.
     */
    @Override
    public void addSignal(INDArray rows, List<Labels> labels, double weight, INDArray signal) {
        for (Labels output : labels) {
            known(output, rows).addSignal(rows, output, weight / labels.size(), signal);
        }
    }

    private LabelReadout known(Labels output, INDArray rows) {
        return readouts.computeIfAbsent(output.output(), name -> {
            Size size = new Size(rows.dataType(), rows.size(1), output.rows().size(1), output.encoding());
            sizes.put(name, size);
            return readout(size);
        });
    }

    private LabelReadout readout(Size size) {
        return block == 0 ? new WholeBatchReadout(rate, size) : new BlockReadout(rate, block, size);
    }

    @Override
    public void state(Store store) {
        List<String> outputs = store.names("outputs", readouts.keySet());
        if (store.restoring()) {
            readouts.clear();
            sizes.clear();
        }
        for (int i = 0; i < outputs.size(); i++) {
            String output = outputs.get(i);
            store.part("output " + i, part -> {
                Size size = Size.state(part, sizes.get(output));
                sizes.put(output, size);
                readouts.computeIfAbsent(output, name -> readout(size)).state(part);
            });
        }
    }

    @Override
    public String name() {
        return "predictor";
    }

    @Override
    public void learn() {
        try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            readouts.values().forEach(LabelReadout::commit);
        }
    }

    /** What was learnt from the samples that were predicted last does not count. */
    @Override
    public void forget() {
        readouts.values().forEach(LabelReadout::discard);
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

    @Override
    public LabelPredictor copy() {
        LabelPredictor copy = new LabelPredictor(rate, block);
        try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            readouts.forEach((output, readout) -> copy.readouts.put(output, readout.copy()));
        }
        copy.sizes.putAll(sizes);
        return copy;
    }

    /**
     * How large a readout is, and what it reads.
     *
     * @param type of its numbers
     * @param width of the rows that it reads
     * @param labels of a sample
     * @param encoding of these
     */
    record Size(DataType type, long width, long labels, Labels.Encoding encoding) {

        /** Saved numbers stand for more than there are in no file: this is as many as an array can have. */
        private static final long MOST = Integer.MAX_VALUE;

        /** A size as it is saved; null while one is brought back. */
        static Size state(Store store, Size now) {
            boolean known = !store.restoring();
            boolean inDouble = store.flag("double", known && now.type == DataType.DOUBLE);
            long width = store.count("width", known ? now.width : 0, 1, MOST);
            long labels = store.count("labels", known ? now.labels : 0, 1, MOST);
            store.require(!store.restoring() || width * labels <= store.numbers(), "has a readout of " + width + " x "
                    + labels + " weights, for which there are too few numbers in it");
            int encoding = (int) store.count("encoding", known ? now.encoding.ordinal() : 0, 0,
                    Labels.Encoding.values().length - 1);
            return new Size(inDouble ? DataType.DOUBLE : DataType.FLOAT, width, labels,
                    Labels.Encoding.values()[encoding]);
        }
    }
}
