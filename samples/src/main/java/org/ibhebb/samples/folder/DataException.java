package org.ibhebb.samples.folder;

import java.io.IOException;

/**
 * What this machine lacks, or has not as it should be, such as a data file; the message is a sentence that says what to
 * do. What it quotes of a file is on one line and has an end, whatever the file holds.
 */
public final class DataException extends IOException {

    /** Of a message's beginning and its end, if it is longer than both. */
    private static final int BEGINNING = 500;
    private static final int END = 250;

    public DataException(String message) {
        super(shown(message));
    }

    public DataException(String message, Throwable cause) {
        super(shown(message), cause);
    }

    private static String shown(String message) {
        String bounded = message.length() <= BEGINNING + END
                ? message
                : message.substring(0, BEGINNING) + " ... " + message.substring(message.length() - END);
        return bounded.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029]", "?");
    }
}
