package org.ibhebb.samples.stream;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.ibhebb.samples.data.ImageShape;

/** Where samples come from, one after the other. */
public interface Source extends AutoCloseable {

    /** Values a sample. */
    int inputs();

    /** What these values mean: the inputs of one column after the other. */
    List<Column> columns();

    /** How many classes there are, or may be. */
    int classes();

    /**
     * Moves to the next sample.
     *
     * @param x receives its inputs from {@code first} on
     * @return its class; -1 after the last sample
     * @throws IOException with a sentence that says what is wrong, where it is the user's data
     */
    int next(float[] x, int first) throws IOException;

    /** How high and wide samples are that are images, channel by channel; null for others. */
    default ImageShape shape() {
        return null;
    }

    /** What the samples are tested on in the end; null if there is nothing. */
    default Held test() {
        return null;
    }

    /** Whether inputs are of different scales, so that the network should standardise them. */
    boolean isUnscaled();

    @Override
    void close() throws IOException;

    /**
     * Samples that are not learnt.
     *
     * @param rows one after the other
     * @param labels their classes
     * @param seen makes of rows what the network sees of them
     */
    record Held(float[] rows, int[] labels, UnaryOperator<float[]> seen) {

        Held(float[] rows, int[] labels) {
            this(rows, labels, given -> given);
        }

        /** Some of them, as the network sees them. */
        float[] seen(int from, int to) {
            int width = rows.length / labels.length;
            return seen.apply(Arrays.copyOfRange(rows, from * width, to * width));
        }
    }
}
