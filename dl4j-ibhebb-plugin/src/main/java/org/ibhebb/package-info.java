/**
 * The front door: {@link org.ibhebb.IbHebb} converts Deeplearning4j's networks to local learning and back, and says how
 * each of their layers learns.
 */
@NullMarked
package org.ibhebb;

import org.jspecify.annotations.NullMarked;
