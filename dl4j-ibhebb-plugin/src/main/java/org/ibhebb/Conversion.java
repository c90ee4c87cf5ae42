package org.ibhebb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.ibhebb.ConversionReport.Entry;
import org.ibhebb.ConversionReport.Learning;
import org.ibhebb.Topology.Node;
import org.ibhebb.conf.layers.ConvertedLayer;
import org.ibhebb.conf.layers.IbHebbBatchNormalizationLayer;
import org.ibhebb.conf.layers.IbHebbConvolutionLayer;
import org.ibhebb.conf.layers.IbHebbDenseLayer;
import org.ibhebb.conf.layers.IbHebbOutputLayer;
import org.ibhebb.conf.layers.IbHebbRnnOutputLayer;
import org.ibhebb.conf.layers.IbHebbWrapperLayer;
import org.ibhebb.conf.layers.LocalLayer;
import org.ibhebb.rule.LearningRule;

/**
 * Decides for each layer of a network how it learns, refuses what could not learn as asked, and puts local layers in
 * place. A <em>unit</em> is what one signal trains: a layer with weights and the batch normalisation, activation and
 * max-pooling layers right behind it, through which its signal passes. So the signal sees what the layer above gets.
 */
final class Conversion {

    private final Topology topology;
    /** Null for the defaults of each kind of layer. */
    private final LearningRule rule;
    private final boolean chosenByUpdater;
    /** Whether each time step of a sequence is a sample of its own, with a label of its own. */
    private final boolean stepwise;
    private final Map<Node, Learning> learning = new HashMap<>();
    /** The last layer of each unit, by its first; a unit of one layer ends where it starts. */
    private final Map<Node, Node> unitEnds = new LinkedHashMap<>();
    /** The first layer of the unit that a layer belongs to. */
    private final Map<Node, Node> unitStarts = new HashMap<>();

    /**
     * @param rule for the layers whose updater carries none; null for the defaults of each kind of layer
     */
    Conversion(Topology topology, LearningRule rule) {
        this.topology = topology;
        this.rule = rule;
        this.chosenByUpdater = topology.nodes.stream().anyMatch(node -> node.layer != null
                && !node.output
                && (node.layer instanceof LocalLayer || Updaters.carriedBy(node.layer) != null));
        decide();
        this.stepwise = nodes(Learning.READOUT).stream().anyMatch(output -> output.layer instanceof RnnOutputLayer);
        check();
    }

    private List<Node> nodes(Learning how) {
        return topology.nodes.stream().filter(node -> learning.get(node) == how).toList();
    }

    private void decide() {
        for (Node node : topology.nodes) {
            learning.put(node, decide(node));
        }
        for (Node node : topology.nodes) {
            if (learning.get(node) == Learning.LOCAL && !unitStarts.containsKey(node)) {
                Node end = endOfUnit(node);
                unitEnds.put(node, end);
                for (Node member = end; member != node; member = member.inputs.get(0)) {
                    unitStarts.put(member, node);
                }
                unitStarts.put(node, node);
            }
        }
    }

    private Learning decide(Node node) {
        if (node.layer == null) {
            if (node.vertex.numParams(true) > 0) {
                throw new IllegalArgumentException("vertex " + node + " has weights, and only layers can learn"
                        + " locally: replace it by a layer, or train this network by back-propagation");
            }
            return Learning.NO_WEIGHTS;
        }
        if (node.output) {
            checkOutput(node);
            return Learning.READOUT;
        }
        if (node.layer instanceof FrozenLayer || node.layer instanceof FrozenLayerWithBackprop) {
            return Learning.FROZEN;
        }
        if (node.layer instanceof LocalLayer local) {
            return local.getRule() == null || weights(local.toStock()) ? Learning.LOCAL : Learning.NO_WEIGHTS;
        }
        if (!weights(node.layer)) {
            return Learning.NO_WEIGHTS;
        }
        if (chosenByUpdater && Updaters.carriedBy(node.layer) == null && !insideConvertedUnit(node)) {
            return Learning.BACK_PROPAGATED;
        }
        if (node.layer instanceof AutoEncoder) {
            throw new IllegalArgumentException("layer " + node + ": an autoencoder's parameters can't be wrapped (DL4J"
                    + " counts them by their own configuration only); use a DenseLayer, which has the same forward pass");
        }
        if (node.layer instanceof VariationalAutoencoder) {
            throw new IllegalArgumentException("layer " + node + ": a variational autoencoder trains its decoder by an"
                    + " objective of its own, which local learning has no form of; freeze it, or give the layers above"
                    + " it, and only those, the IbHebb updater");
        }
        return Learning.LOCAL;
    }

    /** Whether this is batch normalisation between the first and the last layer of a unit that is converted already. */
    private static boolean insideConvertedUnit(Node node) {
        if (!LocalLayer.mayContinueUnit(node.layer)) {
            return node.layer instanceof LocalLayer local && local.getRule() == null;
        }
        return node.inputs.size() == 1 && insideConvertedUnit(node.inputs.get(0));
    }

