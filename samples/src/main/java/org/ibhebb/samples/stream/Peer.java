package org.ibhebb.samples.stream;

import java.io.IOException;
import java.util.List;

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

    /** Which one it is, for people. */
    String version();

    /** The learners that it stands for in comparisons, by their names. */
    List<String> learners();

    /**
     * A learner that knows nothing yet.
     *
     * @param name one of {@link #learners}
     * @param columns of the samples
     * @param classes how many there may be
     */
    OnlineLearner learner(String name, List<Column> columns, int classes);
}
