package org.ibhebb.samples.stream;

import org.ibhebb.stream.StreamingNetwork;

/** Predictions as classes. */
final class Classes {

    private static final double PERCENT = 100;
    /** Sequences of all samples would be large. */
    private static final int AT_ONCE = 256;

    private Classes() {}

    /** The class with the largest value among those from {@code first} on. */
    static int best(float[] predictions, int first, int classes) {
        int best = 0;
        for (int k = 1; k < classes; k++) {
            best = predictions[first + k] > predictions[first + best] ? k : best;
        }
        return best;
    }

    /** Per cent of the samples that are right. */
    static double accuracy(float[] predictions, int[] labels, int classes) {
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            right += best(predictions, i * classes, classes) == labels[i] ? 1 : 0;
        }
        return PERCENT * right / labels.length;
    }

    /** Per cent of held-out samples that a network gets right. */
    static double accuracy(StreamingNetwork stream, Source.Held test, int classes) {
        int count = test.labels().length;
        float[] predictions = new float[count * classes];
        for (int from = 0; from < count; from += AT_ONCE) {
            int to = Math.min(count, from + AT_ONCE);
            float[] some = new float[(to - from) * classes];
            stream.predict(test.seen(from, to), some);
            System.arraycopy(some, 0, predictions, from * classes, some.length);
        }
        return accuracy(predictions, test.labels(), classes);
    }
}
