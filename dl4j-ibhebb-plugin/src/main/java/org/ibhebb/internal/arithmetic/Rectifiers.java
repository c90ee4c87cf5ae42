package org.ibhebb.internal.arithmetic;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;

/** Which activation functions the native form knows. */
final class Rectifiers {

    private Rectifiers() {}

    /** Whether a function is {@code max(a, 0)}: linear on both sides of 0. */
    static boolean isPlain(IActivation activation) {
        return activation instanceof ActivationReLU relu
                && relu.getMax() == null && relu.getThreshold() == null && relu.getNegativeSlope() == null;
    }
}
