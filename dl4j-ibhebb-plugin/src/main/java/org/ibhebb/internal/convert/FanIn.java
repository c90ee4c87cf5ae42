package org.ibhebb.internal.convert;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;

/** How many inputs each neuron of a layer weighs. */
final class FanIn {

    private FanIn() {}

    /**
     * That of a layer, before it is made local.
     *
     * @return 1 where a neuron reads one input at a time (embedding, normalisation, what is done channel by channel) or
     *     where nobody can tell
     */
    static long of(Layer layer) {
        if (layer instanceof DepthwiseConvolution2D depthwise) {
            return product(depthwise.getKernelSize());
        }
        if (layer instanceof ConvolutionLayer convolution) {
            return Math.max(1, convolution.getNIn()) * product(convolution.getKernelSize());
        }
        if (layer instanceof BaseRecurrentLayer recurrent) {
            return Math.max(1, recurrent.getNIn() + recurrent.getNOut());
        }
        if (layer instanceof DenseLayer dense) {
            return Math.max(1, dense.getNIn());
        }
        return layer instanceof BaseOutputLayer output ? Math.max(1, output.getNIn()) : 1;
    }

    private static long product(int[] sizes) {
        return Arrays.stream(sizes).asLongStream().reduce(1, (a, b) -> a * b);
    }
}
