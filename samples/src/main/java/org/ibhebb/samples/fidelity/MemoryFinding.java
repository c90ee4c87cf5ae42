package org.ibhebb.samples.fidelity;

/**
 * How good a memory network is at one depth.
 *
 * @param units of the reservoir of a block of columns
 * @param width of a block
 * @param depth samples in the window, N
 * @param capacity samples that it remembers
 * @param cosine of the signal to that of an exact memory of the same depth
 */
public record MemoryFinding(int units, int width, int depth, double capacity, double cosine) {}
