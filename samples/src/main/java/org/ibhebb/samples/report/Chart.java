package org.ibhebb.samples.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A chart of values with their spreads over categories. */
public final class Chart extends Figure {

    /** How a {@link Series} is drawn. */
    public enum Look {
        /** Joined points. */
        LINE,
        /** A line without points: what the others are compared with. */
        CONTROL,
        /** Points alone. */
        DOTS,
        /** Bars from 0 on. */
        BARS,
        /** Bars one upon the other, as parts of a whole. */
        STACKED
    }

    /** How values go with heights. */
    public enum Scale {
        /** Equal differences are equal heights. */
        LINEAR,
        /** Equal ratios are: all values must be above 0. */
        LOGARITHMIC
    }

    /**
     * Values of one kind.
     *
     * @param name for the legend
     * @param look how they are drawn
     * @param values one a category; null where there is none
     */
    public record Series(String name, Look look, List<Spread> values) {

        /**
         * A line at one height.
         *
         * @param name for the legend
         * @param value at every category, drawn without its spread
         * @param categories how many there are
         * @return the series
         */
        public static Series control(String name, double value, int categories) {
            return new Series(name, Look.CONTROL, Collections.nCopies(categories, new Spread(value, null, 1)));
        }
    }

    private static final List<Color> CONTROL_COLOURS = List.of(new Color(0, 0, 0), new Color(120, 120, 120));
    private static final float[] DASHED = {9, 5};
    private static final float[] DOTTED = {2, 4};
    /** Labels longer than this are slanted. */
    private static final int LONG_LABEL = 6;
    /** Bars of so many categories are those of a histogram; and so many short labels fit side by side. */
    private static final int HISTOGRAM = 20;
    private static final int SLANTED_LEFT = 110;
    /** Characters that fit side by side below the chart. */
    private static final int LEGEND_LINE = 90;
    private static final int LEGEND_HEIGHT = 22;
    /** Above and below what is drawn, as a share of it. */
    private static final double MARGIN = 0.05;

    private final boolean logarithmic;
    private final CategoryChart chart;

    /**
     * A chart.
     *
     * @param name of the files, without their endings
     * @param title above the chart
     * @param xTitle with the unit
     * @param yTitle with the unit
     * @param scale of the y axis
     * @param categories along the x axis
     * @param series what is drawn, in the order of the legend
     */
    public Chart(String name, String title, String xTitle, String yTitle, Scale scale, List<String> categories,
            List<Series> series) {
        super(name, title);
        this.logarithmic = scale == Scale.LOGARITHMIC;
        boolean slanted = categories.stream().anyMatch(category -> category.length() > LONG_LABEL);
        boolean list = series.stream().mapToInt(each -> each.name().length()).sum() > LEGEND_LINE;
        this.chart = new CategoryChartBuilder()
                .width(900)
                .height((slanted ? 620 : 480) + (list ? series.size() : 1) * LEGEND_HEIGHT)
                .title(title).xAxisTitle(xTitle).yAxisTitle(yTitle).build();
        style(chart.getStyler(), slanted, list);
        if (series.stream().anyMatch(each -> each.look() == Look.STACKED)) {
            chart.getStyler().setStacked(true);
        } else if (series.stream().noneMatch(each -> each.look() == Look.BARS)) {
            // Points of one category stand above one another; and nothing says that 0 is of interest.
            chart.getStyler().setOverlapped(true);
            showOnly(series);
        } else {
            // Lest they vanish in their own bars.
            chart.getStyler().setErrorBarsColor(Color.BLACK).setErrorBarsColorSeriesColor(false);
            chart.getStyler().setDecimalPattern("0.#");
            // Values over the many bars of a histogram would hide them.
            chart.getStyler().setLabelsVisible(categories.size() < HISTOGRAM).setLabelsPosition(0.1);
        }
        int controls = 0;
        int others = 0;
        for (Series each : series) {
            if (each.look() == Look.CONTROL) {
                addControl(categories, each, controls++);
            } else {
                add(categories, each, others++);
            }
        }
    }

