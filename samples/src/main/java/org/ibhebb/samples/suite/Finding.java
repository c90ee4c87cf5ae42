package org.ibhebb.samples.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ibhebb.samples.report.Spread;

/**
 * What came out of a task.
 *
 * @param tunedBy the candidate that was best on validation samples
 * @param outcomes of each way, one a seed
 */
record Finding(Task task, Measure measure, String tunedBy, Map<Way, List<Outcome>> outcomes) {

    /** A point, in accuracy or in variance explained. */
    private static final double POINT = 0.01;
    private static final double TENTH = 0.1;

    /** How a way compares. */
    enum Verdict {
        /** No worse than tuned back-propagation by more than a point or a tenth of its error. */
        LEVEL("level"),
        /** Worse than that. */
        BEHIND("behind"),
        /** Worse than that, and within a tenth of the frozen control's error, or above it. */
        FAILED("FAILED");

        private final String label;

        Verdict(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    Finding(Task task, Measure measure, String tunedBy) {
        this(task, measure, tunedBy, new LinkedHashMap<>());
    }

    void add(Way way, Outcome outcome) {
        outcomes.computeIfAbsent(way, first -> new ArrayList<>()).add(outcome);
    }

    double error(Way way) {
        return spread(way).mean();
    }

    Spread spread(Way way) {
        return Spread.of(outcomes.get(way).stream().map(Outcome::error).toList());
    }

    /** Seconds of a run. */
    double seconds(Way way) {
        return outcomes.get(way).stream().mapToDouble(Outcome::seconds).average().orElse(0);
    }

    Verdict verdict(Way way) {
        double error = error(way);
        if (isLevel(error, error(Way.TUNED))) {
            return Verdict.LEVEL;
        }
        return error >= (1 - TENTH) * error(Way.FROZEN) ? Verdict.FAILED : Verdict.BEHIND;
    }

    /** Whether it is level with back-propagation by the user's updater. */
    boolean isLevelWithUsers(Way way) {
        return isLevel(error(way), error(Way.BACKPROP));
    }

    private static boolean isLevel(double error, double other) {
        return error <= Math.max(other + POINT, other * (1 + TENTH));
    }

    /** What went wrong, once each. */
    List<String> notes(Way way) {
        return outcomes.get(way).stream().map(Outcome::note).filter(note -> note != null).distinct().toList();
    }
}
