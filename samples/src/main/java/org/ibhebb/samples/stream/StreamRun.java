package org.ibhebb.samples.stream;

import java.util.List;
import org.ibhebb.samples.folder.Kept;

/**
 * A learner on a stream.
 *
 * @param data as {@code --data} names the stream
 * @param content the checksum of a file, and what is said of its class; null for a generator
 * @param learner its name
 * @param model of a network; null for other learners
 * @param memory of a network; 0 for other learners
 * @param limit how many samples there are at most
 * @param samples how many there were; null before
 * @param accuracy per cent that was right before it was learnt; null before
 * @param samplesPerSecond of the thread's processor time; null before
 * @param curve accuracy of each of {@link #POINTS} parts; null before
 */
record StreamRun(String data, String content, String learner, String model, int memory, long limit, long seed,
        Long samples, Double accuracy, Double samplesPerSecond, List<Double> curve) implements Kept<StreamRun> {

    /** Parts of a stream whose accuracies charts show. */
    static final int POINTS = 50;

    static StreamRun of(String data, String content, String learner, String model, int memory, long limit, long seed) {
        return new StreamRun(data, content, learner, model, memory, limit, seed, null, null, null, null);
    }

    StreamRun reached(long samples, double accuracy, double samplesPerSecond, List<Double> curve) {
        return new StreamRun(data, content, learner, model, memory, limit, seed, samples, accuracy, samplesPerSecond,
                curve);
    }

    @Override
    public String prefix() {
        String name = data.replaceAll("[^A-Za-z0-9.]+", "-");
        return name.substring(Math.max(0, name.length() - 60)) + "-" + learner + "-seed-" + seed;
    }

    @Override
    public StreamRun settings() {
        return of(data, content, learner, model, memory, limit, seed);
    }

    @Override
    public boolean coversAll() {
        return accuracy != null && samplesPerSecond != null && curve != null;
    }
}
