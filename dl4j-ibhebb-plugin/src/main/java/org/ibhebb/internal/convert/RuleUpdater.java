package org.ibhebb.internal.convert;

import org.ibhebb.rule.LearningRule;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * An updater that carries a rule through a configuration, for the layers that have it: {@code org.ibhebb.IbHebb}. It
 * stands here so that what converts a configuration can read the rule without knowing who carries it.
 */
public interface RuleUpdater extends IUpdater {

    /**
     * The updater inside, which turns gradients into steps once the configuration is converted.
     *
     * @return never one that carries a rule itself; null for the library's own
     */
    @Nullable IUpdater getUpdater();

    /**
     * The rule that it carries.
     *
     * @return null for the rule that conversion is given
     */
    LearningRule getRule();
}
