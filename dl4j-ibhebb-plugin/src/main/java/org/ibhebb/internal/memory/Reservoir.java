package org.ibhebb.internal.memory;

import java.util.Random;

/**
 * A linear reservoir: units in a cycle, each of which takes over its predecessor's value, decayed, and adds one column
 * of the input with a sign of its own. Older samples are spread further around the cycle and are fainter, so that a
 * linear readout can tell them apart. A step costs one pass over the units.
 */
public final class Reservoir {

    private final int[] columns;
    private final float[] signs;
    private final float decay;

    /**
     * @param columns for each unit, the column of the input that it hears
     * @param signs for each unit, 1 or -1
     * @param decay by which a value loses at each step, above 0 and below 1
     */
    public Reservoir(int[] columns, float[] signs, float decay) {
        this.columns = columns;
        this.signs = signs;
        this.decay = decay;
    }

    /** One wired at random; every column is heard by as many units as every other, give or take one. */
    public static Reservoir random(int units, int width, float decay, Random random) {
        int[] columns = new int[units];
        float[] signs = new float[units];
        for (int unit = 0; unit < units; unit++) {
            columns[unit] = unit % width;
            signs[unit] = random.nextBoolean() ? 1 : -1;
        }
        for (int unit = units - 1; unit > 0; unit--) {
            int other = random.nextInt(unit + 1);
            int swapped = columns[unit];
            columns[unit] = columns[other];
            columns[other] = swapped;
        }
        return new Reservoir(columns, signs, decay);
    }

    public int units() {
        return columns.length;
    }

    int[] columns() {
        return columns;
    }

    float[] signs() {
        return signs;
    }

    /**
     * Takes in a sample.
     *
     * @param states changed in place
     * @param at where this reservoir's state begins
     * @param input where the sample's columns are
     * @param from where they begin
     * @param available how many there are; the others count as 0
     */
    public void step(float[] states, int at, float[] input, int from, int available) {
        float last = states[at + columns.length - 1];
        for (int unit = columns.length - 1; unit > 0; unit--) {
            states[at + unit] = decay * states[at + unit - 1] + heard(unit, input, from, available);
        }
        states[at] = decay * last + heard(0, input, from, available);
    }

    private float heard(int unit, float[] input, int from, int available) {
        int column = columns[unit];
        return column < available ? signs[unit] * input[from + column] : 0;
    }
}
