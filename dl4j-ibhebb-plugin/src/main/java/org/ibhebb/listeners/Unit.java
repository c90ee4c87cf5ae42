package org.ibhebb.listeners;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.ibhebb.ConversionReport;
import org.ibhebb.conf.layers.IbHebbBatchNormalizationLayer;
import org.ibhebb.conf.layers.IbHebbWrapperLayer;
import org.ibhebb.conf.layers.LocalLayer;
import org.ibhebb.internal.convert.Learning;
import org.ibhebb.internal.convert.Units;
import org.ibhebb.listeners.Subject.Node;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What is looked at as one layer, as {@link Units} puts layers together: local ones as {@link org.ibhebb.IbHebb#convert}
 * did.
 *
 * @param name of the first layer
 * @param learning how it learns
 * @param rule says what is seen of its activations
 * @param channelsLast whether these have their channels in the last dimension
 * @param end the id of the last layer, whose activations are looked at
 * @param parameters where its trained parameters are among the network's
 */
record Unit(String name, ConversionReport.Learning learning, LearningRule rule, boolean channelsLast, String end,
        List<Segment> parameters) {

    /** Kept among the parameters by DL4J, and not learnt. */
    private static final Set<String> STATISTICS = Set.of(
            BatchNormalizationParamInitializer.GLOBAL_MEAN,
            BatchNormalizationParamInitializer.GLOBAL_VAR,
            BatchNormalizationParamInitializer.GLOBAL_LOG_STD);

    /** Whose activations are seen each by itself. */
    private static final LearningRule OF_STOCK_NETWORKS =
            LearningRule.builder().normalization(LearningRule.Normalization.LAYER_NORM).build();

    /** All units of a network, in the order of the forward pass. */
    static List<Unit> of(Subject subject) {
        LearningRule fallback = subject.layers().stream()
                .filter(node -> node.conf() instanceof LocalLayer local && local.getRule() != null)
                .map(node -> ((LocalLayer) node.conf()).getRule())
                .findFirst()
                .orElse(OF_STOCK_NETWORKS);
        Map<String, Node> layers = new HashMap<>();
        subject.layers().forEach(node -> layers.put(node.id(), node));
        return Units.of(subject.topology(), node -> learning(subject, layers.get(node.id()))).stream()
                .map(unit -> unit.stream().map(member -> layers.get(member.id())).toList())
                .map(members -> unit(subject, members, fallback))
                .toList();
    }

    /** How a layer learns as it stands, in networks that no conversion has seen too. */
    private static Learning learning(Subject subject, Node node) {
        Layer conf = node.conf();
        if (conf instanceof LocalLayer || conf instanceof IbHebbBatchNormalizationLayer) {
            return Learning.LOCAL;
        }
        if (segments(subject, node).isEmpty()) {
            return Learning.NO_WEIGHTS;
        }
        if (conf instanceof FrozenLayer || conf instanceof FrozenLayerWithBackprop) {
            return Learning.FROZEN;
        }
        return subject.outputs().contains(node.id()) ? Learning.READOUT : Learning.BACK_PROPAGATED;
    }

    private static Unit unit(Subject subject, List<Node> members, LearningRule fallback) {
        Node start = members.get(0);
        Node end = members.get(members.size() - 1);
        List<Segment> parameters = new ArrayList<>();
        members.forEach(member -> parameters.addAll(segments(subject, member)));
        return new Unit(start.name(), ConversionReport.Learning.valueOf(learning(subject, start).name()),
                end.conf() instanceof LocalLayer local && local.getRule() != null ? local.getRule() : fallback,
                IbHebbWrapperLayer.of(Units.inner(start.conf()), null, false, false, null).isChannelsLast(),
                end.id(), parameters);
    }

    private static List<Segment> segments(Subject subject, Node node) {
        boolean normalization = Units.inner(node.conf()) instanceof BatchNormalization;
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

    /** Whether it learns by a modulatory signal. */
    boolean local() {
        return learning == ConversionReport.Learning.LOCAL;
    }

    /** What the unit has of an array with a value a parameter. */
    List<INDArray> of(INDArray flat) {
        INDArray row = flat.reshape(flat.length());
        return parameters.stream().map(segment -> segment.of(row)).toList();
    }
}
