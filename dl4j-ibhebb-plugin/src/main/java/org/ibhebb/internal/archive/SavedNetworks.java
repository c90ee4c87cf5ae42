package org.ibhebb.internal.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.solvers.BaseOptimizer;
import org.deeplearning4j.util.ModelSerializer;
import org.ibhebb.internal.convert.Configurations;
import org.ibhebb.internal.file.Quoted;
import org.ibhebb.internal.layers.Remembered;
import org.ibhebb.internal.state.GeneratorState;
import org.ibhebb.internal.state.State;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Saves networks with all that they remember, and brings them back. */
public final class SavedNetworks {

    private static final Logger LOG = LoggerFactory.getLogger(SavedNetworks.class);

    /** How Deeplearning4j reads a kind of network. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(InputStream model) throws IOException;
    }

    private SavedNetworks() {}

    /**
     * Writes a network, its updater's state, and what it remembers.
     *
     * @param network a MultiLayerNetwork or a ComputationGraph
     * @param path replaced whole, or not at all
     * @throws IOException if it can't be written; the file is as it was
     * @throws IllegalStateException within a training step
     */
    public static void save(Model network, Path path) throws IOException {
        // Deeplearning4j's fit holds it, too: another thread's step is over before, or begins after.
        synchronized (network) {
            ModelArchive.write(path, network, stateOf(network));
        }
    }

    /**
     * Writes a network from a listener's {@code iterationDone}: the update has been applied, and Deeplearning4j has
     * neither counted it nor applied constraints yet. What is written is the network as it is going to be.
     *
     * @param network a MultiLayerNetwork or a ComputationGraph
     * @param path replaced whole, or not at all
     * @throws IOException if it can't be written; the file is as it was
     */
    public static void saveInStep(Model network, Path path) throws IOException {
        Remembered.applied(network);
        INDArray parameters = network.params().dup();
        BaseOptimizer.incrementIterationCount(network, 1);
        try {
            BaseOptimizer.applyConstraints(network);
            save(network, path);
        } finally {
            BaseOptimizer.incrementIterationCount(network, -1);
            // Constraints come once more, and could change the last bit of what they have changed before.
            network.params().assign(parameters);
        }
    }

    /**
     * Reads a network.
     *
     * @param path a model's file
     * @return a network that goes on where the saved one was
     * @throws IOException with one sentence that says what is wrong with the file
     */
    public static MultiLayerNetwork network(Path path) throws IOException {
        return read(path, model -> ModelSerializer.restoreMultiLayerNetwork(model, true));
    }

    /**
     * Reads a graph.
     *
     * @param path a model's file
     * @return a graph that goes on where the saved one was
     * @throws IOException with one sentence that says what is wrong with the file
     */
    public static ComputationGraph graph(Path path) throws IOException {
        return read(path, model -> ModelSerializer.restoreComputationGraph(model, true));
    }

    /**
     * A network that knows and remembers the same.
     *
     * @param network not changed
     * @return a copy without listeners
     * @throws IllegalStateException within a training step
     */
    public static MultiLayerNetwork copy(MultiLayerNetwork network) {
        synchronized (network) {
            State state = stateOf(network);
            MultiLayerNetwork copy = network.clone();
            remember(copy, state);
            return copy;
        }
    }

    /**
     * A graph that knows and remembers the same.
     *
     * @param network not changed
     * @return a copy without listeners
     * @throws IllegalStateException within a training step
     */
    public static ComputationGraph copy(ComputationGraph network) {
        synchronized (network) {
            State state = stateOf(network);
            // Deeplearning4j's clone has the very list of the original's listeners: who sets one's sets the other's.
            // And its configuration's forgets counts, and the order of layers.
            ComputationGraph copy = new ComputationGraph(Configurations.copy(network.getConfiguration()));
            copy.init(network.params().dup(), false);
            INDArray updates = network.getUpdater(false) == null ? null : network.getUpdater(false).getStateViewArray();
            if (updates != null) {
                copy.getUpdater().setStateViewArray(updates.dup());
            }
            for (GraphVertex vertex : network.getVertices()) {
                GraphVertex its = copy.getVertex(vertex.getVertexName());
                if (vertex.getLayer() instanceof FrozenLayer && !(its.getLayer() instanceof FrozenLayer)) {
                    its.setLayerAsFrozen();
                }
            }
            remember(copy, state);
            return copy;
        }
    }

    private static State stateOf(Model network) {
        return Remembered.by(network) ? Remembered.of(network) : null;
    }

    private static void remember(Model network, State state) {
        if (state != null) {
            Remembered.into(network, state);
        }
    }

    private static <T extends Model> T read(Path path, Reader<T> reader) throws IOException {
        ModelArchive archive = ModelArchive.read(path);
        // Before Deeplearning4j makes anything.
        State state = archive.state();
        T network;
        try (InputStream model = archive.model()) {
            network = reader.read(model);
        } catch (RuntimeException e) {
            throw new IOException(path + ": Deeplearning4j can't read the model (" + Quoted.of(String.valueOf(e.getMessage()))
                    + ")", e);
        }
        // Once Deeplearning4j has taken its configuration.
        GeneratorState generator = archive.generator();
        if (state == null) {
            if (Remembered.by(network)) {
                LOG.warn("IbHebb: {} holds a model without what it remembered, as Deeplearning4j saves it: it starts with"
                        + " an empty memory, and its readouts and gains begin anew. IbHebb.save keeps them", path);
            }
            return network;
        }
        try {
            Remembered.into(network, state);
        } catch (IllegalArgumentException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        } catch (IllegalStateException e) {
            throw new IOException(path + ": " + e.getMessage() + " (MultiLayerNetwork.load and ComputationGraph.load open"
                    + " it with an empty memory)", e);
        }
        if (generator != null) {
            generator.resume();
        }
        return network;
    }
}
