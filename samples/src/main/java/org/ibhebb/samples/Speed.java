package org.ibhebb.samples;

/**
 * How fast a network is, in images a second.
 *
 * @param training under its training rule
 * @param evaluation when it only answers
 */
record Speed(double training, double evaluation) {}
