package org.ibhebb.internal.arithmetic;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.ibhebb.internal.memory.StepBuffers;
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
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One layer's signal. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SignalBenchmark {

    private static final WorkspaceConfiguration WORKSPACE =
            WorkspaceConfiguration.builder().policyLearning(LearningPolicy.FIRST_LOOP).build();
    private static final int INPUTS = 784;
    private static final int CLASSES = 10;

    /** Which form of the arithmetic. */
    @Param({"native", "nd4j"})
    public String kernel;

    /** With its default settings. */
    @Param({"neighbourhood", "hsic", "normalized-hsic"})
    public String objective;

    /** Samples in the window. */
    @Param({"128"})
    public int n;

    /** Units of the layer. */
    @Param({"512"})
    public int d;

    /** Samples that a signal is formed for. */
    @Param({"1", "128"})
    public int current;

    private Arithmetic arithmetic;
    private LearningRule rule;
    private INDArray inputs;
    private List<Labels> labels;
    private INDArray rows;
    private INDArray signal;
    private Buffers buffers;
    private Window known;

    /** Makes the arrays. */
    @Setup
    public void prepare() {
        arithmetic = Arithmetic.named(kernel);
        rule = LearningRule.builder().objective(Objective.of(Objective.Kind.fromName(objective))).memory(n).build();
        Nd4j.getRandom().setSeed(1);
        inputs = Nd4j.rand(DataType.FLOAT, n, INPUTS);
        INDArray oneHot = Nd4j.zeros(DataType.FLOAT, n, CLASSES);
        for (int sample = 0; sample < n; sample++) {
            oneHot.putScalar(sample, sample % CLASSES, 1);
        }
        labels = List.of(new Labels("output", oneHot, Labels.Encoding.CLASSES));
        rows = Nd4j.createUninitialized(DataType.FLOAT, n, d);
        arithmetic.normalize(
                Nd4j.randn(DataType.FLOAT, n, d), 1e-5, rows, Nd4j.createUninitialized(DataType.FLOAT, n, 1));
        signal = Nd4j.createUninitialized(DataType.FLOAT, current, d);
        buffers = new StepBuffers();
        known = window(new StepBuffers());
    }

    private Window window(Buffers own) {
        return new Window(arithmetic, 0, current, n, SlotRows.of(inputs), labels, own);
    }

    /** A layer alone in its network: the kernels of labels and inputs are computed too. */
    @Benchmark
    public INDArray alone() {
        try (MemoryWorkspace scope = Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, "benchmark")) {
            window(buffers).signal(rule, SlotRows.of(rows), signal);
        }
        return signal;
    }

    /** A layer that finds them computed, as every layer but the first does. */
    @Benchmark
    public INDArray further() {
        try (MemoryWorkspace scope = Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, "benchmark")) {
            known.signal(rule, SlotRows.of(rows), signal);
        }
        return signal;
    }
}
