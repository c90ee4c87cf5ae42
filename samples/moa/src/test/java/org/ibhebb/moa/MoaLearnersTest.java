package org.ibhebb.moa;

import static org.assertj.core.api.Assertions.assertThat;

import com.yahoo.labs.samoa.instances.Instance;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import moa.classifiers.Classifier;
import moa.classifiers.MultiClassClassifier;
import moa.core.Utils;
import moa.options.ClassOption;
import moa.streams.generators.AgrawalGenerator;
import org.ibhebb.samples.Main;
import org.ibhebb.samples.stream.OnlineLearner;
import org.ibhebb.samples.stream.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class MoaLearnersTest {

    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();

    /** MOA is the oracle: its learner, fed by its own generator, without this program between them. */
    @ParameterizedTest
    @CsvSource({
        "Hoeffding tree, trees.HoeffdingTree",
        "adaptive tree, trees.HoeffdingAdaptiveTree",
        "adaptive forest of 10, meta.AdaptiveRandomForest -s 10"
    })
    void predictAsTheyDoInMoa(String name, String options) throws Exception {
        int samples = 3_000;
        AgrawalGenerator generator = new AgrawalGenerator();
        generator.instanceRandomSeedOption.setValue(7);
        generator.prepareForUse();
        Classifier expected =
                (Classifier) ClassOption.cliStringToObject(options, MultiClassClassifier.class, null);
        expected.setModelContext(generator.getHeader());
        expected.prepareForUse();
        int[] labels = new int[samples];
        int[] predicted = new int[samples];
        float[] rows;
        Moa moa = new Moa();
        try (Source source = moa.open("generators.AgrawalGenerator -i 7")) {
            rows = new float[samples * source.inputs()];
            for (int i = 0; i < samples; i++) {
                labels[i] = source.next(rows, i * source.inputs());
            }
            OnlineLearner learner = moa.learner(name, source.columns(), source.classes());
            learner.take(rows, labels, samples);
            learner.learn(predicted);
        }
        int differ = 0;
        int right = 0;
        for (int i = 0; i < samples; i++) {
            Instance instance = generator.nextInstance().getData();
            int said = Utils.maxIndex(withOne(expected.getVotesForInstance(instance)));
            differ += said == predicted[i] ? 0 : 1;
            right += said == labels[i] ? 1 : 0;
            expected.trainOnInstance(instance);
        }
        // Numbers are floats on one side and doubles on the other.
        assertThat(differ).isLessThan(samples / 100);
        assertThat(right).isGreaterThan(samples / 2);
    }

    private static double[] withOne(double[] votes) {
        return votes.length == 0 ? new double[1] : votes;
    }

    private JsonNode experiment(String... flags) throws IOException {
        String[] all = Stream.concat(Stream.of("experiment", "stream", "--out", folder.resolve("out").toString()),
                Stream.of(flags)).toArray(String[]::new);
        assertThat(Main.commandLine().setOut(new PrintWriter(new StringWriter())).setErr(new PrintWriter(err, true))
                .execute(all)).as(err.toString()).isZero();
        return new ObjectMapper().readTree(folder.resolve("out/results.json").toFile());
    }

    private static double accuracy(JsonNode results, String stream, String learner) {
        return results.get("streams").get(stream).get(learner).get("prequentialAccuracy").get("mean").asDouble();
    }

    @Test
    void allPublishedStreamsAreLearntByAll() throws IOException {
        JsonNode results = experiment("--limit", "400", "--model", "mlp:8", "--memory", "8");
        assertThat(results.get("moa").asText()).contains("MOA");
        assertThat(results.get("streams").size()).isEqualTo(7);
        results.get("streams").forEach(stream -> {
            assertThat(stream.size()).isEqualTo(4);
            stream.forEach(learner -> assertThat(learner.get("samplesPerSecond").get("mean").asDouble()).isPositive());
        });
        assertThat(folder.resolve("out/index.html")).content().contains("Within 1.5 points", "rbf-slow.png", "-p 200 ");
        try (Stream<Path> runs = Files.list(folder.resolve("out/runs"))) {
            assertThat(runs).hasSize(7 * 4);
        }
    }

    /** A file that MOA's learners read as what it says: a nominal attribute, missing numbers, a class. */
    @Test
    void filesAreLearntByAll() throws IOException {
        StringBuilder text = new StringBuilder("@relation r\n@attribute word {a,b,c}\n@attribute x real\n"
                + "@attribute class {n,y}\n@data\n");
        for (int i = 0; i < 2_000; i++) {
            int word = i * 7 % 3;
            text.append("abc".charAt(word)).append(i % 9 == 0 ? ",?," : "," + Math.cos(i) + ",")
                    .append(word == 1 ? "y" : "n").append('\n');
        }
        Path file = Files.writeString(folder.resolve("mine.arff"), text);
        JsonNode results = experiment("--data", "arff:" + file, "--model", "mlp:16");
        for (String learner : List.of("local network", "Hoeffding tree", "adaptive tree", "adaptive forest of 10")) {
            assertThat(accuracy(results, "arff:" + file, learner)).as(learner).isGreaterThan(90);
        }
        assertThat(results.get("summary").get(0).asText()).contains("of 1 streams");
    }

    @Test
    void seedsAreOtherStreams() throws IOException {
        JsonNode results = experiment("--streams", "sea", "--seeds", "2", "--limit", "1000", "--model", "mlp:8");
        JsonNode tree = results.get("streams").get("sea").get("Hoeffding tree").get("prequentialAccuracy");
        assertThat(tree.get("count").asInt()).isEqualTo(2);
        assertThat(tree.get("deviation").asDouble()).isPositive();
    }
}
