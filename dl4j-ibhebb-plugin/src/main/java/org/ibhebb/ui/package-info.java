/**
 * The records of {@link org.ibhebb.listeners.InformationPlane} in Deeplearning4j's storages and on its training user
 * interface. This package alone needs {@code deeplearning4j-core} and {@code deeplearning4j-vertx}.
 */
@NullMarked
package org.ibhebb.ui;

import org.jspecify.annotations.NullMarked;
