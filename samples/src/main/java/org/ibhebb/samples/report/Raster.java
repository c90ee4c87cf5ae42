package org.ibhebb.samples.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A raster plot: a dot for each spike, over time steps, neurons one above another and layers too. */
public final class Raster extends Figure {

    /** More rows than these are no longer told apart. */
    static final int MOST_ROWS = 128;
    private static final int DOT = 4;

    /**
     * The neurons of a layer.
     *
     * @param name for the legend
     * @param neurons for each, whether it fires at each time step; all last equally long
     */
    public record Layer(String name, List<boolean[]> neurons) {}

    private final XYChart chart;

    /**
     * A raster plot.
     *
     * @param name of the files, without their endings
     * @param title above the chart
     * @param layers from the bottom up, one at least with a neuron; of more than 128 neurons so many are shown, evenly
     *     spread
     */
    public Raster(String name, String title, List<Layer> layers) {
        super(name, title);
        this.chart = new XYChartBuilder().width(900).height(520)
                .title(title).xAxisTitle("time step").yAxisTitle("neuron, layer above layer").build();
        style(chart.getStyler());
        int below = 0;
        int steps = 1;
        for (int i = 0; i < layers.size(); i++) {
            List<boolean[]> shown = spread(layers.get(i).neurons());
            add(layers.get(i), shown, below, i);
            below += shown.size();
            steps = Math.max(steps, shown.isEmpty() ? 1 : shown.get(0).length);
        }
        chart.getStyler().setXAxisMin(0.5).setXAxisMax(steps + 0.5).setYAxisMin(0.0).setYAxisMax(below + 1.0);
    }

    private static void style(XYStyler styler) {
        styler.setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setLegendBorderColor(Color.WHITE);
        // XChart's own dashes make most of an SVG file.
        styler.setPlotGridLinesStroke(new BasicStroke(0.5f));
        styler.setMarkerSize(DOT);
        styler.setDecimalPattern("0.#");
    }

    private static List<boolean[]> spread(List<boolean[]> neurons) {
        int rows = Math.min(MOST_ROWS, neurons.size());
        List<boolean[]> shown = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            shown.add(neurons.get((int) ((long) row * neurons.size() / rows)));
        }
        return shown;
    }

    private void add(Layer layer, List<boolean[]> shown, int below, int index) {
        List<Double> times = new ArrayList<>();
        List<Double> heights = new ArrayList<>();
        for (int row = 0; row < shown.size(); row++) {
            for (int step = 0; step < shown.get(row).length; step++) {
                if (shown.get(row)[step]) {
                    times.add(step + 1.0);
                    heights.add(below + row + 1.0);
                }
            }
        }
        if (times.isEmpty()) {
            // XChart draws no series without points; outside of the chart one keeps the layer in the legend.
            times.add(-1.0);
            heights.add(-1.0);
        }
        XYSeries drawn = chart.addSeries(layer.name(), times, heights);
        drawn.setMarker(SeriesMarkers.CIRCLE);
        drawn.setMarkerColor(colour(index));
    }

    @Override
    XYChart drawn() {
        return chart;
    }
}
