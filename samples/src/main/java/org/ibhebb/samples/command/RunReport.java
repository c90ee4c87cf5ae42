package org.ibhebb.samples.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ibhebb.samples.report.Chart;
import org.ibhebb.samples.report.Curves;
import org.ibhebb.samples.report.Page;
import org.ibhebb.samples.report.Raster;
import org.ibhebb.samples.training.Firing;
import org.ibhebb.samples.training.Result;
import org.ibhebb.samples.training.SpikeTrains;

/** The page that shows one run: how it went, and what spiking neurons do in the end. */
final class RunReport {

    private final Result result;
    private final List<SpikeTrains> spikes;

    /**
     * @param result of the run
     * @param spikes of a spiking network for a few samples
     */
    RunReport(Result result, List<SpikeTrains> spikes) {
        this.result = result;
        this.spikes = spikes;
    }

    /** Writes index.html and its charts. */
    void write(Path folder) throws IOException {
        page().write(folder, ". The numbers are those of --json");
    }

    private Page page() {
        Page page = new Page(result.model() + " on " + result.data() + " by " + result.rule());
        page.paragraph(String.format(Locale.ROOT, "%,d training samples, mini-batches of %d, %d epoch%s, seed %d: %.2f"
                + " %% of the samples that it was tested on are right in the end; training took %.0f s.",
                result.trainSamples(), result.batch(), result.epochs().size(), result.epochs().size() == 1 ? "" : "s",
                result.seed(), result.accuracy(), result.seconds()));
        page.figure(new Curves("accuracy", "Accuracy over training", "epoch", "accuracy (%)", Chart.Scale.LINEAR, false,
                List.of(new Curves.Curve(result.rule(), result.epochs().stream()
                        .map(epoch -> new Curves.Point(epoch.epoch(), epoch.accuracy())).toList()))),
                "Of the samples that the network was tested on, after each epoch.");
        if (result.firing() != null) {
            add(result.firing(), page);
        }
        return page;
    }

    private void add(Firing firing, Page page) {
        page.heading("Spikes");
        List<List<String>> table = new ArrayList<>();
        for (Firing.OfLayer layer : firing.layers()) {
            table.add(List.of(layer.layer(), String.format(Locale.ROOT, "%,d", layer.neurons()),
                    decimals(layer.rate()), decimals(layer.silent()), decimals(layer.saturated())));
        }
        page.table(List.of("layer", "neurons", "spikes a neuron and time step", "never fire", "nearly always fire"),
                table);
        page.paragraph(String.format(Locale.ROOT, "Measured on %,d samples. A sample takes %,.0f accumulates and %,.0f"
                + " multiply-accumulates, of %,.0f operations of all connections; activation sparsity %.3f, connection"
                + " sparsity %.3f, footprint %,d bytes.", firing.samples(),
                firing.synapticOperations().effectiveAcs(), firing.synapticOperations().effectiveMacs(),
                firing.synapticOperations().dense(), firing.activationSparsity(), firing.connectionSparsity(),
                firing.footprintBytes()));
        page.figure(histogram(firing), "How many neurons fire how often: a mark at .1 stands for rates from .1 up to"
                + " .15.");
        for (int sample = 0; sample < spikes.size(); sample++) {
            page.figure(raster(sample), "A dot is a spike. Of layers of more than 128 neurons so many are shown, evenly"
                    + " spread.");
        }
    }

    private static Chart histogram(Firing firing) {
        Map<String, List<Integer>> counts = new LinkedHashMap<>();
        firing.layers().forEach(layer -> counts.put(layer.layer(), layer.histogram()));
        return Chart.histogram("rates", "Firing rates", "spikes a time step", "neurons", counts);
    }

    private Raster raster(int sample) {
        SpikeTrains trains = spikes.get(sample);
        return new Raster("raster-" + (sample + 1), "Spikes for a test sample of class " + trains.label(),
                trains.layers().stream().map(layer -> new Raster.Layer(layer.layer(), layer.neurons())).toList());
    }

    private static String decimals(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
