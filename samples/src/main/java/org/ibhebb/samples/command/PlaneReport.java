package org.ibhebb.samples.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.ibhebb.listeners.InformationPlane.Record;
import org.ibhebb.samples.report.Chart.Scale;
import org.ibhebb.samples.report.Curves;
import org.ibhebb.samples.report.Curves.Curve;
import org.ibhebb.samples.report.Curves.Point;
import org.ibhebb.samples.report.Page;
import org.ibhebb.samples.training.Result;

/** The page that shows what an information plane recorded of one run. */
final class PlaneReport {

    private static final String DEPENDENCE = "normalised HSIC, from 0 to 1";
    private static final ToDoubleFunction<Record> ITERATION = Record::iteration;

    private final Result result;
    /** In the order of the forward pass. */
    private final Map<String, List<Record>> layers = new LinkedHashMap<>();

    /**
     * @param result of the run
     * @param records of it, one at least
     */
    PlaneReport(Result result, List<Record> records) {
        this.result = result;
        records.forEach(at -> layers.computeIfAbsent(at.layer(), name -> new ArrayList<>()).add(at));
    }

    /** Writes index.html and its charts. */
    void write(Path folder) throws IOException {
        page().write(folder, ". The numbers are in " + folder.resolve("plane.csv"));
    }

    private Page page() {
        Page page = new Page("Information plane: " + result.model() + " on " + result.data() + " by " + result.rule());
        List<Record> first = layers.values().iterator().next();
        page.paragraph(String.format(Locale.ROOT, "%,d training images, mini-batches of %d, %d epoch%s, seed %d: %.2f %%"
                + " of the images that it was tested on are right in the end. Recorded %d times, up to iteration %d, on"
                + " images that no layer trains on. Every number is in plane.csv.",
                result.trainSamples(), result.batch(), result.epochs().size(), result.epochs().size() == 1 ? "" : "s",
                result.seed(), result.accuracy(),
                first.size(), last(first).iteration()));
        figure(page, "plane", "Path in the information plane",
                "dependence on the input (" + DEPENDENCE + ")", "dependence on the labels (" + DEPENDENCE + ")",
                Scale.LINEAR, true, Record::inputDependence, Record::labelDependence,
                "Each line is one layer on its way from the first record (hollow) to the last one (filled): up means"
                        + " that it tells the classes apart better, left that it has forgotten more of the input.");
        figure(page, "label-dependence", "Label dependence", "iteration", DEPENDENCE, Scale.LINEAR, false,
                ITERATION, Record::labelDependence,
                "How well distances between a layer's activations follow the labels: 0 not at all, 1 perfectly.");
        figure(page, "alignment", "Alignment with back-propagation", "iteration", "cosine, from -1 to 1", Scale.LINEAR,
                false, ITERATION, Record::alignment,
                "The cosine between the direction in which a layer learns and the one that back-propagation would take:"
                        + " 1 the same, 0 unrelated, below 0 against it.");
        figure(page, "signal-norm", "Signal norm", "iteration", "length of the signal a sample", Scale.LOGARITHMIC,
                false, ITERATION, Record::signalNorm,
                "How strongly the modulatory signal pushes a layer's activations: it falls as the layer meets its"
                        + " objective.");
        figure(page, "update-ratio", "Update ratio", "iteration", "|update| / |weights|", Scale.LOGARITHMIC, false,
                ITERATION, Record::updateRatio,
                "How far one update moves a layer, relative to the length of its weights: about 0.001 is a common rule"
                        + " of thumb; layers that do not move are not drawn.");
        page.heading("In the end");
        page.table(List.of("layer", "learns", "input dependence", "label dependence", "alignment", "signal norm",
                "update ratio"), layers.values().stream().map(PlaneReport::last).map(PlaneReport::row).toList());
        return page;
    }

    private void figure(Page page, String name, String title, String xTitle, String yTitle, Scale scale, boolean ends,
            ToDoubleFunction<Record> x, ToDoubleFunction<Record> y, String caption) {
        List<Curve> curves = new ArrayList<>();
        layers.forEach((layer, records) -> {
            List<Point> points = records.stream()
                    .map(at -> new Point(x.applyAsDouble(at), y.applyAsDouble(at)))
                    .filter(point -> Double.isFinite(point.x()) && Double.isFinite(point.y()))
                    .filter(point -> scale == Scale.LINEAR || point.y() > 0)
                    .toList();
            curves.add(new Curve(layer + " (" + records.get(0).learning() + ")", points));
        });
        if (curves.stream().allMatch(curve -> curve.points().isEmpty())) {
            page.paragraph(title + ": no layer has one in this network.");
        } else {
            page.figure(new Curves(name, title, xTitle, yTitle, scale, ends, curves), caption);
        }
    }

    private static Record last(List<Record> records) {
        return records.get(records.size() - 1);
    }

    private static List<String> row(Record at) {
        return List.of(at.layer(), at.learning().toString(), number(at.inputDependence()),
                number(at.labelDependence()), number(at.alignment()), number(at.signalNorm()),
                number(at.updateRatio()));
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.3g", value);
    }
}
