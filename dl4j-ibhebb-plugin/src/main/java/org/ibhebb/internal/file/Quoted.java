package org.ibhebb.internal.file;

/** Texts of files as messages show them: short, on one line, so that whoever made the file does not write the log. */
public final class Quoted {

    private static final int LONGEST = 160;
    private static final int LONGEST_SENTENCE = 600;

    private Quoted() {}

    /**
     * A text of a file's.
     *
     * @param text of any length, with any characters
     * @return its beginning, with a question mark for what is not printable, in quotation marks
     */
    public static String of(String text) {
        return "'" + shown(text, LONGEST) + "'";
    }

    /**
     * A sentence of ours in which there are texts of a file's.
     *
     * @param sentence of any length, with any characters
     * @return its beginning, with a question mark for what is not printable
     */
    public static String within(String sentence) {
        return shown(sentence, LONGEST_SENTENCE);
    }

    private static String shown(String text, int longest) {
        String beginning = text.length() <= longest ? text : text.substring(0, longest) + "...";
        return beginning.replaceAll("\\P{Print}", "?");
    }
}
