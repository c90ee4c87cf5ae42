package org.ibhebb.samples.stream;

import java.util.Arrays;
import org.ibhebb.stream.StreamingNetwork;

/** A streaming network among others that learn on the fly. */
final class StreamingLearner implements OnlineLearner {

    private final StreamingNetwork stream;
    private final int inputs;
    private final int classes;
    private float[] rows;
    private int[] labels;
    private float[] predictions;

    StreamingLearner(StreamingNetwork stream, int inputs, int classes) {
        this.stream = stream;
        this.inputs = inputs;
        this.classes = classes;
    }

    @Override
    public void take(float[] all, int[] known, int count) {
        rows = Arrays.copyOf(all, count * inputs);
        labels = Arrays.copyOf(known, count);
        predictions = new float[count * classes];
    }

    @Override
    public void learn(int[] predicted) {
        stream.learn(rows, labels, predictions);
        for (int i = 0; i < labels.length; i++) {
            predicted[i] = Classes.best(predictions, i * classes, classes);
        }
    }
}
