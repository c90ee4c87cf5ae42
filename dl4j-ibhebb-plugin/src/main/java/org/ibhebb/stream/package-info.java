/** Learning on the fly: one sample at a time, forward only. The door is {@link org.ibhebb.IbHebb#stream}. */
package org.ibhebb.stream;
