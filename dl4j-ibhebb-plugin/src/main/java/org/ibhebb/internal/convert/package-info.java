/**
 * Conversion: a configuration as a graph ({@link org.ibhebb.internal.convert.Topology}), the layers that learn as one
 * ({@link org.ibhebb.internal.convert.Units}), the decision how each learns, and the layers that are put in place. It
 * knows nothing of the front door, which asks it.
 */
@NullMarked
package org.ibhebb.internal.convert;

import org.jspecify.annotations.NullMarked;
