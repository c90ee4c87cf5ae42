package org.ibhebb.signal;

import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.LabelKernel;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
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
final class Neighbourhood implements Window.Term {

    /** Stands for the logarithm of 0 where minus infinity would make 0 * infinity. */
    private static final double LOG_OF_ZERO = -1e30;

    /** log S, with no one his own partner. */
    private final INDArray logSame;
    /** 0 for every candidate, minus infinity for the anchor itself. */
    private final INDArray logOthers;
    private final INDArray u;
    private final INDArray anchors;
    private final double squaredBandwidth;
    private final INDArray logKernel;

    Neighbourhood(Objective objective, Window window, INDArray u) {
        LabelKernel labels = objective.labels();
        int current = window.current();
        this.logOthers = window.shared("others", labels, () -> logOthers(window.labelKernel(labels), current));
        this.logSame = window.shared("same", labels, () -> logSame(window.labelKernel(labels), logOthers));
        this.u = u;
        this.anchors = Rows.first(u, current);
        Kernel kernel = objective.kernel();
        boolean median = kernel.type() == Kernel.Type.MEDIAN_GAUSSIAN;
        // The median is over all pairs of the window; otherwise only the anchors' rows are ever read.
        INDArray distances = Kernels.squaredDistances(u, median ? u.rows() : current);
        this.squaredBandwidth = Kernels.squaredBandwidth(median, kernel.sigma(), distances, u.columns());
        this.logKernel = Rows.first(distances, current)
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
        INDArray amongAnchors = m.get(NDArrayIndex.all(), NDArrayIndex.interval(0, n));
        INDArray asNeighbour = Nd4j.gemm(amongAnchors.dup(), anchors, true, false)
                .subi(anchors.mulColumnVector(amongAnchors.sum(0).reshape(n, 1)));
        return asAnchor.addi(asNeighbour).muli(1 / (squaredBandwidth * n));
    }

    @Override
    public int averagedOver() {
        return anchors.rows();
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

    private static INDArray logOthers(INDArray labelKernel, int anchors) {
        INDArray log = Nd4j.zeros(labelKernel.dataType(), anchors, labelKernel.columns());
        for (int anchor = 0; anchor < anchors; anchor++) {
            log.putScalar(anchor, anchor, LOG_OF_ZERO);
        }
        return log;
    }

    /**
     * An anchor without any partner takes all others for partners, so that both sums are equal and it contributes
     * exactly nothing.
     */
    private static INDArray logSame(INDArray labelKernel, INDArray logOthers) {
        int anchors = logOthers.rows();
        INDArray same = Rows.first(labelKernel, anchors).dup();
        for (int anchor = 0; anchor < anchors; anchor++) {
            same.putScalar(anchor, anchor, 0);
        }
        INDArray best = same.max(1);
        INDArray log = Transforms.max(Transforms.log(same, false), LOG_OF_ZERO, false);
        for (int anchor = 0; anchor < anchors; anchor++) {
            if (best.getDouble(anchor) <= 0) {
                log.putRow(anchor, logOthers.getRow(anchor));
            }
        }
        return log;
    }
}
