package org.ibhebb.samples.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.ibhebb.samples.folder.DataException;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * An experiment's results.json, or a value in it. Such a file may come from anywhere: what is missing or of another kind
 * is one sentence for the user.
 *
 * @param file to be named
 * @param node null where there is nothing
 */
record ResultsFile(Path file, JsonNode node) {

    /** What to do about a file that can't be used: the second half of a sentence. */
    static final String REMEDY = "it is damaged or of an older version; start the same experiment again, which repeats"
            + " no run";

    /** What must be there under a name. */
    ResultsFile field(String name) throws DataException {
        JsonNode field = node == null ? null : node.get(name);
        if (field == null) {
            throw new DataException(file + " has no '" + name + "': " + REMEDY);
        }
        return new ResultsFile(file, field);
    }

    /** Whether there is anything under a name. */
    boolean has(String name) {
        return node != null && node.has(name);
    }

    /** Whether there is nothing under a name, and that is said. */
    boolean isNull(String name) throws DataException {
        return field(name).node.isNull();
    }

    String text(String name) throws DataException {
        return field(name).text();
    }

    String text() throws DataException {
        return checked(JsonNode::isTextual, "text").node.asText();
    }

    double number(String name) throws DataException {
        return field(name).checked(JsonNode::isNumber, "a number").node.asDouble();
    }

    int whole(String name) throws DataException {
        return field(name).checked(JsonNode::canConvertToInt, "a whole number").node.asInt();
    }

    List<ResultsFile> list(String name) throws DataException {
        List<ResultsFile> list = new ArrayList<>();
        field(name).checked(JsonNode::isArray, "a list").node.forEach(each -> list.add(new ResultsFile(file, each)));
        return list;
    }

    private ResultsFile checked(Predicate<JsonNode> isRight, String kind) throws DataException {
        if (!isRight.test(node)) {
            String found = node.toString();
            throw new DataException(file + " has " + found.substring(0, Math.min(40, found.length())) + " where "
                    + kind + " should be: " + REMEDY);
        }
        return this;
    }
}
