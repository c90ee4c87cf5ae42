/**
 * The program {@code samples/ibhebb}. Its classes lie in rooms, and a room uses only those below it: commands stand on
 * top, the reading of flags and the writing of files at the bottom.
 */
package org.ibhebb.samples;
