package org.ibhebb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The document of compatible models says what becomes of them. Models that learn stay below 0.7 of the control's loss
 * (the document promises 0.8), so that other kernels, threads and processors come to the same verdict: what they change
 * is 0.00 to 0.05, and 0.09 in the worst case seen. Give a new model steps enough, or narrow layers, which make the
 * control worse. Quick tests convert all of them, and train the first of each section.
 */
class CompatibilityTableTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "compatibility.md");
    private static final String COMMAND = """
                mvn test -pl compatibility-tests -am -Dtest=CompatibilityTableTest \\
                    -Dsurefire.failIfNoSpecifiedTests=false -Dibhebb.compatibility=write
            """;
    private static final String ADVICE =
            "docs/compatibility.md does not say so. If the change is meant, write it anew:\n" + COMMAND;
    private static final boolean WRITE = "write".equals(System.getProperty("ibhebb.compatibility"));
    private static final boolean ALL_LEARN = WRITE || "whole".equals(System.getProperty("ibhebb.tests"));
    private static final PrintStream OUT = System.out;
    private static final List<Specimen> ALL =
            Stream.of(ZooModels.all(), KerasModels.all(), LayerModels.all(), GraphModels.all())
                    .flatMap(List::stream).toList();

    /** The first of each section that can be trained: those that quick tests train. */
    private static final Set<Specimen> FEW = Set.copyOf(ALL.stream().filter(model -> model.data() != null)
            .collect(Collectors.toMap(Specimen::section, Function.identity(), (first, other) -> first)).values());

    private static final Map<String, String> ROWS = new TreeMap<>();

    private static final String HEAD = """
            # Compatibility

            What becomes of Deeplearning4j's models when `IbHebb.convert` has them. *Learns* means: on a small task, with
            the library's defaults, the loss that is left is less than 0.8 of what the same network is left with after
            the same steps with its hidden layers frozen. *Refused* quotes what the user reads. The numbers are the
            hidden layers with weights that learn locally, of how many.

            Generated, and checked by every build: all of it by `mvn -Pwhole verify`, how models convert by any. To write
            it anew after something has changed:

            %s
            Not in the tables, for they fail in Deeplearning4j 1.0.0-M2.1 by themselves: `LearnedSelfAttentionLayer`,
            `SimpleRnn` with layer normalisation, global pooling of sequences with their channels last, a separable
            convolution of one channel, a dense layer on the output of a 3D convolution. An
            `EmbeddingLayer` as the only hidden layer converts, and was not seen to do better than frozen: all samples of
            one word are the same, and pull at each other in no direction.
            """.formatted(COMMAND);

    static List<Specimen> models() {
        return ALL;
    }

    /** SameDiff writes a line an operation to the standard output. */
    @BeforeAll
    static void silence() {
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    }

    @AfterAll
    static void speak() throws IOException {
        System.setOut(OUT);
        if (WRITE) {
            Files.write(DOCUMENT, document());
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void theModelDoesWhatTheDocumentSays(Specimen model) throws IOException {
        Trial trial = Trial.of(model, ALL_LEARN || FEW.contains(model));
        assertThat(trial.fine()).as(trial.result()).isTrue();
        String converted = "| " + model.name() + " | " + trial.layers() + " | ";
        if (trial.result().isEmpty()) {
            assertThat(Files.readAllLines(DOCUMENT)).as(ADVICE).anyMatch(row -> row.startsWith(converted)
                    && !row.startsWith(converted + "refused: ") && !row.startsWith(converted + "converts; "));
            abort("converts as documented; to train it takes long: mvn -Pwhole verify");
        }
        String row = converted + trial.result() + " |";
        ROWS.put(model.toString(), row);
        if (!WRITE) {
            assertThat(Files.readAllLines(DOCUMENT)).as(ADVICE).contains(row);
        }
    }

    /** Nothing else stands there: no model that is gone, no section under another name. */
    @Test
    void theDocumentNamesTheseModels() throws IOException {
        if (!WRITE) {
            assertThat(outline(Files.readAllLines(DOCUMENT))).as(ADVICE).isEqualTo(outline(document()));
        }
    }

    /** A document's lines, of each row only the model's name. */
    private static List<String> outline(List<String> document) {
        return document.stream().map(line -> line.startsWith("| ") ? line.split(" \\| ")[0] : line).toList();
    }

    private static List<String> document() {
        List<String> lines = new ArrayList<>(HEAD.lines().toList());
        String section = "";
        for (Specimen model : ALL) {
            if (!model.section().equals(section)) {
                section = model.section();
                lines.addAll(List.of("", "## " + section, "", "| model | local | result |", "|---|---|---|"));
            }
            lines.add(ROWS.getOrDefault(model.toString(), "| " + model.name() + " | |"));
        }
        return lines;
    }
}
