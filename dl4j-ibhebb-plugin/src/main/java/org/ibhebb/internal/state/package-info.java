/**
 * State as a value: what remembers something is {@link org.ibhebb.internal.state.Stateful}, and goes through all that it
 * remembers in one method, by which it is saved and brought back. A {@link org.ibhebb.internal.state.State} is what was
 * saved, by name; {@link org.ibhebb.internal.state.StateBytes} is its form in files.
 */
package org.ibhebb.internal.state;
