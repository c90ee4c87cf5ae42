/** How much data a training step moves, by arithmetic on shapes: what it reads, writes, keeps, and for how long. */
@NullMarked
package org.ibhebb.ledger;

import org.jspecify.annotations.NullMarked;
