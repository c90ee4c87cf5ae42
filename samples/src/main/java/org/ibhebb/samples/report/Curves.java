package org.ibhebb.samples.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A chart of lines through points in order, such as values over time, or paths in a plane. */
public final class Curves extends Figure {

    /**
     * A place on a line.
     *
     * @param x finite
     * @param y finite; above 0 on a logarithmic axis
     */
    public record Point(double x, double y) {}

    /**
     * A line.
     *
     * @param name for the legend
     * @param points none for a line that is left out here and keeps its colour on other charts
     */
    public record Curve(String name, List<Point> points) {}

    /** Lines that repeat a colour are told apart by these. */
    private static final List<float[]> DASHES = List.of(new float[] {9, 5}, new float[] {2, 4});
    private static final float WIDTH = 1.8f;
    private static final int LEGEND_LINE = 90;
    private static final int LEGEND_HEIGHT = 22;
    /** Above and below what is drawn, as a share of it. */
    private static final double MARGIN = 0.05;
    private static final double DECADE = 10;

    private final XYChart chart;

    /**
     * A chart.
     *
     * @param name of the files, without their endings
     * @param title above the chart
     * @param xTitle with the unit
     * @param yTitle with the unit
     * @param scale of the y axis
     * @param ends whether each line's last point is marked, and its first one as a hollow mark
     * @param curves what is drawn, in the order of the legend; one at least has a point
     */
    public Curves(String name, String title, String xTitle, String yTitle, Chart.Scale scale, boolean ends,
            List<Curve> curves) {
        super(name, title);
        boolean list = curves.stream().mapToInt(each -> each.name().length()).sum() > LEGEND_LINE;
        this.chart = new XYChartBuilder()
                .width(900)
                .height(480 + (list ? curves.size() : 1) * LEGEND_HEIGHT)
                .title(title).xAxisTitle(xTitle).yAxisTitle(yTitle).build();
        style(chart.getStyler(), scale, list);
        for (int i = 0; i < curves.size(); i++) {
            if (!curves.get(i).points().isEmpty()) {
                add(curves.get(i), i, ends);
            }
        }
        showOnly(curves, scale == Chart.Scale.LOGARITHMIC);
    }

    private static void style(XYStyler styler, Chart.Scale scale, boolean list) {
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(list ? Styler.LegendLayout.Vertical : Styler.LegendLayout.Horizontal);
        styler.setLegendBorderColor(Color.WHITE);
        // XChart's own dashes make most of an SVG file.
        styler.setPlotGridLinesStroke(new BasicStroke(0.5f));
        styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        styler.setYAxisLogarithmic(scale == Chart.Scale.LOGARITHMIC);
        styler.setYAxisLogarithmicDecadeOnly(false);
    }

    private void add(Curve curve, int index, boolean ends) {
        XYSeries drawn = series(curve.name(), curve.points());
        drawn.setLineColor(colour(index));
        int repetition = index / COLOURS.size();
        drawn.setLineStyle(new BasicStroke(WIDTH, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10,
                repetition == 0 ? null : DASHES.get((repetition - 1) % DASHES.size()), 0));
        // A single point has no line that would show it.
        drawn.setMarker(curve.points().size() == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        drawn.setMarkerColor(colour(index));
        if (ends) {
            mark("first " + index, curve.points().get(0), index, true);
            mark("last " + index, curve.points().get(curve.points().size() - 1), index, false);
        }
    }

    private void mark(String name, Point point, int index, boolean hollow) {
        XYSeries drawn = series(name, List.of(point));
        drawn.setShowInLegend(false);
        drawn.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        drawn.setMarker(new End(hollow));
        drawn.setMarkerColor(colour(index));
    }

    private XYSeries series(String name, List<Point> points) {
        return chart.addSeries(name,
                points.stream().mapToDouble(Point::x).toArray(), points.stream().mapToDouble(Point::y).toArray());
    }

    /** XChart would begin at round values, which hides the ends of short ranges. */
    private void showOnly(List<Curve> curves, boolean logarithmic) {
        DoubleSummaryStatistics y = curves.stream()
                .flatMap(curve -> curve.points().stream())
                .mapToDouble(Point::y).summaryStatistics();
        if (logarithmic && y.getMax() > DECADE * y.getMin()) {
            // XChart would label every tenth of every decade, one over another.
            chart.getStyler().setYAxisLogarithmicDecadeOnly(true);
            chart.getStyler().setYAxisMin(Math.pow(DECADE, Math.floor(Math.log10(y.getMin()))))
                    .setYAxisMax(Math.pow(DECADE, Math.ceil(Math.log10(y.getMax()))));
        } else if (logarithmic) {
            double factor = y.getMax() > y.getMin() ? Math.pow(y.getMax() / y.getMin(), MARGIN) : 2;
            chart.getStyler().setYAxisMin(y.getMin() / factor).setYAxisMax(y.getMax() * factor);
        } else {
            double margin = y.getMax() > y.getMin() ? MARGIN * (y.getMax() - y.getMin()) : MARGIN;
            chart.getStyler().setYAxisMin(y.getMin() - margin).setYAxisMax(y.getMax() + margin);
        }
    }

    @Override
    XYChart drawn() {
        return chart;
    }

    /** Where a line begins or ends. */
    private static final class End extends Marker {

        private static final double DIAMETER = 12;
        private static final double HOLE = 7;
        private final boolean hollow;

        private End(boolean hollow) {
            this.hollow = hollow;
        }

        @Override
        public void paint(Graphics2D g, double x, double y, int size) {
            disc(g, x, y, DIAMETER);
            if (hollow) {
                g.setColor(Color.WHITE);
                disc(g, x, y, HOLE);
            }
        }

        private static void disc(Graphics2D g, double x, double y, double diameter) {
            g.fill(new Ellipse2D.Double(x - diameter / 2, y - diameter / 2, diameter, diameter));
        }
    }
}
