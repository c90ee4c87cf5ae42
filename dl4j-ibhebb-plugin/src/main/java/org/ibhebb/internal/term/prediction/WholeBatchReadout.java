package org.ibhebb.internal.term.prediction;

import org.ibhebb.internal.arithmetic.Allocation;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.state.Store;
import org.ibhebb.internal.view.Labels;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Learns once a mini-batch, by the delta rule, as readouts of version 0.1 do. */
final class WholeBatchReadout implements LabelReadout {

    /** The squared error is curved more than cross-entropy: a rate that suits this one makes that one diverge. */
    private static final double OF_REAL_VALUES = 1.0 / 8;
    /** Where activations are all 0 there is nothing to learn, and nothing to divide by. */
    private static final double SMALLEST_SQUARE = 1e-5;

    private final double rate;
    /** d x c. */
    private final INDArray weights;
    /** 1 x c. */
    private final INDArray bias;
    /** What is subtracted from the weights and the bias when they are committed; null for nothing. */
    private INDArray weightStep;
    private INDArray biasStep;

    WholeBatchReadout(double rate, LabelPredictor.Size size) {
        this.rate = rate;
        weights = Allocation.zeros(size.type(), size.width(), size.labels());
        bias = Allocation.zeros(size.type(), 1, size.labels());
    }

    private WholeBatchReadout(WholeBatchReadout other) {
        rate = other.rate;
        weights = other.weights.dup();
        bias = other.bias.dup();
    }

    @Override
    public void addSignal(INDArray rows, Labels labels, double weight, INDArray signal) {
        Arithmetic arithmetic = Arithmetic.of(rows.dataType());
        INDArray error = predict(arithmetic, rows, labels.encoding()).subi(labels.rows());
        signal.addi(error.mmul(weights.transpose()).muli(weight));
        try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            weightStep = Nd4j.createUninitialized(weights.dataType(), weights.shape(), 'c');
            biasStep = Nd4j.createUninitialized(bias.dataType(), bias.shape(), 'c');
            arithmetic.denseGradient(rows, error, weightStep, biasStep);
        }
        double step = labels.encoding() == Labels.Encoding.REAL ? rate * OF_REAL_VALUES : rate;
        long samples = rows.size(0);
        double squares = Math.pow(rows.norm2Number().doubleValue(), 2) + SMALLEST_SQUARE * samples;
        weightStep.muli(step / squares);
        biasStep.muli(step / samples);
    }

    private INDArray predict(Arithmetic arithmetic, INDArray rows, Labels.Encoding encoding) {
        INDArray predicted =
                Nd4j.createUninitialized(rows.dataType(), new long[] {rows.size(0), weights.size(1)}, 'f');
        arithmetic.affine(rows, weights, bias, predicted);
        return Predictions.of(predicted, encoding);
    }

    @Override
    public void commit() {
        if (weightStep != null) {
            weights.subi(weightStep);
            bias.subi(biasStep);
            discard();
        }
    }

    @Override
    public void discard() {
        weightStep = null;
        biasStep = null;
    }

    @Override
    public double loss(INDArray rows, Labels labels) {
        return Predictions.loss(predict(Arithmetic.of(rows.dataType()), rows, labels.encoding()), labels);
    }

    @Override
    public double share() {
        return 1;
    }

    @Override
    public LabelReadout copy() {
        return new WholeBatchReadout(this);
    }

    @Override
    public void state(Store store) {
        INDArray savedWeights = store.array("weights", weights, weights.shape());
        INDArray savedBias = store.array("bias", bias, bias.shape());
        if (store.restoring()) {
            weights.assign(savedWeights);
            bias.assign(savedBias);
            discard();
        }
    }
}
