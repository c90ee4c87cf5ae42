package org.ibhebb.samples.fidelity;

import java.io.IOException;
import java.nio.file.Path;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.samples.folder.DataException;

/** Opens the files of memory networks for a command. */
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
}
