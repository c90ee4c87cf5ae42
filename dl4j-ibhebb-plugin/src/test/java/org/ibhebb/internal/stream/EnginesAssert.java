package org.ibhebb.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What is to hold of engines, whatever kind of layer they learn with. */
final class EnginesAssert {

    private EnginesAssert() {}

    /** All engines come to the same. */
    static void assertSame(String name, List<double[]> results, double tolerance) {
        double[] expected = results.get(0);
        for (double[] found : results) {
            double difference = 0;
            for (int i = 0; i < found.length; i++) {
                assertThat(found[i]).isFinite();
                difference = Math.max(difference, Math.abs(found[i] - expected[i]));
            }
            assertThat(difference).as(name).isLessThan(tolerance);
        }
    }

    /**
     * Of each neuron all weights have moved by the same share of the gradient; and these shares are those of gains of
     * which 0.3 of the mean has been added to each: r / (r + 0.3 mean r).
     *
     * @param known the share of a neuron of gain 1
     * @return each neuron's share; 0 where there was no gradient
     */
    static double[] assertGains(String name, Plan.Layer layer, INDArray change, INDArray gradient, double known) {
        double[] shares = assertDirections(name, layer, change, gradient);
        assertGains(name, shares, known);
        return shares;
    }

    /** The second half of that. */
    static void assertGains(String name, double[] shares, double known) {
        // Both took the first error, which was none, into a running mean square.
        double decays = Math.sqrt((1 + 0.999) / (1 + 0.99999));
        double sum = 0;
        for (double share : shares) {
            double part = share / known / decays;
            sum += 0.3 * part / (1 - part);
        }
        assertThat(sum / shares.length).as("%s, gains relative to their mean", name).isCloseTo(1, within(1e-6));
    }

    /** The first half. */
    static double[] assertDirections(String name, Plan.Layer layer, INDArray change, INDArray gradient) {
        int weights = layer.geometry() == null ? layer.in() : layer.geometry().patch();
        double[] shares = new double[layer.neurons()];
        double largest = change.amaxNumber().doubleValue();
        for (int j = 0; j < shares.length; j++) {
            long from = layer.weights() + (long) j * weights;
            double product = 0;
            double square = 0;
            for (long at = from; at < from + weights; at++) {
                product -= change.getDouble(at) * gradient.getDouble(at);
                square += gradient.getDouble(at) * gradient.getDouble(at);
            }
            if (square == 0) {
                continue;
            }
            shares[j] = product / square;
            for (long at = from; at < from + weights; at++) {
                assertThat(change.getDouble(at)).as("%s, neuron %d", name, j)
                        .isCloseTo(-shares[j] * gradient.getDouble(at), within(1e-9 * largest));
            }
        }
        return shares;
    }
}
