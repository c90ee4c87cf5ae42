package org.ibhebb.samples.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.ibhebb.samples.report.Curves.Curve;
import org.ibhebb.samples.report.Curves.Point;
import org.junit.jupiter.api.Test;

class CurvesTest {

    private static Curves curves(Chart.Scale scale, boolean ends, List<Curve> curves) {
        return new Curves("name", "Title", "x (units)", "y (units)", scale, ends, curves);
    }

    @Test
    void namesAllLinesAndAxesAndOnlyThose() {
        String svg = curves(Chart.Scale.LINEAR, true, List.of(
                new Curve("one", List.of(new Point(0, 0.5), new Point(2, 0.25), new Point(1, 0.75))),
                new Curve("another", List.of(new Point(1, 1))))).svg();
        assertThat(svg).contains(">Title<", ">x (units)<", ">y (units)<").containsOnlyOnce(">one<")
                .containsOnlyOnce(">another<").doesNotContain("NaN", ">first", ">last");
    }

    /** Values that never change, a single one, and more lines than colours. */
    @Test
    void drawsWhatHasNoRange() {
        List<Curve> many = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            many.add(new Curve("layer " + i, List.of(new Point(0, 1e-3), new Point(10, 1e-3))));
        }
        for (Chart.Scale scale : Chart.Scale.values()) {
            assertThat(curves(scale, false, many).svg()).contains(">layer 13<").doesNotContain("NaN");
            assertThat(curves(scale, true, List.of(new Curve("dot", List.of(new Point(3, 2))))).svg())
                    .contains(">dot<").doesNotContain("NaN");
        }
    }

    @Test
    void aLineWithoutPointsIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Curve("nothing", List.of()))
                .withMessageContaining("'nothing'");
    }
}
