package org.ibhebb.samples;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** A trained network and how it came to be. */
record Trained(MultiLayerNetwork network, Result result) {}
