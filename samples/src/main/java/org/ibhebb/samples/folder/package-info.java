/**
 * The files that a command leaves behind: written whole or not at all, and with what is needed to know how they were
 * made.
 */
package org.ibhebb.samples.folder;
