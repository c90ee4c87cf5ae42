/** Draws up the ledger of a configuration's training step, from shapes alone, true to what the step does. */
package org.ibhebb.internal.ledger;
