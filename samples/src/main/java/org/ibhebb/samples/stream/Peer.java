package org.ibhebb.samples.stream;

import java.io.IOException;

/** Another program for learning on the fly, which may be on the class path: MOA. {@code ServiceLoader} finds it. */
public interface Peer {

    /** By which {@code --data NAME:STREAM} asks for its streams. */
    String name();

    /**
     * Opens one of its streams.
     *
     * @param description as it describes streams itself
     * @throws IOException with a sentence that says what is wrong with it
     */
    Source open(String description) throws IOException;
}
