package org.ibhebb.internal.stream;

import org.ibhebb.rule.LearningRule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * How a streaming network learns, where its layers do not say it themselves. Part of the file of what it has learnt.
 *
 * @param rule of layers that carry none
 * @param schedule how rates change
 * @param length of the schedule in samples
 * @param hidden the rate of hidden layers at the start
 * @param output the rate of the output layer at the start
 * @param averages whether the parameters that predict are a mean of those that learn
 * @param standardizes whether inputs are standardised by running means and variances
 * @param missing whether an input that is NaN is a missing value
 */
public record Settings(LearningRule rule, Schedule schedule, double length, double hidden, double output,
        boolean averages, boolean standardizes, boolean missing) {

    /** Used by JSON, which leaves what it does not find null. */
    @JsonCreator
    static Settings of(
            @JsonProperty(value = "rule", required = true) LearningRule rule,
            @JsonProperty(value = "schedule", required = true) Schedule schedule,
            @JsonProperty(value = "length", required = true) double length,
            @JsonProperty(value = "hidden", required = true) double hidden,
            @JsonProperty(value = "output", required = true) double output,
            @JsonProperty(value = "averages", required = true) boolean averages,
            @JsonProperty(value = "standardizes", required = true) boolean standardizes,
            @JsonProperty(value = "missing", required = true) boolean missing) {
        return new Settings(rule, schedule, length, hidden, output, averages, standardizes, missing);
    }
}
