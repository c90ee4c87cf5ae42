package org.ibhebb.samples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.ibhebb.samples.folder.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class ArffFileTest {

    private static final String TEXT = """
            @relation fruit
            @attribute kind {apple, pear}
            @attribute size real
            @attribute colour {red, green, blue}
            @data
            apple, 1, red
            pear, ?, green
            apple, 3, ?
            pear, 5, blue
            """;

    @TempDir
    private Path folder;

    private LearningTask load(String text, String of) throws IOException {
        return ArffFile.load(Files.writeString(folder.resolve("data.arff"), text), of, 0.25, 1);
    }

    @Test
    void eachNominalValueIsAnInputAndClassesAreThoseOfTheHeader() throws IOException {
        LearningTask task = load(TEXT, "kind");
        Table train = (Table) task.train();
        Table test = (Table) task.evaluation();
        assertThat(task.classes()).isEqualTo(2);
        assertThat(task.name()).isEqualTo("data.arff");
        assertThat(train.count()).isEqualTo(3);
        assertThat(test.count()).isEqualTo(1);
        // size; red, green, blue.
        assertThat(train.numeric()).containsExactly(true, false, false, false);
        List<float[]> rows = new ArrayList<>(List.of(train.rows()));
        rows.addAll(List.of(test.rows()));
        assertThat(rows).containsExactlyInAnyOrder(new float[] {1, 1, 0, 0}, new float[] {Float.NaN, 0, 1, 0},
                new float[] {3, 0, 0, 0}, new float[] {5, 0, 0, 1});
        // The last attribute unless one is named; its third value counts although no row had it.
        assertThat(load(TEXT.replace("?\n", "red\n").replace("blue\n", "red\n").replace("red, green, red",
                "red, green, blue"), null).classes()).isEqualTo(3);
    }

    /** By the definition, on the numbers that are there. */
    @Test
    void aMissingNumberIsTheMeanOfTheTrainingRows() {
        float[][] rows = {{1, 0}, {Float.NaN, 1}, {3, 1}, {Float.NaN, 0}, {8, 1}};
        Table train = new Table(new boolean[] {true, false}, rows, new int[5]);
        INDArray inputs = new TableEncoder(train).inputs(train, new int[] {0, 1, 2, 3, 4}, 0, 5);
        double mean = (1 + 3 + 8) / 3.0;
        double deviation = Math.sqrt(((1 - mean) * (1 - mean) + (3 - mean) * (3 - mean) + (8 - mean) * (8 - mean)) / 3);
        double[] expected = {(1 - mean) / deviation, 0, (3 - mean) / deviation, 0, (8 - mean) / deviation};
        for (int i = 0; i < expected.length; i++) {
            assertThat(inputs.getDouble(i, 0)).isEqualTo(expected[i], within(1e-6));
            assertThat(inputs.getDouble(i, 1)).isEqualTo(rows[i][1]);
        }
        Table none = new Table(new boolean[] {true}, new float[][] {{Float.NaN}, {Float.NaN}}, new int[2]);
        assertThat(new TableEncoder(none).inputs(none, new int[] {1}, 0, 1).getDouble(0)).isZero();
    }

    @Test
    void gzippedFilesAreReadAndOtherEncodingsRefused() throws IOException {
        Path file = folder.resolve("data.arff.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(TEXT.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(ArffFile.load(file, "kind", 0.5, 1).train().count()).isEqualTo(2);
        Path latin = Files.write(folder.resolve("latin.arff"),
                TEXT.replace("blue", "bl\u00fc").getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> ArffFile.load(latin, "kind", 0.5, 1)).isInstanceOf(DataException.class)
                .hasMessageContaining("latin.arff is not in UTF-8");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "kind|weight|has no attribute 'weight': it has kind, size, colour",
        "kind|size|the class 'size' is declared as a number",
        "{red, green, blue}|colour|has 'red' for attribute 'colour'",
        "pear, ?|kind|has no class: 'kind' is missing",
    })
    void whatCannotBeLearntIsNamed(String what, String of, String problem) {
        String text = what.startsWith("{") ? TEXT.replace(what, "{green, blue}")
                : what.startsWith("pear") ? TEXT.replace(what, "?, 2") : TEXT;
        assertThatThrownBy(() -> load(text, of)).isInstanceOf(DataException.class).hasMessageContaining(problem)
                .hasMessageContaining("data.arff");
    }

    @Test
    void oneRowIsTooFew() {
        assertThatThrownBy(() -> load(TEXT.substring(0, TEXT.indexOf("pear, ?")), "kind"))
                .hasMessageContaining("has 1 rows");
    }
}
