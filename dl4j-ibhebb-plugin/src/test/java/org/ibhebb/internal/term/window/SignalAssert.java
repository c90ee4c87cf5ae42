package org.ibhebb.internal.term.window;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.assertj.core.api.AbstractAssert;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a test can say about a modulatory signal, or any other array. */
public final class SignalAssert extends AbstractAssert<SignalAssert, INDArray> {

    /** What rounding may leave where a signal of ordinary size (1e-4 to 1) is 0 by definition, in double precision. */
    private static final double ROUNDING = 1e-15;

    private static final double STEP = 3e-4;
    private static final int DIRECTIONS = 1;
    private static final int COORDINATES = 1;

    private SignalAssert(INDArray actual) {
        super(actual, SignalAssert.class);
    }

    public static SignalAssert assertThat(INDArray actual) {
        return new SignalAssert(actual);
    }

    public SignalAssert hasShape(long... shape) {
        isNotNull();
        if (!Arrays.equals(actual.shape(), shape)) {
            failWithMessage("expected shape %s and found %s", Arrays.toString(shape), Arrays.toString(actual.shape()));
        }
        return this;
    }

    public SignalAssert isFinite() {
        for (double value : values(actual)) {
            if (!Double.isFinite(value)) {
                failWithMessage("expected finite numbers and found %s in%n%s", value, actual);
            }
        }
        return this;
    }

    /** No entry is larger than this. */
    public SignalAssert isZero(double tolerance) {
        isFinite();
        for (double value : values(actual)) {
            if (Math.abs(value) > tolerance) {
                failWithMessage("expected zeros (to %s) and found %s in%n%s", tolerance, value, actual);
            }
        }
        return this;
    }

    public SignalAssert isNotZero() {
        isFinite();
        if (norm(values(actual)) == 0) {
            failWithMessage("expected a signal and found zeros");
        }
        return this;
    }

    /** The norm of the difference is at most this part of the expected array's norm, rounding aside. */
    public SignalAssert isCloseTo(INDArray expected, double relative) {
        return isCloseTo(expected, relative, ROUNDING);
    }

    /** As above, where rounding leaves this much. */
    public SignalAssert isCloseTo(INDArray expected, double relative, double rounding) {
        hasShape(expected.shape());
        isFinite();
        double[] wanted = values(expected);
        double[] difference = values(actual);
        for (int i = 0; i < wanted.length; i++) {
            difference[i] -= wanted[i];
        }
        double error = norm(difference);
        double limit = relative * norm(wanted) + rounding;
        if (!(error <= limit)) {
            failWithMessage("expected%n%s%nand found%n%s%ndifference %s, relative %s, at most %s allowed",
                    expected, actual, error, error / norm(wanted), limit);
        }
        return this;
    }

    /**
     * The array is the derivative of the function with respect to the first rows of its argument: agrees with central
     * differences of fourth order along a random direction and a single coordinate, to 1e-6 of its norm.
     *
     * @param smallest the norm below which an error counts as absolute: what differences of the function can resolve
     */
    public SignalAssert isDerivativeOf(ToDoubleFunction<INDArray> function, INDArray at, double smallest) {
        isFinite();
        hasShape(shapeOfFirst(at));
        double[] gradient = values(actual);
        double limit = 1e-6 * Math.max(norm(gradient), smallest);
        Random random = new Random(gradient.length);
        for (int i = 0; i < DIRECTIONS + COORDINATES; i++) {
            double[] direction = new double[gradient.length];
            if (i < DIRECTIONS) {
                Arrays.setAll(direction, entry -> random.nextGaussian());
            } else {
                direction[random.nextInt(direction.length)] = 1;
            }
            double expected = difference(function, at, direction);
            double found = inner(gradient, direction);
            if (!(Math.abs(found - expected) <= limit)) {
                failWithMessage("along direction %s the function grows at the rate %s, and the signal says %s:"
                        + " difference %s, at most %s allowed", i, expected, found, found - expected, limit);
            }
        }
        return this;
    }

    /**
     * A small step against the array, whose rows are the first rows of the function's argument, lowers the function.
     */
    public SignalAssert descends(ToDoubleFunction<INDArray> function, INDArray at) {
        double[] gradient = values(actual);
        double step = 1e-3 / norm(gradient);
        double before = function.applyAsDouble(at);
        double after = function.applyAsDouble(moved(at, gradient, -step));
        if (!(after < before)) {
            failWithMessage("expected a step against the signal to lower the objective: %s before, %s after",
                    before, after);
        }
        return this;
    }

    private long[] shapeOfFirst(INDArray at) {
        // A clone: what shape() returns is the array's own.
        long[] shape = at.shape().clone();
        shape[0] = actual.size(0);
        return shape;
    }

    private static double difference(ToDoubleFunction<INDArray> function, INDArray at, double[] direction) {
        double near = function.applyAsDouble(moved(at, direction, STEP))
                - function.applyAsDouble(moved(at, direction, -STEP));
        double far = function.applyAsDouble(moved(at, direction, 2 * STEP))
                - function.applyAsDouble(moved(at, direction, -2 * STEP));
        return (8 * near - far) / (12 * STEP);
    }

    /** A copy whose first entries, in c order, are moved along the direction. */
    private static INDArray moved(INDArray at, double[] direction, double step) {
        double[] values = values(at);
        for (int i = 0; i < direction.length; i++) {
            values[i] += step * direction[i];
        }
        return Nd4j.createFromArray(values).reshape('c', at.shape());
    }

    static double[] values(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    static double norm(double[] values) {
        return Math.sqrt(inner(values, values));
    }

    private static double inner(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
