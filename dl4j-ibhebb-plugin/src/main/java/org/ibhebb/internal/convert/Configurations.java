package org.ibhebb.internal.convert;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.ibhebb.internal.convert.Topology.Node;
import org.jspecify.annotations.Nullable;

/**
 * Copies of configurations that lose nothing but what is meant to change. DL4J's clone of a graph's configuration
 * forgets how long it was trained and in which order its parameters stand, and its builders take a few settings of a
 * finished configuration only. Here settings are copied as fields, so that those of a later version come along.
 */
public final class Configurations {

    /** The layers and how they are connected: everything else is a setting. */
    private static final Set<String> STRUCTURE = Set.of(
            "confs", "inputPreProcessors", "vertices", "vertexInputs", "networkInputs", "networkOutputs",
            "defaultConfiguration", "topologicalOrder", "topologicalOrderStr");

    private Configurations() {}

    /**
     * A copy with all settings.
     *
     * @param conf not changed
     * @return the copy
     */
    public static MultiLayerConfiguration copy(MultiLayerConfiguration conf) {
        return conf.clone();
    }

    /**
     * A copy with all settings.
     *
     * @param conf not changed
     * @return the copy
     */
    public static ComputationGraphConfiguration copy(ComputationGraphConfiguration conf) {
        ComputationGraphConfiguration copy = conf.clone();
        settings(conf, copy);
        vertices(conf.getVertices(), copy.getVertices());
        copy.setDefaultConfiguration(conf.getDefaultConfiguration().clone());
        copy.setTopologicalOrder(conf.getTopologicalOrder() == null ? null : conf.getTopologicalOrder().clone());
        copy.setTopologicalOrderStr(
                conf.getTopologicalOrderStr() == null ? null : new ArrayList<>(conf.getTopologicalOrderStr()));
        return copy;
    }

    /**
     * Copies every setting that both have: how far errors go back in time, workspaces, types, counts of iterations and
     * epochs.
     *
     * @param from a configuration of either kind of network; not changed
     * @param to one of either kind
     */
    static void settings(Object from, Object to) {
        for (Field field : from.getClass().getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) || STRUCTURE.contains(field.getName())) {
                continue;
            }
            try {
                set(to.getClass().getDeclaredField(field.getName()), to, field, from);
            } catch (NoSuchFieldException e) {
                throw new IllegalStateException("setting " + field.getName() + " of a "
                        + from.getClass().getSimpleName() + " has no place in a " + to.getClass().getSimpleName(), e);
            }
        }
    }

    /**
     * Copies the settings of every vertex that both graphs have: the clones of some of DL4J's vertices forget theirs,
     * such as the axis along which they merge.
     *
     * @param from by name; not changed
     * @param to by name; the vertices are changed
     */
    static void vertices(Map<String, GraphVertex> from, Map<String, GraphVertex> to) {
        to.forEach((name, vertex) -> vertex(from.get(name), vertex));
    }

    private static void vertex(@Nullable GraphVertex from, GraphVertex to) {
        if (from == null || from.getClass() != to.getClass()) {
            return;
        }
        for (Class<?> type = to.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && isPlain(field.getType())) {
                    set(field, to, field, from);
                }
            }
        }
        if (from instanceof FrozenVertex frozen) {
            vertex(frozen.getUnderlying(), ((FrozenVertex) to).getUnderlying());
        }
        if (from instanceof SameDiffVertex weighted) {
            learning(weighted, (SameDiffVertex) to);
        }
    }

    /** How a vertex with weights learns: without an updater it can't be trained at all. */
    private static void learning(SameDiffVertex from, SameDiffVertex to) {
        to.setUpdater(from.getUpdater() == null ? null : from.getUpdater().clone());
        to.setBiasUpdater(from.getBiasUpdater() == null ? null : from.getBiasUpdater().clone());
        to.setRegularization(from.getRegularization() == null ? null : new ArrayList<>(from.getRegularization()));
        to.setRegularizationBias(
                from.getRegularizationBias() == null ? null : new ArrayList<>(from.getRegularizationBias()));
    }

    /** Values that two vertices may share; layers and pre-processors have clones of their own. */
    private static boolean isPlain(Class<?> type) {
        return type.isPrimitive() || type.isEnum() || type == String.class || Number.class.isAssignableFrom(type)
                || type == Boolean.class || type.isArray() && type.getComponentType().isPrimitive();
    }

    private static void set(Field target, Object to, Field source, Object from) {
        try {
            source.setAccessible(true);
            target.setAccessible(true);
            target.set(to, source.get(from));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("could not copy " + source, e);
        }
    }

    /**
     * A multi-layer network as a graph.
     *
     * @param conf not changed
     * @throws IllegalArgumentException naming the layer, if two have the same name
     */
    static ComputationGraphConfiguration asGraph(MultiLayerConfiguration conf) {
        MultiLayerConfiguration copy = copy(conf);
        ComputationGraphConfiguration graph = new ComputationGraphConfiguration();
        settings(copy, graph);
        NeuralNetConfiguration common = copy.getConf(0).clone();
        common.setLayer(null);
        graph.setDefaultConfiguration(common);
        List<Node> layers = Topology.of(copy).nodes;
        String below = "input";
        while (layers.stream().map(layer -> layer.name).anyMatch(below::equals)) {
            below = "network-" + below;
        }
        graph.setNetworkInputs(new ArrayList<>(List.of(below)));
        for (int i = 0; i < layers.size(); i++) {
            String name = layers.get(i).name;
            if (graph.getVertices().containsKey(name)) {
                throw new IllegalArgumentException("two layers are called '" + name + "', which a graph does not"
                        + " allow: give them names of their own");
            }
            layers.get(i).layer.setLayerName(name);
            graph.getVertices().put(name, new LayerVertex(copy.getConf(i), copy.getInputPreProcess(i)));
            graph.getVertexInputs().put(name, new ArrayList<>(List.of(below)));
            below = name;
        }
        graph.setNetworkOutputs(new ArrayList<>(List.of(below)));
        return graph;
    }

    /**
     * Takes vertices out of a graph: its parameters stay in the order that they have.
     *
     * @param conf is changed
     * @param names of the vertices, which nothing that stays reads
     */
    static void remove(ComputationGraphConfiguration conf, Set<String> names) {
        conf.getVertices().keySet().removeAll(names);
        conf.getVertexInputs().keySet().removeAll(names);
        if (conf.getTopologicalOrderStr() != null) {
            // DL4J numbers the inputs first, then the vertices as they stand in the configuration.
            Map<String, Integer> numbers = new HashMap<>();
            conf.getNetworkInputs().forEach(name -> numbers.put(name, numbers.size()));
            conf.getVertices().keySet().forEach(name -> numbers.put(name, numbers.size()));
            List<String> order = conf.getTopologicalOrderStr().stream().filter(numbers::containsKey).toList();
            conf.setTopologicalOrderStr(new ArrayList<>(order));
            conf.setTopologicalOrder(order.stream().mapToInt(numbers::get).toArray());
        }
    }
}