    private static boolean weights(Layer layer) {
        if (layer instanceof BatchNormalization normalization) {
            return !normalization.isLockGammaBeta();
        }
        return !layer.initializer().paramKeys(layer).isEmpty();
    }

    private static void checkOutput(Node node) {
        Class<?> type = node.layer.getClass();
        if (type == OutputLayer.class || type == IbHebbOutputLayer.class
                || type == RnnOutputLayer.class || type == IbHebbRnnOutputLayer.class) {
            return;
        }
        String reason = switch (type.getSimpleName()) {
            case "CnnLossLayer", "Cnn3DLossLayer", "Yolo2OutputLayer" -> "its labels are images, and local learning"
                    + " compares samples by one label each; end in GlobalPoolingLayer and an OutputLayer";
            case "LossLayer" -> "it has no weights of its own, and what stands before it can't be made an output layer"
                    + " with it: that takes a DenseLayer without layer normalisation, connected to nothing else, and"
                    + " one activation function in all, with no dropout behind it; put an OutputLayer in place of both";
            case "RnnLossLayer" -> "it has no weights of its own, so that the layer before it would have to be the"
                    + " readout; put an RnnOutputLayer in place of both";
            case "CenterLossOutputLayer" -> "it trains the layer below by its distance to class centres, which crosses"
                    + " a layer; use an OutputLayer";
            case "OCNNOutputLayer", "VariationalAutoencoder" -> "it learns without labels, and local learning needs"
                    + " them";
            default -> "local learning knows OutputLayer, RnnOutputLayer, and LossLayer on a DenseLayer, as the layers"
                    + " that show it the labels; a network without a loss gets one by TransferLearning's addLayer";
        };
        throw new IllegalArgumentException("output layer " + node + " is not supported: " + reason);
    }

    /** Follows the layers that may continue a unit as long as nothing else is connected in between. */
    private Node endOfUnit(Node start) {
        if (start.layer instanceof LocalLayer local && local.getRule() != null) {
            return start;
        }
        Node end = start;
        while (end.consumers.size() == 1
                && end.consumers.get(0).inputs.size() == 1
                && continuesUnit(end.consumers.get(0))) {
            end = end.consumers.get(0);
            if (end.layer instanceof LocalLayer) {
                return end;
            }
        }
        return end;
    }

    private boolean continuesUnit(Node node) {
        if (node.layer instanceof IbHebbWrapperLayer wrapper && wrapper.isEndsUnit()) {
            return true;
        }
        return LocalLayer.mayContinueUnit(node.layer) && learning.get(node) != Learning.BACK_PROPAGATED;
    }

    private void check() {
        if (unitEnds.isEmpty()) {
            throw new IllegalArgumentException("no layer of this network would learn locally: it has no hidden layer"
                    + " with weights" + (learning.containsValue(Learning.FROZEN) ? " that is not frozen" : ""));
        }
        for (Node node : topology.nodes) {
            Learning how = learning.get(node);
            if (how == Learning.BACK_PROPAGATED) {
                refuse(node, above -> learning.get(above) == Learning.LOCAL, "is to be back-propagated, but local"
                        + " layers above it pass no error down: give it the IbHebb updater too, or freeze it. Above it"
                        + " stands");
            } else if (how == Learning.LOCAL) {
                // Not at a FrozenLayerWithBackprop, which is what that one is for.
                refuse(node, above -> above.layer instanceof FrozenLayer, "would not learn: Deeplearning4j ends its"
                        + " backward pass at a frozen layer. Freeze it too, or unfreeze the layer above it. Above it"
                        + " stands");
            }
        }
        checkLabels();
        Node first = unitEnds.values().iterator().next();
        for (Node other : unitEnds.values()) {
            if (!ruleOf(other).sharesMemoryWith(ruleOf(first))) {
                throw new IllegalArgumentException("a network has one working memory, and its layers ask for several:"
                        + " layer " + first + " for " + ruleOf(first).memoryDescription() + ", layer " + other + " for "
                        + ruleOf(other).memoryDescription());
            }
        }
    }

    private void checkLabels() {
        for (Node output : nodes(Learning.READOUT)) {
            if (stepwise && !(output.layer instanceof RnnOutputLayer)) {
                throw new IllegalArgumentException("output layer " + output + " has a label for each sample, another"
                        + " output layer one for each time step: a network's working memory holds samples or time"
                        + " steps, not both");
            }
        }
        if (topology.backprop == BackpropType.TruncatedBPTT && !stepwise) {
            throw new IllegalArgumentException("truncated back-propagation through time needs labels for each time"
                    + " step, and this network's output layer is no RnnOutputLayer: Deeplearning4j would train nothing;"
                    + " use BackpropType.Standard");
        }
    }

    private static void refuse(Node node, Predicate<Node> above, String why) {
        for (Node other : reachable(node)) {
            if (above.test(other)) {
                throw new IllegalArgumentException("layer " + node + " " + why + " " + other);
            }
        }
    }

