package org.ibhebb.samples.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class MeasureTest {

    private static INDArray rows(float[]... rows) {
        return Nd4j.createFromArray(rows);
    }

    @Test
    void errorIsTheShareOfWrongAnswers() {
        INDArray labels = rows(new float[] {1, 0}, new float[] {1, 0}, new float[] {1, 0}, new float[] {0, 1});
        INDArray outputs = rows(new float[] {.9f, .1f}, new float[] {.6f, .4f}, new float[] {.3f, .7f},
                new float[] {.8f, .2f});
        assertThat(Measure.ERROR.bounded(outputs, labels)).isEqualTo(0.5);
        // A third of the first class, all of the second.
        assertThat(Measure.BALANCED_ERROR.bounded(outputs, labels)).isCloseTo((1 / 3.0 + 1) / 2, within(1e-6));
    }

    @Test
    void tagsAreMeasuredByF1() {
        INDArray labels = rows(new float[] {1, 0, 1}, new float[] {0, 0, 1});
        INDArray outputs = rows(new float[] {.9f, .8f, .2f}, new float[] {.1f, .1f, .7f});
        // Two hits, three said, three there.
        assertThat(Measure.TAGS.bounded(outputs, labels)).isCloseTo(1 - 4 / 6.0, within(1e-6));
    }

    @Test
    void theMeanExplainsNothing() {
        INDArray labels = rows(new float[] {1, 10}, new float[] {2, 20}, new float[] {3, 30});
        assertThat(Measure.UNEXPLAINED.bounded(labels.dup(), labels)).isZero();
        assertThat(Measure.UNEXPLAINED.bounded(rows(new float[] {2, 20}, new float[] {2, 20}, new float[] {2, 20}),
                labels)).isCloseTo(1, within(1e-6));
    }

    @Test
    void whatDivergesIsTheWorst() {
        INDArray labels = rows(new float[] {1, 0}, new float[] {0, 1});
        INDArray outputs = rows(new float[] {Float.NaN, 0}, new float[] {0, 1});
        assertThat(Measure.ERROR.bounded(outputs, labels)).isOne();
        assertThat(Measure.UNEXPLAINED.bounded(outputs, labels)).isEqualTo(2);
        assertThat(Measure.UNEXPLAINED.bounded(outputs.mul(0).add(1e6), labels)).isEqualTo(2);
    }

    @Test
    void everyTimeStepCounts() {
        // One sequence of two steps: the first is right, the second is not.
        INDArray labels = Nd4j.create(new float[] {1, 0, 0, 1}, new long[] {1, 2, 2}, 'c');
        INDArray outputs = Nd4j.create(new float[] {1, 1, 0, 0}, new long[] {1, 2, 2}, 'c');
        assertThat(Measure.ERROR.bounded(outputs, labels)).isEqualTo(0.5);
    }
}
