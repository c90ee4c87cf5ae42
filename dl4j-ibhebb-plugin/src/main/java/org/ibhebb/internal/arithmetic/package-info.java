/**
 * The arithmetic of local learning: arrays in, arrays out. {@link org.ibhebb.internal.arithmetic.Arithmetic} says what
 * there is to compute, and knows no objective, no window and no layer; its two forms, one in C++ and one composed of
 * ND4J's operations, give the same numbers. {@code Arithmetics} is the one place that chooses between them. Who adds an
 * operation adds it to the interface, to both forms, to {@code Arguments}, and to {@code LayoutsTest}, which tries it with
 * every layout of its arrays.
 */
package org.ibhebb.internal.arithmetic;
