package org.ibhebb.samples.experiment;

import java.util.List;
import org.ibhebb.samples.training.Speed;

/**
 * How an experiment was fitted into a time; kept, so that it is carried on in the same way when it is resumed.
 *
 * @param rows what the experiment consists of, in words
 * @param asked what was to be carried out
 * @param chosen what is
 * @param estimatedMinutes what that was thought to take
 * @param speeds as measured, in the order of the rows
 */
record Plan(double budgetMinutes, List<String> rows, Scale asked, Scale chosen, double estimatedMinutes,
        List<Speed> speeds) {

    /** Whether this was decided for the same question. */
    boolean answers(double budgetMinutes, List<String> rows, Scale asked) {
        return this.budgetMinutes == budgetMinutes && this.rows.equals(rows) && this.asked.equals(asked);
    }
}
