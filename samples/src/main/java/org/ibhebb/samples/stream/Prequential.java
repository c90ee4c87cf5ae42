package org.ibhebb.samples.stream;

/** How many of the samples were right before they were learnt: all of them, and the latest ones. */
final class Prequential {

    private final int classes;
    /** The latest samples: what was said, and what it was. */
    private final int[] said;
    private final int[] was;
    private final long[] saidCounts;
    private final long[] wasCounts;
    private long rightInWindow;
    private long right;
    private long seen;

    Prequential(int classes, int window) {
        this.classes = classes;
        this.said = new int[window];
        this.was = new int[window];
        this.saidCounts = new long[classes];
        this.wasCounts = new long[classes];
    }

    void add(int prediction, int label) {
        int place = (int) (seen % said.length);
        if (seen >= said.length) {
            saidCounts[said[place]]--;
            wasCounts[was[place]]--;
            rightInWindow -= said[place] == was[place] ? 1 : 0;
        }
        said[place] = prediction;
        was[place] = label;
        saidCounts[prediction]++;
        wasCounts[label]++;
        rightInWindow += prediction == label ? 1 : 0;
        right += prediction == label ? 1 : 0;
        seen++;
    }

    long seen() {
        return seen;
    }

    /** Of all samples, in per cent. */
    double accuracy() {
        return seen == 0 ? 0 : 100.0 * right / seen;
    }

    /** Of the latest samples, in per cent. */
    double windowAccuracy() {
        return seen == 0 ? 0 : 100.0 * rightInWindow / inWindow();
    }

    /** Cohen's: 1 if all of the latest samples are right, 0 if as many as by chance. */
    double windowKappa() {
        double n = inWindow();
        double chance = 0;
        for (int k = 0; k < classes && n > 0; k++) {
            chance += saidCounts[k] / n * (wasCounts[k] / n);
        }
        return n == 0 || chance == 1 ? 0 : (rightInWindow / n - chance) / (1 - chance);
    }

    private long inWindow() {
        return Math.min(seen, said.length);
    }
}
