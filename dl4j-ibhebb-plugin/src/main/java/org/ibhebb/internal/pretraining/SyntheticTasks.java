package org.ibhebb.internal.pretraining;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.ibhebb.internal.view.Labels;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Classification tasks as a layer sees them: noisy clusters, two a class, rectified and layer-normalised. */
public final class SyntheticTasks {

    private static final int CLUSTERS_A_CLASS = 2;

    private final int width;
    private final int classes;
    private final int length;
    private final Random random;
    private float[][] centres;
    private int left;

    private final float[] sample;
    private final float[] label;

    /** @param length samples after which another task begins */
    public SyntheticTasks(int width, int classes, int length, Random random) {
        this.width = width;
        this.classes = classes;
        this.length = length;
        this.random = random;
        sample = new float[width];
        label = new float[classes];
    }

    /** Draws the next sample. */
    public void next() {
        if (left-- == 0) {
            left = length - 1;
            centres = new float[CLUSTERS_A_CLASS * classes][width];
            for (float[] centre : centres) {
                for (int column = 0; column < width; column++) {
                    centre[column] = (float) random.nextGaussian();
                }
            }
        }
        int cluster = random.nextInt(centres.length);
        for (int column = 0; column < width; column++) {
            sample[column] = centres[cluster][column] + (float) random.nextGaussian();
        }
        SyntheticStreams.normalizeRectified(sample, width);
        Arrays.fill(label, 0);
        label[cluster % classes] = 1;
    }

    /** What a signal sees of the sample; overwritten by the next one. */
    float[] sample() {
        return sample;
    }

    /** One-hot; overwritten by the next one. */
    float[] label() {
        return label;
    }

    /** The sample as a row. */
    public INDArray row() {
        return Nd4j.create(sample.clone(), new long[] {1, width}, 'c');
    }

    /** The label as a signal takes it. */
    public List<Labels> labels() {
        return List.of(new Labels(
                "classes", Nd4j.create(label.clone(), new long[] {1, classes}, 'c'), Labels.Encoding.CLASSES));
    }
}
