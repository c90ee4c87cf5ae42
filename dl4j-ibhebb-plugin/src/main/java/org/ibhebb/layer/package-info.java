/**
 * What a new kind of layer implements to learn locally in a form of its own: {@link org.ibhebb.layer.LocalForm}, which
 * the library's own layers implement too.
 */
@NullMarked
package org.ibhebb.layer;

import org.jspecify.annotations.NullMarked;
