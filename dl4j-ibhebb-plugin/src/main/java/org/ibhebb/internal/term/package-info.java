/**
 * Objectives at work: those over a window of samples, which remember nothing, and {@link org.ibhebb.internal.term.Term
 * those that do}.
 */
package org.ibhebb.internal.term;
