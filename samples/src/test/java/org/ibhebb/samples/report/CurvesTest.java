package org.ibhebb.samples.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.ibhebb.samples.report.Curves.Curve;
import org.ibhebb.samples.report.Curves.Point;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.internal.series.Series;

class CurvesTest {

    private static Curves curves(Chart.Scale scale, boolean ends, List<Curve> curves) {
        return new Curves("name", "Title", "x (units)", "y (units)", scale, ends, curves);
    }

    @Test
    void theLegendNamesTheLinesAndNotTheirEnds() {
        Curves curves = curves(Chart.Scale.LINEAR, true, List.of(
                new Curve("one", List.of(new Point(0, 0.5), new Point(2, 0.25), new Point(1, 0.75))),
                new Curve("another", List.of(new Point(1, 1)))));
        assertThat(curves.drawn().getSeriesMap().values().stream()
                .filter(Series::isShowInLegend).map(Series::getName)).containsExactly("one", "another");
        // A path may turn back: its points stay in their order.
        assertThat(curves.drawn().getSeriesMap().get("one").getXData()).containsExactly(0, 2, 1);
        assertThat(curves.svg()).startsWith("<svg").doesNotContain("NaN");
        assertThat(curves.title()).isEqualTo("Title");
    }

    /** A hollow mark is a disc with a white one inside. */
    @Test
    void endsAreMarkedWhereAskedFor() {
        List<Curve> line = List.of(new Curve("one", List.of(new Point(0, 1), new Point(1, 2))));
        assertThat(curves(Chart.Scale.LINEAR, true, line).svg().split("<ellipse|<circle"))
                .hasSize(curves(Chart.Scale.LINEAR, false, line).svg().split("<ellipse|<circle").length + 3);
    }

    /** Values that never change, a single one, and more lines than colours. */
    @Test
    void drawsWhatHasNoRange() {
        List<Curve> many = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            many.add(new Curve("layer " + i, List.of(new Point(0, 1e-3), new Point(10, 1e-3))));
        }
        for (Chart.Scale scale : Chart.Scale.values()) {
            assertThat(curves(scale, false, many).svg()).startsWith("<svg").doesNotContain("NaN");
            assertThat(curves(scale, true, List.of(new Curve("dot", List.of(new Point(3, 2))))).svg())
                    .startsWith("<svg").doesNotContain("NaN");
        }
    }

    @Test
    void aLineWithoutPointsIsLeftOutAndKeepsItsColour() {
        Curve drawn = new Curve("drawn", List.of(new Point(0, 1), new Point(1, 2)));
        Curves second = curves(Chart.Scale.LINEAR, true, List.of(new Curve("nothing", List.of()), drawn));
        assertThat(second.drawn().getSeriesMap()).containsKey("drawn").doesNotContainKey("nothing");
        assertThat(second.drawn().getSeriesMap().get("drawn").getLineColor()).isNotEqualTo(
                curves(Chart.Scale.LINEAR, true, List.of(drawn)).drawn().getSeriesMap().get("drawn").getLineColor());
    }
}
