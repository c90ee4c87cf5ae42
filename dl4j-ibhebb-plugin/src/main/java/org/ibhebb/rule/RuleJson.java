package org.ibhebb.rule;

import java.io.IOException;
import org.ibhebb.internal.file.JsonText;
import org.ibhebb.internal.file.Quoted;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.databind.DeserializationContext;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonDeserializer;
import org.nd4j.shade.jackson.databind.JsonMappingException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Rules as JSON and YAML, read by one policy wherever they stand, alone or inside a saved model: a field that this
 * version does not know is refused, for a rule without one of its settings would be another rule; so is a field that is
 * there twice, the second of which would pass by all checks. DL4J's own readers let both pass.
 */
final class RuleJson {

    /** Deeper than any rule. */
    private static final int DEEPEST = 16;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectMapper STRICT = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .addMixIn(LearningRule.class, AsItsFields.class);

    private RuleJson() {}

    /** Without the deserialiser below, which itself reads by this mapper. */
    @JsonDeserialize
    private interface AsItsFields {}

    static String write(LearningRule rule) {
        try {
            return STRICT.writeValueAsString(rule);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a learning rule could not be written as JSON", e);
        }
    }

    /** @throws IllegalArgumentException naming what is wrong */
    static LearningRule read(String json) {
        try (JsonParser parser = STRICT.getFactory().createParser(json)) {
            if (parser.nextToken() == null) {
                throw new IllegalArgumentException("not a learning rule: the text is empty");
            }
            LearningRule rule = rule(parser);
            Checks.present(rule, "learning rule");
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("not a learning rule: there is more text behind it");
            }
            return rule;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a learning rule: " + Quoted.within(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new IllegalStateException("a text could not be read", e);
        }
    }

    private static LearningRule rule(JsonParser parser) throws IOException {
        return STRICT.treeToValue(tree(parser, 0), LearningRule.class);
    }

    /** The value at which the parser stands; it stands at its end afterwards. */
    private static JsonNode tree(JsonParser parser, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw JsonMappingException.from(parser, "nested deeper than any rule is");
        }
        String fault = JsonText.faultOfNumber(parser);
        if (fault != null) {
            throw JsonMappingException.from(parser, fault);
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, depth);
            case START_ARRAY -> array(parser, depth);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> NODES.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw JsonMappingException.from(parser, "no rule has a " + parser.currentToken());
        };
    }

    private static ObjectNode object(JsonParser parser, int depth) throws IOException {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.getCurrentName();
            if (object.has(name)) {
                throw JsonMappingException.from(parser, "the field '" + name + "' is there twice");
            }
            parser.nextToken();
            object.set(name, tree(parser, depth + 1));
        }
        return object;
    }

    private static ArrayNode array(JsonParser parser, int depth) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(tree(parser, depth + 1));
        }
        return array;
    }

    /** Reads a rule wherever it stands. */
    static final class Deserializer extends JsonDeserializer<LearningRule> {

        @Override
        public LearningRule deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            try {
                return rule(parser);
            } catch (JsonProcessingException e) {
                throw JsonMappingException.from(
                        parser, "not a learning rule: " + Quoted.within(e.getOriginalMessage()), e);
            }
        }
    }
}
