package org.ibhebb.spiking;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.jspecify.annotations.Nullable;

/** Images in time, in the layout of Deeplearning4j's 3D convolutions. */
final class Frames {

    private Frames() {}

    /** One of them. */
    static InputType.InputTypeConvolutional image(InputType.InputTypeConvolutional3D frames, @Nullable String layer) {
        if (frames.getDataFormat() != Convolution3D.DataFormat.NCDHW) {
            throw new IllegalArgumentException("layer '" + layer + "': spiking layers take images in time of the format"
                    + " NCDHW (samples x channels x time steps x height x width), and this layer's are "
                    + frames.getDataFormat());
        }
        return (InputType.InputTypeConvolutional)
                InputType.convolutional(frames.getHeight(), frames.getWidth(), frames.getChannels());
    }
}
