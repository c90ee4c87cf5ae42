/** How flags are read and checked, for all commands alike. */
package org.ibhebb.samples.option;
