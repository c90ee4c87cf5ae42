/** Measures how close the signal of a small or recalled memory comes to that of a large or exact one. */
package org.ibhebb.samples.fidelity;
