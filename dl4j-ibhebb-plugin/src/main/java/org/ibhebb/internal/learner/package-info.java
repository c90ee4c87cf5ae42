/**
 * Learning without knowing whose layers learn: a {@link org.ibhebb.internal.learner.Network} is what lasts, a
 * {@link org.ibhebb.internal.learner.Step} is made new for each mini-batch and takes effect as a whole once its update
 * has been applied, and a {@link org.ibhebb.internal.learner.LayerLearner} is one layer's part in both. Nothing here
 * knows a layer of Deeplearning4j's.
 */
package org.ibhebb.internal.learner;
