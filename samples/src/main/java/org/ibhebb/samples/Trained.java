package org.ibhebb.samples;

/** A trained network and how it came to be. */
record Trained(Network network, Result result) {}
