/** How the library turns gradients into steps where a rule does not ask for the configuration's own updaters. */
package org.ibhebb.updater;
