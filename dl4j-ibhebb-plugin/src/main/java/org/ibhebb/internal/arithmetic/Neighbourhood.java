package org.ibhebb.internal.arithmetic;

import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.LabelKernel;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Neighbourhood components analysis over a window: each current sample p is an anchor, every other sample q of the
 * window a candidate neighbour,
 *
 * <pre>L = -(1/n) sum_p [log sum_{q != p} S_pq k_pq - log sum_{q != p} k_pq]</pre>
 *
 * with S the label kernel. An anchor without a partner of its label contributes nothing. All sums are formed in
 * log-sum-exp, for at small sigma the kernel underflows.
 */
final class Neighbourhood implements Term {

    /** Stands for the logarithm of 0 where minus infinity would make 0 * infinity. */
    private static final double LOG_OF_ZERO = -1e30;

    /** log S, with no one his own partner. */
    private final INDArray logSame;
    /** 0 for every candidate, minus infinity for the anchor itself. */
    private final INDArray logOthers;
    private final Window window;
    private final INDArray u;
    private final INDArray anchors;
    private final double squaredBandwidth;
    private final INDArray logKernel;

    Neighbourhood(Objective objective, Window window, INDArray u) {
        this.window = window;
        LabelKernel labels = objective.labels();
        INDArray labelKernel = window.labelKernel(labels);
        this.logOthers = window.shared("others", labels, window.current(), log -> logOthers(window, log));
        this.logSame = window.shared("same", labels, window.current(),
                log -> log.assign(logSame(window, labelKernel, logOthers)));
        this.u = u;
        this.anchors = window.currentOf(u);
        Kernel kernel = objective.kernel();
        boolean median = kernel.type() == Kernel.Type.MEDIAN_GAUSSIAN;
        // The median is over all pairs of the window; otherwise only the anchors' rows are ever read.
        INDArray distances = median
                ? Kernels.squaredDistances(u)
                : Kernels.squaredDistances(u, window.first(), window.current());
        this.squaredBandwidth = Kernels.squaredBandwidth(median, kernel.sigma(), distances, u.columns());
        this.logKernel = (median ? window.currentOf(distances) : distances)
                .mul(squaredBandwidth == 0 ? 0 : -1 / (2 * squaredBandwidth));
    }

    @Override
    public double value() {
        if (u.rows() == 1) {
            return 0;
        }
        INDArray same = logSumExp(logKernel.add(logSame));
        INDArray all = logSumExp(logKernel.add(logOthers));
        return -same.subi(all).sumNumber().doubleValue() / anchors.rows();
    }

    @Override
    public INDArray gradient() {
        int n = anchors.rows();
        if (squaredBandwidth == 0 || u.rows() == 1) {
            return Nd4j.zerosLike(anchors);
        }
        // M = softmax over all others - softmax over partners: the two reads of memory whose difference is the signal.
        INDArray m = softmax(logKernel.add(logOthers)).subi(softmax(logKernel.add(logSame)));
        // The rows of M sum to 0, so that the anchor's own place drops out.
        INDArray asAnchor = Nd4j.gemm(m, u, false, false);
        if (n == 1) {
            return asAnchor.divi(squaredBandwidth);
        }
        // One row for each anchor as a neighbour, one column for each as an anchor.
        INDArray amongAnchors = window.currentOf(m.transpose()).dup('c');
        INDArray asNeighbour = Nd4j.gemm(amongAnchors, anchors, false, false)
                .subi(anchors.mulColumnVector(amongAnchors.sum(1).reshape(n, 1)));
        return asAnchor.addi(asNeighbour).muli(1 / (squaredBandwidth * n));
    }

    private static INDArray logSumExp(INDArray rows) {
        INDArray most = rows.max(1).reshape(rows.rows(), 1);
        return Transforms.log(Transforms.exp(rows.subColumnVector(most), false).sum(1).reshape(rows.rows(), 1), false)
                .addi(most);
    }

    /**
     * In place, and in place of ND4J's, which is NaN in a row whose entries are all far below 0: that of an anchor far
     * from everyone.
     */
    private static INDArray softmax(INDArray rows) {
        INDArray most = rows.max(1).reshape(rows.rows(), 1);
        INDArray shares = Transforms.exp(rows.subiColumnVector(most), false);
        return shares.diviColumnVector(shares.sum(1).reshape(rows.rows(), 1));
    }

    private static void logOthers(Window window, INDArray log) {
        log.assign(0);
        for (int anchor = 0; anchor < window.current(); anchor++) {
            log.putScalar(anchor, window.slot(anchor), LOG_OF_ZERO);
        }
    }

    /**
     * An anchor without any partner takes all others for partners, so that both sums are equal and it contributes
     * exactly nothing.
     */
    private static INDArray logSame(Window window, INDArray labelKernel, INDArray logOthers) {
        INDArray same = window.currentOf(labelKernel).dup('c');
        for (int anchor = 0; anchor < window.current(); anchor++) {
            same.putScalar(anchor, window.slot(anchor), 0);
        }
        INDArray best = same.max(1);
        INDArray log = Transforms.max(Transforms.log(same, false), LOG_OF_ZERO, false);
        for (int anchor = 0; anchor < window.current(); anchor++) {
            if (best.getDouble(anchor) <= 0) {
                log.putRow(anchor, logOthers.getRow(anchor));
            }
        }
        return log;
    }
}
