package org.ibhebb.samples.training;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The connections of one layer, dense or a 2D convolution, and how often each of its inputs was at work. */
final class Connections {

    /** Null for a dense layer. */
    private final ConvolutionLayer convolution;
    private final INDArray weights;
    /** For each input, of a convolution for each channel and place in the kernel: its weights that are not 0. */
    private final double[] fanOut;
    /** Of how many outputs, or feature maps, each input is a part. */
    private final long outputs;
    /** How often each input was not 0: channel by channel, row by row; null before the first sample. */
    private double[] active;
    /** Samples, times time steps where the layer is given those. */
    private long times;
    private boolean spikes = true;
    private int height;
    private int width;
    private int outHeight;
    private int outWidth;

    Connections(Layer layer) {
        weights = layer.getParam(DefaultParamInitializer.WEIGHT_KEY);
        convolution = layer.conf().getLayer() instanceof ConvolutionLayer conf ? conf : null;
        int ofOutputs = convolution == null ? 1 : 0;
        outputs = weights.size(ofOutputs);
        fanOut = values(weights.neq(0).castTo(DataType.DOUBLE).sum(ofOutputs));
    }

    /**
     * A mini-batch goes through.
     *
     * @param activity what the layer is given: samples x inputs (x time steps), or samples x channels (x time steps) x
     *     height x width
     * @param output what it makes of that
     */
    void see(INDArray activity, INDArray output) {
        INDArray size = Transforms.abs(activity.castTo(DataType.DOUBLE), true);
        spikes &= size.mul(size.sub(1)).amaxNumber().doubleValue() == 0;
        boolean sequence = activity.rank() % 2 == 1;
        INDArray nonZero = size.gt(0).castTo(DataType.DOUBLE);
        double[] each = values(sequence ? nonZero.sum(0, 2) : nonZero.sum(0));
        if (active == null) {
            active = new double[each.length];
        }
        Arrays.setAll(active, input -> active[input] + each[input]);
        times += activity.size(0) * (sequence ? activity.size(2) : 1);
        if (convolution != null) {
            height = (int) activity.size(-2);
            width = (int) activity.size(-1);
            outHeight = (int) output.size(-2);
            outWidth = (int) output.size(-1);
        }
    }

    private static double[] values(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    /** Whether it was given nothing but spikes: 0, 1 and -1. */
    boolean accumulates() {
        return spikes;
    }

    long weights() {
        return weights.length();
    }

    long zeros() {
        return weights.length() - (long) Arrays.stream(fanOut).sum();
    }

    /** Operations of all inputs and weights, 0 or not. */
    double dense() {
        double[] always = new double[active.length];
        Arrays.fill(always, times);
        double[] all = new double[fanOut.length];
        Arrays.fill(all, outputs);
        return operations(always, all);
    }

    /** Operations of inputs that are not 0, with weights that are not. */
    double effective() {
        return operations(active, fanOut);
    }

    private double operations(double[] inputs, double[] fans) {
        double sum = 0;
        if (convolution == null) {
            for (int input = 0; input < fans.length; input++) {
                sum += inputs[input] * fans[input];
            }
            return sum;
        }
        int kernelHeight = convolution.getKernelSize()[0];
        int kernelWidth = convolution.getKernelSize()[1];
        for (int place = 0; place < fans.length; place++) {
            int channel = place / (kernelHeight * kernelWidth);
            sum += fans[place] * seen(inputs, channel, place / kernelWidth % kernelHeight, place % kernelWidth);
        }
        return sum;
    }

    /** The sum of what one place in the kernel sees of a channel while it goes over the image. */
    private double seen(double[] inputs, int channel, int kernelRow, int kernelColumn) {
        double sum = 0;
        for (int outRow = 0; outRow < outHeight; outRow++) {
            int row = at(0, outRow, kernelRow, height, outHeight);
            for (int outColumn = 0; outColumn < outWidth; outColumn++) {
                int column = at(1, outColumn, kernelColumn, width, outWidth);
                if (row >= 0 && row < height && column >= 0 && column < width) {
                    sum += inputs[(channel * height + row) * width + column];
                }
            }
        }
        return sum;
    }

    /** Where a place in the kernel is in the image, along one axis; outside of it over the padding. */
    private int at(int axis, int out, int inKernel, int size, int outSize) {
        int stride = convolution.getStride()[axis];
        int dilation = convolution.getDilation()[axis];
        int reach = (convolution.getKernelSize()[axis] - 1) * dilation + 1;
        int padding = convolution.getConvolutionMode() == ConvolutionMode.Same
                ? Math.max(0, (outSize - 1) * stride + reach - size) / 2
                : convolution.getPadding()[axis];
        return out * stride + inKernel * dilation - padding;
    }
}
