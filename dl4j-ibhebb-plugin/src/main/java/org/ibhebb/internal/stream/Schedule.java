package org.ibhebb.internal.stream;

/** How rates change as samples come in. */
public enum Schedule {
    /** Not at all. */
    CONSTANT,
    /** Linearly, to 0 at the end. */
    LINEAR,
    /** With the square root of the network's age. */
    FALLING
}
