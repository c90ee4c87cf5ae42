package org.ibhebb.samples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.ibhebb.samples.folder.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class CsvFileTest {

    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("data.csv"), text);
    }

    private LearningTask load(String text) throws IOException {
        return CsvFile.load(file(text), null, 0.25, 1);
    }

    @Test
    void recordsAreReadAsRfc4180HasThem() throws IOException {
        try (CsvReader reader = new CsvReader("it", new StringReader(
                "\ufeffa, b ,c\r\n1,\"two, 2\",\"say \"\"3\"\"\"\n\n \"4\" ,\"a\nb\",\r\n"))) {
            assertThat(reader.columns()).containsExactly("a", "b", "c");
            assertThat(reader.next()).containsExactly("1", "two, 2", "say \"3\"");
            assertThat(reader.line()).isEqualTo(2);
            assertThat(reader.next()).containsExactly("4", "a\nb", "");
            assertThat(reader.line()).isEqualTo(4);
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void columnTypesAreFoundAndTextsBecomeInputsOfTheirOwn() throws IOException {
        LearningTask task = load("""
                size,colour,weight,kind
                1,red,-1e3,b
                2,blue,.5,a
                3,red,+2.,b
                4,green,4,10
                """);
        Table train = (Table) task.train();
        Table test = (Table) task.evaluation();
        assertThat(task.classes()).isEqualTo(3);
        assertThat(train.count()).isEqualTo(3);
        assertThat(test.count()).isEqualTo(1);
        // size; blue, green, red; weight.
        assertThat(train.numeric()).containsExactly(true, false, false, false, true);
        List<float[]> rows = new ArrayList<>(List.of(train.rows()));
        rows.addAll(List.of(test.rows()));
        List<Integer> labels = new ArrayList<>(IntStream.of(train.labels()).boxed().toList());
        labels.add(test.labels()[0]);
        rows.sort((a, b) -> Float.compare(a[0], b[0]));
        assertThat(rows.get(0)).containsExactly(1, 0, 0, 1, -1000);
        assertThat(rows.get(1)).containsExactly(2, 1, 0, 0, 0.5f);
        assertThat(rows.get(3)).containsExactly(4, 0, 1, 0, 4);
        assertThat(labels).containsExactlyInAnyOrder(2, 1, 2, 0);
    }

    @Test
    void numbersAreStandardisedByTheTrainingRowsAlone() throws IOException {
        StringBuilder text = new StringBuilder("x,flag,constant,class\n");
        for (int i = 0; i < 40; i++) {
            text.append(i * i).append(i % 2 == 0 ? ",yes" : ",no").append(",7,").append(i % 3).append('\n');
        }
        LearningTask task = load(text.toString());
        Batches batches = new Batches(task, true);
        int[] order = IntStream.range(0, 30).toArray();
        INDArray inputs = batches.inputs(task.train(), order, 0, 30);
        assertThat(inputs.getColumn(0).meanNumber().doubleValue()).isCloseTo(0, within(1e-6));
        assertThat(inputs.getColumn(0).stdNumber(false).doubleValue()).isCloseTo(1, within(1e-6));
        assertThat(inputs.getColumns(1, 2).sum(1).toDoubleVector()).containsOnly(1);
        assertThat(inputs.getColumn(3).amaxNumber().doubleValue()).isZero();
        INDArray test = batches.inputs(task.evaluation(), order, 0, 10);
        assertThat(test.getColumn(0).meanNumber().doubleValue()).isNotCloseTo(0, within(1e-3));
        INDArray labels = batches.labels(task.train(), order, 0, 30);
        for (int i = 0; i < 30; i++) {
            // The square's class by its root.
            double x = ((Table) task.train()).rows()[i][0];
            assertThat(labels.getDouble(i, Math.round(Math.sqrt(x)) % 3)).isOne();
        }
    }

    @Test
    void theSeedDrawsTheTestRows() throws IOException {
        StringBuilder text = new StringBuilder("x,class\n");
        for (int i = 0; i < 40; i++) {
            text.append(i).append(',').append(i % 2).append('\n');
        }
        Path file = file(text.toString());
        assertThat(((Table) CsvFile.load(file, "class", 0.25, 1).evaluation()).rows())
                .isDeepEqualTo(((Table) CsvFile.load(file, "class", 0.25, 1).evaluation()).rows());
        assertThat(((Table) CsvFile.load(file, "class", 0.25, 1).evaluation()).rows())
                .isNotEqualTo(((Table) CsvFile.load(file, "class", 0.25, 2).evaluation()).rows());
        assertThat(CsvFile.load(file, "class", 0.001, 1).evaluation().count()).isOne();
        assertThat(CsvFile.load(file, "class", 0.999, 1).train().count()).isOne();
        // Any column can be the class.
        assertThat(CsvFile.load(file, "x", 0.25, 1).classes()).isEqualTo(40);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "                               | is empty: its first line must name the columns",
        "a,class                        | has 0 rows",
        "a,class/1,x                    | has 1 rows",
        "class/x/y                      | has one column",
        "a,a/1,2                        | line 1 has two columns named 'a'",
        "a,class/1,x/2/3,y              | line 3 has 1 fields, but there are 2 columns",
        "a,class/1,x/2,y,z/3,y          | line 3 has 3 fields, but there are 2 columns",
        "a,class/1,x/,y/3,y             | line 3 has nothing in column 'a'",
        "a,class/1,x/2,\"y              | line 3 opens a quote that is never closed",
        "a,class/1,x/2,x                | has one class in column 'class'",
        "a,class/1,x/2,x/3,x/4,y/5,x/6,x/7,x/8,x/9,x/1,x/NaN,x | line 12 has 'NaN' in column 'a', which has numbers",
        "a,class/1,x/2,x/3,x/4,y/5,x/6,x/7,x/8,x/9,x/1,x/1e99,x | line 12 has '1e99' in column 'a'"
    })
    void whatIsWrongIsNamedWithItsLine(String lines, String sentence) throws IOException {
        Path file = file(lines == null ? "" : lines.replace('/', '\n'));
        assertThatThrownBy(() -> CsvFile.load(file, null, 0.2, 1)).isInstanceOf(DataException.class)
                .hasMessageStartingWith(file.toString()).hasMessageContaining(sentence);
    }

    @Test
    void aMissingColumnAndForeignBytesAreNamed() throws IOException {
        Path file = file("a,b\n1,2\n3,4\n");
        assertThatThrownBy(() -> CsvFile.load(file, "c", 0.2, 1)).hasMessage(file + " has no column 'c': it has a, b");
        Files.write(file, "a,b\n1,\u00e9\n2,x\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> CsvFile.load(file, null, 0.2, 1)).isInstanceOf(DataException.class)
                .hasMessageContaining("not in UTF-8");
        assertThatThrownBy(() -> CsvFile.load(folder.resolve("none"), null, 0.2, 1)).isInstanceOf(DataException.class)
                .hasMessageContaining("none");
    }

    @Test
    void aColumnOfNamesIsRefused() throws IOException {
        StringBuilder text = new StringBuilder("name,class\n");
        for (int i = 0; i < 1500; i++) {
            text.append("name").append(i).append(',').append(i % 2).append('\n');
        }
        assertThatThrownBy(() -> load(text.toString())).hasMessageContaining("more than 1000 different texts in column"
                + " 'name'");
    }

    @Test
    void theTablesOfThisProgramAreComplete() throws IOException {
        Tables.Content iris = Tables.IRIS.read();
        assertThat(iris.inputs()).hasSize(150);
        assertThat(iris.inputs().get(0)).containsExactly(5.1, 3.5, 1.4, 0.2);
        assertThat(iris.labels().stream().filter(label -> label == 2)).hasSize(50);
        assertThat(Tables.WINE.read().inputs()).hasSize(178).allSatisfy(row -> assertThat(row).hasSize(13));
        assertThat(Tables.BREAST_CANCER.read().inputs()).hasSize(569).allSatisfy(row -> assertThat(row).hasSize(30));
        assertThat(Tables.BREAST_CANCER.read().labels().stream().filter(label -> label == 0)).hasSize(212);
    }
}
