package org.ibhebb.samples.fidelity;

import java.io.IOException;
import java.nio.file.Path;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.samples.folder.DataException;

/** Opens and writes the files of memory networks for a command. */
public final class MemoryFiles {

    private MemoryFiles() {}

    /**
     * Reads a memory network.
     *
     * @throws DataException if that fails, with what is wrong with the file in one sentence
     */
    public static MemoryNetwork read(Path file) throws DataException {
        try {
            return MemoryNetwork.load(file);
        } catch (IOException e) {
            throw new DataException(e.getMessage(), e);
        }
    }

    /**
     * Writes a memory network, whole or not at all.
     *
     * @return the same, which now knows its file
     * @throws DataException naming the file, if that fails
     */
    public static MemoryNetwork write(MemoryNetwork network, Path file) throws DataException {
        try {
            return network.save(file);
        } catch (IOException e) {
            throw new DataException(file + " can't be written (" + e + ") and is as it was before", e);
        }
    }
}
