package org.ibhebb.internal.memory;

import org.ibhebb.internal.state.Stateful;
import org.ibhebb.internal.state.Store;
import org.ibhebb.internal.view.Labels;

/**
 * What makes labels of recalled labels: recall is never quite exact, and the label kernels take values from 0 to 1. It
 * goes by what it has seen of the labels, so that soft ones are not taken for one-hot ones.
 */
class Sharpening implements Stateful {

    private static final Sharpening NONE = new Sharpening();

    /** Whether all labels so far were plain: zeros and ones, of which exclusive classes have a single one. */
    private boolean plain = true;

    /** For what are no labels. */
    static Sharpening none() {
        return NONE;
    }

    static Sharpening of(Labels.Encoding encoding) {
        return switch (encoding) {
            case CLASSES -> new Classes();
            case INDEPENDENT -> new Independent();
            case REAL -> NONE;
        };
    }

    /** Sees a sample's exact labels, before they are recalled. */
    void see(float[] labels, int count) {}

    /** What it goes by, so that it can be taken back. */
    final boolean seenOnlyPlain() {
        return plain;
    }

    /** Goes by this again, whatever it has seen since. */
    final void remember(boolean onlyPlain) {
        plain = onlyPlain;
    }

    @Override
    public final void state(Store store) {
        boolean onlyPlain = store.flag("onlyPlain", plain);
        // One that sharpens nothing is shared, and knows nothing.
        if (this != NONE) {
            plain = onlyPlain;
        }
    }

    /** Takes note of whether a sample's labels are plain. */
    final void seen(boolean isPlain) {
        plain &= isPlain;
    }

    /** Makes labels of recalled ones, in place. */
    void apply(float[] recalled, int from, int count) {}

    /** Winner takes all, as long as all labels are one-hot. */
    private static final class Classes extends Sharpening {

        @Override
        void see(float[] labels, int count) {
            int ones = 0;
            boolean binary = true;
            for (int i = 0; i < count; i++) {
                ones += labels[i] == 1 ? 1 : 0;
                binary &= labels[i] == 0 || labels[i] == 1;
            }
            seen(binary && ones == 1);
        }

        @Override
        void apply(float[] recalled, int from, int count) {
            if (!seenOnlyPlain()) {
                clip(recalled, from, count);
                return;
            }
            int winner = from;
            for (int i = from; i < from + count; i++) {
                winner = recalled[i] > recalled[winner] ? i : winner;
            }
            for (int i = from; i < from + count; i++) {
                recalled[i] = i == winner ? 1 : 0;
            }
        }
    }

    /** The nearer of 0 and 1, as long as all labels are one of them. */
    private static final class Independent extends Sharpening {

        @Override
        void see(float[] labels, int count) {
            boolean binary = true;
            for (int i = 0; i < count; i++) {
                binary &= labels[i] == 0 || labels[i] == 1;
            }
            seen(binary);
        }

        @Override
        void apply(float[] recalled, int from, int count) {
            if (!seenOnlyPlain()) {
                clip(recalled, from, count);
                return;
            }
            for (int i = from; i < from + count; i++) {
                recalled[i] = recalled[i] > 0.5f ? 1 : 0;
            }
        }
    }

    private static void clip(float[] recalled, int from, int count) {
        for (int i = from; i < from + count; i++) {
            recalled[i] = Math.max(0, Math.min(1, recalled[i]));
        }
    }
}
