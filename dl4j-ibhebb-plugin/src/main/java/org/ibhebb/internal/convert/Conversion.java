package org.ibhebb.internal.convert;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.ibhebb.conf.layers.ConvertedLayer;
import org.ibhebb.conf.layers.IbHebbBatchNormalizationLayer;
import org.ibhebb.conf.layers.IbHebbConvolutionLayer;
import org.ibhebb.conf.layers.IbHebbDenseLayer;
import org.ibhebb.conf.layers.IbHebbOutputLayer;
import org.ibhebb.conf.layers.IbHebbRnnOutputLayer;
import org.ibhebb.conf.layers.IbHebbSpikingConvolutionLayer;
import org.ibhebb.conf.layers.IbHebbSpikingDenseLayer;
import org.ibhebb.conf.layers.IbHebbWrapperLayer;
import org.ibhebb.conf.layers.LocalLayer;
import org.ibhebb.internal.convert.Topology.Node;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.layer.LocalForm;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.spiking.SpikingConvolutionLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.ibhebb.spiking.SpikingLayer;
import org.ibhebb.updater.ScheduleFree;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Decides for each layer of a network how it learns, refuses what could not learn as asked, and puts local layers in
 * place. A <em>unit</em> is what one signal trains: a layer with weights and the batch normalisation, activation and
 * max-pooling layers right behind it, through which its signal passes. So the signal sees what the layer above gets.
 */
final class Conversion {

    /** The layers of which the library has local forms; all others are wrapped. */
    private static final Map<Class<? extends Layer>, LocalMaker> OWN = Map.of(
            DenseLayer.class, (stock, rule, source, stepwise) ->
                    IbHebbDenseLayer.of((DenseLayer) stock, rule, source, stepwise),
            ConvolutionLayer.class, (stock, rule, source, stepwise) ->
                    IbHebbConvolutionLayer.of((ConvolutionLayer) stock, rule, source, stepwise),
            SpikingDenseLayer.class, (stock, rule, source, stepwise) ->
                    IbHebbSpikingDenseLayer.of((SpikingDenseLayer) stock, rule, source),
            SpikingConvolutionLayer.class, (stock, rule, source, stepwise) ->
                    IbHebbSpikingConvolutionLayer.of((SpikingConvolutionLayer) stock, rule, source));

    private final Topology topology;
    private final Rules given;
    /** Whether hidden layers that are not local, and no updater says they should be, learn by back-propagation. */
    private final boolean backPropagatedHead;
    /** Whether each time step of a sequence is a sample of its own, with a label of its own. */
    private final boolean stepwise;
    private final Map<Node, Learning> learning = new HashMap<>();
    /** The last layer of each unit, by its first; a unit of one layer ends where it starts. */
    private final Map<Node, Node> unitEnds = new LinkedHashMap<>();
    /** The first layer of the unit that a layer belongs to. */
    private final Map<Node, Node> unitStarts = new HashMap<>();
    /** The rule of each unit, by its last layer. */
    private final Map<Node, LearningRule> rules = new HashMap<>();

    /** Makes a layer local in a form that the library has for it. */
    private interface LocalMaker {
        LocalLayer of(Layer stock, @Nullable LearningRule rule, boolean source, boolean stepwise);
    }

    /**
     * Decides, and changes nothing yet.
     *
     * @throws IllegalArgumentException naming the layer and the reason, if a layer could not learn as asked
     */
    Conversion(Topology topology, Rules given) {
        this.topology = topology;
        this.given = given;
        this.backPropagatedHead = hasBackPropagatedHead();
        decide();
        checkNames();
        unitEnds.forEach((start, end) -> rules.put(end, ruleOf(start, end)));
        this.stepwise = nodes(Learning.READOUT).stream().anyMatch(output -> output.layer instanceof RnnOutputLayer);
        check();
    }

