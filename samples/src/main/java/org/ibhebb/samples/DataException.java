package org.ibhebb.samples;

import java.io.IOException;

/**
 * What this machine lacks, or has not as it should be, such as a data file; the message is a sentence that says what to
 * do.
 */
final class DataException extends IOException {

    DataException(String message) {
        super(message);
    }

    DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
