package org.ibhebb.internal.arithmetic;

import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The objectives that measure dependence by centred kernels: HSIC, HSIC-ZZ, normalised HSIC and the reference formula.
 * Each is a function of the kernel matrix K alone: its value and dL/dK are formed here, and {@link Kernels} carries
 * dL/dK to the activations.
 */
final class Dependence implements Term {

    private final Objective objective;
    private final Window window;
    private final Kernels.Differentiable kernel;

    Dependence(Objective objective, Window window, INDArray u) {
        this.objective = objective;
        this.window = window;
        this.kernel = Kernels.of(objective.kernel(), u);
    }

    @Override
    public double value() {
        int n = window.size();
        if (n < 2) {
            return 0;
        }
        INDArray k = kernel.matrix();
        double pairs = (n - 1.0) * (n - 1.0);
        return switch (objective.kind()) {
            case HSIC -> Kernels.inner(window.balance(objective), k) / pairs;
            case HSIC_ZZ ->
                (Kernels.inner(Kernels.centred(k), k) - objective.gamma() * Kernels.inner(task(), k)) / pairs;
            case NORMALIZED_HSIC -> {
                Alignment alignment = new Alignment();
                yield alignment.defined() ? -alignment.inner / (alignment.taskNorm * alignment.ownNorm) : 0;
            }
            case REFERENCE ->
                2 * Kernels.inner(Nd4j.diag(window.balance(objective)), Nd4j.diag(Kernels.centred(k))) / pairs;
            case NEIGHBOURHOOD, PREDICTION -> throw new IllegalStateException("not an objective of centred kernels");
        };
    }

    @Override
    public INDArray gradient() {
        return kernel.gradient(sensitivity(), window);
    }

    /** dL/dK: N x N, symmetric. */
    private INDArray sensitivity() {
        int n = window.size();
        INDArray k = kernel.matrix();
        if (n < 2) {
            return Nd4j.zerosLike(k);
        }
        double pairs = (n - 1.0) * (n - 1.0);
        return switch (objective.kind()) {
            case HSIC -> window.balance(objective).div(pairs);
            case HSIC_ZZ -> Kernels.centred(k).muli(2).subi(task().mul(objective.gamma())).divi(pairs);
            case NORMALIZED_HSIC -> {
                Alignment alignment = new Alignment();
                if (!alignment.defined()) {
                    yield Nd4j.zerosLike(k);
                }
                yield alignment.own.mul(alignment.inner / (alignment.ownNorm * alignment.ownNorm))
                        .subi(task())
                        .divi(alignment.taskNorm * alignment.ownNorm);
            }
            case REFERENCE -> window.diagonalOnly(objective);
            case NEIGHBOURHOOD, PREDICTION -> throw new IllegalStateException("not an objective of centred kernels");
        };
    }

    private INDArray task() {
        return window.centredLabelKernel(objective.labels());
    }

    /** What normalised HSIC is made of; undefined where labels or activations do not vary. */
    private final class Alignment {

        final INDArray own = Kernels.centred(kernel.matrix());
        final double ownNorm = own.norm2Number().doubleValue();
        final double taskNorm = task().norm2Number().doubleValue();
        final double inner = Kernels.inner(task(), own);

        boolean defined() {
            return ownNorm > Kernels.roundingNorm(own) && taskNorm > Kernels.roundingNorm(task());
        }
    }
}
