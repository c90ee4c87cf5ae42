package org.ibhebb;

import java.util.List;

/**
 * Says how each layer of a network learns after {@link IbHebb#convert}: as an object, and printable.
 *
 * @param layers one entry a layer, inputs first
 */
public record ConversionReport(List<Entry> layers) {

    /** How a layer learns. */
    public enum Learning {
        /** By its own modulatory signal. */
        LOCAL("local"),
        /** By its own loss: an output layer. */
        READOUT("readout"),
        /** By errors from above, as its updater says explicitly. */
        BACK_PROPAGATED("back-propagated"),
        /** Not at all, though it has weights. */
        FROZEN("frozen"),
        /** It has no weights. */
        NO_WEIGHTS("no weights");

        private final String label;

        Learning(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    /**
     * One layer.
     *
     * @param name its name, or {@code layer} and its index where it has none
     * @param type DL4J's class of it
     * @param learning how it learns
     * @param detail the rule, or the reason
     */
    public record Entry(String name, String type, Learning learning, String detail) {}

    /**
     * Keeps its own copy of the list.
     *
     * @param layers one entry a layer
     */
    public ConversionReport {
        layers = List.copyOf(layers);
    }

    /**
     * How many layers learn that way.
     *
     * @param learning which way
     * @return their number
     */
    public long count(Learning learning) {
        return layers.stream().filter(entry -> entry.learning() == learning).count();
    }

    /**
     * One sentence: how many layers learn in which way.
     *
     * @return the sentence, without a line end
     */
    public String summary() {
        return count(Learning.LOCAL) + " of "
                + layers.stream().filter(entry -> entry.learning() != Learning.NO_WEIGHTS).count()
                + " layers with weights learn locally, " + count(Learning.READOUT) + " by their own loss, "
                + count(Learning.BACK_PROPAGATED) + " by back-propagation, " + count(Learning.FROZEN) + " are frozen";
    }

    /** A table with one line a layer, and the {@link #summary}. */
    @Override
    public String toString() {
        int name = layers.stream().mapToInt(entry -> entry.name().length()).max().orElse(0);
        int type = layers.stream().mapToInt(entry -> entry.type().length()).max().orElse(0);
        StringBuilder table = new StringBuilder();
        for (Entry entry : layers) {
            table.append(String.format("%-" + Math.max(1, name) + "s  %-" + Math.max(1, type) + "s  %-15s  %s%n",
                    entry.name(), entry.type(), entry.learning(), entry.detail()));
        }
        return table.append(summary()).toString();
    }
}
