package org.ibhebb.listeners;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.solvers.BaseOptimizer;
import org.ibhebb.internal.archive.SavedNetworks;
import org.ibhebb.internal.file.WholeFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves a network while it trains, with all that it remembers, so that it can go on from there as if nothing had
 * happened:
 *
 * <pre>{@code
 * net.addListeners(new Checkpoints(folder, 1000, 3));
 * ...
 * MultiLayerNetwork net = IbHebb.restoreMultiLayerNetwork(Checkpoints.last(folder).orElseThrow());
 * }</pre>
 *
 * <p>Each file, {@code checkpoint-ITERATIONS.zip}, is what {@link org.ibhebb.IbHebb#save} writes, there whole or not at
 * all; files that are older than the wanted number are deleted once a newer one is there: a folder serves one training.
 * Where a file can't be written
 * the log says so, and training goes on. Training goes on as without the listener, to the bit.
 *
 * <p>Deeplearning4j's own {@code CheckpointListener} saves with a count of iterations that lacks the last update, and
 * without what the network remembers. In truncated back-propagation through time an iteration is a part of a sequence,
 * whose beginning is not saved: save between sequences, by {@code IbHebb.save}.
 */
public final class Checkpoints extends BaseTrainingListener {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{1,10})\\.zip");

    private final Path folder;
    private final int every;
    private final int kept;
    private boolean saidToBeMixed;

    /**
     * A listener for one network.
     *
     * @param folder where the files go; made if it isn't there
     * @param every how many iterations there are from one file to the next, at least 1
     * @param kept how many files stay, the latest ones, at least 1
     * @throws IllegalArgumentException if a number is below 1
     * @throws UncheckedIOException if the folder can't be made, or written to
     */
    public Checkpoints(Path folder, int every, int kept) {
        if (every < 1 || kept < 1) {
            throw new IllegalArgumentException("every (" + every + ") and kept (" + kept + ") must be at least 1");
        }
        this.folder = folder;
        this.every = every;
        this.kept = kept;
        try {
            Files.createDirectories(folder);
            // Now, and not after hours of training.
            Files.delete(Files.createTempFile(folder, "checkpoint", WholeFile.UNFINISHED));
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " for checkpoints can't be made, or written to", e);
        }
    }

    /**
     * The latest file of a folder.
     *
     * @param folder what the listener was given
     * @return the file of the most iterations; empty if there is none
     * @throws IOException if the folder can't be read
     */
    public static Optional<Path> last(Path folder) throws IOException {
        List<Path> all = all(folder);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** By their iterations. */
    private static List<Path> all(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> iterations(file) >= 0).sorted(Comparator.comparing(Checkpoints::iterations)).toList();
        }
    }

    private static long iterations(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(1)) : -1;
    }

    /** Called by Deeplearning4j. */
    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        if (!(model instanceof MultiLayerNetwork || model instanceof ComputationGraph)) {
            // A layer that is pretrained alone is not the network.
            return;
        }
        int updates = BaseOptimizer.getIterationCount(model) + 1;
        if (updates % every != 0) {
            return;
        }
        try {
            Path latest = folder.resolve("checkpoint-" + updates + ".zip");
            SavedNetworks.saveInStep(model, latest);
            List<Path> others = new ArrayList<>(all(folder));
            others.remove(latest);
            if (!others.isEmpty() && iterations(others.get(others.size() - 1)) > updates && !saidToBeMixed) {
                saidToBeMixed = true;
                LOG.warn("IbHebb: {} holds checkpoints of more iterations than this network has had, {} among them,"
                        + " which stay and which Checkpoints.last finds: give each run a folder of its own", folder,
                        others.get(others.size() - 1).getFileName());
            }
            for (Path old : others.subList(0, Math.max(0, others.size() + 1 - kept))) {
                Files.deleteIfExists(old);
            }
        } catch (IOException e) {
            LOG.error("IbHebb: the checkpoint of iteration {} could not be written to {} ({}), and training goes on"
                    + " without it", updates, folder, e.toString());
        }
    }
}
