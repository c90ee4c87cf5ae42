/**
 * Listeners that show what a network does while it learns, and leave its training as it is to the bit.
 */
@NullMarked
package org.ibhebb.listeners;

import org.jspecify.annotations.NullMarked;
