package org.ibhebb.samples.suite;

import org.ibhebb.rule.LearningRule;
import org.ibhebb.samples.folder.Kept;

/**
 * A task learnt in one way with one seed.
 *
 * @param rule null for the library's default, and where no layer is local
 * @param updater as {@link Updaters} reads it
 * @param falling whether its rate falls to 0
 * @param validation whether a part of the training samples was held out for a choice, and measured on
 * @param error as the task's measure has it; null before
 * @param seconds that training and measuring took; null before
 * @param steps training steps; null before
 * @param note what went wrong; null where nothing did
 */
record Outcome(Task task, Kind kind, LearningRule rule, String updater, boolean falling, boolean validation, long seed,
        Double error, Double seconds, Integer steps, String note) implements Kept<Outcome> {

    /** Who trains the hidden layers. */
    enum Kind {
        /** Each of them itself. */
        LOCAL,
        /** Back-propagation. */
        BACKPROP,
        /** Nobody. */
        FROZEN
    }

    /** What is to be done. */
    static Outcome asked(Task task, Way way, String updater, boolean falling, boolean validation, long seed) {
        return new Outcome(task.withoutQuick(), way.kind(), way.rule(), updater, falling, validation, seed, null, null,
                null, null);
    }

    Outcome reached(double error, double seconds, int steps, String note) {
        return new Outcome(
                task, kind, rule, updater, falling, validation, seed, error, seconds, steps, note);
    }

    @Override
    public String prefix() {
        return String.join("-", task.name(), kind.name().toLowerCase(), updater, validation ? "validation" : "seed",
                String.valueOf(seed));
    }

    @Override
    public Outcome settings() {
        return new Outcome(task, kind, rule, updater, falling, validation, seed, null, null, null, null);
    }

    @Override
    public boolean coversAll() {
        return error != null;
    }
}
