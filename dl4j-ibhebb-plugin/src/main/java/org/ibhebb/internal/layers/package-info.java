/**
 * Deeplearning4j's layers that learn locally: each is DL4J's own forward pass, a slope, and a gradient made of the
 * signal that its {@link org.ibhebb.internal.learner.LayerLearner} forms. They keep no state but the core's.
 */
package org.ibhebb.internal.layers;
