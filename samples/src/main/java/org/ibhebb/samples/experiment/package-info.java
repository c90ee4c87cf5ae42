/**
 * Experiments of many runs: what is trained, how that fits into the time there is, how it goes on after an
 * interruption, and the page that shows what came out.
 */
package org.ibhebb.samples.experiment;
