package org.ibhebb.internal.memory;

import java.util.Arrays;

/**
 * The readout's product, in plain loops: a state is a vector, so that memory traffic is all it costs, and the result is
 * the same to the bit on any machine.
 */
public final class Readout {

    private Readout() {}

    /**
     * Recalls samples from the states of several reservoirs.
     *
     * @param weights one line a unit
     * @param line weights of a unit: of all samples, newest first, {@code width} columns each
     * @param width columns that a reservoir remembers
     * @param states one reservoir's after the other
     * @param units of a reservoir
     * @param columns of a sample; the last reservoir's may be fewer than the width
     * @param samples how many to recall
     * @param recalled receives samples x columns
     */
    public static void multiply(float[] weights, int line, int width, float[] states, int units, int columns, int samples,
            float[] recalled) {
        Arrays.fill(recalled, 0, samples * columns, 0);
        for (int from = 0; from < columns; from += width) {
            int used = Math.min(width, columns - from);
            int state = from / width * units;
            int unit = 0;
            // Four units at a time, so that sums are read and written a quarter as often.
            for (; unit + 4 <= units; unit += 4) {
                for (int sample = 0; sample < samples; sample++) {
                    addFour(weights, unit * line + sample * width, line, states, state + unit,
                            recalled, sample * columns + from, used);
                }
            }
            for (; unit < units; unit++) {
                for (int sample = 0; sample < samples; sample++) {
                    addOne(weights, unit * line + sample * width, states[state + unit],
                            recalled, sample * columns + from, used);
                }
            }
        }
    }

    private static void addFour(float[] weights, int first, int line, float[] states, int unit, float[] sums, int at,
            int count) {
        float a = states[unit];
        float b = states[unit + 1];
        float c = states[unit + 2];
        float d = states[unit + 3];
        int second = first + line;
        int third = second + line;
        int fourth = third + line;
        for (int i = 0; i < count; i++) {
            sums[at + i] += a * weights[first + i] + b * weights[second + i]
                    + c * weights[third + i] + d * weights[fourth + i];
        }
    }

    private static void addOne(float[] weights, int first, float factor, float[] sums, int at, int count) {
        for (int i = 0; i < count; i++) {
            sums[at + i] += factor * weights[first + i];
        }
    }
}