    /**
     * Whether the user chose which layers learn locally: by the updaters of this configuration, or of the one that was
     * converted before. That one layer is local is no choice: the others may have been added since.
     */
    private boolean hasBackPropagatedHead() {
        if (topology.nodes.stream().anyMatch(node ->
                node.layer != null && !node.output && Updaters.carriedBy(node.layer) != null)) {
            return true;
        }
        List<LocalLayer> local = topology.nodes.stream()
                .map(node -> Units.frozen(node.layer))
                .filter(LocalLayer.class::isInstance)
                .map(LocalLayer.class::cast)
                .toList();
        if (local.stream().allMatch(layer -> layer.getBackPropagatedHead() == null)) {
            // Version 0.1 noted it in the readout alone.
            return !local.isEmpty() && topology.nodes.stream().anyMatch(node -> node.output
                    && (node.layer instanceof IbHebbOutputLayer readout && readout.isPassesError()
                            || node.layer instanceof IbHebbRnnOutputLayer steps && steps.isPassesError()));
        }
        return local.stream().anyMatch(layer -> Boolean.TRUE.equals(layer.getBackPropagatedHead()));
    }

    private void checkNames() {
        for (String name : given.byLayer().keySet()) {
            List<Node> named = topology.nodes.stream().filter(node -> node.name.equals(name)).toList();
            if (named.size() != 1) {
                throw new IllegalArgumentException("a rule is given for layer '" + name + "', and "
                        + (named.isEmpty() ? "there is none of that name" : named.size() + " layers are called so")
                        + ": the layers that learn locally are " + unitEnds.keySet());
            }
            Node start = unitStarts.get(named.get(0));
            if (start != named.get(0)) {
                throw new IllegalArgumentException("a rule is given for layer " + named.get(0) + ", which "
                        + (start == null
                                ? "does not learn locally: the layers that do are " + unitEnds.keySet()
                                : "is in the unit of " + start + ": give the rule to that one"));
            }
        }
    }

    private List<Node> nodes(Learning how) {
        return topology.nodes.stream().filter(node -> learning.get(node) == how).toList();
    }

