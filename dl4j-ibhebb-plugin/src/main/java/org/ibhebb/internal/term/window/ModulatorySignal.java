package org.ibhebb.internal.term.window;

import java.util.List;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Buffers;
import org.ibhebb.internal.arithmetic.Rows;
import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.internal.view.Representation;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The modulatory signal as one call, arrays in and array out: for whoever wants the mathematics without a network. It is
 * computed by the {@link Arithmetic} in use; results lie in the workspace that is current, if there is one. Arrays may
 * be views of any order, and are all of one type. Layers use the same parts ({@link Representation}, {@link Window})
 * with the working memory in between.
 *
 * <pre>{@code
 * INDArray xi = ModulatorySignal.gradient(LearningRule.defaults(), activations, 1, null,
 *         List.of(new Labels("classes", oneHot, Labels.Encoding.CLASSES)));   // of the first row, given all others
 * }</pre>
 */
public final class ModulatorySignal {

    private ModulatorySignal() {}

    /**
     * The objective that a layer descends.
     *
     * @param rule which objective, and what it sees of the activations
     * @param activations the layer's output for N samples: N x d
     * @param current how many of the first rows are current samples; the rest is memory
     * @param inputs the network's input for the same samples, N x dx; null where no objective reads it
     * @param labels their labels, one entry an output
     * @return L
     */
    public static double objective(
            LearningRule rule, INDArray activations, int current, INDArray inputs, List<Labels> labels) {
        INDArray u = new Representation(rule, false, Buffers.fresh()).of(activations).rows();
        return new Window(current, inputs, labels).value(rule, u);
    }

    /**
     * The derivative of the {@link #objective} with respect to the activations of the current samples.
     *
     * @param rule as above
     * @param activations as above
     * @param current as above
     * @param inputs as above
     * @param labels as above
     * @return dL/dZ of the first rows: current x d
     */
    public static INDArray gradient(
            LearningRule rule, INDArray activations, int current, INDArray inputs, List<Labels> labels) {
        Representation representation = new Representation(rule, false, Buffers.fresh());
        INDArray u = representation.of(activations).rows();
        INDArray gradient = Nd4j.createUninitialized(u.dataType(), new long[] {current, u.size(1)}, 'c');
        new Window(current, inputs, labels).gradient(rule, SlotRows.of(u), gradient);
        return representation.of(Rows.between(activations, 0, current)).backward(gradient);
    }
}
