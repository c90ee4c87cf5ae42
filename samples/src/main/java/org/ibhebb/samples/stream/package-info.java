/** The command {@code stream}: where samples come from, how many are right before they are learnt, and how fast. */
package org.ibhebb.samples.stream;
