package org.ibhebb.internal.arithmetic;

import java.util.Arrays;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Which activation functions the native form knows. */
final class Rectifiers {

    private Rectifiers() {}

    /** Whether the native form goes through both arrays, value by value, as the function does. */
    static boolean fit(IActivation activation, INDArray preActivation, INDArray other) {
        return isPlain(activation)
                && preActivation.ordering() == other.ordering()
                && preActivation.elementWiseStride() == 1
                && other.elementWiseStride() == 1
                && preActivation.dataType() == other.dataType()
                && Arrays.equals(preActivation.shape(), other.shape());
    }

    /** Whether a function is {@code max(a, 0)}: linear on both sides of 0. */
    private static boolean isPlain(IActivation activation) {
        return activation instanceof ActivationReLU relu
                && relu.getMax() == null && relu.getThreshold() == null && relu.getNegativeSlope() == null;
    }
}