    private static Set<Node> reachable(Node from) {
        Set<Node> found = new HashSet<>();
        List<Node> open = new ArrayList<>(from.consumers);
        while (!open.isEmpty()) {
            Node node = open.remove(open.size() - 1);
            if (found.add(node)) {
                open.addAll(node.consumers);
            }
        }
        return found;
    }

    /** The rule of the unit that ends with this layer. */
    private LearningRule ruleOf(Node end) {
        if (end.layer instanceof LocalLayer local) {
            return local.getRule();
        }
        Node start = unitStarts.get(end);
        IbHebb carried = Updaters.carriedBy(start.layer);
        if (carried != null && carried.getRule() != null) {
            return carried.getRule();
        }
        if (rule != null) {
            return rule;
        }
        return start.layer instanceof ConvolutionLayer
                ? LearningRule.convolutionDefaults()
                : LearningRule.defaults();
    }

    /** Puts local layers in place, in the configuration that the topology was made of. */
    void apply() {
        // First of all the rules: some stand in the updaters that are unwrapped.
        Map<Node, LearningRule> rules = new HashMap<>();
        unitEnds.values().forEach(end -> rules.put(end, ruleOf(end)));
        for (Node node : topology.nodes) {
            if (node.layer != null) {
                Updaters.unwrap(node.layer);
            }
        }
        for (Node member : unitStarts.keySet()) {
            member.replaceBy(fast(member.layer));
        }
        unitEnds.forEach((start, end) -> {
            boolean source = !localBelow(start);
            Layer unitStart = start.layer;
            start.replaceBy(local(start.layer, start == end ? rules.get(end) : null, source, null));
            if (start != end) {
                end.replaceBy(local(end.layer, rules.get(end), false, unitStart));
            }
        });
        for (Node node : nodes(Learning.READOUT)) {
            boolean passesError = backPropagatedBelow(node);
            node.replaceBy(stepwise
                    ? IbHebbRnnOutputLayer.of((RnnOutputLayer) node.layer, passesError)
                    : IbHebbOutputLayer.of((OutputLayer) node.layer, passesError));
        }
    }

    private Layer local(Layer layer, LearningRule rule, boolean source, Layer unitStart) {
        Layer stock = layer instanceof LocalLayer already ? already.toStock() : layer;
        if (stock.getClass() == DenseLayer.class) {
            return IbHebbDenseLayer.of((DenseLayer) stock, rule, source, stepwise);
        }
        if (stock.getClass() == ConvolutionLayer.class) {
            return IbHebbConvolutionLayer.of((ConvolutionLayer) stock, rule, source, stepwise);
        }
        return IbHebbWrapperLayer.of(fast(stock), rule, source, stepwise, unitStart);
    }

    private static Layer fast(Layer layer) {
        return layer.getClass() == BatchNormalization.class
                ? IbHebbBatchNormalizationLayer.of((BatchNormalization) layer)
                : layer;
    }

    /** By output layer, the last layers of the units below it, in the order of the forward pass. */
    Map<Node, List<Node>> unitsBelowOutputs() {
        Map<Node, List<Node>> below = new LinkedHashMap<>();
        for (Node node : nodes(Learning.READOUT)) {
            below.put(node, unitEnds.values().stream().filter(end -> reachable(end).contains(node)).toList());
        }
        return below;
    }

    private boolean localBelow(Node node) {
        return node.inputs.stream().anyMatch(input -> unitStarts.containsKey(input) || localBelow(input));
    }

    private boolean backPropagatedBelow(Node node) {
        return node.inputs.stream().anyMatch(input -> switch (learning.get(input)) {
            case BACK_PROPAGATED -> true;
            case NO_WEIGHTS, FROZEN -> backPropagatedBelow(input);
            case LOCAL, READOUT -> false;
        });
    }

    ConversionReport report() {
        List<Entry> entries = new ArrayList<>();
        for (Node node : topology.nodes) {
            if (node.layer == null) {
                continue;
            }
            Layer stock = node.layer instanceof ConvertedLayer converted ? converted.toStock() : node.layer;
            String type = stock.getClass().getSimpleName();
            entries.add(new Entry(node.name, type, learning.get(node), detail(node, stock)));
        }
        return new ConversionReport(entries);
    }

    private String detail(Node node, Layer stock) {
        Node start = unitStarts.get(node);
        if (start != null && start != node) {
            return "in the unit of '" + start.name + "'"
                    + (unitEnds.get(start) == node ? ", whose signal sees this layer's output" : "");
        }
        return switch (learning.get(node)) {
            case LOCAL -> ruleOf(unitEnds.get(node))
                    + (stock.getClass() == DenseLayer.class || stock.getClass() == ConvolutionLayer.class
                            ? ""
                            : ", wrapped: costs a second forward pass");
            case READOUT -> "its own loss on its own input";
            case BACK_PROPAGATED -> "its updater is not IbHebb";
            case FROZEN -> "by the network's own configuration";
            case NO_WEIGHTS -> "";
        };
    }
}
