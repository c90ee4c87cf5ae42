package org.ibhebb.samples.experiment;

import java.util.List;
import org.ibhebb.samples.training.Row;

/**
 * How much of an experiment is carried out.
 *
 * @param sizes one for each of its parts
 * @param seeds runs of each row
 * @param controlSeeds runs of back-propagation and of frozen hidden layers, where that is less
 */
record Scale(List<Part.Size> sizes, int seeds, int controlSeeds) {

    /** Runs of a row. */
    int seedsOf(Row row) {
        return seedsOf(row.isControl());
    }

    /** Runs of a row that is a control, or is none. */
    int seedsOf(boolean control) {
        return control ? Math.min(seeds, controlSeeds) : seeds;
    }
}
