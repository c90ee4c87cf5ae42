package org.ibhebb.internal.file;

/** Texts of files as messages show them: short, on one line, so that whoever made the file does not write the log. */
public final class Quoted {

    private static final int LONGEST = 160;

    private Quoted() {}

    /**
     * A text of a file's.
     *
     * @param text of any length, with any characters
     * @return its beginning, with a question mark for what is not printable, in quotation marks
     */
    public static String of(String text) {
        String shown = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
        return "'" + shown.replaceAll("\\P{Print}", "?") + "'";
    }
}
