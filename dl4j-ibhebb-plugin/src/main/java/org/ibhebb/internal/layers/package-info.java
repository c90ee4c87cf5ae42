/**
 * Deeplearning4j's layers that learn locally: an {@link org.ibhebb.internal.layers.IbHebbLayer} runs a training step
 * around a layer's {@link org.ibhebb.layer.LocalForm form}, with the signal that its
 * {@link org.ibhebb.internal.learner.LayerLearner} forms. They keep no state but the core's.
 */
package org.ibhebb.internal.layers;
