package org.ibhebb.internal.term.window;

import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The objectives that measure dependence by centred kernels: HSIC, HSIC-ZZ, normalised HSIC and the reference formula.
 * Each is a function of the kernel matrix K of the activations.
 */
final class Dependence implements WindowObjective {

    private final Objective objective;
    private final Window window;
    private final Arithmetic arithmetic;

    Dependence(Objective objective, Window window) {
        this.objective = objective;
        this.window = window;
        this.arithmetic = window.arithmetic();
    }

    @Override
    public double value(INDArray u) {
        int n = window.size();
        if (n < 2) {
            return 0;
        }
        INDArray k = kernelMatrix(u);
        double pairs = (n - 1.0) * (n - 1.0);
        return switch (objective.kind()) {
            case HSIC -> inner(window.balance(objective), k) / pairs;
            case HSIC_ZZ -> (inner(centred(k), k) - objective.gamma() * inner(task(), k)) / pairs;
            case NORMALIZED_HSIC -> alignment(centred(k));
            case REFERENCE -> 2 * inner(Nd4j.diag(window.balance(objective)), Nd4j.diag(centred(k))) / pairs;
            default -> throw none();
        };
    }

    private IllegalStateException none() {
        return new IllegalStateException("the objective '" + objective.kind() + "' is no function of K");
    }

    private INDArray kernelMatrix(INDArray u) {
        int n = window.size();
        INDArray k = Nd4j.createUninitialized(u.dataType(), n, n);
        Kernel kernel = objective.kernel();
        switch (kernel.type()) {
            case COSINE -> arithmetic.cosine(u, n, k);
            case GAUSSIAN, MEDIAN_GAUSSIAN -> arithmetic.gaussian(
                    SlotRows.of(u), n, kernel.type() == Kernel.Type.MEDIAN_GAUSSIAN, kernel.sigma(), k);
        }
        return k;
    }

    private INDArray centred(INDArray k) {
        INDArray centred = Nd4j.createUninitialized(k.dataType(), k.shape());
        arithmetic.centre(k, null, 0, centred);
        return centred;
    }

    /** Normalised HSIC, with its sign; 0 where labels or activations do not vary. */
    private double alignment(INDArray own) {
        double ownNorm = own.norm2Number().doubleValue();
        double taskNorm = task().norm2Number().doubleValue();
        double rounding = Arithmetic.rounding(window.size(), own.dataType());
        return ownNorm <= rounding || taskNorm <= rounding ? 0 : -inner(task(), own) / (taskNorm * ownNorm);
    }

    private static double inner(INDArray a, INDArray b) {
        return a.mul(b).sumNumber().doubleValue();
    }

    @Override
    public void gradient(SlotRows u, double factor, boolean add, INDArray signal) {
        int n = window.size();
        double pairs = (n - 1.0) * (n - 1.0);
        Kernel kernel = objective.kernel();
        if (n < 2) {
            if (!add) {
                signal.assign(0);
            }
            return;
        }
        switch (objective.kind()) {
            case HSIC -> arithmetic.throughKernel(
                    u, window.span(), kernel, window.balance(objective), factor / pairs, add, signal);
            case HSIC_ZZ -> arithmetic.hsicZz(
                    u, window.span(), kernel, task(), objective.gamma(), factor, add, signal);
            case NORMALIZED_HSIC -> arithmetic.normalizedHsic(u, window.span(), kernel, task(), factor, add, signal);
            case REFERENCE -> arithmetic.throughKernel(
                    u, window.span(), kernel, window.diagonalOnly(objective), factor, add, signal);
            default -> throw none();
        }
    }

    private INDArray task() {
        return window.centredLabelKernel(objective.labels());
    }

    /** All of them: each is a mean over pairs of the window's samples. */
    @Override
    public int averagesOver() {
        return window.size();
    }
}
