package org.ibhebb.internal.convert;

/**
 * What was decided about one layer.
 *
 * @param name its name, or {@code layer} and its index where it has none
 * @param type DL4J's class of it
 * @param learning how it learns
 * @param detail the rule, or the reason
 */
public record Decision(String name, String type, Learning learning, String detail) {}
