/**
 * Working memory: which samples are remembered and in which slots ({@link org.ibhebb.internal.memory.Slots}), and what is
 * remembered of each quantity ({@link org.ibhebb.internal.memory.WorkingMemory}). An exact memory is a ring of rows; a
 * recalled one keeps the state of a reservoir, from which a pretrained readout recalls the rows. Both can take back what
 * was written since the last commit, to the bit. A new kind of memory implements {@code WorkingMemory} and is made in its
 * factory methods.
 */
package org.ibhebb.internal.memory;
