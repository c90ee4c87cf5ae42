package org.ibhebb.samples.data;

import java.util.Locale;
import java.util.Random;

/**
 * Generated tasks of spikes in time, in which no single time step says anything of a sample's class: whoever tells it
 * has kept something from one time step to another. A sample is an image of one row, of which a latency code of {@link
 * #STEPS} time steps makes one spike for each value above 0. Besides the groups of inputs that say the class, a first
 * input always spikes at the first time step, and {@value #NOISE} inputs spike at random.
 */
public enum TemporalTask {
    /**
     * Two groups of inputs spike, one a little after the other, and the class says which. Time is a circle: what would
     * be after the last time step is at the first ones. So each group spikes at any time step as often in both classes,
     * and how often inputs spike says nothing either.
     */
    ORDER(2) {
        @Override
        int[] times(Random random, int label) {
            int first = random.nextInt(STEPS);
            int second = (first + 1 + random.nextInt(LONGEST_GAP)) % STEPS;
            return label == 0 ? new int[] {first, second} : new int[] {second, first};
        }
    },
    /**
     * One of two groups spikes early, and six to nine time steps later one of two others: the class says whether it is
     * its partner. Each of the four spikes at any time step as often in both classes.
     */
    MATCH(4) {
        @Override
        int[] times(Random random, int label) {
            int[] times = {NEVER, NEVER, NEVER, NEVER};
            int cue = random.nextInt(STEPS / 4);
            int which = random.nextInt(2);
            times[which] = cue;
            times[2 + (which + label) % 2] = cue + DELAY + random.nextInt(LONGEST_GAP);
            return times;
        }
    };

    /** Time steps of a sample. */
    public static final int STEPS = 16;
    static final int GROUP = 16;
    static final int NOISE = 8;
    static final int NEVER = -1;
    private static final int CLASSES = 2;
    private static final int LONGEST_GAP = 4;
    private static final int DELAY = 6;
    /** How often an input of a group that spikes does so itself. */
    private static final double RELIABLE = 0.75;
    private static final int BRIGHTEST = 255;

    private final int groups;

    TemporalTask(int groups) {
        this.groups = groups;
    }

    /**
     * When each group spikes, or {@link #NEVER}.
     *
     * @param label 0 or 1
     */
    abstract int[] times(Random random, int label);

    /**
     * Draws samples.
     *
     * @param train how many to train on
     * @param test how many others to test on
     * @param seed fixes them
     */
    public LearningTask draw(int train, int test, long seed) {
        Random random = new Random(seed);
        return new LearningTask(
                toString(), CLASSES, samples(train, random), samples(test, random), HeldOut.TEST);
    }

    private Images samples(int count, Random random) {
        ImageShape shape = new ImageShape(1, 1 + groups * GROUP + NOISE, 1);
        byte[] values = new byte[count * shape.size()];
        byte[] labels = new byte[count];
        for (int sample = 0; sample < count; sample++) {
            labels[sample] = (byte) random.nextInt(CLASSES);
            int at = sample * shape.size();
            values[at++] = value(0);
            for (int time : times(random, labels[sample])) {
                for (int input = 0; input < GROUP; input++, at++) {
                    if (time != NEVER && random.nextDouble() < RELIABLE) {
                        values[at] = value(time);
                    }
                }
            }
            for (int input = 0; input < NOISE; input++, at++) {
                if (random.nextBoolean()) {
                    values[at] = value(random.nextInt(STEPS));
                }
            }
        }
        return new Images(shape, values, labels);
    }

    /** What a latency code puts at this time step: the larger the earlier, and 0 would be never. */
    private static byte value(int time) {
        return (byte) Math.max(1, Math.round(BRIGHTEST * (1 - (double) time / (STEPS - 1))));
    }

    /** As on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
