/** How files are written: whole, or not at all. */
package org.ibhebb.internal.file;
