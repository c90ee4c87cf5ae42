package org.ibhebb.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Reservoir and readout, step by step, against what their definitions say of the whole stream, in double precision. */
class ReservoirTest {

    /** Unit i hears with its sign, and k steps later unit i + k holds what it heard, decayed k times. */
    @Property(tries = 100)
    void stateIsTheSumOfAllThatWasHeard(
            @ForAll @IntRange(min = 1, max = 40) int units,
            @ForAll @IntRange(min = 1, max = 9) int width,
            @ForAll @IntRange(min = 1, max = 60) int steps,
            @ForAll long seed) {
        Random random = new Random(seed);
        float decay = 0.3f + 0.6f * random.nextFloat();
        Reservoir reservoir = Reservoir.random(units, width, decay, random);
        float[][] stream = stream(steps, width, random);
        float[] states = new float[units + 3];
        for (float[] sample : stream) {
            reservoir.step(states, 3, sample, 0, width);
        }
        for (int unit = 0; unit < units; unit++) {
            double expected = 0;
            for (int back = 0; back < steps; back++) {
                int listener = Math.floorMod(unit - back, units);
                expected += Math.pow(decay, back) * reservoir.signs()[listener]
                        * stream[steps - 1 - back][reservoir.columns()[listener]];
            }
            assertThat((double) states[3 + unit]).as("unit " + unit).isCloseTo(expected, within(1e-4));
        }
        assertThat(states[0] == 0 && states[1] == 0 && states[2] == 0).as("what is before the state").isTrue();
    }

    /** Each column by as many units as every other, give or take one, in no order, half of them with each sign. */
    @Test
    void unitsAreWiredAtRandom() {
        Reservoir reservoir = Reservoir.random(1000, 7, 0.5f, new Random(1));
        assertThat(reservoir.units()).isEqualTo(1000);
        int[] listeners = new int[7];
        int inOrder = 0;
        int positive = 0;
        for (int unit = 0; unit < 1000; unit++) {
            listeners[reservoir.columns()[unit]]++;
            inOrder += reservoir.columns()[unit] == unit % 7 ? 1 : 0;
            positive += reservoir.signs()[unit] == 1 ? 1 : 0;
            assertThat(Math.abs(reservoir.signs()[unit])).isEqualTo(1);
        }
        for (int count : listeners) {
            assertThat(count).isBetween(142, 143);
        }
        assertThat(inOrder).isBetween(90, 200);
        assertThat(positive).isBetween(430, 570);
    }

    @Property(tries = 100)
    void readoutIsAMatrixProduct(
            @ForAll @IntRange(min = 1, max = 21) int units,
            @ForAll @IntRange(min = 1, max = 9) int width,
            @ForAll @IntRange(min = 1, max = 25) int columns,
            @ForAll @IntRange(min = 1, max = 6) int most,
            @ForAll long seed) {
        Random random = new Random(seed);
        int samples = 1 + random.nextInt(most);
        int blocks = (columns + width - 1) / width;
        float[] weights = stream(1, units * most * width, random)[0];
        float[] states = stream(1, blocks * units, random)[0];
        float[] recalled = stream(1, samples * columns + 2, random)[0];
        float after = recalled[samples * columns];

        Readout.multiply(weights, most * width, width, states, units, columns, samples, recalled);

        for (int sample = 0; sample < samples; sample++) {
            for (int column = 0; column < columns; column++) {
                double expected = 0;
                for (int unit = 0; unit < units; unit++) {
                    expected += (double) states[column / width * units + unit]
                            * weights[unit * most * width + sample * width + column % width];
                }
                assertThat((double) recalled[sample * columns + column]).isCloseTo(expected, within(1e-4));
            }
        }
        assertThat(recalled[samples * columns]).as("what is behind the result").isEqualTo(after);
    }

    static float[][] stream(int steps, int width, Random random) {
        float[][] stream = new float[steps][width];
        for (float[] sample : stream) {
            for (int column = 0; column < width; column++) {
                sample[column] = (float) random.nextGaussian();
            }
        }
        return stream;
    }
}
