package org.ibhebb.samples.bench;

import java.util.List;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Buffers;
import org.ibhebb.internal.arithmetic.Rows;
import org.ibhebb.internal.memory.Placement;
import org.ibhebb.internal.memory.StepBuffers;
import org.ibhebb.internal.memory.WorkingMemory;
import org.ibhebb.internal.term.window.Window;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One layer's signal by the native kernel and by ND4J's operations. A call is what a network of a single local layer
 * does in each step: new samples in a full working memory, and a new window, so that the kernels of labels and inputs
 * are computed too, in buffers and a workspace that the step before used already.
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
        Arithmetic composed = Arithmetic.named("nd4j");
        composed.normalize(activations, 1e-5, rows, Nd4j.createUninitialized(DataType.FLOAT, of.n(), 1));
        this.ours = new Side(Arithmetic.named("native"), DataType.FLOAT);
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
            throw new IllegalStateException("in kernel." + of.key() + " the " + side.kernel.name() + " kernel's signals"
                    + " are off by " + error + ", and the largest should be " + largest + ". Times of wrong numbers mean"
                    + " nothing");
        }
    }

    private final class Side {

        final Arithmetic kernel;
        final INDArray signal;
        private final INDArray u;
        private final INDArray x;
        private final INDArray y;
        private final Placement placement;
        private final WorkingMemory activations = WorkingMemory.ofActivations(rule);
        private final WorkingMemory inputs = WorkingMemory.ofInputs(rule);
        private final WorkingMemory labels = WorkingMemory.ofLabels(rule, Labels.Encoding.CLASSES);
        private final Buffers buffers = new StepBuffers();

        Side(Arithmetic kernel, DataType type) {
            this.kernel = kernel;
            this.signal = Nd4j.createUninitialized(type, of.current(), of.d());
            Placement all = new Placement(0, of.n(), 0, 0, of.n());
            activations.write(rows.castTo(type), all);
            inputs.write(SignalRivals.this.inputs.castTo(type), all);
            labels.write(SignalRivals.this.labels.castTo(type), all);
            // The newest sample lies anywhere; a batch that fills the memory lies from its beginning on.
            int first = of.current() == of.n() ? 0 : of.n() / 2;
            this.placement = new Placement(0, of.current(), first, of.n(), of.n());
            this.u = Rows.between(rows, first, first + of.current()).castTo(type);
            this.x = Rows.between(SignalRivals.this.inputs, first, first + of.current()).castTo(type);
            this.y = Rows.between(SignalRivals.this.labels, first, first + of.current()).castTo(type);
        }

        void run() {
            try (MemoryWorkspace step = Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, of.key())) {
                activations.write(u, placement);
                labels.write(y, placement);
                if (rule.readsInput()) {
                    inputs.write(x, placement);
                }
                new Window(kernel, placement.slot(), placement.count(), placement.window(), inputs.window(placement),
                        List.of(new Labels("output", labels.window(placement).rows(), Labels.Encoding.CLASSES)),
                        buffers)
                        .signal(rule, activations.window(placement), signal);
            }
        }
    }
}
