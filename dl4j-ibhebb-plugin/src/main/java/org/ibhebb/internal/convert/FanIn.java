package org.ibhebb.internal.convert;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.ibhebb.layer.LocalForm;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.ibhebb.updater.ScheduleFree;

/** How many inputs each neuron of a layer weighs, by which the library's updater chooses its rate. */
final class FanIn {

    /**
     * What all places of a feature map share steps as carefully as the weights of so many inputs: at neighbouring places
     * errors are much alike, and their sum is larger than its share in the neuron's gain.
     */
    private static final long SHARED = 576;

    /**
     * What all time steps share, through which errors go back and grow, steps as carefully as the weights of so many times
     * as many inputs: at half the rate.
     */
    private static final long THROUGH_TIME = 4;

    private FanIn() {}

    /** Whether a layer's weights, if it has any, are read once a sample, not at many places or time steps. */
    static boolean isReadOnce(Layer layer) {
        return layer instanceof NoParamLayer || layer instanceof DenseLayer || layer instanceof OutputLayer
                || layer instanceof LocalForm.Configuration;
    }

    /**
     * That of a layer, before or after it is made local.
     *
     * @return 1 or more, no fewer than {@link #SHARED} for convolutions and batch normalisation, and {@link
     *     #THROUGH_TIME} times as many as there are for recurrent layers; 1 where a neuron reads one input at a time
     *     (embedding), and where nobody can tell
     */
    static long of(Layer layer) {
        if (layer instanceof BaseWrapperLayer wrapper) {
            return of(wrapper.getUnderlying());
        }
        if (layer instanceof Bidirectional both) {
            return Math.max(of(both.getFwd()), of(both.getBwd()));
        }
        if (layer instanceof RecurrentAttentionLayer attention) {
            return throughTime(attention.getNIn() + attention.getNOut());
        }
        if (layer instanceof BatchNormalization) {
            return SHARED;
        }
        if (layer instanceof ConvolutionLayer convolution) {
            return Math.max(SHARED, weights(convolution));
        }
        if (layer instanceof BaseRecurrentLayer recurrent) {
            return throughTime(recurrent.getNIn() + recurrent.getNOut());
        }
        return layer instanceof FeedForwardLayer forward
                        && (layer instanceof BaseOutputLayer || layer instanceof SpikingDenseLayer || isReadOnce(layer))
                ? Math.max(1, forward.getNIn())
                : 1;
    }

    /** Half the rate for few inputs, too. */
    private static long throughTime(long inputs) {
        return THROUGH_TIME * Math.max(ScheduleFree.FEW_INPUTS, inputs);
    }

    private static long weights(ConvolutionLayer convolution) {
        int[] kernel = convolution.getKernelSize();
        // Of one dimension, DL4J keeps the size twice.
        long places = convolution instanceof Convolution1DLayer
                ? kernel[0]
                : Arrays.stream(kernel).asLongStream().reduce(1, (a, b) -> a * b);
        return convolution instanceof DepthwiseConvolution2D ? places : places * Math.max(1, convolution.getNIn());
    }
}
