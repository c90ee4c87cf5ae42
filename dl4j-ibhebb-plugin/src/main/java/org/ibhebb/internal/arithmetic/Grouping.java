package org.ibhebb.internal.arithmetic;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Groups of units in place of single units, composed of ND4J's operations. */
final class Grouping {

    private Grouping() {}

    /** Each unit less the mean of its group: (rows * groups) x units of a group. */
    static INDArray deviations(INDArray u, long groups) {
        INDArray grouped = u.dup('c').reshape('c', u.rows() * groups, u.columns() / groups);
        return grouped.subiColumnVector(grouped.mean(1).reshape(grouped.rows(), 1));
    }

    /** The size of each group: rows x groups. */
    static INDArray sizes(INDArray u, long groups) {
        INDArray deviations = deviations(u, groups);
        INDArray squares = deviations.mul(deviations).sum(1).addi(1).divi(u.columns() / groups);
        return Transforms.sqrt(squares.reshape('c', u.rows(), groups), false);
    }

    /** Each row at mean 0. */
    static INDArray acrossGroups(INDArray perGroup) {
        return perGroup.subColumnVector(perGroup.mean(1).reshape(perGroup.rows(), 1));
    }

    /**
     * The derivative with respect to some rows, from the one with respect to their groups' values.
     *
     * @param u these rows alone
     * @param sizes of these rows
     */
    static INDArray backward(INDArray u, INDArray sizes, INDArray gradient) {
        long groups = sizes.columns();
        INDArray own = acrossGroups(gradient).divi(sizes).divi(u.columns() / groups);
        return deviations(u, groups)
                .muliColumnVector(own.dup('c').reshape('c', own.length(), 1))
                .reshape('c', u.rows(), u.columns());
    }
}
