package org.ibhebb.samples;

import java.io.IOException;

/** A data file that is missing or not what it should be; the message is a sentence that says what to do. */
final class DataException extends IOException {

    DataException(String message) {
        super(message);
    }

    DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
