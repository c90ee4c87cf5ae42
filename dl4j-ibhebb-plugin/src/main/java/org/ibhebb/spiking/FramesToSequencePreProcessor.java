package org.ibhebb.spiking;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.layers.Sequences;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Makes sequences of vectors of images in time: samples x channels x time steps x height x width become samples x
 * (channels, then rows, then columns) x time steps, the order in which Deeplearning4j makes vectors of images. Put
 * before a {@link SpikingDenseLayer} by itself where the input type is known. The class name and the fields are part of
 * saved models.
 */
public class FramesToSequencePreProcessor extends FramePreProcessor {

    private static final long serialVersionUID = 1;

    /** For JSON to fill. */
    private FramesToSequencePreProcessor() {
        super(0, 0, 0);
    }

    /**
     * For images of a size.
     *
     * @param height of an image
     * @param width of an image
     * @param channels of an image
     */
    public FramesToSequencePreProcessor(long height, long width, long channels) {
        super(height, width, channels);
    }

    static FramesToSequencePreProcessor of(InputType.InputTypeConvolutional3D frames, @Nullable String layer) {
        InputType.InputTypeConvolutional image = Frames.image(frames, layer);
        return new FramesToSequencePreProcessor(image.getHeight(), image.getWidth(), image.getChannels());
    }

    @Override
    public INDArray preProcess(INDArray frames, int miniBatchSize, LayerWorkspaceMgr workspaces) {
        if (frames.rank() != 5 || frames.size(1) != channels || frames.size(3) != height || frames.size(4) != width) {
            throw new DL4JInvalidInputException("frames of shape " + Arrays.toString(frames.shape()) + " do not fit "
                    + this);
        }
        return workspaces.leverageTo(ArrayType.ACTIVATIONS, sequence(frames));
    }

    @Override
    public INDArray backprop(INDArray errors, int miniBatchSize, LayerWorkspaceMgr workspaces) {
        return workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, frames(errors, height, width, channels));
    }

    /** A view where strides allow one. */
    static INDArray sequence(INDArray frames) {
        return Sequences.of(Sequences.matrix(Sequences.rows(frames)), (int) frames.size(2));
    }

    /** A view where strides allow one. */
    static INDArray frames(INDArray sequence, long height, long width, long channels) {
        INDArray rows = Sequences.rows(sequence);
        return Sequences.of(rows.reshape('c', rows.size(0), channels, height, width), (int) sequence.size(2));
    }

    @Override
    public InputType getOutputType(InputType type) {
        if (!(type instanceof InputType.InputTypeConvolutional3D frames)) {
            throw new IllegalArgumentException("images in time are needed (InputType.convolutional3D), not " + type
                    + ", for " + this);
        }
        return InputType.recurrent(channels * height * width, frames.getDepth());
    }

    @Override
    public FramesToSequencePreProcessor clone() {
        return new FramesToSequencePreProcessor(height, width, channels);
    }
}
