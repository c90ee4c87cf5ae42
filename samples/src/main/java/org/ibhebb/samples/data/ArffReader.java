package org.ibhebb.samples.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.ibhebb.samples.folder.DataException;

/**
 * Reads ARFF, the format of Weka and MOA, one row after another, however many there are: numeric and nominal
 * attributes, dense and sparse rows, quoted names and values, comments. Dates, texts, relations and weights are refused.
 */
public final class ArffReader implements AutoCloseable {

    private static final String NUMBER = "[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?";
    private static final List<String> NUMERIC = List.of("numeric", "real", "integer");
    private static final int SHOWN = 10;

    private final String name;
    private final BufferedReader in;
    private final List<Attribute> attributes = new ArrayList<>();
    private final Set<String> declared = new HashSet<>();
    /** By attribute: the number of each value; null for a numeric one. */
    private final List<Map<String, Integer>> numbers = new ArrayList<>();
    /** Of the line that was read last, counted from 1. */
    private long line;

    /**
     * A column.
     *
     * @param values those that a nominal one may have, in the order in which it names them; null for a numeric one
     */
    public record Attribute(String name, List<String> values) {

        public boolean isNumeric() {
            return values == null;
        }

        /** One if it is numeric, else one for each value. */
        int inputs() {
            return isNumeric() ? 1 : values.size();
        }
    }

    /** A word of a line, and whether it was quoted: a quoted question mark is one. */
    private record Word(String text, boolean quoted) {

        boolean isMissing() {
            return !quoted && text.equals("?");
        }

        /** As a brace, or another sign that stands for itself. */
        boolean is(String sign) {
            return !quoted && text.equals(sign);
        }
    }

    /**
     * Reads everything above the rows.
     *
     * @param name what messages call the file
     * @throws DataException with the number of the line, if an attribute is of a type that can't be learnt from, or
     *     this is no ARFF
     */
    public ArffReader(String name, Reader in) throws IOException {
        this.name = name;
        this.in = new BufferedReader(in);
        boolean begun = false;
        for (List<Word> words = words(); ; words = words()) {
            if (words == null) {
                throw new DataException(name + " ends before @data" + (begun ? "" : ": it is no ARFF file"));
            }
            if (words.isEmpty()) {
                continue;
            }
            String directive = words.get(0).quoted() ? "" : words.get(0).text().toLowerCase(Locale.ROOT);
            if (directive.equals("@data")) {
                break;
            } else if (directive.equals("@attribute")) {
                declare(words);
            } else if (!directive.equals("@relation")) {
                throw bad("begins with none of @relation, @attribute and @data"
                        + (begun ? "" : ": this is no ARFF file"));
            }
            begun = true;
        }
        if (attributes.isEmpty()) {
            throw new DataException(name + " declares no attribute above @data");
        }
    }

    private void declare(List<Word> words) throws DataException {
        if (words.size() < 3) {
            throw bad("must be: @attribute NAME TYPE");
        }
        String attribute = words.get(1).text();
        if (!declared.add(attribute)) {
            throw bad("declares a second attribute '" + attribute + "'");
        }
        if (words.get(2).is("{")) {
            nominal(attribute, words.subList(3, words.size()));
            return;
        }
        String type = words.get(2).text().toLowerCase(Locale.ROOT);
        if (!NUMERIC.contains(type)) {
            throw bad("declares '" + attribute + "' as " + type + ", and what is learnt here are numbers (numeric,"
                    + " real, integer) and nominal values ({a, b}): leave it out, or make it one of them");
        }
        attributes.add(new Attribute(attribute, null));
        numbers.add(null);
    }

    private void nominal(String attribute, List<Word> words) throws DataException {
        if (words.isEmpty() || !words.get(words.size() - 1).is("}")) {
            throw bad("opens { for the values of '" + attribute + "' and has no } at its end");
        }
        Map<String, Integer> known = new HashMap<>();
        List<String> values = new ArrayList<>();
        for (Word word : words.subList(0, words.size() - 1)) {
            if (known.putIfAbsent(word.text(), values.size()) != null) {
                throw bad("names the value '" + word.text() + "' of '" + attribute + "' twice");
            }
            values.add(word.text());
        }
        if (values.isEmpty()) {
            throw bad("names no value of '" + attribute + "'");
        }
        attributes.add(new Attribute(attribute, List.copyOf(values)));
        numbers.add(known);
    }

    /** The columns, in the order of a row's values. */
    public List<Attribute> attributes() {
        return List.copyOf(attributes);
    }

    /**
     * Which attribute is the class.
     *
     * @param wanted its name; null for the last one
     * @return its number, counted from 0
     * @throws DataException if there is none of that name, it is the only one, or is not nominal
     */
    public int classAttribute(String wanted) throws DataException {
        List<String> names = attributes.stream().map(Attribute::name).toList();
        int of = wanted == null ? names.size() - 1 : names.indexOf(wanted);
        if (of < 0) {
            throw new DataException(name + " has no attribute '" + wanted + "': it has " + String.join(", ", names));
        }
        if (names.size() < 2) {
            throw new DataException(name + " has one attribute: there must be a class and something to tell it from");
        }
        Attribute attribute = attributes.get(of);
        if (attribute.isNumeric() || attribute.values().size() < 2) {
            throw new DataException(name + ": the class '" + attribute.name() + "' " + (attribute.isNumeric()
                    ? "is declared as a number: list its classes, as in @attribute " + attribute.name() + " {0, 1},"
                    : "has one value:") + " or name another attribute by --class");
        }
        return of;
    }

    /**
     * The class of a row.
     *
     * @param row the one that was read last
     * @param of the number of the attribute that is the class
     * @return counted from 0
     * @throws DataException with the number of the line, if it is missing
     */
    public int label(double[] row, int of) throws DataException {
        if (Double.isNaN(row[of])) {
            throw bad("has no class: '" + attributes.get(of).name() + "' is missing");
        }
        return (int) row[of];
    }

