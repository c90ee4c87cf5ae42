package org.ibhebb.spiking;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Makes images in time of sequences of vectors: the way back of {@link FramesToSequencePreProcessor}, for spiking
 * convolutions whose images come as long rows. The class name and the fields are part of saved models.
 */
public class SequenceToFramesPreProcessor extends FramePreProcessor {

    private static final long serialVersionUID = 1;

    /** For JSON to fill. */
    private SequenceToFramesPreProcessor() {
        super(0, 0, 0);
    }

    /**
     * For images of a size.
     *
     * @param height of an image
     * @param width of an image
     * @param channels of an image
     */
    public SequenceToFramesPreProcessor(long height, long width, long channels) {
        super(height, width, channels);
    }

    @Override
    public INDArray preProcess(INDArray sequence, int miniBatchSize, LayerWorkspaceMgr workspaces) {
        if (sequence.rank() != 3 || sequence.size(1) != channels * height * width) {
            throw new DL4JInvalidInputException("a sequence of shape " + Arrays.toString(sequence.shape())
                    + " does not fit " + this);
        }
        return workspaces.leverageTo(ArrayType.ACTIVATIONS,
                FramesToSequencePreProcessor.frames(sequence, height, width, channels));
    }

    @Override
    public INDArray backprop(INDArray errors, int miniBatchSize, LayerWorkspaceMgr workspaces) {
        return workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, FramesToSequencePreProcessor.sequence(errors));
    }

    @Override
    public InputType getOutputType(InputType type) {
        if (!(type instanceof InputType.InputTypeRecurrent sequence)
                || sequence.getSize() != channels * height * width) {
            throw new IllegalArgumentException("sequences of " + channels * height * width + " values are needed"
                    + " (InputType.recurrent), not " + type + ", for " + this);
        }
        return InputType.convolutional3D(
                Convolution3D.DataFormat.NCDHW, sequence.getTimeSeriesLength(), height, width, channels);
    }

    @Override
    public SequenceToFramesPreProcessor clone() {
        return new SequenceToFramesPreProcessor(height, width, channels);
    }
}
