/**
 * The commands of the program and their flags. Each says what it needs, lets other rooms do it, and prints what came out.
 */
package org.ibhebb.samples.command;
