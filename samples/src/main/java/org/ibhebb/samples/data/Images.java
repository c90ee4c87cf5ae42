package org.ibhebb.samples.data;

import java.util.Arrays;

/**
 * Labelled images as they lie in their file: a quarter of the memory that floats would take.
 *
 * @param shape the size of every image
 * @param pixels unsigned bytes; image after image, within one its channels after one another, each row by row
 * @param labels the class of each image, counted from 0
 */
public record Images(ImageShape shape, byte[] pixels, byte[] labels) {

    public Images {
        if (pixels.length != labels.length * shape.size()) {
            throw new IllegalArgumentException(labels.length + " labels do not go with " + pixels.length
                    + " values of " + shape + " images");
        }
    }

    public int count() {
        return labels.length;
    }

    /** The first images, or all where there are no more than {@code limit}. */
    public Images first(int limit) {
        return limit >= count() ? this : slice(0, limit);
    }

    /** The images number {@code from} up to, but without, {@code to}. */
    Images slice(int from, int to) {
        return new Images(shape, Arrays.copyOfRange(pixels, from * shape.size(), to * shape.size()),
                Arrays.copyOfRange(labels, from, to));
    }
}
