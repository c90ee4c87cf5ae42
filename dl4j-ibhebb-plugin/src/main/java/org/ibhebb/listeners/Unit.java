package org.ibhebb.listeners;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.ibhebb.ConversionReport.Learning;
import org.ibhebb.conf.layers.IbHebbWrapperLayer;
import org.ibhebb.conf.layers.LocalLayer;
import org.ibhebb.listeners.Subject.Node;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What is looked at as one layer: a layer with weights, and the batch normalisation, activation and max-pooling layers
 * right behind it that learn in the same way. Local layers are put together as {@link org.ibhebb.IbHebb#convert} did.
 *
 * @param name of the first layer
 * @param learning how it learns
 * @param rule says what is seen of its activations
 * @param channelsLast whether these have their channels in the last dimension
 * @param end the id of the last layer, whose activations are looked at
 * @param parameters where its trained parameters are among the network's
 */
record Unit(String name, Learning learning, LearningRule rule, boolean channelsLast, String end,
        List<Segment> parameters) {

    /** Kept among the parameters by DL4J, and not learnt. */
    private static final Set<String> STATISTICS = Set.of(
            BatchNormalizationParamInitializer.GLOBAL_MEAN,
            BatchNormalizationParamInitializer.GLOBAL_VAR,
            BatchNormalizationParamInitializer.GLOBAL_LOG_STD);

    /** All units of a network, in the order of the forward pass. */
    static List<Unit> of(Subject subject) {
        LearningRule fallback = subject.layers().stream()
                .filter(node -> node.conf() instanceof LocalLayer local && local.getRule() != null)
                .map(node -> ((LocalLayer) node.conf()).getRule())
                .findFirst()
                .orElse(LearningRule.defaults());
        List<Unit> units = new ArrayList<>();
        Set<String> done = new HashSet<>();
        for (Node node : subject.layers()) {
            Learning learning = learning(subject, node);
            if (learning == Learning.NO_WEIGHTS || done.contains(node.id())) {
                continue;
            }
            List<Node> members = members(subject, node, learning);
            members.forEach(member -> done.add(member.id()));
            units.add(unit(subject, members, learning, fallback));
        }
        return units;
    }

    private static Learning learning(Subject subject, Node node) {
        if (node.conf() instanceof LocalLayer) {
            return Learning.LOCAL;
        }
        if (segments(subject, node).isEmpty()) {
            return Learning.NO_WEIGHTS;
        }
        if (node.conf() instanceof FrozenLayer || node.conf() instanceof FrozenLayerWithBackprop) {
            return Learning.FROZEN;
        }
        return subject.outputs().contains(node.id()) ? Learning.READOUT : Learning.BACK_PROPAGATED;
    }

    private static List<Node> members(Subject subject, Node start, Learning learning) {
        List<Node> members = new ArrayList<>(List.of(start));
        boolean whole = learning == Learning.READOUT || ends(start.conf());
        while (!whole && subject.consumers(members.get(members.size() - 1)) == 1) {
            Node last = members.get(members.size() - 1);
            Node next = subject.layers().stream()
                    .filter(node -> node.inputs().equals(List.of(last.id())))
                    .findFirst()
                    .orElse(null);
            if (next == null || !continues(subject, next, learning)) {
                break;
            }
            members.add(next);
            whole = ends(next.conf());
        }
        return members;
    }

    private static boolean ends(Layer conf) {
        return conf instanceof LocalLayer local && local.getRule() != null;
    }

    private static boolean continues(Subject subject, Node node, Learning learning) {
        Layer inner = inner(node.conf());
        return LocalLayer.mayContinueUnit(inner)
                && (!(inner instanceof BatchNormalization) || learning == Learning.LOCAL
                        || learning(subject, node) == learning);
    }

    private static Unit unit(Subject subject, List<Node> members, Learning learning, LearningRule fallback) {
        Node start = members.get(0);
        Node end = members.get(members.size() - 1);
        List<Segment> parameters = new ArrayList<>();
        members.forEach(member -> parameters.addAll(segments(subject, member)));
        return new Unit(start.name(), learning,
                ends(end.conf()) ? ((LocalLayer) end.conf()).getRule() : fallback,
                IbHebbWrapperLayer.of(inner(start.conf()), null, false, false, null).isChannelsLast(),
                end.id(), parameters);
    }

    private static List<Segment> segments(Subject subject, Node node) {
        boolean normalization = inner(node.conf()) instanceof BatchNormalization;
        long start = subject.parameters().offset();
        List<Segment> segments = new ArrayList<>();
        // Only what the backward pass reaches: not what DL4J trains layer by layer.
        node.layer().paramTable(true).forEach((name, values) -> {
            if (!normalization || !STATISTICS.contains(name)) {
                segments.add(new Segment(Math.toIntExact(values.offset() - start), Math.toIntExact(values.length())));
            }
        });
        return segments;
    }

    /** The layer that does the work. */
    static Layer inner(Layer conf) {
        if (conf instanceof FrozenLayer frozen) {
            return inner(frozen.getLayer());
        }
        return conf instanceof BaseWrapperLayer wrapper ? inner(wrapper.getUnderlying()) : conf;
    }

    /** Whether it learns by a modulatory signal. */
    boolean local() {
        return learning == Learning.LOCAL;
    }

    /** What the unit has of an array with a value a parameter. */
    List<INDArray> of(INDArray flat) {
        INDArray row = flat.reshape(flat.length());
        return parameters.stream().map(segment -> segment.of(row)).toList();
    }
}
