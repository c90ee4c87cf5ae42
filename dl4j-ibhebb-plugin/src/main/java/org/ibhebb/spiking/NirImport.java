package org.ibhebb.spiking;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.file.Quoted;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Reads spiking networks as {@link Nir} says. */
final class NirImport {

    /** Nobody's dense layer has more weights; a file that says so is damaged or hostile. */
    private static final long MOST_VALUES = 1L << 28;
    private static final int MOST_NODES = 10_000;
    private static final int USUAL_STEPS = 8;
    /** Single precision, through a division or two. */
    private static final double TOLERANCE = 1e-5;

    private final Path file;
    private final Map<String, Group> nodes = new HashMap<>();
    private double dt = NirExport.DT;

    private NirImport(Path file) {
        this.file = file;
    }

    /** As {@link Nir#read} says. */
    static MultiLayerNetwork read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        NirImport reader = new NirImport(file);
        List<Stage> stages;
        try (HdfFile hdf = new HdfFile(file)) {
            stages = reader.stages(hdf);
        } catch (RefusedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            // jhdf answers damage by exceptions of any kind.
            throw new IllegalArgumentException(file + " can't be read as an HDF5 file with a NIR graph: it is damaged,"
                    + " or of another kind (" + e.getClass().getSimpleName() + ")", e);
        }
        return network(stages);
    }

    /** A dense layer, and the neurons behind it if there are any. */
    private record Stage(INDArray weights, INDArray bias, @Nullable SpikingDenseLayer neurons) {}

    private List<Stage> stages(HdfFile hdf) {
        Group graph = group(hdf, "node", "the file");
        require("NIRGraph".equals(text(graph, "type", "the graph")), "its graph is no NIRGraph");
        if (graph.getChildren().get("metadata") instanceof Group metadata
                && metadata.getChildren().get(NirExport.STEP) instanceof Dataset) {
            dt = numbers(metadata, NirExport.STEP, "the metadata")[0];
            require(dt > 0 && dt < Double.POSITIVE_INFINITY, "its dt (" + dt + ") is not above 0");
        }
        for (Node node : group(graph, "nodes", "the graph").getChildren().values()) {
            require(node instanceof Group, "node '" + node.getName() + "' is no group");
            nodes.put(node.getName(), (Group) node);
        }
        require(nodes.size() <= MOST_NODES, "it has " + nodes.size() + " nodes, more than " + MOST_NODES);
        List<String> chain = chain(edges(graph));
        List<Stage> stages = new ArrayList<>();
        long width = shape(chain.get(0));
        for (int i = 1; i < chain.size() - 1; i++) {
            String name = chain.get(i);
            Group node = nodes.get(name);
            String type = type(name);
            require(type.equals("Affine") || type.equals("Linear"), "node '" + name + "' (" + type + ") stands where an"
                    + " Affine or a Linear node is needed: convolutions, pooling and other neurons are not supported");
            float[][] weights = matrix(node, name);
            require(weights[0].length == width, "node '" + name + "' takes " + weights[0].length + " values and gets "
                    + width);
            width = weights.length;
            double[] bias = type.equals("Linear") ? new double[weights.length] : numbers(node, "bias", "node '" + name
                    + "'");
            require(bias.length == weights.length, "node '" + name + "' has " + bias.length + " biases for "
                    + weights.length + " rows of weights");
            boolean last = i == chain.size() - 2;
            String next = last ? "" : type(chain.get(i + 1));
            if (last) {
                require(!stages.isEmpty(), "it has no spiking neurons");
                stages.add(stage(name, weights, bias, null, null));
            } else {
                i++;
                require(next.equals("LIF") || next.equals("IF"), "node '" + chain.get(i) + "' (" + next + ") stands"
                        + " where LIF or IF neurons are needed: other kinds are not supported");
                double[] gains = new double[weights.length];
                SpikingDenseLayer neurons = neurons(chain.get(i), next, weights[0].length, gains);
                stages.add(stage(name, weights, bias, gains, neurons));
            }
        }
        require(!stages.isEmpty(), "it has no spiking neurons");
        require(shape(chain.get(chain.size() - 1)) == width, "its output is not as wide as what feeds it (" + width
                + ")");
        return stages;
    }

    private Stage stage(String name, float[][] weights, double[] bias, double @Nullable [] gains,
            @Nullable SpikingDenseLayer neurons) {
        INDArray w = Nd4j.createFromArray(weights).transpose().dup('f');
        INDArray b = Nd4j.createFromArray(bias);
        if (gains != null) {
            INDArray factors = Nd4j.createFromArray(gains);
            w.muliRowVector(factors.castTo(w.dataType()).reshape(1, gains.length));
            b.muli(factors);
        }
        // Double precision holds what single does not.
        require(Arithmetic.allFinite(w) && Arithmetic.allFinite(b.castTo(w.dataType())), "node '" + name
                + "' has weights or biases that are not finite in single precision");
        return new Stage(w, b, neurons);
    }

    private SpikingDenseLayer neurons(String name, String type, int inputs, double[] gains) {
        Group node = nodes.get(name);
        String who = "node '" + name + "'";
        double threshold = one(node, "v_threshold", who, gains.length);
        double[] r = numbers(node, "r", who);
        require(r.length == gains.length, who + " has " + r.length + " values of r for " + gains.length + " neurons");
        double leak = 1;
        double share = 1;
        if (type.equals("LIF")) {
            double tau = one(node, "tau", who, gains.length);
            require(tau >= dt * (1 - TOLERANCE), who + " has a time constant (" + tau + " s) below the time step (" + dt
                    + " s)");
            share = Math.min(1, dt / tau);
            leak = 1 - share;
            require(one(node, "v_leak", who, gains.length) == 0, who + " does not rest at 0");
        }
        if (node.getChildren().containsKey("v_reset")) {
            require(one(node, "v_reset", who, gains.length) == 0, who + " is not reset to 0");
        }
        for (int j = 0; j < gains.length; j++) {
            gains[j] = r[j] * share;
        }
        boolean soft = false;
        int steps = USUAL_STEPS;
        if (node.getChildren().get("metadata") instanceof Group metadata) {
            soft = metadata.getChildren().containsKey(NirExport.RESET)
                    && text(metadata, NirExport.RESET, who).equals("subtraction");
            if (metadata.getChildren().containsKey(NirExport.STEPS)) {
                double said = numbers(metadata, NirExport.STEPS, who)[0];
                require(said >= 1 && said <= Integer.MAX_VALUE, who + " lasts " + said + " time steps");
                steps = (int) said;
            }
        }
        require(threshold > 0 && threshold < Double.POSITIVE_INFINITY, who + " has a threshold (" + threshold
                + ") that is not above 0");
        return new SpikingDenseLayer.Builder().nIn(inputs).nOut(gains.length).leak(leak).threshold(threshold)
                .timeSteps(steps)
                .reset(soft ? SpikingDenseLayer.Reset.SUBTRACTION : SpikingDenseLayer.Reset.TO_ZERO)
                .build();
    }

    private static MultiLayerNetwork network(List<Stage> stages) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().updater(new Adam()).list();
        List<INDArray[]> parameters = new ArrayList<>();
        for (Stage stage : stages) {
            if (stage.neurons() != null) {
                list.layer(stage.neurons());
            } else {
                list.layer(new SpikeRateLayer.Builder().scale(1).build());
                parameters.add(new INDArray[0]);
                list.layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT).activation(Activation.SOFTMAX)
                        .nIn(stage.weights().size(0)).nOut(stage.weights().size(1)).build());
            }
            parameters.add(new INDArray[] {stage.weights(), stage.bias()});
        }
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        for (int layer = 0; layer < parameters.size(); layer++) {
            if (parameters.get(layer).length > 0) {
                network.getLayer(layer).getParam("W").assign(parameters.get(layer)[0]);
                INDArray bias = network.getLayer(layer).getParam("b");
                bias.assign(parameters.get(layer)[1].castTo(bias.dataType()).reshape(bias.shape()));
            }
        }
        return network;
    }

    private List<String[]> edges(Group graph) {
        Dataset edges = dataset(graph, "edges", "the graph");
        int[] shape = edges.getDimensions();
        require(shape.length == 2 && shape[1] == 2 && shape[0] <= MOST_NODES,
                "its edges are no list of pairs of names");
        require(edges.getData() instanceof String[][], "its edges are no names");
        return List.of((String[][]) edges.getData());
    }

    /** From the input to the output; an order that is said nowhere but in the edges. */
    private List<String> chain(List<String[]> edges) {
        Map<String, String> next = new HashMap<>();
        Set<String> fed = new HashSet<>();
        for (String[] edge : edges) {
            require(nodes.containsKey(edge[0]) && nodes.containsKey(edge[1]), "an edge goes from '" + edge[0] + "' to '"
                    + edge[1] + "', and it has no such nodes");
            require(next.put(edge[0], edge[1]) == null && fed.add(edge[1]), "node '" + edge[0] + "' or '" + edge[1]
                    + "' has more than one neighbour on one side: only chains are supported");
        }
        List<String> starts = nodes.keySet().stream().filter(name -> type(name).equals("Input")).toList();
        require(starts.size() == 1 && !fed.contains(starts.get(0)), "it does not have one input");
        List<String> chain = new ArrayList<>();
        for (String name = starts.get(0); name != null; name = next.get(name)) {
            chain.add(name);
        }
        String end = chain.get(chain.size() - 1);
        require(type(end).equals("Output"), "its chain ends in node '" + end + "', which is no output");
        Set<String> outside = new HashSet<>(nodes.keySet());
        outside.removeAll(chain);
        require(outside.isEmpty(), "nodes " + outside + " are not on the way from its input to its output");
        return chain;
    }

    private String type(String name) {
        return text(nodes.get(name), "type", "node '" + name + "'");
    }

    private long shape(String name) {
        double[] shape = numbers(nodes.get(name), "shape", "node '" + name + "'");
        require(shape.length == 1 && shape[0] >= 1 && shape[0] <= Integer.MAX_VALUE, "node '" + name
                + "' is no vector: only networks of vectors are supported");
        return (long) shape[0];
    }

    private double one(Group node, String key, String who, int width) {
        double[] values = numbers(node, key, who);
        require(values.length == width, who + " has " + values.length + " values of " + key + " for " + width
                + " neurons");
        for (double value : values) {
            require(Math.abs(value - values[0]) <= TOLERANCE * Math.abs(values[0]), who + " has neurons of different "
                    + key + ": a spiking layer has one for all");
        }
        return values[0];
    }

    private float[][] matrix(Group node, String name) {
        Dataset dataset = dataset(node, "weight", "node '" + name + "'");
        int[] shape = dataset.getDimensions();
        require(shape.length == 2 && shape[0] > 0 && shape[1] > 0 && (long) shape[0] * shape[1] <= MOST_VALUES,
                "the weights of node '" + name + "' are no matrix, or too large a one");
        double[] values = numbers(node, "weight", "node '" + name + "'");
        float[][] matrix = new float[shape[0]][shape[1]];
        for (int i = 0; i < values.length; i++) {
            matrix[i / shape[1]][i % shape[1]] = (float) values[i];
        }
        return matrix;
    }

    private double[] numbers(Group group, String key, String who) {
        Dataset dataset = dataset(group, key, who);
        require(dataset.getSize() <= MOST_VALUES, who + ": " + key + " has more than " + MOST_VALUES + " values");
        Object data = dataset.isScalar() ? dataset.getData() : dataset.getDataFlat();
        double[] values;
        if (data instanceof double[] doubles) {
            values = doubles;
        } else if (data instanceof float[] floats) {
            values = new double[floats.length];
            for (int i = 0; i < floats.length; i++) {
                values[i] = floats[i];
            }
        } else if (data instanceof long[] longs) {
            values = new double[longs.length];
            for (int i = 0; i < longs.length; i++) {
                values[i] = longs[i];
            }
        } else if (data instanceof int[] ints) {
            values = new double[ints.length];
            for (int i = 0; i < ints.length; i++) {
                values[i] = ints[i];
            }
        } else if (data instanceof Number number) {
            values = new double[] {number.doubleValue()};
        } else {
            throw refused(who + ": " + key + " holds no numbers");
        }
        require(values.length > 0, who + ": " + key + " is empty");
        for (double value : values) {
            require(!Double.isNaN(value) && !Double.isInfinite(value), who + ": " + key + " has values that are not"
                    + " finite");
        }
        return values;
    }

    private String text(Group group, String key, String who) {
        Object data = dataset(group, key, who).getData();
        require(data instanceof String, who + ": " + key + " is no text");
        return (String) data;
    }

    private Dataset dataset(Group group, String key, String who) {
        Node node = group.getChildren().get(key);
        require(node instanceof Dataset, who + " has no " + key);
        return (Dataset) node;
    }

    private Group group(Group parent, String key, String who) {
        Node node = parent.getChildren().get(key);
        require(node instanceof Group, who + " has no group '" + key + "'");
        return (Group) node;
    }

    private void require(boolean holds, String sentence) {
        if (!holds) {
            throw refused(sentence);
        }
    }

    private RefusedException refused(String sentence) {
        return new RefusedException(file + " is no network that can be imported: " + Quoted.within(sentence));
    }

    /** What this class itself says, as against what reading HDF5 throws. */
    private static final class RefusedException extends RuntimeException {
        RefusedException(String message) {
            super(message);
        }
    }
}
