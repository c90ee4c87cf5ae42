package org.ibhebb.signal;

import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The objectives that measure dependence by centred kernels: HSIC, HSIC-ZZ, normalised HSIC and the reference formula.
 * Each is a function of the kernel matrix K alone: its value and dL/dK are formed here, and {@link Kernels} carries
 * dL/dK to the activations.
 */
final class Dependence implements Window.Term {

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
            case HSIC -> Kernels.inner(balance(), k) / pairs;
            case HSIC_ZZ ->
                (Kernels.inner(Kernels.centred(k), k) - objective.gamma() * Kernels.inner(task(), k)) / pairs;
            case NORMALIZED_HSIC -> {
                Alignment alignment = new Alignment();
                yield alignment.defined() ? -alignment.inner / (alignment.taskNorm * alignment.ownNorm) : 0;
            }
            case REFERENCE ->
                2 * Kernels.inner(Nd4j.diag(balance()), Nd4j.diag(Kernels.centred(k))) / pairs;
            case NEIGHBOURHOOD -> throw new IllegalStateException("not an objective of centred kernels");
        };
    }

    @Override
    public INDArray gradient() {
        return kernel.gradient(sensitivity(), window.current());
    }

    @Override
    public int averagedOver() {
        return window.size();
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
            case HSIC -> balance().divi(pairs);
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
            case REFERENCE -> diagonalOnly(pairs);
            case NEIGHBOURHOOD -> throw new IllegalStateException("not an objective of centred kernels");
        };
    }

    /**
     * The published code keeps a_q = (H (Kx - g Ky) H)_qq only, and (H K H)_qq = K_qq - 2/N sum_r K_qr + 1/N^2 sum K:
     * dL/dK_pr = 2/(N-1)^2 [a_p d_pr - (a_p + a_r)/N + (sum a)/N^2]. K_pp is the constant 1, so that d_pr moves
     * nothing.
     */
    private INDArray diagonalOnly(double pairs) {
        int n = window.size();
        INDArray a = Nd4j.diag(balance()).dup();
        INDArray constant = Nd4j.valueArrayOf(new long[] {n, n},
                a.sumNumber().doubleValue() / ((double) n * n), a.dataType());
        return constant
                .subiColumnVector(a.div(n).reshape(n, 1))
                .subiRowVector(a.div(n).reshape(1, n))
                .muli(2 / pairs);
    }

    /** H (Kx - g Ky) H, in a fresh array. */
    private INDArray balance() {
        return window.centredInputKernel(objective.sigmaX()).sub(task().mul(objective.gamma()));
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
