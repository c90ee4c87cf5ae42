/**
 * The suite: many small tasks of every kind, each learnt by the library's default, by back-propagation as the user has it
 * and at its best, and with frozen hidden layers.
 */
package org.ibhebb.samples.suite;
