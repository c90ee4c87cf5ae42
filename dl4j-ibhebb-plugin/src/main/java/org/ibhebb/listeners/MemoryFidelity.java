package org.ibhebb.listeners;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.ibhebb.internal.file.WholeFile;
import org.ibhebb.internal.layers.Predictors;
import org.ibhebb.internal.learner.SignalObserver;
import org.ibhebb.internal.pretraining.MeanCosine;
import org.ibhebb.internal.pretraining.SignalStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows, while a network trains with a memory network, how good its recall is where it counts: for each local layer the
 * cosine of its modulatory signal to the one that an exact memory of the same capacity would give, on the same samples.
 *
 * <pre>{@code
 * MemoryFidelity fidelity = new MemoryFidelity(1000);
 * network.addListeners(fidelity);
 * network.fit(mnist);
 * }</pre>
 *
 * <p>Every so many iterations it logs the mean over the iterations since, and keeps it as a record. It keeps an exact
 * memory of its own, and forms each signal a second time. A layer is measured once that memory holds what the network's
 * own does: from the first step on, or, added later, after as many samples as the memory holds. Steps that failed,
 * after which networks begin with an empty memory, do not confuse it. The network trains to the same bits with and without
 * this listener. For one network; it takes multi-layer networks and computation graphs.
 */
public final class MemoryFidelity extends BaseTrainingListener {

    /**
     * What was measured of one layer.
     *
     * @param iteration the last one of those averaged over, from 0
     * @param layer its name, or its index where it has none
     * @param cosine of the signal to that of an exact memory; as {@link MeanCosine} counts
     * @param steps how many counted
     */
    public record Record(int iteration, String layer, double cosine, long steps) {}

    private static final Logger LOG = LoggerFactory.getLogger(MemoryFidelity.class);

    private final int every;
    private final Map<Integer, Watch> watches = new TreeMap<>();
    private final List<Record> records = new ArrayList<>();

    /**
     * A listener with nothing recorded yet.
     *
     * @param every iterations between two records, at least 1
     * @throws IllegalArgumentException if it is less
     */
    public MemoryFidelity(int every) {
        if (every < 1) {
            throw new IllegalArgumentException("every (" + every + ") must be at least 1");
        }
        this.every = every;
    }

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
        Predictors.observe(model, this::compare);
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        Predictors.observe(model, this::compare);
    }

    private void compare(SignalObserver.Seen seen) {
        try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            watches.computeIfAbsent(seen.index(), index -> new Watch()).compare(seen);
        }
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        if ((iteration + 1) % every != 0) {
            return;
        }
        List<Record> latest = new ArrayList<>();
        watches.forEach((index, watch) -> {
            if (watch.mean.count() > 0) {
                latest.add(new Record(iteration, name(model, index), watch.mean.value(), watch.mean.count()));
            }
            watch.mean = new MeanCosine();
        });
        latest.sort((a, b) -> a.layer().compareTo(b.layer()));
        for (Record record : latest) {
            LOG.info("iteration {}, {}: the recalled memory's signal has a cosine of {} to an exact memory's",
                    iteration, record.layer(), String.format(Locale.ROOT, "%.4f", record.cosine()));
        }
        records.addAll(latest);
    }

    private static String name(Model model, int index) {
        Layer[] layers = model instanceof ComputationGraph graph
                ? graph.getLayers()
                : ((MultiLayerNetwork) model).getLayers();
        return Arrays.stream(layers)
                .filter(layer -> layer.getIndex() == index)
                .map(layer -> layer.conf().getLayer().getLayerName())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("layer" + index);
    }

    /**
     * What was recorded, in the order of time.
     *
     * @return a copy
     */
    public List<Record> records() {
        return List.copyOf(records);
    }

    /**
     * Writes the records as CSV, with a header.
     *
     * @param file replaced if it exists
     * @throws IOException if it can't be written
     */
    public void writeCsv(Path file) throws IOException {
        StringBuilder csv = new StringBuilder("iteration,layer,cosine,steps\n");
        for (Record record : records) {
            csv.append(record.iteration()).append(",\"").append(record.layer().replace("\"", "\"\"")).append("\",")
                    .append(record.cosine()).append(',').append(record.steps()).append('\n');
        }
        WholeFile.write(file, csv.toString());
    }

    /** One layer, and what an exact memory would have made of its samples. */
    private static final class Watch {

        private @Nullable SignalStream exact;
        private MeanCosine mean = new MeanCosine();

        void compare(SignalObserver.Seen seen) {
            if (exact == null || exact.remembered() > seen.remembered()) {
                // It begins, or the network had to begin again.
                exact = new SignalStream(seen.rule().toBuilder().memory(seen.rule().memory()).build());
            }
            boolean alike = exact.remembered() == seen.remembered();
            INDArray signal = exact.ofWindow(seen.rule(), seen.rows(), seen.inputs(), seen.labels());
            if (alike) {
                mean.add(seen.signal(), signal);
            }
        }
    }
}
