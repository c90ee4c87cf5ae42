/**
 * How a memory network comes about, and what it is worth: synthetic streams and tasks, the regression that makes its
 * readout, and the signal of one layer over a stream of samples without a network
 * ({@link org.ibhebb.internal.pretraining.SignalStream}), by which an exact and a recalled memory are compared.
 */
package org.ibhebb.internal.pretraining;
