/**
 * What the modulatory signal sees of a training step: a layer's activations, pooled and normalised
 * ({@link org.ibhebb.internal.view.Representation}); sequences as time steps; labels, and how they are to be compared. Each
 * view carries derivatives back the way it came.
 */
package org.ibhebb.internal.view;
