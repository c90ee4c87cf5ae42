package org.ibhebb.samples.suite;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Random;
import org.ibhebb.samples.folder.DataException;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.shade.jackson.annotation.JsonInclude;

/**
 * A line of the suite: what is learnt, by which network, as a user would write it. Plain data, by which an outcome is
 * found again.
 *
 * @param name a few words without blanks
 * @param group what it is an example of
 * @param data where samples come from, and how they are changed
 * @param network as {@link Networks} reads it
 * @param activation of the hidden layers
 * @param batch samples in a step; more than there are mean all of them
 * @param epochs passes over the training samples
 * @param updater as {@link Updaters} reads it: the user's
 * @param sorted whether the samples come sorted by class, always in the same order
 * @param quick whether {@code --quick} has it
 */
record Task(String name, String group, Data data, String network, Activation activation, int batch, int epochs,
        String updater, boolean sorted, boolean quick) {

    /**
     * What is learnt.
     *
     * @param source null for a table of the user's
     * @param size training samples or classes, where the source has a choice; 0 where it has none
     * @param scale inputs are multiplied by this
     * @param table the user's; null for none
     */
    record Data(Source source, int size, double scale,
            @JsonInclude(JsonInclude.Include.NON_NULL) OwnTable table) {

        Data(Source source, int size, double scale) {
            this(source, size, scale, null);
        }

        /**
         * The samples; equal seeds give equal ones.
         *
         * @param dataDir where data sets are looked for; null for where they usually are
         * @param notes gets a line for each thing that the user should know
         * @throws DataException if a data set is not there
         */
        TaskData make(long seed, Path dataDir, PrintWriter notes) throws IOException {
            return (table == null ? source.make(size, new Random(seed), dataDir, notes) : table.make(seed)).scaled(scale);
        }

        @Override
        public String toString() {
            return (table == null ? source.toString() : table.toString())
                    + (size == 0 ? "" : " " + size) + (scale == 1 ? "" : " x " + scale);
        }
    }

    /** What {@code --quick} has changes no outcome. */
    Task withoutQuick() {
        return new Task(name, group, data, network, activation, batch, epochs, updater, sorted, false);
    }
}
