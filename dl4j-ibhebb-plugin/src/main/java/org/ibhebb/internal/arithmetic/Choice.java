package org.ibhebb.internal.arithmetic;

/**
 * Which form of the arithmetic is in use in this JVM, and why.
 *
 * @param name {@code native} or {@code nd4j}
 * @param why in a sentence without its full stop; if it is not the fastest form, with what is missing
 */
public record Choice(String name, String why) {}
