/** Short programs to copy: each is one file that needs this library and Deeplearning4j, and nothing else of the samples. */
package org.ibhebb.samples.programs;
