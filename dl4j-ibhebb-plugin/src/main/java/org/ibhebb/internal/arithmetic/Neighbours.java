package org.ibhebb.internal.arithmetic;

import org.ibhebb.rule.Kernel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Neighbourhood components analysis over a window, composed of ND4J's operations: each current sample p is an anchor,
 * every other sample q of the window a candidate neighbour,
 *
 * <pre>L = -(1/n) sum_p [log sum_{q != p} S_pq k_pq - log sum_{q != p} k_pq]</pre>
 *
 * with S the label kernel. An anchor without a partner of its label contributes nothing. All sums are formed in
 * log-sum-exp, for at small sigma the kernel underflows.
 */
final class Neighbours {

    /** Stands for the logarithm of 0 where minus infinity would make 0 * infinity. */
    private static final double LOG_OF_ZERO = -1e30;

    /** log S, with no one his own partner. */
    private final INDArray logSame;
    /** 0 for every candidate, a logarithm of 0 for the anchor itself. */
    private final INDArray logOthers;
    private final Span span;
    private final INDArray u;
    private final INDArray anchors;
    private final double squaredBandwidth;
    private final INDArray logKernel;

    Neighbours(INDArray u, Span span, Kernel kernel, INDArray same) {
        this.u = u;
        this.span = span;
        this.anchors = span.of(u);
        this.logOthers = logOthers(span, u.dataType());
        this.logSame = logSame(span, same, logOthers);
        boolean median = kernel.type() == Kernel.Type.MEDIAN_GAUSSIAN;
        // The median is over all pairs of the window; otherwise only the anchors' rows are ever read.
        INDArray distances = median
                ? Kernels.squaredDistances(u)
                : Kernels.squaredDistances(u, span.first(), span.count());
        this.squaredBandwidth = Kernels.squaredBandwidth(median, kernel.sigma(), distances, u.columns());
        this.logKernel = (median ? span.of(distances) : distances)
                .mul(squaredBandwidth == 0 ? 0 : -1 / (2 * squaredBandwidth));
    }

    double loss() {
        if (span.size() == 1) {
            return 0;
        }
        INDArray same = logSumExp(logKernel.add(logSame));
        INDArray all = logSumExp(logKernel.add(logOthers));
        return -same.subi(all).sumNumber().doubleValue() / span.count();
    }

    /** dL/du of the current rows, in their order, in a fresh array. */
    INDArray gradient() {
        int n = span.count();
        if (squaredBandwidth == 0 || span.size() == 1) {
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
        INDArray amongAnchors = span.of(m.transpose()).dup('c');
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

    private static INDArray logOthers(Span span, DataType type) {
        INDArray log = Nd4j.zeros(type, span.count(), span.size());
        for (int anchor = 0; anchor < span.count(); anchor++) {
            log.putScalar(anchor, span.slot(anchor), LOG_OF_ZERO);
        }
        return log;
    }

    /**
     * An anchor without any partner takes all others for partners, so that both sums are equal and it contributes
     * exactly nothing. No logarithm of 0 is formed on the way: ND4J can be told to stop at infinite values.
     */
    private static INDArray logSame(Span span, INDArray labelKernel, INDArray logOthers) {
        INDArray same = span.of(labelKernel).dup('c');
        for (int anchor = 0; anchor < span.count(); anchor++) {
            same.putScalar(anchor, span.slot(anchor), 0);
        }
        INDArray strangers = same.lte(0).castTo(same.dataType());
        INDArray log = Transforms.log(same.add(strangers), false).addi(strangers.muli(LOG_OF_ZERO));
        INDArray best = same.max(1);
        for (int anchor = 0; anchor < span.count(); anchor++) {
            if (best.getDouble(anchor) <= 0) {
                log.putRow(anchor, logOthers.getRow(anchor));
            }
        }
        return log;
    }
}
