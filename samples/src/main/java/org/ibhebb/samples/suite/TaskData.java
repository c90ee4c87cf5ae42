package org.ibhebb.samples.suite;

import java.util.Random;
import java.util.stream.IntStream;
import org.ibhebb.samples.data.Batches;
import org.ibhebb.samples.data.Examples;
import org.ibhebb.samples.data.LearningTask;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a network is trained on and what it is measured on, a row a sample.
 *
 * @param shape of a sample's inputs: [columns], [channels, height, width] or [columns, steps]
 * @param labelShape of a sample's labels: [columns] or [columns, steps]
 * @param whole whether it is measured on what it was trained on, for there is nothing else
 */
record TaskData(INDArray trainInputs, INDArray trainLabels, INDArray testInputs, INDArray testLabels, long[] shape,
        long[] labelShape, Measure measure, boolean whole) {

    /** One of so many training samples is held out for validation. */
    private static final int VALIDATION_SHARE = 6;

    /** Samples that are no images and no sequences. */
    static TaskData rows(float[][] trainInputs, float[][] trainLabels, float[][] testInputs, float[][] testLabels,
            Measure measure) {
        return new TaskData(Nd4j.createFromArray(trainInputs), Nd4j.createFromArray(trainLabels),
                Nd4j.createFromArray(testInputs), Nd4j.createFromArray(testLabels),
                new long[] {trainInputs[0].length}, new long[] {trainLabels[0].length}, measure, false);
    }

    /**
     * Samples that are told into classes, as networks are given them everywhere in this program.
     *
     * @param held those that are measured on
     * @param shape of a sample's inputs
     */
    static TaskData of(LearningTask task, Examples held, long[] shape) {
        Batches batches = new Batches(task, true);
        int[] train = IntStream.range(0, task.train().count()).toArray();
        int[] test = IntStream.range(0, held.count()).toArray();
        return new TaskData(batches.inputs(task.train(), train, 0, train.length),
                batches.labels(task.train(), train, 0, train.length), batches.inputs(held, test, 0, test.length),
                batches.labels(held, test, 0, test.length), shape, new long[] {task.classes()}, Measure.ERROR, false);
    }

    /** Samples that are all there are. */
    static TaskData whole(float[][] inputs, float[][] labels, Measure measure) {
        INDArray x = Nd4j.createFromArray(inputs);
        INDArray y = Nd4j.createFromArray(labels);
        return new TaskData(x, y, x, y, new long[] {inputs[0].length}, new long[] {labels[0].length}, measure, true);
    }

    /** The same with rows in another shape. */
    TaskData shaped(long[] shape, long[] labelShape) {
        return new TaskData(
                trainInputs, trainLabels, testInputs, testLabels, shape, labelShape, measure, whole);
    }

    TaskData scaled(double factor) {
        return factor == 1 ? this : new TaskData(trainInputs.mul(factor), trainLabels, testInputs.mul(factor),
                testLabels, shape, labelShape, measure, whole);
    }

    int samples() {
        return (int) trainInputs.size(0);
    }

    /**
     * For choices that the held-out samples must not see: some of the training samples, drawn at random, take their
     * place.
     */
    TaskData validating() {
        if (whole) {
            return this;
        }
        int[] order = shuffled(samples(), new Random(samples()));
        int held = Math.max(1, order.length / VALIDATION_SHARE);
        int[] kept = IntStream.range(held, order.length).map(i -> order[i]).toArray();
        int[] out = IntStream.range(0, held).map(i -> order[i]).toArray();
        return new TaskData(rows(trainInputs, kept), rows(trainLabels, kept), rows(trainInputs, out),
                rows(trainLabels, out), shape, labelShape, measure, false);
    }

    static INDArray rows(INDArray array, int[] numbers) {
        return Nd4j.pullRows(array, 1, numbers);
    }

    /** The numbers from 0 on, in random order. */
    static int[] shuffled(int count, Random random) {
        int[] order = IntStream.range(0, count).toArray();
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }
}
