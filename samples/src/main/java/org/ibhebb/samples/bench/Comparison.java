package org.ibhebb.samples.bench;

/**
 * How two sides compare.
 *
 * @param ours seconds of one call: the median over the rounds
 * @param other the same of the other side
 * @param ratio the median of the rounds' ratios, other to ours: above 1, ours is faster
 * @param low their 10th percentile
 * @param high their 90th percentile
 */
record Comparison(double ours, double other, double ratio, double low, double high) {}
