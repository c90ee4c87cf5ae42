package org.ibhebb.samples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class BatchesTest {

    private static final ImageShape COLOUR = new ImageShape(1, 2, 3);
    /** Two images; the last channel never varies. */
    private static final Images TRAIN =
            new Images(COLOUR, DataFiles.bytes(0, 255, 1, 3, 8, 8, 255, 0, 3, 1, 8, 8), DataFiles.bytes(2, 0));

    private static final LearningTask TASK = new LearningTask("made up", 3, TRAIN, TRAIN, HeldOut.TEST);
    private static final int[] ORDER = {1, 0};

    @Test
    void standardisesEachChannelByTheTrainingImages() {
        INDArray inputs = new Batches(TASK, true).inputs(TRAIN, ORDER, 0, 2);
        assertThat(inputs.shape()).containsExactly(2, 6);
        assertThat(inputs.ravel().toFloatVector()).containsExactly(new float[] {1, -1, 1, -1, 0, 0, -1, 1, -1, 1, 0, 0},
                within(1e-6f));
    }

    /** Digits have pixels from 0 to 16, others from 0 to 255; a brighter one than all of training is as bright. */
    @Test
    void intensitiesAreSharesOfTheBrightestPixel() {
        Images dark = new Images(COLOUR, DataFiles.bytes(0, 16, 8, 4, 0, 0), DataFiles.bytes(1));
        LearningTask task = new LearningTask("made up", 3, dark, TRAIN, HeldOut.TEST);
        assertThat(new Batches(task, true, true).inputs(dark, new int[] {0}, 0, 1).ravel().toFloatVector())
                .containsExactly(0, 1, 0.5f, 0.25f, 0, 0);
        assertThat(new Batches(task, true, true).inputs(TRAIN, ORDER, 1, 2).ravel().toFloatVector())
                .containsExactly(0, 1, 0.0625f, 0.1875f, 0.5f, 0.5f);
        assertThat(new Batches(TASK, true, true).inputs(TRAIN, ORDER, 1, 2).ravel().toFloatVector())
                .containsExactly(new float[] {0, 1, 1 / 255f, 3 / 255f, 8 / 255f, 8 / 255f}, within(1e-6f));
    }

    @Test
    void keepsRowsAndColumnsWhereTheNetworkWantsThem() {
        INDArray inputs = new Batches(TASK, false).inputs(TRAIN, ORDER, 1, 2);
        assertThat(inputs.shape()).containsExactly(1, 3, 1, 2);
        assertThat(inputs.getFloat(0, 1, 0, 0)).isEqualTo(-1, within(1e-6f));
    }

    @Test
    void labelsAreOneHotInTheSameOrder() {
        INDArray labels = new Batches(TASK, true).labels(TRAIN, ORDER, 0, 2);
        assertThat(labels.toFloatMatrix()).isDeepEqualTo(new float[][] {{1, 0, 0}, {0, 0, 1}});
    }

    @Test
    void mirrorsEachChannelLeftToRight() {
        BitSet first = new BitSet();
        first.set(0);
        INDArray plain = new Batches(TASK, true).inputs(TRAIN, ORDER, 0, 2);
        INDArray mirrored = new Batches(TASK, true).inputs(TRAIN, ORDER, first, 0, 2);
        for (int channel = 0; channel < 3; channel++) {
            assertThat(mirrored.getFloat(0, 2 * channel)).isEqualTo(plain.getFloat(0, 2 * channel + 1));
            assertThat(mirrored.getFloat(0, 2 * channel + 1)).isEqualTo(plain.getFloat(0, 2 * channel));
        }
        assertThat(mirrored.getRow(1)).isEqualTo(plain.getRow(1));
    }
}
