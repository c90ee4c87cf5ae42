/**
 * Memory networks for users: a {@link org.ibhebb.memory.MemoryNetwork} recalls a layer's last samples in place of an exact
 * working memory, and a {@link org.ibhebb.memory.MemoryPretrainer} makes one, before and independently of any task.
 */
package org.ibhebb.memory;
