package org.ibhebb.spiking;

import java.util.Objects;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Between images in time and sequences of vectors, for images of one size. The fields are part of saved models. */
abstract class FramePreProcessor implements InputPreProcessor {

    private static long serialVersionUID = 1;

    /** Of an image. */
    @JsonProperty
    long height;

    /** Of an image. */
    @JsonProperty
    long width;

    /** Of an image. */
    @JsonProperty
    long channels;

    FramePreProcessor(long height, long width, long channels) {
        this.height = height;
        this.width = width;
        this.channels = channels;
    }

    /**
     * What is there at one time step.
     *
     * @return the size and the channels of the images
     */
    public InputType.InputTypeConvolutional image() {
        return (InputType.InputTypeConvolutional) InputType.convolutional(height, width, channels);
    }

    @Override
    public @Nullable Pair<INDArray, MaskState> feedForwardMaskArray(
            @Nullable INDArray mask, MaskState state, int miniBatchSize) {
        return new Pair<>(mask, state);
    }

    @Override
    public abstract FramePreProcessor clone();

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FramePreProcessor that
                && getClass() == that.getClass()
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
        return getClass().getSimpleName() + "(channels=" + channels + ", height=" + height + ", width=" + width + ")";
    }
}
