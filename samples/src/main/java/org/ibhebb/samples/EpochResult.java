package org.ibhebb.samples;

/**
 * What one pass over the training images brought.
 *
 * @param epoch counted from 1
 * @param testAccuracy percent of the test images that are classified correctly after it
 * @param trainSeconds time spent on training alone, without the test
 * @param samplesPerSecond training images a second
 */
record EpochResult(int epoch, double testAccuracy, double trainSeconds, double samplesPerSecond) {}
