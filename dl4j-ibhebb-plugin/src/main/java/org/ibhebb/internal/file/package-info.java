/**
 * How files are written: whole, or not at all; their checksums, what JSON in them may be, and how messages show what is in
 * them.
 */
package org.ibhebb.internal.file;
