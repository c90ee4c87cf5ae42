/**
 * Prediction: the objective at work whose memory is a readout of each layer's own. It adds to a layer's signal, learns
 * from what it saw, and says how much of its first error is left.
 */
package org.ibhebb.internal.term.prediction;