    private void style(CategoryStyler styler, boolean slanted, boolean list) {
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(list ? Styler.LegendLayout.Vertical : Styler.LegendLayout.Horizontal);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setPlotGridVerticalLinesVisible(false);
        // XChart's own dashes make most of an SVG file.
        styler.setPlotGridLinesStroke(new BasicStroke(0.5f));
        styler.setErrorBarsColorSeriesColor(true);
        styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        styler.setMarkerSize(8);
        styler.setXAxisMaxLabelCount(slanted ? Integer.MAX_VALUE : HISTOGRAM);
        styler.setYAxisLogarithmic(logarithmic);
        styler.setYAxisLogarithmicDecadeOnly(false);
        if (slanted) {
            styler.setXAxisLabelRotation(45);
            // Room for the first label, which XChart leaves out if it would begin left of the chart.
            styler.setYAxisLeftWidthHint(SLANTED_LEFT);
            styler.setXAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
            styler.setXAxisLabelAlignmentVertical(AxesChartStyler.TextAlignment.Right);
        }
    }

    private void showOnly(List<Series> series) {
        List<Spread> values = series.stream().flatMap(each -> each.values().stream()).filter(Objects::nonNull).toList();
        double high = values.stream().mapToDouble(value -> value.mean() + deviation(value)).max().orElseThrow();
        if (logarithmic) {
            double low = values.stream().mapToDouble(value -> value.mean() / factor(value)).min().orElseThrow();
            chart.getStyler().setYAxisMin(low / (1 + MARGIN)).setYAxisMax(high * (1 + MARGIN));
        } else {
            double low = values.stream().mapToDouble(value -> value.mean() - deviation(value)).min().orElseThrow();
            double margin = high > low ? MARGIN * (high - low) : 1;
            chart.getStyler().setYAxisMin(low - margin).setYAxisMax(high + margin);
        }
    }

    /** From the mean to the upper end of its bar, which reaches down by the same factor. */
    private static double factor(Spread value) {
        return 1 + deviation(value) / value.mean();
    }

    /** What XChart wants to be told: on a logarithmic axis it adds the logarithms of value and bar. */
    private double bar(Spread value) {
        return value == null ? 0 : logarithmic ? factor(value) : deviation(value);
    }

    private static double deviation(Spread value) {
        return value.deviation() == null ? 0 : value.deviation();
    }

    private void addControl(List<String> categories, Series series, int index) {
        Color colour = CONTROL_COLOURS.get(index % CONTROL_COLOURS.size());
        CategorySeries drawn = add(categories, series);
        drawn.setChartCategorySeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Line);
        drawn.setMarker(SeriesMarkers.NONE);
        drawn.setLineColor(colour);
        drawn.setLineStyle(new BasicStroke(1.8f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10,
                index % 2 == 0 ? DASHED : DOTTED, 0));
    }

    private void add(List<String> categories, Series series, int index) {
        Color colour = colour(index);
        CategorySeries drawn = add(categories, series);
        drawn.setChartCategorySeriesRenderStyle(switch (series.look()) {
            case BARS, STACKED -> CategorySeries.CategorySeriesRenderStyle.Bar;
            case DOTS -> CategorySeries.CategorySeriesRenderStyle.Scatter;
            case LINE, CONTROL -> CategorySeries.CategorySeriesRenderStyle.Line;
        });
        drawn.setFillColor(colour);
        drawn.setLineColor(colour);
        drawn.setMarkerColor(colour);
        drawn.setMarker(marker(index));
        drawn.setLineStyle(new BasicStroke(1.8f));
    }

    private CategorySeries add(List<String> categories, Series series) {
        List<Double> means = series.values().stream().map(value -> value == null ? null : value.mean()).toList();
        boolean spreads = series.values().stream().anyMatch(value -> value != null && value.deviation() != null);
        return spreads
                ? chart.addSeries(series.name(), categories, means,
                        series.values().stream().map(this::bar).toList())
                : chart.addSeries(series.name(), categories, means);
    }

    /**
     * How many of something have a share from 0 to 1, by bars.
     *
     * @param name of the files, without their endings
     * @param title above the chart
     * @param xTitle of what the share is
     * @param yTitle what there is so many of
     * @param counts for each name of the legend how many fall into each of so many equal bins, as many for all
     * @return the chart
     */
    public static Chart histogram(
            String name, String title, String xTitle, String yTitle, Map<String, List<Integer>> counts) {
        int bins = counts.values().iterator().next().size();
        List<String> categories = IntStream.range(0, bins)
                .mapToObj(bin -> String.format(Locale.ROOT, "%.2f", (double) bin / bins)).toList();
        return new Chart(name, title, xTitle, yTitle, Scale.LINEAR, categories, counts.entrySet().stream()
                .map(each -> new Series(each.getKey(), Look.BARS, each.getValue().stream()
                        .map(count -> new Spread(count, null, 1)).toList()))
                .toList());
    }

    @Override
    CategoryChart drawn() {
        return chart;
    }
}
