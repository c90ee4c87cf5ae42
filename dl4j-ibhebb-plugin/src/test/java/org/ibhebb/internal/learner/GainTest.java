package org.ibhebb.internal.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.ibhebb.Fixtures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class GainTest {

    private static INDArray divided(Gain gain, INDArray errors) {
        INDArray divided = errors.dup();
        gain.divide(divided, divided.size(0), 1, 1);
        gain.commit();
        return divided;
    }

    /** The bias correction makes the first mini-batch its own measure. */
    @Test
    void errorsHaveUnitSizeFromTheFirstMiniBatchOn() {
        INDArray errors = Fixtures.noise(1, 50, 1).muli(1e-6);
        double square = Math.pow(divided(new Gain(), errors).norm2Number().doubleValue(), 2) / 50;
        assertThat(Math.sqrt(square)).isCloseTo(1, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-12, 1e-3, 1e9})
    void theSizeOfAnObjectiveDropsOut(double size) {
        Gain one = new Gain();
        Gain other = new Gain();
        for (int step = 0; step < 5; step++) {
            INDArray errors = Fixtures.noise(step, 6, 4);
            assertThat(Fixtures.values(divided(other, errors.mul(size))))
                    .containsExactly(Fixtures.values(divided(one, errors)), within(1e-9));
        }
    }

    /** Nothing of another neuron enters. */
    @Test
    void aNeuronDividesByItsOwnErrors() {
        INDArray errors = Fixtures.noise(1, 9, 3);
        INDArray others = errors.dup();
        others.putColumn(1, Fixtures.noise(2, 9).muli(1000));
        others.putColumn(2, Fixtures.noise(3, 9).muli(0));
        assertThat(Fixtures.values(divided(new Gain(), others).getColumn(0)))
                .containsExactly(Fixtures.values(divided(new Gain(), errors).getColumn(0)));
    }

    @Test
    void whatIsNotCommittedLeavesNoTrace() {
        Gain gain = new Gain();
        Gain fresh = new Gain();
        divided(gain, Fixtures.noise(1, 5, 4));
        divided(fresh, Fixtures.noise(1, 5, 4));
        gain.presynaptic(Fixtures.noise(2, 5, 4).mul(100));
        gain.divide(Fixtures.noise(3, 5, 4).mul(100), 5, 1, 1);
        assertThat(Fixtures.values(divided(gain, Fixtures.noise(4, 5, 4))))
                .containsExactly(Fixtures.values(divided(fresh, Fixtures.noise(4, 5, 4))));
    }

    @Test
    void presynapticActivityIsDividedByItsRootMeanSquare() {
        Gain gain = new Gain();
        INDArray activity = Fixtures.noise(1, 30, 4).muli(250);
        assertThat(gain.presynaptic(activity)).isCloseTo(
                activity.norm2Number().doubleValue() / Math.sqrt(120), within(1e-9));
        assertThat(new Gain().presynaptic(activity.mul(0))).isEqualTo(1);
        double mean = Math.pow(activity.norm2Number().doubleValue(), 2) / 120 * 1e-8;
        assertThat(new Gain().presynaptic(activity.mul(1e-4))).isCloseTo(mean, within(1e-12));
    }

    /** Samples that a mask leaves out are rows of zeros, and count for nothing. */
    @Test
    void samplesThatAreLeftOutDoNotCount() {
        INDArray some = Fixtures.noise(1, 6, 2);
        for (double weight : new double[] {1, 2}) {
            INDArray padded = Nd4j.concat(0, some.mul(weight), some.mul(0));
            Gain gain = new Gain();
            gain.divide(padded, 6, weight, 1);
            gain.commit();
            Gain alone = new Gain();
            assertThat(Fixtures.values(padded.getRows(0, 1, 2, 3, 4, 5)))
                    .containsExactly(Fixtures.values(divided(alone, some).mul(weight)), within(1e-12));
            // What weighs more for the sake of others is no larger to those that come after it.
            INDArray next = Fixtures.noise(2, 6, 2);
            assertThat(Fixtures.values(divided(gain, next)))
                    .containsExactly(Fixtures.values(divided(alone, next)), within(1e-12));
        }
    }

    /** As DL4J has it: every layer of a network says that the update has been applied. */
    @Test
    void aMiniBatchCountsOnceHoweverOftenItIsCommitted() {
        Gain gain = new Gain();
        Gain once = new Gain();
        for (int step = 0; step < 4; step++) {
            INDArray errors = Fixtures.noise(step, 5, 4).mul(1 + step);
            assertThat(Fixtures.values(divided(gain, errors))).containsExactly(Fixtures.values(divided(once, errors)));
            for (int layer = 0; layer <= step; layer++) {
                gain.commit();
            }
        }
    }

    @Test
    void errorsOfAnotherWidthBeginAnew() {
        Gain gain = new Gain();
        gain.presynaptic(Fixtures.noise(1, 5, 4).mul(100));
        divided(gain, Fixtures.noise(1, 5, 4).mul(100));
        INDArray errors = Fixtures.noise(2, 5, 3);
        assertThat(Fixtures.values(divided(gain, errors)))
                .containsExactly(Fixtures.values(divided(new Gain(), errors)));
    }
}
