package org.ibhebb.samples.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYSeries;

class RasterTest {

    @Test
    void aDotIsASpikeAndLayersStandAboveOneAnother() {
        Raster raster = new Raster("name", "Title", List.of(
                new Raster.Layer("below", List.of(new boolean[] {true, false, true}, new boolean[3])),
                new Raster.Layer("above", List.of(new boolean[] {false, false, true}))));
        XYSeries below = raster.drawn().getSeriesMap().get("below");
        assertThat(below.getXData()).containsExactly(1, 3);
        assertThat(below.getYData()).containsExactly(1, 1);
        XYSeries above = raster.drawn().getSeriesMap().get("above");
        assertThat(above.getXData()).containsExactly(3);
        assertThat(above.getYData()).containsExactly(3);
        assertThat(raster.svg()).startsWith("<svg").doesNotContain("NaN");
    }

    /** Every second of 256 neurons; the one that fires at time step 1 + its number is told by that. */
    @Test
    void ofManyNeuronsSomeAreShown() {
        List<boolean[]> many = new ArrayList<>();
        for (int neuron = 0; neuron < 2 * Raster.MOST_ROWS; neuron++) {
            boolean[] fired = new boolean[2 * Raster.MOST_ROWS];
            fired[neuron] = true;
            many.add(fired);
        }
        XYSeries drawn = new Raster("name", "Title", List.of(new Raster.Layer("many", many)))
                .drawn().getSeriesMap().get("many");
        assertThat(drawn.getXData()).hasSize(Raster.MOST_ROWS).startsWith(1, 3, 5).endsWith(2 * Raster.MOST_ROWS - 1);
        assertThat(drawn.getYData()).startsWith(1, 2, 3).endsWith(Raster.MOST_ROWS);
    }

    /** A layer without spikes stays in the legend, and no dot of its is seen. */
    @Test
    void silenceIsDrawn() {
        Raster raster = new Raster("name", "Title", List.of(new Raster.Layer("silent", List.of(new boolean[4]))));
        assertThat(raster.drawn().getSeriesMap()).containsKey("silent");
        assertThat(raster.drawn().getSeriesMap().get("silent").getXData()[0])
                .isLessThan(raster.drawn().getStyler().getXAxisMin());
        assertThat(raster.svg()).startsWith("<svg").doesNotContain("NaN");
    }
}
