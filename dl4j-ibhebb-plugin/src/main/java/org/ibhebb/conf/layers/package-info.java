/**
 * The configurations of the layers that conversion puts in the place of Deeplearning4j's own. Saved models carry their
 * class names and fields, so that these never change.
 */
@NullMarked
package org.ibhebb.conf.layers;

import org.jspecify.annotations.NullMarked;
