package org.ibhebb.internal.state;

/** Remembers something that is to be saved and brought back. */
@FunctionalInterface
public interface Stateful {

    /**
     * Goes through all that is remembered, and counts; what a step has written that does not count yet is left out. The
     * same calls save it and bring it back, so that the two can't differ.
     *
     * @param store takes the value of each quantity that it is given, and returns it, or the saved one in its place
     */
    void state(Store store);
}
