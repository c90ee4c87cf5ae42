/** Trains one network on one data set by one training rule, and says how well it did. */
package org.ibhebb.samples.training;
