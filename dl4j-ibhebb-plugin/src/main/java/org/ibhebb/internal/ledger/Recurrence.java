package org.ibhebb.internal.ledger;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.ibhebb.ledger.Ledger.Access;
import org.ibhebb.ledger.Ledger.Kind;

/**
 * Layers that go through time step by step, as {@code LSTMHelpers} and {@code SimpleRnn} do it: each time step passes
 * over all weights. A pass of each product and of each operation on gates counts; copies that Deeplearning4j makes of
 * gates do not.
 */
final class Recurrence {

    /** Sums that an LSTM's cell forms of its input and the outputs before. */
    static final int GATES = 4;

    private final Sheet sheet;
    private final Arrays arrays;
    private final long samples;
    private final boolean lean;

    Recurrence(Sheet sheet, Arrays arrays, long samples, boolean lean) {
        this.sheet = sheet;
        this.arrays = arrays;
        this.samples = samples;
        this.lean = lean;
    }

    private static boolean hasCells(Stage stage) {
        return stage.layer() instanceof LSTM;
    }

    /** All time steps' sums, and what activation functions make of them in place. */
    private Array sums(Stage stage) {
        return arrays.of(stage.name() + " gates", Kind.ACTIVATION,
                samples * stage.out() * (hasCells(stage) ? GATES : 1));
    }

    private Array cells(Stage stage) {
        return arrays.of(stage.name() + " cells", Kind.ACTIVATION, samples * stage.out());
    }

    /** @param weights what is read of parameters as the pass sees them, once */
    void forward(Stage stage, Access[] weights) {
        long steps = stage.steps();
        Array sums = sums(stage);
        Array output = arrays.output(stage);
        long ofSums = sums.bytes() / steps;
        long ofOutput = output.bytes() / steps;
        List<Access> all = new ArrayList<>();
        for (long step = 0; step < steps; step++) {
            all.add(arrays.input(stage).read(arrays.input(stage).bytes() / steps));
            all.addAll(List.of(weights));
            all.add(sums.write(ofSums));
            if (!lean) {
                // OpenBLAS adds to zeros, the outputs' product to that, then the bias is added.
                all.add(sums.update(ofSums));
                all.add(sums.update(ofSums));
                all.add(sums.update(ofSums));
            }
            if (step > 0) {
                all.add(output.read(ofOutput));
            }
            all.add(sums.update(ofSums));
            if (hasCells(stage)) {
                all.add(sums.read(ofSums));
                all.add(step > 0 ? cells(stage).update(ofOutput) : cells(stage).write(ofOutput));
                all.add(cells(stage).read(ofOutput));
            }
            all.add(output.write(ofOutput));
        }
        sheet.other("recurrent", samples * stage.macs(), arrays.activity(stage), all.toArray(Access[]::new));
    }

    /**
     * Back in time within the layer: the errors of sums, the gradient, and the errors of what stands below.
     *
     * @param weights what is read of parameters as the forward pass saw them, once
     * @param below receives the errors of the input; null where nobody needs them
     * @param accumulates whether gradients are added to
     */
    void backward(Stage stage, Access[] weights, Array below, boolean accumulates) {
        long steps = stage.steps();
        if (!lean) {
            // Deeplearning4j's backward pass does not know what the forward pass made.
            forward(stage, weights);
        }
        Array sums = sums(stage);
        Array output = arrays.output(stage);
        Array deltas = arrays.of(stage.name() + " delta", Kind.SIGNAL, sums.bytes() / sheet.bytes(1));
        long ofSums = sums.bytes() / steps;
        long ofOutput = output.bytes() / steps;
        long inputWeights = stage.patch() * stage.biases();
        List<Access> all = new ArrayList<>();
        Array gradient = arrays.weightGradient(stage);
        Array biases = arrays.biasGradient(stage);
        if (!accumulates) {
            all.add(gradient.write());
            all.add(biases.write());
        }
        for (long step = steps - 1; step >= 0; step--) {
            all.add(arrays.error(stage).read(ofOutput));
            if (step < steps - 1) {
                all.add(deltas.read(ofSums));
                all.add(arrays.weights(stage).read(sheet.bytes(stage.weights() - inputWeights)));
            }
            all.add(sums.read(ofSums));
            if (hasCells(stage)) {
                all.add(cells(stage).read(ofOutput));
            }
            all.add(deltas.write(ofSums));
            all.add(deltas.read(ofSums));
            all.add(arrays.input(stage).read(arrays.input(stage).bytes() / steps));
            if (step > 0) {
                all.add(output.read(ofOutput));
            }
            all.add(gradient.update());
            all.add(biases.update());
            if (below != null) {
                all.add(arrays.weights(stage).read(sheet.bytes(inputWeights)));
                all.add(below.write(below.bytes() / steps));
            }
        }
        // The gradient of all weights, the way back in time, and the errors below.
        long macs = samples * (stage.macs() + (stage.weights() - inputWeights) * (steps - 1)
                + (below == null ? 0 : inputWeights * steps));
        sheet.other("recurrent, back in time", macs, 1, all.toArray(Access[]::new));
    }
}
