package org.ibhebb.samples.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.CategorySeries;

class ChartTest {

    @Test
    void aHistogramHasABarForEachCount() {
        Map<String, List<Integer>> counts = new LinkedHashMap<>();
        counts.put("below", List.of(3, 0, 0, 1));
        counts.put("above", List.of(0, 7, 0, 0));
        Chart chart = Chart.histogram("name", "Title", "rate", "neurons", counts);
        assertThat(chart.drawn().getSeriesMap().keySet()).containsExactly("below", "above");
        CategorySeries below = chart.drawn().getSeriesMap().get("below");
        assertThat(List.copyOf(below.getXData())).isEqualTo(List.of("0.00", "0.25", "0.50", "0.75"));
        assertThat(below.getYData()).extracting(Number::intValue).containsExactly(3, 0, 0, 1);
        assertThat(chart.drawn().getSeriesMap().get("above").getYData()).extracting(Number::intValue)
                .containsExactly(0, 7, 0, 0);
        assertThat(chart.svg()).startsWith("<svg").doesNotContain("NaN");
    }
}
