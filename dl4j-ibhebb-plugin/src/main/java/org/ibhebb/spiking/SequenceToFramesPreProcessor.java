package org.ibhebb.spiking;

import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Makes images in time of sequences of vectors: the way back of {@link FramesToSequencePreProcessor}, for spiking
 * convolutions whose images come as long rows. The class name and the fields are part of saved models.
 */
public class SequenceToFramesPreProcessor implements InputPreProcessor {

    private static final long serialVersionUID = 1;

    /** Of an image. */
    @JsonProperty
    private long height;

    /** Of an image. */
    @JsonProperty
    private long width;

    /** Of an image. */
    @JsonProperty
    private long channels;

    /** For JSON to fill. */
    private SequenceToFramesPreProcessor() {}

    /**
     * For images of a size.
     *
     * @param height of an image
     * @param width of an image
     * @param channels of an image
     */
    public SequenceToFramesPreProcessor(long height, long width, long channels) {
        this.height = height;
        this.width = width;
        this.channels = channels;
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
    public @Nullable Pair<INDArray, MaskState> feedForwardMaskArray(
            @Nullable INDArray mask, MaskState state, int miniBatchSize) {
        return new Pair<>(mask, state);
    }

    @Override
    public SequenceToFramesPreProcessor clone() {
        return new SequenceToFramesPreProcessor(height, width, channels);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SequenceToFramesPreProcessor that
                && height == that.height
                && width == that.width
                && channels == that.channels;
    }

    @Override
    public int hashCode() {
        return Objects.hash(height, width, channels);
    }

    @Override
    public String toString() {
        return "SequenceToFramesPreProcessor(channels=" + channels + ", height=" + height + ", width=" + width + ")";
    }
}
