/**
 * Networks in files: Deeplearning4j's own model archive with one entry more, which holds what the network remembers and
 * which Deeplearning4j passes over.
 */
package org.ibhebb.internal.archive;
