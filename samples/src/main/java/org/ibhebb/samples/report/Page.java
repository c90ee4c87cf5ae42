package org.ibhebb.samples.report;

import java.awt.AWTError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.ibhebb.samples.folder.DataException;
import org.ibhebb.samples.folder.WholeFile;

/** A page of HTML that needs nothing but itself: no style sheet, script, font or image from elsewhere. */
public final class Page {

    private static final String STYLE = """
            body { font-family: system-ui, sans-serif; line-height: 1.5; color: #222; max-width: 62rem;
                   margin: 2rem auto; padding: 0 1rem; }
            table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
            th, td { border-bottom: 1px solid #ccc; padding: .3rem .8rem; text-align: left; vertical-align: top; }
            th { border-bottom: 2px solid #666; }
            .scroll { overflow-x: auto; }
            figure { margin: 1.5rem 0; }
            figure svg { width: 100%; height: auto; }
            figcaption { color: #555; }
            pre { background: #f4f4f4; padding: .7rem 1rem; overflow-x: auto; }
            """;

    private final String title;
    /** Drawn when the page is written: drawing needs fonts, which a machine can lack. */
    private final List<Supplier<String>> body = new ArrayList<>();
    private final List<Figure> figures = new ArrayList<>();

    /**
     * An empty page.
     *
     * @param title its heading
     */
    public Page(String title) {
        this.title = title;
    }

    /**
     * Adds a heading.
     *
     * @param text plain text, as everywhere here
     */
    public void heading(String text) {
        add("h2", text);
    }

    /**
     * Adds a paragraph.
     *
     * @param text plain text
     */
    public void paragraph(String text) {
        add("p", text);
    }

    /**
     * Adds what is to be typed.
     *
     * @param text plain text
     */
    public void command(String text) {
        add("pre", text);
    }

    /**
     * Adds a table.
     *
     * @param header one text a column
     * @param rows the same for each row
     */
    public void table(List<String> header, List<List<String>> rows) {
        StringBuilder table = new StringBuilder("<div class=\"scroll\"><table>\n").append(row("th", header));
        rows.forEach(row -> table.append(row("td", row)));
        String whole = table.append("</table></div>\n").toString();
        body.add(() -> whole);
    }

    private static String row(String cell, List<String> texts) {
        return texts.stream()
                .map(text -> element(cell, text))
                .collect(Collectors.joining("", "<tr>", "</tr>\n"));
    }

    /**
     * Adds a chart.
     *
     * @param figure which is also written as files of its own
     * @param caption what it shows, in a sentence
     */
    public void figure(Figure figure, String caption) {
        figures.add(figure);
        body.add(() -> "<figure role=\"img\" aria-label=\"" + escape(figure.title()) + "\">\n" + figure.svg() + "\n"
                + element("figcaption", caption + " (" + figure.name() + ".png, .svg)") + "\n</figure>\n");
    }

    private void add(String element, String text) {
        body.add(() -> element(element, text) + "\n");
    }

    private static String element(String name, String text) {
        return "<" + name + ">" + escape(text) + "</" + name + ">";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    /**
     * Writes index.html, and the charts as files of their own.
     *
     * @param folder where to
     * @throws IOException if that fails
     */
    public void write(Path folder) throws IOException {
        write(folder, ".");
    }

    /**
     * The same, where something can be done if charts can't be drawn.
     *
     * @param folder where to
     * @param otherwise ends the sentence that asks for fonts, and may go on
     * @throws IOException if that fails
     */
    public void write(Path folder, String otherwise) throws IOException {
        try {
            for (Figure figure : figures) {
                figure.write(folder);
            }
            WholeFile.write(folder.resolve("index.html"), html());
        } catch (LinkageError | InternalError | AWTError e) {
            throw new DataException("charts can't be drawn here (" + e + "), for which Java needs fonts: install"
                    + " fontconfig and a font, such as Debian's fonts-dejavu-core" + otherwise, e);
        }
    }

    private String html() {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + element("title", title) + "\n<style>\n" + STYLE + "</style>\n</head>\n<body>\n"
                + element("h1", title) + "\n" + body.stream().map(Supplier::get).collect(Collectors.joining())
                + "</body>\n</html>\n";
    }
}
