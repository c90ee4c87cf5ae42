package org.ibhebb.internal.arithmetic;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Groups of units in place of single units (Pogodin and Latham 2020): contiguous groups of m units, each centred (q)
 * and read as {@code f = sqrt((sum of q^2 + 1) / m)}; f centred across the groups.
 */
final class Grouping {

    private final INDArray deviations;
    private final INDArray sizes;
    private final long unitsPerGroup;

    /**
     * @param u N x d
     * @param groups divides d
     * @throws IllegalArgumentException if it doesn't
     */
    Grouping(INDArray u, int groups) {
        check(u.columns(), groups);
        unitsPerGroup = u.columns() / groups;
        INDArray grouped = u.dup('c').reshape('c', (long) u.rows() * groups, unitsPerGroup);
        deviations = grouped.subiColumnVector(grouped.mean(1).reshape(grouped.rows(), 1));
        sizes = Transforms.sqrt(
                deviations.mul(deviations).sum(1).addi(1).divi(unitsPerGroup).reshape('c', u.rows(), groups), false);
    }

    /** Throws unless the width can be split into so many groups. */
    static void check(long width, int groups) {
        if (width % groups != 0) {
            throw new IllegalArgumentException("groups (" + groups + ") must divide the width that the signal sees ("
                    + width + "): choose a divisor, or 0 for no groups");
        }
    }

    /** What the kernel compares: N x groups. */
    INDArray values() {
        return acrossGroups(sizes);
    }

    /** dL/du of a window's current rows, from dL/d{@link #values} of those rows. */
    INDArray backward(INDArray gradient, Window window) {
        int rows = gradient.rows();
        int groups = sizes.columns();
        INDArray own = acrossGroups(gradient).divi(window.currentOf(sizes)).divi(unitsPerGroup);
        INDArray units = Rows.around(deviations, window.first() * groups, rows * groups);
        return units.mulColumnVector(own.dup('c').reshape('c', own.length(), 1))
                .reshape('c', rows, groups * unitsPerGroup);
    }

    private static INDArray acrossGroups(INDArray perGroup) {
        return perGroup.subColumnVector(perGroup.mean(1).reshape(perGroup.rows(), 1));
    }
}
