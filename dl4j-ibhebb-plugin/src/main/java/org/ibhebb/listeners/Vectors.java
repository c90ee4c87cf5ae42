package org.ibhebb.listeners;

import java.util.List;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Vectors that come in pieces. */
final class Vectors {

    private Vectors() {}

    /** The cosine of the angle between two vectors; NaN where one is 0 or not finite. */
    static double cosine(List<INDArray> a, List<INDArray> b) {
        double product = 0;
        for (int i = 0; i < a.size(); i++) {
            product += Nd4j.getBlasWrapper().dot(wide(a.get(i)), wide(b.get(i)));
        }
        double cosine = product / (norm(a) * norm(b));
        return Double.isFinite(cosine) ? Math.max(-1, Math.min(1, cosine)) : Double.NaN;
    }

    /** The size of a change relative to what was there before; NaN where that was 0. */
    static double relativeChange(List<INDArray> before, List<INDArray> after) {
        double change = 0;
        for (int i = 0; i < before.size(); i++) {
            change = Math.hypot(change, wide(after.get(i)).distance2(wide(before.get(i))));
        }
        double ratio = change / norm(before);
        return Double.isFinite(ratio) ? ratio : Double.NaN;
    }

    static double norm(List<INDArray> vector) {
        double norm = 0;
        for (INDArray piece : vector) {
            norm = Math.hypot(norm, wide(piece).norm2Number().doubleValue());
        }
        return norm;
    }

    /** Half precision has no inner products, and its squares of small numbers are 0. */
    private static INDArray wide(INDArray piece) {
        return piece.castTo(Arithmetic.typeFor(piece.dataType()));
    }
}
