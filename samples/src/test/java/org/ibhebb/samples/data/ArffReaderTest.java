package org.ibhebb.samples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.ibhebb.samples.folder.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArffReaderTest {

    private static final double MISSING = Double.NaN;

    private static ArffReader read(String text) throws IOException {
        return new ArffReader("file.arff", new StringReader(text));
    }

    private static final String HEADER = """
            % A comment, then a blank line.

            @RELATION 'two words'
            @Attribute size NUMERIC
            @attribute "the colour" {red, 'light green', blue} % behind it, too
            @ATTRIBUTE weight real
            @attribute\tcount\tinteger
            @attribute class {no,yes}
            @data
            """;

    @Test
    void attributesAreNumericOrNominalAndMayBeQuoted() throws IOException {
        assertThat(read(HEADER).attributes()).containsExactly(
                new ArffReader.Attribute("size", null),
                new ArffReader.Attribute("the colour", List.of("red", "light green", "blue")),
                new ArffReader.Attribute("weight", null), new ArffReader.Attribute("count", null),
                new ArffReader.Attribute("class", List.of("no", "yes")));
    }

    @Test
    void rowsAreNumbersNumbersOfValuesAndMissing() throws IOException {
        ArffReader reader = read(HEADER + """
                1.5,red,-2e3,7,no
                % between
                ? , 'light green' ,.5,  ? ,"yes"

                1 blue\t+3. 4 ?
                """);
        assertThat(reader.next()).containsExactly(1.5, 0, -2000, 7, 0);
        assertThat(reader.line()).isEqualTo(10);
        assertThat(reader.next()).containsExactly(MISSING, 1, 0.5, MISSING, 1);
        assertThat(reader.next()).containsExactly(1, 2, 3, 4, MISSING);
        assertThat(reader.line()).isEqualTo(14);
        assertThat(reader.next()).isNull();
    }

    @Test
    void whatASparseRowDoesNotNameIsZero() throws IOException {
        ArffReader reader = read(HEADER + "{1 blue, 3 4}\n{}\n{ 0 ?,4 yes }\n");
        assertThat(reader.next()).containsExactly(0, 2, 0, 4, 0);
        assertThat(reader.next()).containsExactly(0, 0, 0, 0, 0);
        assertThat(reader.next()).containsExactly(MISSING, 0, 0, 0, 1);
    }

    @Test
    void quotesMayHoldQuotesCommasPercentAndAQuestionMark() throws IOException {
        ArffReader reader = read("@relation r\n@attribute 'it\\'s %' {'a, b', \"c\\\\d\", '?', '{e}'}\n@data\n"
                + "'a, b'\n\"c\\\\d\"\n'?'\n?\n'{e}'\n");
        assertThat(reader.attributes().get(0))
                .isEqualTo(new ArffReader.Attribute("it's %", List.of("a, b", "c\\d", "?", "{e}")));
        for (double expected : new double[] {0, 1, 2, MISSING, 3}) {
            assertThat(reader.next()).containsExactly(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "@relation r;@attribute when date yyyy|line 2 declares 'when' as date",
        "@relation r;@attribute words string|line 2 declares 'words' as string",
        "@relation r;@attribute bag relational|line 2 declares 'bag' as relational",
        "@relation r;@attribute x|line 2 must be: @attribute NAME TYPE",
        "@relation r;@attribute x real;@attribute x real|line 3 declares a second attribute 'x'",
        "@relation r;@attribute x {a,b|line 2 opens {",
        "@relation r;@attribute x {}|line 2 names no value of 'x'",
        "@relation r;@attribute x {a,b,a}|line 2 names the value 'a' of 'x' twice",
        "@relation r;@attribute 'x real|line 2 opens a quote",
        "a,b,c|line 1 begins with none of @relation, @attribute and @data: this is no ARFF file",
        "@relation r;@attribute x real|ends before @data",
        "@relation r;@data;1|declares no attribute",
    })
    void whatIsWrongAboveTheRowsIsNamed(String text, String problem) {
        assertThatThrownBy(() -> read(text.replace(';', '\n'))).isInstanceOf(DataException.class)
                .hasMessageContaining("file.arff").hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1,red,2,3|has 4 values, but there are 5 attributes",
        "1,red,2,3,yes,no|has 6 values",
        "1,pink,2,3,yes|has 'pink' for attribute 'the colour', which is one of red, light green, blue",
        "x,red,2,3,yes|has 'x' for attribute 'size', which is a number",
        "NaN,red,2,3,yes|has 'NaN' for attribute 'size'",
        "1e300,red,2,3,yes|has '1e300' for attribute 'size'",
        "1,,2,3,yes|has nothing before a comma",
        "1,red,2,3,|has nothing behind its last comma",
        "1,'red,2,3,yes|opens a quote",
        "1,red,2,3,yes,{5}|gives a weight",
        "{1 red, 9 2}|names attribute '9', which must be a number from 0 to 4",
        "{1 red, 1 blue}|gives attribute 1 ('the colour') twice",
        "{1 red, 2}|must be pairs",
        "{1 red|has no }",
    })
    void aBadRowIsNamedByItsLine(String row, String problem) throws IOException {
        ArffReader reader = read(HEADER + "1,red,2,3,no\n" + row + "\n");
        reader.next();
        assertThatThrownBy(reader::next).isInstanceOf(DataException.class)
                .hasMessageStartingWith("file.arff, line 11 ").hasMessageContaining(problem);
    }
}
