/**
 * Objectives over a window of samples, the current ones and those that working memory holds. A
 * {@link org.ibhebb.internal.term.window.Window} keeps what all layers share, the kernel matrices of inputs and labels; a
 * {@code WindowObjective} forms the derivative with respect to one layer's activations. They have no state that outlives a
 * training step.
 */
package org.ibhebb.internal.term.window;
