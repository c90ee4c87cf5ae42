package org.ibhebb.samples.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CsvTest {

    @Test
    void quotesWhatWouldBreakALineApart() {
        Csv csv = new Csv("row", "value");
        csv.add("mlp:128,64", 1.5);
        csv.add("a \"b\"", null);
        assertThat(csv).hasToString("row,value\n\"mlp:128,64\",1.5\n\"a \"\"b\"\"\",\n");
    }
}
