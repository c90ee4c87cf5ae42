package org.ibhebb.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.ibhebb.ForAnyKernel;
import org.ibhebb.internal.view.Labels.Encoding;
import org.junit.jupiter.api.Test;

/** Recalled labels become labels again, of the kind that was seen. */
@ForAnyKernel
class SharpeningTest {

    @Test
    void oneHotLabelsHaveOneWinner() {
        assertThat(sharpened(Encoding.CLASSES, new float[] {0, 1, 0}, -0.1f, 0.4f, 0.3f)).containsExactly(0, 1, 0);
        assertThat(sharpened(Encoding.CLASSES, new float[] {0, 1, 0}, 0.6f, 0.7f, 1.3f)).containsExactly(0, 0, 1);
    }

    @Test
    void softLabelsAreNotTakenForOneHotOnes() {
        assertThat(sharpened(Encoding.CLASSES, new float[] {0.2f, 0.8f, 0}, -0.1f, 0.7f, 1.2f))
                .containsExactly(0, 0.7f, 1);
        assertThat(sharpened(Encoding.CLASSES, new float[] {0, 0, 0}, 0.1f, 0.2f, 0.3f))
                .containsExactly(0.1f, 0.2f, 0.3f);
    }

    /** One that is 1 beside another that is neither. */
    @Test
    void nearlyOneHotLabelsAreSoftOnes() {
        assertThat(sharpened(Encoding.CLASSES, new float[] {0.3f, 1, 0}, 0.2f, 0.7f, -0.1f))
                .containsExactly(0.2f, 0.7f, 0);
    }

    @Test
    void ofEqualsTheFirstWins() {
        assertThat(sharpened(Encoding.CLASSES, new float[] {0, 1, 0}, 0.1f, 0.4f, 0.4f)).containsExactly(0, 1, 0);
        assertThat(sharpened(Encoding.INDEPENDENT, new float[] {1, 1, 0}, 0.5f, 0.6f, 0.5f)).containsExactly(0, 1, 0);
    }

    @Test
    void independentLabelsAreEachTheNearerOfTwo() {
        assertThat(sharpened(Encoding.INDEPENDENT, new float[] {1, 1, 0}, 0.6f, 1.2f, 0.4f)).containsExactly(1, 1, 0);
        assertThat(sharpened(Encoding.INDEPENDENT, new float[] {1, 0.5f, 0}, 0.6f, 1.2f, -0.4f))
                .containsExactly(0.6f, 1, 0);
    }

    @Test
    void realValuesAreLeftAlone() {
        assertThat(sharpened(Encoding.REAL, new float[] {1, 0, 0}, 0.6f, 1.2f, -3f)).containsExactly(0.6f, 1.2f, -3f);
    }

    private static float[] sharpened(Encoding encoding, float[] seen, float... recalled) {
        Sharpening sharpening = Sharpening.of(encoding);
        sharpening.see(seen, seen.length);
        sharpening.apply(recalled, 0, recalled.length);
        return recalled;
    }
}
