package org.ibhebb.internal.convert;

import java.util.Map;
import java.util.Objects;
import org.ibhebb.rule.LearningRule;
import org.jspecify.annotations.Nullable;

/**
 * The rules that a user gives to a conversion.
 *
 * @param general for every layer that none is named for; null for none
 * @param byLayer for single layers, by their names; for a unit of several layers that of its first one
 */
public record Rules(@Nullable LearningRule general, Map<String, LearningRule> byLayer) {

    /** Each layer keeps the rule it has, or gets the one that its updater carries or its kind's default. */
    public static final Rules NONE = new Rules(null, Map.of());

    /**
     * Keeps its own copy of the map.
     *
     * @param general for every layer that none is named for; null for none
     * @param byLayer for single layers, by their names
     * @throws IllegalArgumentException naming the layer, if its rule is null
     */
    public Rules {
        Objects.requireNonNull(byLayer, "byLayer");
        byLayer.forEach((layer, rule) -> {
            if (layer == null || rule == null) {
                throw new IllegalArgumentException("the rule of layer '" + layer + "' is missing");
            }
        });
        byLayer = Map.copyOf(byLayer);
    }
}
