package org.ibhebb.samples.folder;

import java.io.IOException;

/**
 * What this machine lacks, or has not as it should be, such as a data file; the message is a sentence that says what to
 * do.
 */
public final class DataException extends IOException {

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
