package org.ibhebb.samples.training;

/** A trained network and how it came to be. */
public record Trained(Network network, Result result) {}
