package org.ibhebb.rule;

/** A memory network as a rule sees it: something that can say which one it is. */
public interface PretrainedMemory {

    /**
     * What a rule keeps of it.
     *
     * @return its file, checksum and sizes
     */
    MemoryFile reference();
}
