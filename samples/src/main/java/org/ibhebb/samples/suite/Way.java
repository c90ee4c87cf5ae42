package org.ibhebb.samples.suite;

import java.util.List;
import org.ibhebb.rule.LearningRule;

/**
 * A way to train a task.
 *
 * @param name as in the table
 * @param rule null for the library's default, and where no layer is local
 * @param tuned whether the updater is the best of {@link #CANDIDATES}, in place of the user's
 */
record Way(String name, Outcome.Kind kind, LearningRule rule, boolean tuned) {

    /** One line changed, nothing else. */
    static final Way DEFAULT = new Way("default", Outcome.Kind.LOCAL, null, false);
    /** What the user had before. */
    static final Way BACKPROP = new Way("back-propagation", Outcome.Kind.BACKPROP, null, false);
    /** What the user could have had. */
    static final Way TUNED = new Way("tuned back-propagation", Outcome.Kind.BACKPROP, null, true);
    /** Hidden layers keep their random weights. */
    static final Way FROZEN = new Way("frozen hidden layers", Outcome.Kind.FROZEN, null, false);

    /** From these, with falling rates, the best on validation samples is taken. */
    static final List<String> CANDIDATES = List.of(
            "adam:0.001", "adam:0.003", "adam:0.01", "nesterovs:0.01", "nesterovs:0.03", "nesterovs:0.1");

    /** Of these the ones for those in a hurry. */
    static final List<String> FEW_CANDIDATES = List.of("adam:0.003", "adam:0.01", "nesterovs:0.1");

    static Way local(String name, LearningRule rule) {
        return new Way(name, Outcome.Kind.LOCAL, rule, false);
    }
}
