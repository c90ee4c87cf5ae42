/** The data sets that a network can learn, and the files they come in. */
package org.ibhebb.samples.data;
