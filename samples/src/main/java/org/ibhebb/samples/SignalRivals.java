package org.ibhebb.samples;

import java.util.List;
import org.ibhebb.memory.StepBuffers;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.signal.Buffers;
import org.ibhebb.signal.Labels;
import org.ibhebb.signal.SignalKernel;
import org.ibhebb.signal.Window;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One layer's signal by the native kernel and by ND4J's operations. A call is what a network of a single local layer
 * does in each step: a new window, so that the kernels of labels and inputs are computed too, in buffers and a
 * workspace that the step before used already.
 */
final class SignalRivals implements Rivals {

    /** Of the largest entry. */
    private static final double TOLERANCE = 1e-4;
    /** ND4J adds up a matrix of floats in one float: at N = 512 that costs normalised HSIC three digits. */
    private static final double TOLERANCE_OF_OTHER = 1e-2;
    private static final WorkspaceConfiguration WORKSPACE =
            WorkspaceConfiguration.builder().policyLearning(LearningPolicy.FIRST_LOOP).build();

    private final SignalCase of;
    private final LearningRule rule;
    private final INDArray inputs;
    private final INDArray labels;
    private final INDArray rows;
    private final Side ours;
    private final Side other;
    private final INDArray expected;

    SignalRivals(SignalCase of) {
        this.of = of;
        this.rule = LearningRule.builder().objective(Objective.of(of.kind())).memory(of.n()).build();
        Nd4j.getRandom().setSeed(1);
        this.inputs = Nd4j.rand(DataType.FLOAT, of.n(), SignalCase.INPUTS);
        // Few enough classes that every sample has a partner in the smallest window.
        this.labels =
                BenchLabels.oneHot(of.n(), SignalCase.CLASSES, Math.min(SignalCase.CLASSES, of.n() / 2));
        this.rows = Nd4j.createUninitialized(DataType.FLOAT, of.n(), of.d());
        INDArray activations = Nd4j.randn(DataType.FLOAT, of.n(), of.d());
        SignalKernel composed = SignalKernel.named("nd4j");
        composed.normalize(activations, rows, Nd4j.createUninitialized(DataType.FLOAT, of.n(), 1));
        this.ours = new Side(SignalKernel.named("native"), DataType.FLOAT);
        this.other = new Side(composed, DataType.FLOAT);
        Side exact = new Side(composed, DataType.DOUBLE);
        exact.run();
        this.expected = exact.signal;
    }

    @Override
    public void ours() {
        ours.run();
    }

    @Override
    public void other() {
        other.run();
    }

    @Override
    public void check() {
        check(ours, TOLERANCE);
        check(other, TOLERANCE_OF_OTHER);
    }

    private void check(Side side, double tolerance) {
        double largest = expected.amaxNumber().doubleValue();
        double error = side.signal.castTo(DataType.DOUBLE).sub(expected).amaxNumber().doubleValue();
        // NaN fails both.
        if (!(largest > 0 && error <= tolerance * largest)) {
            throw new IllegalStateException("in kernel." + of.key() + " the " + side.kernel + " kernel's signals are"
                    + " off by " + error + ", and the largest should be " + largest + ". Times of wrong numbers mean"
                    + " nothing");
        }
    }

    private final class Side {

        final SignalKernel kernel;
        final INDArray signal;
        private final INDArray u;
        private final INDArray x;
        private final List<Labels> y;
        private final Buffers buffers = new StepBuffers();

        Side(SignalKernel kernel, DataType type) {
            this.kernel = kernel;
            this.signal = Nd4j.createUninitialized(type, of.current(), of.d());
            this.u = rows.castTo(type);
            this.x = inputs.castTo(type);
            this.y = List.of(new Labels("output", labels.castTo(type), Labels.Encoding.CLASSES));
        }

        void run() {
            // A ring's newest sample lies anywhere; a batch that fills it lies from its beginning on.
            int first = of.current() == of.n() ? 0 : of.n() / 2;
            try (MemoryWorkspace step = Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, of.key())) {
                new Window(kernel, first, of.current(), of.n(), x, y, buffers).signal(rule, u, signal);
            }
        }
    }
}