    /**
     * The next row: for each attribute its number, or that of its nominal value, counted from 0; NaN if it is missing.
     *
     * @return null at the end
     * @throws DataException with the number of the line, if something in it is not as declared
     */
    public double[] next() throws IOException {
        List<Word> words = words();
        while (words != null && words.isEmpty()) {
            words = words();
        }
        if (words == null) {
            return null;
        }
        return words.get(0).is("{") ? sparse(words.subList(1, words.size())) : dense(words);
    }

    private double[] dense(List<Word> words) throws DataException {
        if (words.stream().anyMatch(word -> word.is("{"))) {
            throw bad("gives a weight, in braces behind its values, and every row counts as one here: leave it out");
        }
        if (words.size() != attributes.size()) {
            throw bad("has " + words.size() + " values, but there are " + attributes.size() + " attributes");
        }
        double[] row = new double[words.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = value(i, words.get(i));
        }
        return row;
    }

    /** Pairs of an attribute's number, from 0, and its value; what is not named is 0, or the first nominal value. */
    private double[] sparse(List<Word> words) throws DataException {
        if (words.isEmpty() || !words.get(words.size() - 1).is("}")) {
            throw bad("is sparse, as { says, and has no } at its end");
        }
        if (words.size() % 2 == 0) {
            throw bad("is sparse, and must be pairs of an attribute's number and its value: {0 1.5, 3 red}");
        }
        double[] row = new double[attributes.size()];
        boolean[] named = new boolean[row.length];
        for (int k = 0; k + 1 < words.size(); k += 2) {
            int i = index(words.get(k));
            if (named[i]) {
                throw bad("gives attribute " + i + " ('" + attributes.get(i).name() + "') twice");
            }
            named[i] = true;
            row[i] = value(i, words.get(k + 1));
        }
        return row;
    }

    private int index(Word word) throws DataException {
        int index = word.text().matches("\\d{1,9}") ? Integer.parseInt(word.text()) : -1;
        if (index < 0 || index >= attributes.size()) {
            throw bad("is sparse and names attribute '" + word.text() + "', which must be a number from 0 to "
                    + (attributes.size() - 1));
        }
        return index;
    }

    private double value(int i, Word word) throws DataException {
        if (word.isMissing()) {
            return Double.NaN;
        }
        Attribute attribute = attributes.get(i);
        if (attribute.isNumeric()) {
            if (!word.text().matches(NUMBER) || Float.isInfinite(Float.parseFloat(word.text()))) {
                throw bad("has '" + word.text() + "' for attribute '" + attribute.name() + "', which is a number");
            }
            return Double.parseDouble(word.text());
        }
        Integer number = numbers.get(i).get(word.text());
        if (number == null) {
            List<String> values = attribute.values();
            throw bad("has '" + word.text() + "' for attribute '" + attribute.name() + "', which is one of "
                    + String.join(", ", values.subList(0, Math.min(SHOWN, values.size())))
                    + (values.size() > SHOWN ? ", ..." : ""));
        }
        return number;
    }

    /** The line that was read last, counted from 1. */
    public long line() {
        return line;
    }

    /** What is wrong with that line, for the user. */
    public DataException bad(String problem) {
        return new DataException(name + ", line " + line + " " + problem);
    }

    /** Those of the next line: of an empty one, or one of comments alone, none; null at the end. */
    private List<Word> words() throws IOException {
        String text = in.readLine();
        if (text == null) {
            return null;
        }
        line++;
        if (line == 1 && text.startsWith("\ufeff")) {
            text = text.substring(1);
        }
        return new Words(text).all();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Takes a line apart: words end at blanks and commas, or at their closing quote; % begins a comment. */
    private final class Words {

        private static final String ENDS = ",{}%'\"";

        private final String text;
        private int at;

        Words(String text) {
            this.text = text;
        }

        List<Word> all() throws DataException {
            List<Word> words = new ArrayList<>();
            // Two commas with nothing between them would be one value too few, of which nobody could say which.
            boolean comma = true;
            for (skipBlanks(); at < text.length() && text.charAt(at) != '%'; skipBlanks()) {
                char next = text.charAt(at);
                if (next == ',') {
                    if (comma) {
                        throw bad("has nothing before a comma: a value that is missing is a question mark");
                    }
                    comma = true;
                    at++;
                } else {
                    comma = false;
                    words.add(next == '{' || next == '}' ? sign() : next == '\'' || next == '"' ? quoted() : bare());
                }
            }
            if (comma && !words.isEmpty()) {
                throw bad("has nothing behind its last comma: a value that is missing is a question mark");
            }
            return words;
        }

        private void skipBlanks() {
            while (at < text.length() && text.charAt(at) <= ' ') {
                at++;
            }
        }

        private Word sign() {
            return new Word(String.valueOf(text.charAt(at++)), false);
        }

        private Word bare() {
            int start = at;
            while (at < text.length() && text.charAt(at) > ' ' && ENDS.indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return new Word(text.substring(start, at), false);
        }

        private Word quoted() throws DataException {
            char quote = text.charAt(at++);
            StringBuilder word = new StringBuilder();
            while (at < text.length()) {
                char next = text.charAt(at++);
                if (next == quote) {
                    return new Word(word.toString(), true);
                }
                if (next == '\\' && at < text.length()) {
                    char escaped = text.charAt(at++);
                    int control = "ntr".indexOf(escaped);
                    word.append(control < 0 ? escaped : "\n\t\r".charAt(control));
                } else {
                    word.append(next);
                }
            }
            throw bad("opens a quote that it does not close");
        }
    }
}
