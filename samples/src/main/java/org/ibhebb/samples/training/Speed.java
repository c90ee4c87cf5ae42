package org.ibhebb.samples.training;

/**
 * How fast a network is, in images a second.
 *
 * @param training under its training rule
 * @param evaluation when it only answers
 */
public record Speed(double training, double evaluation) {}
