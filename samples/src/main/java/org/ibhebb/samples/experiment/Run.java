package org.ibhebb.samples.experiment;

import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.training.Result;
import org.ibhebb.samples.training.Row;
import org.ibhebb.samples.training.Trainer;

/**
 * A row trained with one seed.
 *
 * @param part the number of the row's, counted from 0
 * @param task with the images of the part's size
 * @param size how much it trains
 */
record Run(int part, LearningTask task, Part.Size size, Row row, long seed) {

    /** What names its outcome. */
    Result settings() {
        return Result.of(task, row.rule(), row.settings(size.epochs(), seed));
    }

    /** @param title what the progress bar calls it */
    Result carryOut(String title) {
        return new Trainer(task, row.settings(size.epochs(), seed)).train(row.rule(), title, epoch -> {}).result();
    }
}
