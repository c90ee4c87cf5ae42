package org.ibhebb.internal.arithmetic;

import java.util.concurrent.TimeUnit;
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

/** What a dense layer does around its signal; activations and gradients lie as DL4J lays them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LayerBenchmark {

    private static final WorkspaceConfiguration WORKSPACE =
            WorkspaceConfiguration.builder().policyLearning(LearningPolicy.FIRST_LOOP).build();

    /** Which form of the arithmetic. */
    @Param({"native", "nd4j"})
    public String kernel;

    /** Samples in the mini-batch. */
    @Param({"1", "128"})
    public int n;

    /** Units of the layer, and of the one below. */
    @Param({"512"})
    public int d;

    private Arithmetic arithmetic;
    private INDArray activations;
    private INDArray normalized;
    private INDArray inverseDeviation;
    private INDArray signal;
    private INDArray derivative;
    private INDArray weights;
    private INDArray bias;

    /** Makes the arrays. */
    @Setup
    public void prepare() {
        arithmetic = Arithmetic.named(kernel);
        Nd4j.getRandom().setSeed(1);
        activations = Nd4j.randn(DataType.FLOAT, n, d).dup('f');
        signal = Nd4j.randn(DataType.FLOAT, n, d).dup('c');
        normalized = Nd4j.createUninitialized(DataType.FLOAT, n, d);
        inverseDeviation = Nd4j.createUninitialized(DataType.FLOAT, n, 1);
        derivative = Nd4j.createUninitialized(DataType.FLOAT, new long[] {n, d}, 'f');
        weights = Nd4j.createUninitialized(DataType.FLOAT, new long[] {d, d}, 'f');
        bias = Nd4j.createUninitialized(DataType.FLOAT, 1, d);
        arithmetic.normalize(activations, 1e-5, normalized, inverseDeviation);
        arithmetic.denormalize(signal, normalized, inverseDeviation, derivative);
    }

    /** What the signal sees of the activations. */
    @Benchmark
    public INDArray normalize() {
        try (MemoryWorkspace scope = Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, "benchmark")) {
            arithmetic.normalize(activations, 1e-5, normalized, inverseDeviation);
        }
        return normalized;
    }

    /** The way back. */
    @Benchmark
    public INDArray denormalize() {
        try (MemoryWorkspace scope = Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, "benchmark")) {
            arithmetic.denormalize(signal, normalized, inverseDeviation, derivative);
        }
        return derivative;
    }

    /** From signal times slope to gradients. */
    @Benchmark
    public INDArray denseGradient() {
        try (MemoryWorkspace scope = Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, "benchmark")) {
            arithmetic.denseGradient(activations, derivative, weights, bias);
        }
        return weights;
    }
}