    private void decide() {
        for (Node node : topology.nodes) {
            learning.put(node, decide(node));
        }
        for (List<Node> unit : Units.of(topology, learning::get)) {
            Node start = unit.get(0);
            if (learning.get(start) == Learning.LOCAL) {
                unitEnds.put(start, unit.get(unit.size() - 1));
                unit.forEach(member -> unitStarts.put(member, start));
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
        if (backPropagatedHead && Updaters.carriedBy(node.layer) == null
                && !(node.layer instanceof IbHebbBatchNormalizationLayer)) {
            return Learning.BACK_PROPAGATED;
        }
        if (node.layer instanceof AutoEncoder) {
            throw new IllegalArgumentException("layer " + node + ": an autoencoder's parameters can't be wrapped (DL4J"
                    + " counts them by their own configuration only); use a DenseLayer, which has the same forward"
                    + " pass");
        }
        if (node.layer instanceof VariationalAutoencoder) {
            throw new IllegalArgumentException("layer " + node + ": a variational autoencoder trains its decoder by an"
                    + " objective of its own, which local learning has no form of; freeze it, or give the layers above"
                    + " it, and only those, the IbHebb updater");
        }
        return Learning.LOCAL;
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

    private void check() {
        if (unitEnds.isEmpty()) {
            throw new IllegalArgumentException("no layer of this network would learn locally: it has no hidden layer"
                    + " with weights" + (learning.containsValue(Learning.FROZEN) ? " that is not frozen" : ""));
        }
        Map<Node, Node> localAbove = above(node -> learning.get(node) == Learning.LOCAL);
        // Not at a FrozenLayerWithBackprop, which is what that one is for.
        Map<Node, Node> frozenAbove = above(node -> node.layer instanceof FrozenLayer);
        for (Node node : topology.nodes) {
            Learning how = learning.get(node);
            if (how == Learning.BACK_PROPAGATED && localAbove.containsKey(node)) {
                throw new IllegalArgumentException("layer " + node + " is to be back-propagated, but local layers above"
                        + " it pass no error down: give it the IbHebb updater too, or freeze it. Above it stands "
                        + localAbove.get(node));
            }
            if (how == Learning.LOCAL && frozenAbove.containsKey(node)) {
                throw new IllegalArgumentException("layer " + node + " would not learn: Deeplearning4j ends its"
                        + " backward pass at a frozen layer. Freeze it too, or unfreeze the layer above it. Above it"
                        + " stands " + frozenAbove.get(node));
            }
        }
        checkLabels();
        checkSpiking();
        Node first = unitEnds.values().iterator().next();
        for (Node other : unitEnds.values()) {
            if (!rules.get(other).sharesMemoryWith(rules.get(first))) {
                throw new IllegalArgumentException("a network has one working memory, and its layers ask for several:"
                        + " layer " + first + " for " + rules.get(first).memoryDescription() + ", layer " + other
                        + " for " + rules.get(other).memoryDescription());
            }
        }
    }

    /** The signal of a spiking layer sees a sample's rates, which what stands behind it must not change. */
    private void checkSpiking() {
        unitEnds.forEach((start, end) -> {
            if (!(start.layer instanceof SpikingLayer)) {
                return;
            }
            if (stepwise) {
                throw new IllegalArgumentException("layer " + start + " learns once a sample, from how often its"
                        + " neurons fire, and this network's output layer has a label for each time step: put a"
                        + " SpikeRateLayer and an OutputLayer in its place");
            }
            if (start != end) {
                throw new IllegalArgumentException("layer " + start + " can't learn as one unit with " + end
                        + ", for what it passes on are spikes: take that layer out, or put a SpikeRateLayer before"
                        + " it");
            }
        });
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

    /** Finds, for each node below one that is wanted, such a one. */
    private Map<Node, Node> above(Predicate<Node> wanted) {
        Map<Node, Node> above = new HashMap<>();
        for (int i = topology.nodes.size() - 1; i >= 0; i--) {
            Node node = topology.nodes.get(i);
            for (Node consumer : node.consumers) {
                Node found = wanted.test(consumer) ? consumer : above.get(consumer);
                if (found != null) {
                    above.put(node, found);
                    break;
                }
            }
        }
        return above;
    }

    /** The nodes that feed this one, directly or through others. */
    private static Set<Node> below(Node from) {
        Set<Node> found = new HashSet<>();
        List<Node> open = new ArrayList<>(from.inputs);
        while (!open.isEmpty()) {
            Node node = open.remove(open.size() - 1);
            if (found.add(node)) {
                open.addAll(node.inputs);
            }
        }
        return found;
    }

    /**
     * The nodes with something below.
     *
     * @param here whether an input itself is what is asked for
     * @param through whether what lies below an input counts too
     */
    private Set<Node> havingBelow(Predicate<Node> here, Predicate<Node> through) {
        Set<Node> having = new HashSet<>();
        for (Node node : topology.nodes) {
            if (node.inputs.stream()
                    .anyMatch(input -> here.test(input) || through.test(input) && having.contains(input))) {
                having.add(node);
            }
        }
        return having;
    }

    /** What is said for one layer counts more than what is said for all, and that more than what was said before. */
    private LearningRule ruleOf(Node start, Node end) {
        LearningRule named = given.byLayer().get(start.name);
        if (named != null) {
            return named;
        }
        LearningRule before = end.layer instanceof LocalLayer local ? local.getRule() : null;
        RuleUpdater carried = before == null ? Updaters.carriedBy(start.layer) : null;
        LearningRule rule = Stream.of(carried == null ? null : carried.getRule(), given.general(), before)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(this::usual);
        // Who gives the rule an updater himself wants that one.
        return carried != null && carried.getUpdater() != null
                ? rule.toBuilder().updaters(LearningRule.Updaters.CONFIGURED).build()
                : rule;
    }

    /** A layer that is added to local ones learns as they do: a network has one working memory. */
    private LearningRule usual() {
        return topology.nodes.stream()
                .filter(node -> node.layer instanceof LocalLayer local && local.getRule() != null)
                .findFirst()
                .map(node -> ((LocalLayer) node.layer).getRule())
                .orElseGet(LearningRule::defaults);
    }

    /** Puts local layers in place, in the configuration that the topology was made of. */
    void apply() {
        Set<Node> aboveLocal = havingBelow(unitStarts::containsKey, input -> true);
        Set<Node> aboveBackPropagated = havingBelow(
                input -> learning.get(input) == Learning.BACK_PROPAGATED,
                input -> learning.get(input) == Learning.NO_WEIGHTS || learning.get(input) == Learning.FROZEN);
        putUpdaters(aboveBackPropagated);
        for (Node member : unitStarts.keySet()) {
            member.replaceBy(fast(member.layer));
        }
        unitEnds.forEach((start, end) -> {
            boolean source = !aboveLocal.contains(start);
            Layer unitStart = start.layer;
            start.replaceBy(local(start.layer, start == end ? rules.get(end) : null, source, null));
            if (start != end) {
                end.replaceBy(local(end.layer, rules.get(end), false, unitStart));
            }
        });
        for (Node node : nodes(Learning.READOUT)) {
            boolean passesError = aboveBackPropagated.contains(node);
            node.replaceBy(stepwise
                    ? IbHebbRnnOutputLayer.of((RnnOutputLayer) node.layer, passesError)
                    : IbHebbOutputLayer.of((OutputLayer) node.layer, passesError));
        }
    }

    /**
     * Whether gradients are taken near the average by all that learns here: near the moving point they teach more about
     * other samples, and astray those that stand above layers whose points move far.
     */
    private boolean isCareful() {
        boolean sharesWeights = Stream.concat(unitStarts.keySet().stream(), nodes(Learning.READOUT).stream())
                .anyMatch(node -> !FanIn.isReadOnce(node.layer));
        return sharesWeights || hasRealLabels();
    }

    /** Which of the layers that learn here each unit is, counted from the input along the longest path. */
    private Map<Node, Integer> depths() {
        Map<Node, Integer> depths = new HashMap<>();
        for (Node node : topology.nodes) {
            int below = node.inputs.stream().mapToInt(depths::get).max().orElse(0);
            depths.put(node, unitEnds.containsKey(node) ? below + 1 : below);
        }
        return depths;
    }

    private static long neurons(Layer layer) {
        return layer instanceof FeedForwardLayer forward ? Math.max(1, forward.getNOut()) : 1;
    }

    private boolean hasRealLabels() {
        return nodes(Learning.READOUT).stream()
                .map(node -> Units.frozen(node.layer))
                .anyMatch(layer -> layer instanceof BaseOutputLayer output
                        && Labels.Encoding.of(output.getLossFn()) == Labels.Encoding.REAL);
    }

    /**
     * Gives each layer that learns here its updater, and takes the rules out of all others.
     *
     * @param aboveBackPropagated the output layers among these learn with what they send errors to
     */
    private void putUpdaters(Set<Node> aboveBackPropagated) {
        Map<Node, UnaryOperator<IUpdater>> librarys = new HashMap<>();
        LearningRule.Updaters ofReadouts = updaters();
        boolean careful = isCareful();
        double inertia = careful ? ScheduleFree.CAREFUL_INERTIA : ScheduleFree.INERTIA;
        Map<Node, Integer> depths = depths();
        for (Node node : nodes(Learning.READOUT)) {
            if (ofReadouts == LearningRule.Updaters.LIBRARY && !aboveBackPropagated.contains(node)) {
                librarys.put(node, configured ->
                        ScheduleFree.ofReadout(FanIn.of(node.layer), configured).withInertia(inertia));
            }
        }
        unitStarts.forEach((member, start) -> {
            if (rules.get(unitEnds.get(start)).updaters() == LearningRule.Updaters.LIBRARY) {
                // Where weights are shared, or labels are real, rates are small already or no sample is fitted by heart.
                int depth = careful ? 1 : depths.get(start);
                librarys.put(member, configured ->
                        ScheduleFree.ofHidden(FanIn.of(member.layer), neurons(member.layer), depth, configured)
                                .withInertia(inertia));
            }
        });
        for (Node node : topology.nodes) {
            boolean byUser = givesUpdater(node);
            Updaters.unwrap(node.layer == null ? node.vertex : node.layer);
            if (librarys.containsKey(node) && !byUser) {
                Updaters.takeLibrarys(node.layer, librarys.get(node));
            } else if (!byUser && (unitStarts.containsKey(node) || learning.get(node) == Learning.READOUT)) {
                Updaters.takeConfigured(node.layer);
            }
        }
    }

    /** Whether a user gave a layer's updater to the rule himself. */
    private static boolean givesUpdater(Node node) {
        RuleUpdater carried = node.layer == null ? null : Updaters.carriedBy(node.layer);
        return carried != null && carried.getUpdater() != null;
    }

    /** Those of the output layers: the library's if it has any layer below. */
    private LearningRule.Updaters updaters() {
        return rules.values().stream().anyMatch(rule -> rule.updaters() == LearningRule.Updaters.LIBRARY)
                ? LearningRule.Updaters.LIBRARY
                : LearningRule.Updaters.CONFIGURED;
    }

    private Layer local(Layer layer, @Nullable LearningRule rule, boolean source, @Nullable Layer unitStart) {
        Layer stock = layer instanceof LocalLayer already ? already.toStock() : layer;
        LocalMaker own = OWN.get(stock.getClass());
        LocalLayer local = own == null
                ? IbHebbWrapperLayer.of(fast(stock), rule, source, stepwise, unitStart)
                : own.of(stock, rule, source, stepwise);
        return local.withBackPropagatedHead(learning.containsValue(Learning.BACK_PROPAGATED));
    }

    private static Layer fast(Layer layer) {
        return layer.getClass() == BatchNormalization.class
                ? IbHebbBatchNormalizationLayer.of((BatchNormalization) layer)
                : layer;
    }

    /** Whether every layer is in place already. */
    boolean isApplied() {
        return topology.nodes.stream().noneMatch(node -> node.layer != null && Updaters.carriedBy(node.layer) != null)
                && unitEnds.entrySet().stream().allMatch(unit -> unit.getKey().layer instanceof LocalLayer
                        && unit.getValue().layer instanceof LocalLayer end && end.getRule() != null)
                && nodes(Learning.READOUT).stream().allMatch(output -> output.layer instanceof ConvertedLayer);
    }

    /** Gives, by output layer, the last layers of the units below it, in the order of the forward pass. */
    Map<Node, List<Node>> unitsBelowOutputs() {
        Map<Node, List<Node>> below = new LinkedHashMap<>();
        for (Node node : nodes(Learning.READOUT)) {
            Set<Node> feeding = below(node);
            below.put(node, unitEnds.values().stream().filter(feeding::contains).toList());
        }
        return below;
    }

    List<Decision> decisions() {
        List<Decision> entries = new ArrayList<>();
        for (Node node : topology.nodes) {
            if (node.layer == null) {
                continue;
            }
            Layer stock = node.layer instanceof ConvertedLayer converted ? converted.toStock() : node.layer;
            String type = stock.getClass().getSimpleName();
            entries.add(new Decision(node.name, type, learning.get(node), detail(node, stock)));
        }
        return entries;
    }

    /** What becomes of a layer's updater. */
    private static String learningBy(LearningRule.Updaters whose) {
        return whose == LearningRule.Updaters.LIBRARY
                ? "; the library's updater, by the schedule of its own"
                : "; its own updater";
    }

    private String detail(Node node, Layer stock) {
        Node start = unitStarts.get(node);
        if (start != null && start != node) {
            return "in the unit of '" + start.name + "'"
                    + (unitEnds.get(start) == node ? ", whose signal sees this layer's output" : "");
        }
        return switch (learning.get(node)) {
            case LOCAL -> rules.get(unitEnds.get(node)) + learningBy(rules.get(unitEnds.get(node)).updaters())
                    + (OWN.containsKey(stock.getClass()) ? ""
                            : stock instanceof LocalForm.Configuration ? ", in a form of its own"
                            : ", wrapped: costs a second forward pass");
            case READOUT -> "its own loss on its own input" + learningBy(updaters());
            case BACK_PROPAGATED -> "its updater is not IbHebb";
            case FROZEN -> "by the network's own configuration";
            case NO_WEIGHTS -> "";
        };
    }
}
