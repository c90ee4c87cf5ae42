/**
 * Spiking layers for Deeplearning4j: leaky integrate-and-fire neurons over discrete time steps, in its sequence layout
 * (samples x neurons x time steps) or that of its 3D convolutions (samples x feature maps x time steps x height x
 * width), what reads their rates, and the way to neuromorphic machines.
 */
@NullMarked
package org.ibhebb.spiking;

import org.jspecify.annotations.NullMarked;
