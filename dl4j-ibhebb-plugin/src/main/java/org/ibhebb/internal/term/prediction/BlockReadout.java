package org.ibhebb.internal.term.prediction;

import org.ibhebb.internal.arithmetic.Allocation;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Plasticity;
import org.ibhebb.internal.state.Stateful;
import org.ibhebb.internal.state.Store;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Learns within the mini-batch, block by block, by normalised least mean squares, so that later samples of a mini-batch
 * already meet what the earlier ones taught. Real-valued labels are read at mean 0 and variance 1, by their running
 * moments.
 */
final class BlockReadout implements LabelReadout {

    /** The squared error is curved where cross-entropy is flat: real values are learnt from more at a time. */
    private static final int REAL_BLOCKS = 16;
    /** So are a few units, in which one sample overwrites what another taught. */
    private static final int NARROW_BLOCKS = 4;
    /** Of the weights' rate. */
    private static final double BIAS_RATE = 0.1;
    /** Of the running error, for a mini-batch of {@link #USUAL} samples. */
    private static final double ERROR_SHARE = 0.05;
    private static final double USUAL = 64;
    /** The least share of a mini-batch in the running moments of labels. */
    private static final double MOMENT_SHARE = 0.001;

    private final double rate;
    /** Samples that are learnt from at a time. */
    private final long block;
    private final Labels.Encoding encoding;
    private State known;
    private State next;
    private boolean pending;

    BlockReadout(double rate, int block, LabelPredictor.Size size) {
        this.rate = rate;
        this.encoding = size.encoding();
        this.block = (long) block * (encoding == Labels.Encoding.REAL
                ? REAL_BLOCKS
                : size.width() < LearningRule.WIDE ? NARROW_BLOCKS : 1);
        known = new State(size);
        next = new State(size);
    }

    private BlockReadout(BlockReadout other) {
        rate = other.rate;
        block = other.block;
        encoding = other.encoding;
        known = other.known.copy();
        next = other.known.copy();
    }

    @Override
    public void addSignal(INDArray rows, Labels labels, double weight, INDArray signal) {
        next.assign(known, encoding);
        INDArray given = gapless(labels.rows());
        if (encoding == Labels.Encoding.REAL) {
            next.see(given);
            given = next.standardized(given);
        }
        // There is room for a block, of which a mini-batch may be a small part.
        int rowsOfBlock = (int) Math.min(block * labels.times(), rows.size(0));
        double squares = Arithmetic.of(rows.dataType()).readout(gapless(rows), given, link(), rowsOfBlock, rate,
                rate * BIAS_RATE, weight, true, next.weights, next.bias, signal);
        double samples = rows.size(0);
        next.errs(squares / samples, samples);
        pending = true;
    }

    private Plasticity.Link link() {
        return switch (encoding) {
            case CLASSES -> Plasticity.Link.SOFTMAX;
            case INDEPENDENT -> Plasticity.Link.LOGISTIC;
            case REAL -> Plasticity.Link.IDENTITY;
        };
    }

    private static INDArray gapless(INDArray rows) {
        boolean plain = rows.ordering() == 'c' && rows.stride()[1] == 1 && rows.stride()[0] == rows.size(1);
        return plain ? rows : rows.dup('c');
    }

    @Override
    public void commit() {
        if (pending) {
            State before = known;
            known = next;
            next = before;
            pending = false;
        }
    }

    @Override
    public void discard() {
        pending = false;
    }

    @Override
    public double loss(INDArray rows, Labels labels) {
        INDArray sums = Nd4j.gemm(rows, known.weights, false, true)
                .addiRowVector(known.bias.reshape(1, known.bias.length()));
        Labels seen = encoding == Labels.Encoding.REAL
                ? new Labels(labels.output(), known.standardized(labels.rows()), encoding)
                : labels;
        return Predictions.loss(Predictions.of(sums, encoding), seen);
    }

    @Override
    public double share() {
        if (known.samples == 0) {
            return 1;
        }
        double labels = known.bias.length();
        double ignorant = switch (encoding) {
            case CLASSES -> Math.max(1 - 1 / labels, 0.5);
            case INDEPENDENT -> labels / 4;
            case REAL -> labels;
        };
        return Math.min(1, known.error / ignorant);
    }

    @Override
    public LabelReadout copy() {
        return new BlockReadout(this);
    }

    @Override
    public void state(Store store) {
        known.state(store);
        if (store.restoring()) {
            discard();
        }
    }

    /** What a readout knows. */
    private static final class State implements Stateful {

        /** c x d. */
        final INDArray weights;
        /** c values. */
        final INDArray bias;
        /** The same, as a matrix. */
        private final INDArray biasRow;
        /** Of the labels: c values each. */
        final INDArray means;
        final INDArray squares;
        double error;
        double samples;

        State(LabelPredictor.Size size) {
            weights = Allocation.zeros(size.type(), size.labels(), size.width());
            bias = Allocation.zeros(size.type(), size.labels());
            biasRow = bias.reshape(1, size.labels());
            means = Allocation.zeros(size.type(), size.labels());
            squares = Allocation.zeros(size.type(), size.labels());
        }

        private State(State other) {
            weights = other.weights.dup();
            bias = other.bias.dup();
            biasRow = bias.reshape(1, bias.length());
            means = other.means.dup();
            squares = other.squares.dup();
            error = other.error;
            samples = other.samples;
        }

        @Override
        public void state(Store store) {
            state(store, "weights", weights);
            state(store, "bias", bias);
            state(store, "means", means);
            state(store, "squares", squares);
            error = store.number("error", error);
            samples = store.number("samples", samples);
        }

        private static void state(Store store, String name, INDArray values) {
            INDArray saved = store.array(name, values, values.shape());
            if (store.restoring()) {
                values.assign(saved);
            }
        }

        State copy() {
            return new State(this);
        }

        void assign(State other, Labels.Encoding encoding) {
            Arithmetic arithmetic = Arithmetic.of(weights.dataType());
            arithmetic.copyRows(other.weights, 0, (int) weights.size(0), weights, 0);
            arithmetic.copyRows(other.biasRow, 0, 1, biasRow, 0);
            if (encoding == Labels.Encoding.REAL) {
                means.assign(other.means);
                squares.assign(other.squares);
            }
            error = other.error;
            samples = other.samples;
        }

        void see(INDArray labels) {
            double count = labels.size(0);
            double share = Math.max(MOMENT_SHARE, count / (samples + count));
            move(means, labels.mean(0), share);
            INDArray centred = labels.subRowVector(means.reshape(1, means.length()));
            move(squares, centred.muli(centred).mean(0), share);
        }

        private static void move(INDArray running, INDArray latest, double share) {
            running.addi(latest.reshape(running.shape()).subi(running).muli(share));
        }

        INDArray standardized(INDArray labels) {
            INDArray deviations = Transforms.sqrt(squares, true);
            // A label that has never varied is no harder to predict in units of 1.
            for (int label = 0; label < deviations.length(); label++) {
                if (!(deviations.getDouble(label) > 0)) {
                    deviations.putScalar(label, 1);
                }
            }
            return labels.subRowVector(means.reshape(1, means.length()))
                    .diviRowVector(deviations.reshape(1, deviations.length()));
        }

        void errs(double latest, double count) {
            error = samples == 0 ? latest : error + (latest - error) * Math.min(1, ERROR_SHARE * count / USUAL);
            samples += count;
        }
    }
}
