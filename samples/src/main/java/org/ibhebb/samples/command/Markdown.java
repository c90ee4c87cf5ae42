package org.ibhebb.samples.command;

/** Foreign text inside a page of Markdown: it stays text. */
final class Markdown {

    private static final String FENCE = "```";

    private Markdown() {}

    /** Shown as it is, in a line, a heading or a table: no HTML, no link, no further column. */
    static String escape(String text) {
        return text.replaceAll("[\\\\`*_\\[\\]#|~]", "\\\\$0")
                .replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                .replaceAll("\\s+", " ");
    }

    /** Lines to be typed, each with its end, between fences that are longer than any in them. */
    static String fenced(String lines) {
        String fence = FENCE;
        while (lines.contains(fence)) {
            fence += "`";
        }
        return fence + "\n" + lines + fence + "\n";
    }
}
