package org.ibhebb.samples.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {

    @TempDir
    private Path folder;

    private static Chart chart(String name, Chart.Look look, Chart.Scale scale) {
        return new Chart(name, "A < B", "N (samples)", "accuracy (%)", scale, List.of("2", "4"), List.of(
                new Chart.Series("one", look, List.of(new Spread(3, 0.5, 2), new Spread(4, null, 1))),
                Chart.Series.control("another", 2, 2)));
    }

    @Test
    void chartsArePartOfThePageAndFilesOfTheirOwn() throws IOException {
        Page page = new Page("Title");
        page.paragraph("1 < 2 & \"3\"");
        page.figure(chart("first", Chart.Look.LINE, Chart.Scale.LINEAR), "A caption.");
        page.figure(chart("second", Chart.Look.DOTS, Chart.Scale.LOGARITHMIC), "Another.");
        page.write(folder);

        String html = Files.readString(folder.resolve("index.html"));
        assertThat(html).startsWith("<!DOCTYPE html>").contains("<p>1 &lt; 2 &amp; &quot;3&quot;</p>")
                .contains("aria-label=\"A &lt; B\"").containsOnlyOnce("<clipPath id=\"first-clip\"")
                .containsOnlyOnce("<clipPath id=\"second-clip\"").doesNotContain("<!DOCTYPE svg");
        for (String name : List.of("first", "second")) {
            byte[] png = Files.readAllBytes(folder.resolve(name + ".png"));
            assertThat(Arrays.copyOf(png, 4)).containsExactly(0x89, 'P', 'N', 'G');
            assertThat(Files.readString(folder.resolve(name + ".svg"))).startsWith("<svg").endsWith("</svg>");
        }
    }

    @Test
    void aChartIsTheSameEveryTime() {
        assertThat(chart("same", Chart.Look.LINE, Chart.Scale.LINEAR).svg())
                .isEqualTo(chart("same", Chart.Look.LINE, Chart.Scale.LINEAR).svg());
    }

    @Test
    void aMissingBarLeavesAGap() {
        Chart chart = new Chart("bars", "Bars", "rule", "accuracy (%)", Chart.Scale.LINEAR, List.of("a", "b"), List.of(
                new Chart.Series("here", Chart.Look.BARS, List.of(new Spread(3, 0.5, 2), new Spread(4, 0.5, 2))),
                new Chart.Series("there", Chart.Look.BARS, Arrays.asList(new Spread(3, null, 1), null))));
        assertThat(chart.svg()).startsWith("<svg").doesNotContain("NaN");
    }
}
