package org.ibhebb.samples.data;

import java.util.Arrays;
import java.util.List;

/**
 * Labelled rows of numbers.
 *
 * @param numeric which of a row's columns hold numbers, to be standardised; the others are 0 or 1
 * @param rows one a sample; NaN where a number is missing, which counts as the mean of its column
 * @param labels the class of each, counted from 0
 */
public record Table(boolean[] numeric, float[][] rows, int[] labels) implements Examples {

    /** Checks that there is a label for each row. */
    public Table {
        if (rows.length != labels.length) {
            throw new IllegalArgumentException(labels.length + " labels do not go with " + rows.length + " rows");
        }
    }

    @Override
    public int count() {
        return rows.length;
    }

    @Override
    public int label(int sample) {
        return labels[sample];
    }

    @Override
    public ImageShape shape() {
        return new ImageShape(1, numeric.length, 1);
    }

    /** Those with the given numbers, in that order. */
    Table rows(List<Integer> numbers) {
        return new Table(numeric, numbers.stream().map(i -> rows[i]).toArray(float[][]::new),
                numbers.stream().mapToInt(i -> labels[i]).toArray());
    }

    @Override
    public Table slice(int from, int to) {
        return new Table(numeric, Arrays.copyOfRange(rows, from, to), Arrays.copyOfRange(labels, from, to));
    }
}
