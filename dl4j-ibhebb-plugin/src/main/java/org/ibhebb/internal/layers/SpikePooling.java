package org.ibhebb.internal.layers;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ConvolutionUtils;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** Images in time whose windows are pooled: those of all time steps in one operation. */
public class SpikePooling extends AbstractLayer<Layer> {

    private final int[] kernel;
    private final int[] stride;
    private final int[] padding;
    private final boolean sum;

    /**
     * Called by the configuration.
     *
     * @param conf the layer's configuration
     * @param dataType of the network
     * @param kernel height and width of a window
     * @param stride rows and columns from one window to the next
     * @param padding rows and columns around the image
     * @param sum whether windows are summed, not averaged
     */
    public SpikePooling(NeuralNetConfiguration conf, DataType dataType, int[] kernel, int[] stride, int[] padding,
            boolean sum) {
        super(conf, dataType);
        this.kernel = kernel.clone();
        this.stride = stride.clone();
        this.padding = padding.clone();
        this.sum = sum;
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public void clearNoiseWeightParams() {
        // There are no weights.
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        if (input.rank() != 5) {
            throw new DL4JInvalidInputException(LayerHost.name(this) + ": input of shape "
                    + Arrays.toString(input.shape()) + " are no images in time (samples x feature maps x time steps x"
                    + " height x width), as spiking convolutions give them");
        }
        applyDropOutIfNecessary(training, workspaces);
        INDArray images = Sequences.rows(input.castTo(dataType));
        int[] size;
        try {
            size = ConvolutionUtils.getOutputSize(images, kernel, stride, padding, ConvolutionMode.Truncate,
                    new int[] {1, 1}, CNN2DFormat.NCHW);
        } catch (DL4JInvalidInputException e) {
            throw new DL4JInvalidInputException(LayerHost.name(this) + ": " + e.getMessage(), e);
        }
        INDArray pooled = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType,
                new long[] {images.size(0), images.size(1), size[0], size[1]}, 'c');
        Nd4j.exec(operation("avgpool2d", images).addOutputs(pooled).build());
        if (sum) {
            pooled.muli(kernel[0] * kernel[1]);
        }
        return Sequences.of(pooled, (int) input.size(2));
    }

    /** What lies beyond the image counts in an average, so that a sum is its multiple. */
    private DynamicCustomOp.DynamicCustomOpsBuilder operation(String name, INDArray... inputs) {
        return DynamicCustomOp.builder(name).addInputs(inputs).addIntegerArguments(kernel[0], kernel[1], stride[0],
                stride[1], padding[0], padding[1], 1, 1, 0, 1, 0);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray images = Sequences.rows(input.castTo(dataType));
        INDArray errors = Sequences.rows(epsilon.castTo(dataType));
        INDArray below = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, images.shape(), 'c');
        Nd4j.exec(operation("avgpool2d_bp", images, errors).addOutputs(below).build());
        if (sum) {
            below.muli(kernel[0] * kernel[1]);
        }
        return new Pair<>(new DefaultGradient(),
                backpropDropOutIfPresent(Sequences.of(below, (int) input.size(2))));
    }
}
