package org.ibhebb.samples.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.folder.RunFolder;
import org.ibhebb.samples.training.Row;
import org.ibhebb.samples.training.Trainer;

/** Decides, once for a folder, how much of an experiment fits into a time. */
final class Planner {

    /** Images by which speeds are judged. */
    private static final int SPEED_SAMPLES = 300;
    /** Speeds vary, and pages are to be written too. */
    private static final double SAFE_SHARE = 0.9;
    private static final int MINUTE = 60;
    private static final String PLAN = "plan.json";

    private final RunFolder folder;
    private final Laboratory laboratory;

    Planner(RunFolder folder, Laboratory laboratory) {
        this.folder = folder;
        this.laboratory = laboratory;
    }

    /** What was decided before for the same question, or else is now. */
    Plan plan(double minutes, List<Part> parts, Scale asked) throws IOException {
        List<String> rows = parts.stream()
                .flatMap(part -> part.rows().stream().map(row -> part.task().name() + ": " + row))
                .toList();
        Optional<Plan> kept = folder.find(PLAN, Plan.class).filter(plan -> plan.answers(minutes, rows, asked));
        if (kept.isPresent()) {
            laboratory.say("Going on by %s, which was decided before", folder.path().resolve(PLAN));
            return kept.get();
        }
        laboratory.say("Measuring how fast each of %d rows is", rows.size());
        long start = System.nanoTime();
        List<Budget.PartCost> costs = new ArrayList<>();
        for (Part part : parts) {
            costs.add(new Budget.PartCost(
                    part.task().evaluation().count(), part.rows().stream().map(row -> cost(part, row)).toList()));
        }
        Budget budget = new Budget(asked, costs);
        double measuring = (System.nanoTime() - start) / 1e9;
        Scale chosen = budget.fit(minutes * MINUTE * SAFE_SHARE - measuring);
        Plan plan = new Plan(minutes, rows, asked, chosen, budget.seconds(chosen) / MINUTE,
                costs.stream().flatMap(part -> part.rows().stream()).map(Budget.RowCost::speed).toList());
        folder.keep(PLAN, plan);
        return plan;
    }

    private static Budget.RowCost cost(Part part, Row row) {
        LearningTask few = part.task().trainingOnFirst(Math.max(SPEED_SAMPLES, row.batch()));
        Trainer trainer = new Trainer(few, row.settings(1, 1));
        return new Budget.RowCost(trainer.speed(row.rule(), SPEED_SAMPLES), trainer.warmUpSamples(), row.isControl());
    }
}
