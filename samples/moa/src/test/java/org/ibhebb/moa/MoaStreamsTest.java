package org.ibhebb.moa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.yahoo.labs.samoa.instances.Instance;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import moa.streams.generators.AgrawalGenerator;
import org.ibhebb.samples.Main;
import org.ibhebb.samples.stream.Column;
import org.ibhebb.samples.stream.Peer;
import org.ibhebb.samples.stream.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class MoaStreamsTest {

    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();

    private static Source open(String description) throws IOException {
        return ServiceLoader.load(Peer.class).findFirst().orElseThrow().open(description);
    }

    private int run(String... arguments) {
        return Main.commandLine().setOut(new PrintWriter(new StringWriter())).setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void samplesAreTheGeneratorsOwn() throws IOException {
        AgrawalGenerator generator = new AgrawalGenerator();
        generator.instanceRandomSeedOption.setValue(7);
        generator.prepareForUse();
        try (Source source = open("(generators.AgrawalGenerator -i 7)")) {
            List<Column> columns = source.columns();
            assertThat(columns).extracting(Column::name).containsExactly("salary", "commission", "age", "elevel", "car",
                    "zipcode", "hvalue", "hyears", "loan");
            assertThat(columns.get(4).values()).hasSize(20);
            assertThat(source.inputs()).isEqualTo(6 + 5 + 20 + 9);
            assertThat(source.classes()).isEqualTo(2);
            float[] x = new float[1 + source.inputs()];
            for (int i = 0; i < 100; i++) {
                Instance expected = generator.nextInstance().getData();
                assertThat(source.next(x, 1)).isEqualTo((int) expected.classValue());
                int place = 1;
                for (int k = 0; k < columns.size(); k++) {
                    for (int j = 0; j < columns.get(k).inputs(); j++) {
                        assertThat(x[place++]).isEqualTo(columns.get(k).isNumeric()
                                ? (float) expected.value(k)
                                : expected.value(k) == j ? 1 : 0);
                    }
                }
            }
        }
    }

    @Test
    void theProgramLearnsThem() throws IOException {
        Path json = folder.resolve("result.json");
        assertThat(run("stream", "--data", "moa:(generators.SEAGenerator -i 7)", "--limit", "5000", "--model",
                "mlp:20,20", "--json", json.toString())).as(err.toString()).isZero();
        JsonNode result = new ObjectMapper().readTree(json.toFile());
        assertThat(result.get("samples").asInt()).isEqualTo(5_000);
        assertThat(result.get("prequentialAccuracy").asDouble()).isGreaterThan(83);
    }

    @Test
    void whatIsInterruptedGoesOn() throws IOException {
        Path whole = folder.resolve("whole.ibstream");
        Path half = folder.resolve("half.ibstream");
        Path rest = folder.resolve("rest.ibstream");
        assertThat(sea(1_000, whole)).as(err.toString()).isZero();
        assertThat(sea(600, half)).isZero();
        assertThat(sea(400, rest, "--resume", half.toString())).isZero();
        assertThat(rest).hasSameBinaryContentAs(whole);
    }

    private int sea(int limit, Path save, String... more) {
        String[] flags = {"stream", "--data", "moa:generators.SEAGenerator", "--model", "mlp:8", "--limit",
            String.valueOf(limit), "--save", save.toString()};
        String[] all = Arrays.copyOf(flags, flags.length + more.length);
        System.arraycopy(more, 0, all, flags.length, more.length);
        return run(all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"generators.NoGenerator", "(generators.SEAGenerator -q 3)", "", "trees.HoeffdingTree"})
    void whatIsNoStreamIsOneSentence(String description) {
        assertThatThrownBy(() -> open(description)).isInstanceOf(IOException.class)
                .hasMessageStartingWith("MOA has no stream '" + description + "'")
                .hasMessageContaining("generators.SEAGenerator -i 7").message().doesNotContain("\n");
    }

    @Test
    void aRegressionIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("r.arff"), "@relation r\n@attribute x real\n@attribute y real\n"
                + "@data\n1,2\n");
        assertThat(run("stream", "--data", "moa:(ArffFileStream -f " + file + ")")).isEqualTo(1);
        assertThat(err.toString()).contains("'y' is a number").hasLineCount(1);
    }
}
