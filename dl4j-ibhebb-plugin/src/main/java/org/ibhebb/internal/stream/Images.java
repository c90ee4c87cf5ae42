package org.ibhebb.internal.stream;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.ibhebb.internal.stream.Geometry.Window;
import org.ibhebb.spiking.SpikePoolingLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The images between two layers of a chain.
 *
 * @param channels how many planes, at least 1
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
record Images(int channels, int height, int width) {

    /** Cells along each side of a feature map; the rule says how many. */
    private static final int ONE = 1;

    int size() {
        return channels * height * width;
    }

    /** Samples as such images, which lie in the same order. */
    INDArray of(INDArray samples) {
        return samples.reshape('c', samples.size(0), channels, height, width);
    }

    /** Images as rows. */
    static INDArray flat(INDArray images) {
        return images.reshape('c', images.size(0), images.length() / images.size(0));
    }

    /** What comes out of a layer that reads such images. */
    static Images of(Geometry geometry) {
        return new Images(geometry.maps(), geometry.outHeight(), geometry.outWidth());
    }

    /**
     * A convolution of these images.
     *
     * @param who the layer, for messages
     * @throws IllegalArgumentException naming the layer and the reason, if it is of a kind that is not known
     */
    Geometry convolved(String who, ConvolutionLayer layer) {
        check(layer.getNIn() == channels, who, "takes " + layer.getNIn() + " channels and gets " + channels,
                "set its nIn to that");
        Window window = window(who, layer.getKernelSize(), layer.getStride(), layer.getPadding(), layer.getDilation(),
                layer.getConvolutionMode(), layer.getCnn2dDataFormat());
        return new Geometry(channels, Math.toIntExact(layer.getNOut()), window, null, false, false, false, ONE);
    }

    /**
     * Pooling of these images.
     *
     * @param who the layer, for messages
     * @param behind the convolution that is right below it; null for none
     * @param through whether the convolution's signal sees what comes out of here
     * @throws IllegalArgumentException naming the layer and the reason, if it is of a kind that is not known
     */
    Geometry pooled(String who, SubsamplingLayer layer, Geometry behind, boolean through) {
        boolean average = layer.getPoolingType() == PoolingType.AVG;
        check(average || layer.getPoolingType() == PoolingType.MAX, who, "pools by " + layer.getPoolingType()
                + ", and a streaming network knows MAX and AVG", "use one of those");
        Window window = window(who, layer.getKernelSize(), layer.getStride(), layer.getPadding(), layer.getDilation(),
                layer.getConvolutionMode(), layer.getCnn2dDataFormat());
        Geometry before =
                behind == null ? new Geometry(channels, channels, null, null, false, false, false, ONE) : behind;
        return before.pooled(window, average, layer.isAvgPoolIncludePadInDivisor(), through && !average);
    }

    /**
     * Pooling of the spikes of these images, at each time step: its mean counts what lies outside as neurons that do
     * not fire.
     *
     * @param who the layer, for messages
     * @throws IllegalArgumentException naming the layer and the reason, if its windows do not fit
     */
    Geometry pooled(String who, SpikePoolingLayer layer) {
        Window window = window(who, layer.getKernelSize(), layer.getStride(), layer.getPadding(), new int[] {1, 1},
                ConvolutionMode.Truncate, CNN2DFormat.NCHW);
        return new Geometry(channels, channels, null, window, true, true, false, ONE);
    }

    private Window window(String who, int[] kernel, int[] stride, int[] padding, int[] dilation, ConvolutionMode mode,
            CNN2DFormat format) {
        check(format != CNN2DFormat.NHWC, who, "has its channels last (NHWC)", "use CNN2DFormat.NCHW");
        check(dilation[0] == 1 && dilation[1] == 1, who, "has a dilation of " + dilation[0] + " x " + dilation[1],
                "use a dilation of 1");
        check(mode != ConvolutionMode.Causal, who, "is causal", "use the mode Truncate or Same");
        int[] rows = along(who, "height", height, kernel[0], stride[0], padding[0], mode);
        int[] columns = along(who, "width", width, kernel[1], stride[1], padding[1], mode);
        return new Window(height, width, kernel[0], kernel[1], stride[0], stride[1], rows[1], columns[1], rows[0],
                columns[0]);
    }

    /** How many places there are along one side, and how far outside the first one begins. */
    private static int[] along(String who, String side, int length, int kernel, int stride, int padding,
            ConvolutionMode mode) {
        if (mode == ConvolutionMode.Same) {
            int places = (length + stride - 1) / stride;
            int outside = (places - 1) * stride + kernel - length;
            check(outside / 2 >= 0, who, "skips part of its images in the mode Same, with a kernel of " + kernel
                    + " and a stride of " + stride, "use a kernel as large as the stride");
            return new int[] {places, outside / 2};
        }
        int room = length + 2 * padding - kernel;
        check(room >= 0 && (mode != ConvolutionMode.Strict || room % stride == 0), who, "does not fit images of "
                + side + " " + length + " with a kernel of " + kernel + ", a stride of " + stride + " and a padding of "
                + padding + (mode == ConvolutionMode.Strict ? " in the mode Strict" : ""),
                "change those, or use the mode Same");
        return new int[] {room / stride + 1, padding};
    }

    private static void check(boolean holds, String who, String what, String remedy) {
        if (!holds) {
            throw new IllegalArgumentException(who + " " + what + ": " + remedy + ", or train this network by fit");
        }
    }
}
