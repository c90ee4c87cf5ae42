package org.ibhebb.samples.data;

import java.util.Arrays;

/**
 * Labelled images as they lie in their file: a quarter of the memory that floats would take.
 *
 * @param shape the size of every image
 * @param pixels unsigned bytes; image after image, within one its channels after one another, each row by row
 * @param labels the class of each image, counted from 0
 */
public record Images(ImageShape shape, byte[] pixels, byte[] labels) implements Examples {

    public Images {
        if (pixels.length != labels.length * shape.size()) {
            throw new IllegalArgumentException(labels.length + " labels do not go with " + pixels.length
                    + " values of " + shape + " images");
        }
    }

    @Override
    public int count() {
        return labels.length;
    }

    @Override
    public int label(int sample) {
        return labels[sample];
    }

    @Override
    public Images slice(int from, int to) {
        return new Images(shape, Arrays.copyOfRange(pixels, from * shape.size(), to * shape.size()),
                Arrays.copyOfRange(labels, from, to));
    }
}
