package org.ibhebb.samples.data;

import java.util.BitSet;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Images as a network's input: each channel standardised by its mean and deviation in the training images, or as it is.
 */
final class ImageEncoder {

    private static final int BYTE_VALUES = 256;

    /** For each channel, the standardised value of each byte. */
    private final float[][] values;
    private final boolean asVectors;

    /**
     * @param asVectors whether the network takes an image as one long row
     * @param intensities whether pixels stay what they are: from 0 to 1, the brightest one of the training images
     */
    ImageEncoder(Images train, boolean asVectors, boolean intensities) {
        this.values = intensities ? intensities(train) : standardise(train);
        this.asVectors = asVectors;
    }

    /** As {@link Batches} has it. */
    INDArray inputs(Images images, int[] order, BitSet mirrored, int from, int to) {
        ImageShape shape = images.shape();
        byte[] pixels = images.pixels();
        int plane = shape.height() * shape.width();
        float[] batch = new float[(to - from) * shape.size()];
        int position = 0;
        for (int i = from; i < to; i++) {
            int pixel = order[i] * shape.size();
            for (float[] channel : values) {
                for (int end = pixel + plane; pixel < end; pixel++) {
                    batch[position++] = channel[pixels[pixel] & 0xff];
                }
            }
            if (mirrored.get(i)) {
                mirror(batch, position - shape.size(), position, shape.width());
            }
        }
        return asVectors
                ? Nd4j.create(batch, new int[] {to - from, shape.size()})
                : Nd4j.create(batch, new int[] {to - from, shape.channels(), shape.height(), shape.width()});
    }

    private static void mirror(float[] batch, int from, int to, int width) {
        for (int row = from; row < to; row += width) {
            for (int left = row, right = row + width - 1; left < right; left++, right--) {
                float swapped = batch[left];
                batch[left] = batch[right];
                batch[right] = swapped;
            }
        }
    }

    /** Of the brightest pixel: digits are from 0 to 16, and others from 0 to 255. */
    private static float[][] intensities(Images images) {
        int brightest = StreamImages.brightest(images.pixels());
        float[][] values = new float[images.shape().channels()][BYTE_VALUES];
        for (float[] channel : values) {
            for (int value = 0; value < BYTE_VALUES; value++) {
                channel[value] = Math.min(1, value / (float) brightest);
            }
        }
        return values;
    }

    private static float[][] standardise(Images images) {
        ImageShape shape = images.shape();
        int plane = shape.height() * shape.width();
        long[][] counts = new long[shape.channels()][BYTE_VALUES];
        for (int i = 0; i < images.pixels().length; i++) {
            counts[i / plane % shape.channels()][images.pixels()[i] & 0xff]++;
        }
        float[][] values = new float[shape.channels()][BYTE_VALUES];
        for (int channel = 0; channel < values.length; channel++) {
            double n = (double) images.count() * plane;
            double mean = 0;
            for (int value = 0; value < BYTE_VALUES; value++) {
                mean += counts[channel][value] * value / n;
            }
            double variance = 0;
            for (int value = 0; value < BYTE_VALUES; value++) {
                variance += counts[channel][value] * (value - mean) * (value - mean) / n;
            }
            // A channel that never varies carries nothing: its values all become 0.
            double deviation = variance > 0 ? Math.sqrt(variance) : 1;
            for (int value = 0; value < BYTE_VALUES; value++) {
                values[channel][value] = (float) ((value - mean) / deviation);
            }
        }
        return values;
    }
}
