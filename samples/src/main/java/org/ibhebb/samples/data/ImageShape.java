package org.ibhebb.samples.data;

/**
 * The size of every image of a data set.
 *
 * @param channels 1 for gray, 3 for colour
 */
public record ImageShape(int height, int width, int channels) {

    /** Values of one image. */
    public int size() {
        return height * width * channels;
    }

    @Override
    public String toString() {
        return height + " x " + width + (channels == 1 ? "" : " x " + channels);
    }
}
