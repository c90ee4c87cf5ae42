package org.ibhebb.internal.file;

import java.io.IOException;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;

/**
 * What JSON of a file must not be: nested so deep that whoever reads it runs out of stack, or with numbers that take long
 * to read. A number of n digits takes time by the square of n: a million digits take seconds, and ten million minutes.
 */
public final class JsonText {

    /** In characters; a double has 25 at most. */
    private static final int LONGEST_NUMBER = 64;

    private JsonText() {}

    /**
     * Goes through a text in one pass, before anything is built of it.
     *
     * @param tokens before or at its first token; at its end afterwards, if nothing is wrong
     * @param deepest how many objects and lists may stand in one another
     * @return what is wrong with it, as the second half of a sentence; null if nothing is
     * @throws IOException if it is no JSON
     */
    public static String fault(JsonParser tokens, int deepest) throws IOException {
        int depth = 0;
        JsonToken first = tokens.currentToken() == null ? tokens.nextToken() : tokens.currentToken();
        for (JsonToken token = first; token != null; token = tokens.nextToken()) {
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (depth > deepest) {
                return "it is nested more than " + deepest + " deep";
            }
            String ofNumber = faultOfNumber(tokens);
            if (ofNumber != null) {
                return ofNumber;
            }
        }
        return null;
    }

    /**
     * Looks at the value at which a reader stands.
     *
     * @param tokens stay where they are
     * @return what is wrong with it if it is a number, as the second half of a sentence; null if nothing is
     * @throws IOException if it is no JSON
     */
    public static String faultOfNumber(JsonParser tokens) throws IOException {
        return tokens.currentToken().isNumeric() && tokens.getTextLength() > LONGEST_NUMBER
                ? "it has a number of " + tokens.getTextLength() + " digits"
                : null;
    }
}
