/** Times the rule beside what it is measured against, both in turn on the same machine. */
package org.ibhebb.samples.bench;
