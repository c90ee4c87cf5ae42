package org.ibhebb.samples.experiment;

import java.util.List;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.training.Row;
import org.ibhebb.samples.training.TrainingRule;

/**
 * The rows of an experiment that are compared with one another, trained on the same images for the same time.
 *
 * @param title a few words for headings
 * @param task with all images that there are
 * @param wanted how much to train, if there is time for it
 * @param rows controls among them
 */
record Part(String title, LearningTask task, Size wanted, List<Row> rows) {

    /**
     * How much to train.
     *
     * @param trainSamples on so many images, the first of the data set
     */
    record Size(int trainSamples, int epochs) {}

    /** The first row of a way to train: of controls there is but one. */
    Row control(TrainingRule rule) {
        return rows.stream().filter(row -> row.rule() == rule).findFirst().orElseThrow();
    }

    /** The rows that are no controls. */
    List<Row> tried() {
        return rows.stream().filter(row -> row.rule() == TrainingRule.IBHEBB).toList();
    }
}
