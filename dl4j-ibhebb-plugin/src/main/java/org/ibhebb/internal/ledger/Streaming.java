package org.ibhebb.internal.ledger;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.ibhebb.internal.ledger.Stage.Learning;
import org.ibhebb.internal.ledger.Stage.Type;
import org.ibhebb.internal.memory.Placement;
import org.ibhebb.internal.memory.Slots;
import org.ibhebb.ledger.Ledger.Access;
import org.ibhebb.ledger.Ledger.Kind;
import org.ibhebb.ledger.Ledger.Phase;
import org.ibhebb.ledger.Training;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;

/**
 * One sample, forward only, as {@code stream.hpp} learns it: a layer's weights change before the next layer is visited.
 * What it computes of single vectors stays in one room of scratch memory, whatever the depth.
 */
final class Streaming {

    /** As a streaming network has it where layers have no rule of their own. */
    private static final LearningRule RULE = LearningRule.builder()
            .objective(Objective.prediction().withRate(1))
            .plus(Objective.neighbourhood().withSigma(0.35).withWeight(0.3))
            .memory(64)
            .build();
    /** Neighbouring inputs that are visited together, or not at all. */
    private static final int LANES = 8;
    /** How often the parameters that predict follow those that learn. */
    private static final int AVERAGE_EVERY = 32;
    /** How often both are compared. */
    private static final int COMPARE_EVERY = 8;

    /**
     * What a streaming network has for one layer.
     *
     * @param own the layer with the weights; that which pools, where images are pooled right away
     * @param pooling of its feature maps; null for none
     * @param through whether its signal sees what has been pooled
     * @param rule null where the layers carry none
     * @param below what it reads
     */
    private record Link(Stage own, Stage pooling, boolean through, LearningRule rule, Array below) {

        Stage last() {
            return pooling == null ? own : pooling;
        }

        boolean learns() {
            return own.learning() != Learning.NOTHING && own.hasWeights() && own.type() != Type.OUTPUT;
        }

        LearningRule ruleOrDefault() {
            return rule == null ? RULE : rule;
        }

        /** How many numbers its signal sees. */
        long seen() {
            return (through ? pooling : own).pooled(ruleOrDefault());
        }

        boolean convolves() {
            return own.type() == Type.CONVOLUTION;
        }
    }

    private final List<Link> links = new ArrayList<>();
    private final Training training;
    private final Sheet sheet;
    private final Arrays arrays;
    private final int memory;
    private final long outputs;
    /** Null where samples are kept as they are. */
    private final Recall recall;

    Streaming(List<Stage> stages, Training training, Sheet sheet) {
        this.training = training;
        this.sheet = sheet;
        this.arrays = new Arrays(sheet, training, 1);
        stages.forEach(this::link);
        List<LearningRule> comparing = links.stream().filter(Link::learns).map(Link::ruleOrDefault)
                .filter(rule -> !windows(rule).isEmpty()).toList();
        this.memory = comparing.stream().mapToInt(LearningRule::memory).max().orElse(0);
        this.outputs = stages.get(stages.size() - 1).out();
        this.recall = comparing.stream().filter(rule -> !rule.remembersExactly()).findFirst()
                .map(rule -> new Recall(sheet, arrays, rule.memoryNetwork(), true)).orElse(null);
    }

    /** As {@code LayerChain} reads layers; dropout is left out. */
    private void link(Stage stage) {
        Link before = links.isEmpty() ? null : links.get(links.size() - 1);
        Array below = before == null ? arrays.below(stage, 0) : out(before);
        boolean plain = before != null && before.own().hasWeights() && before.pooling() == null;
        LearningRule rule = stage.rule() == null && before != null ? before.rule() : stage.rule();
        switch (stage.type()) {
            case DENSE, CONVOLUTION, OUTPUT -> links.add(new Link(stage, null, false, stage.rule(), below));
            case DROPOUT -> {
                // A streaming network has none.
            }
            case ACTIVATION -> {
                if (!plain) {
                    throw unknown(stage);
                }
                links.set(links.size() - 1, new Link(before.own(), null, false, rule, before.below()));
            }
            case POOLING -> {
                if (!plain || !before.convolves()) {
                    links.add(new Link(stage, null, false, null, below));
                    return;
                }
                boolean through = isMaximum(stage) && (stage.rule() != null || before.rule() == null);
                links.set(links.size() - 1, new Link(before.own(), stage, through, rule, before.below()));
            }
            case SPIKING, RATE -> throw new IllegalArgumentException("layer '" + stage.name() + "' has time steps, of"
                    + " which a streaming network knows more than this ledger: what it moves in them is not counted");
            default -> throw unknown(stage);
        }
    }

    private static boolean isMaximum(Stage stage) {
        return stage.layer() instanceof SubsamplingLayer pooling && pooling.getPoolingType() == PoolingType.MAX;
    }

    private static IllegalArgumentException unknown(Stage stage) {
        return new IllegalArgumentException("layer '" + stage.name() + "' is none that a streaming network has, which is"
                + " one chain of dense layers, convolutions, pooling, activation layers right behind those with weights,"
                + " and an output layer");
    }

    void write() {
        sheet.stay(Stage.INPUT, Phase.FORWARD);
        sheet.other("check", links.get(0).below().read());
        if (recall != null) {
            recallAll();
        }
        tasks();
        for (Link link : links) {
            Stage stage = link.own();
            sheet.visit(stage.name(), Phase.FORWARD);
            sheet.other("find what is active", link.below().read());
            forward(link);
            sheet.stay(stage.name(), Phase.LEARNING);
            if (link.learns()) {
                signal(link);
            } else if (stage.type() == Type.OUTPUT) {
                sheet.other("loss", out(link).read(), arrays.labels(outputs).read(), vector("xi", outputs).write());
            }
            if (stage.learning() != Learning.NOTHING && stage.hasWeights()) {
                sheet.stay(stage.name(), Phase.UPDATE);
                update(link);
            }
        }
        if (recall != null) {
            takeInAll();
        }
        if (training.updater() == null) {
            averages();
        }
    }

    /** What a layer passes on. */
    private Array out(Link link) {
        return arrays.of(link.last().name() + " out", Kind.ACTIVATION, link.last().out());
    }

    /** Vectors of the layer under way lie where those of the one before lay. */
    private Array vector(String what, long width) {
        return arrays.of("vector " + what, Kind.SIGNAL, width);
    }

    /** What comes of the weights. */
    private Array sums(Link link) {
        return vector("a", link.own().out());
    }

    /** Of the feature maps, before they are pooled; elsewhere what goes up. */
    private Array activations(Link link) {
        return link.pooling() == null ? out(link) : vector("activations", link.own().out());
    }

    /** Errors of all places, of which each feature map's are divided by one gain; elsewhere of neurons. */
    private Array errors(Link link) {
        return link.convolves() ? vector("delta", link.own().out()) : vector("xi", link.own().out());
    }

    /** The share of a layer's weights that is visited: those of blocks in which something is active. */
    private double visited(Link link) {
        return 1 - Math.pow(1 - activity(link), LANES);
    }

    private void forward(Link link) {
        Stage stage = link.own();
        if (!stage.hasWeights()) {
            sheet.other("pooling", link.below().read(), out(link).write());
            return;
        }
        Array weights = arrays.weights(stage);
        Array bias = arrays.bias(stage);
        Array a = sums(link);
        List<Access> all = new ArrayList<>(List.of(link.below().read()));
        all.addAll(places(link, stage.places()));
        all.add(weights.read(stage.places() * share(weights, visited(link))));
        all.add(bias == null ? null : bias.read(stage.places() * bias.bytes()));
        all.add(a.write());
        sheet.other(link.convolves() ? "convolve" : "affine", stage.macs(), activity(link), all.toArray(Access[]::new));
        sheet.other("activation", a.read(), activations(link).write());
        if (link.pooling() != null) {
            sheet.other("pooling", activations(link).read(), out(link).write(), cameFrom(link).write());
        }
    }

    /** One place after the other: what it reads is gathered, and looked at twice; what comes of it is put away. */
    private List<Access> places(Link link, double places) {
        if (!link.convolves()) {
            return List.of();
        }
        Stage stage = link.own();
        Array patch = arrays.of("patch", Kind.SCRATCH, stage.patch());
        Array column = arrays.of("column", Kind.SCRATCH, stage.maps());
        return List.of(patch.write(share(patch, places)), patch.read(share(patch, 2 * places)),
                column.update(share(column, places)));
    }

    /** Where the largest values of pooled maps were. */
    private Array cameFrom(Link link) {
        return vector("from", isMaximum(link.pooling()) ? link.pooling().out() : 0);
    }

    private double activity(Link link) {
        return link.below().kind() == Kind.DATA ? training.inputActivity() : training.hiddenActivity();
    }

    private long share(Array array, double part) {
        return Math.round(array.bytes() * part);
    }

    private void update(Link link) {
        Stage stage = link.own();
        // A neuron whose error is 0, as a silent rectified one's is, is left alone.
        double neurons = stage.type() == Type.OUTPUT ? 1 : training.hiddenActivity();
        Array weights = arrays.weights(stage);
        Array bias = arrays.bias(stage);
        List<Access> all = new ArrayList<>(List.of(link.below().read(), errors(link).read()));
        all.addAll(places(link, stage.places()));
        all.add(weights.update(stage.places() * share(weights, visited(link) * neurons)));
        all.add(bias == null ? null : bias.update(stage.places() * share(bias, neurons)));
        sheet.other("update", stage.macs(), activity(link) * neurons, all.toArray(Access[]::new));
    }

    private interface Recollecting {
        void of(String name, long width, Placement placement, Array slots);
    }

    private void recallAll() {
        forAllRemembered(recall::recall);
    }

    private void takeInAll() {
        sheet.stay("all", Phase.UPDATE);
        forAllRemembered(recall::takeIn);
    }

    /** What is remembered of labels, and of layers that compare: one more sample, in its place among the full memory. */
    private void forAllRemembered(Recollecting how) {
        Slots slots = new Slots(memory);
        slots.commit(slots.plan(memory));
        Placement one = slots.plan(1).get(0);
        how.of("labels", outputs, one, remembered("labels", outputs));
        for (Link link : links) {
            if (comparesSamples(link)) {
                how.of(link.own().name(), link.seen(), one, remembered(link.own().name(), link.seen()));
            }
        }
    }

    private static boolean comparesSamples(Link link) {
        return link.learns() && !windows(link.ruleOrDefault()).isEmpty();
    }

    private Array remembered(String name, long width) {
        return arrays.of(name + " remembered", Kind.MEMORY, memory * width);
    }

    /** What layers compare their activations with; those whose settings do not differ do so once. */
    private void tasks() {
        Set<String> done = new HashSet<>();
        for (Link link : links) {
            if (!link.learns()) {
                continue;
            }
            for (Objective objective : windows(link.ruleOrDefault())) {
                boolean input = objective.kind() == Objective.Kind.HSIC;
                boolean matrix = objective.kind() != Objective.Kind.NEIGHBOURHOOD;
                String task = "task " + objective.labels() + (input ? objective.sigmaX() + " " + objective.gamma() : "")
                        + (matrix ? " all" : "");
                if (!done.add(task)) {
                    continue;
                }
                Array labels = remembered("labels", outputs);
                sheet.other("compare labels", memory * outputs, 1, labels.read(), labels.write(sheet.bytes(outputs)),
                        arrays.labels(outputs).read(), arrays.of(task + " row", Kind.SIGNAL, memory).write());
                if (input) {
                    long width = links.get(0).own().in();
                    Array inputs = remembered("inputs", width);
                    sheet.other("compare inputs", memory * width, 1, links.get(0).below().read(), inputs.read(),
                            inputs.write(sheet.bytes(width)));
                }
                if (matrix) {
                    arrays(task, true);
                }
            }
        }
    }

    /** A matrix of all comparisons: the newest sample's row and column are written, and all is read. */
    private Array arrays(String name, boolean write) {
        Array all = arrays.of(name + " matrix", Kind.MEMORY, (long) memory * memory);
        if (write) {
            sheet.other("remember comparisons", all.write(2 * sheet.bytes(memory)));
        }
        return all;
    }

    private static List<Objective> windows(LearningRule rule) {
        return rule.objectives().stream().filter(objective -> objective.kind() != Objective.Kind.PREDICTION).toList();
    }

    private void signal(Link link) {
        Stage stage = link.own();
        LearningRule rule = link.ruleOrDefault();
        long d = link.seen();
        Array z = link.through() ? out(link) : activations(link);
        Array u = vector("u", d);
        Array xi = vector("xi", d);
        if (link.convolves()) {
            Array seen = vector("seen", d);
            sheet.other("pool for the signal", z.read(), seen.write());
            z = seen;
        }
        sheet.other("normalize", z.read(), u.write());
        if (rule.prediction().isPresent()) {
            Array readout = arrays.of(stage.name() + " readout", Kind.STATE, outputs * d + outputs);
            sheet.other("readout", 3 * outputs * d, 1, u.read(), readout.update(), xi.write());
        }
        List<Objective> windows = windows(rule);
        if (!windows.isEmpty()) {
            Array rows = remembered(stage.name(), d);
            sheet.other("remember", u.read(), rows.write(sheet.bytes(d)));
            for (Objective objective : windows) {
                List<Access> all = new ArrayList<>(List.of(rows.read(), xi.update()));
                if (objective.kind() != Objective.Kind.NEIGHBOURHOOD) {
                    all.add(arrays("task " + objective.labels() + (objective.kind() == Objective.Kind.HSIC
                            ? objective.sigmaX() + " " + objective.gamma() : "") + " all", false).read());
                }
                if (objective.kind() == Objective.Kind.HSIC_ZZ || objective.kind() == Objective.Kind.NORMALIZED_HSIC) {
                    all.add(arrays(stage.name() + " gram", true).read());
                }
                sheet.other(objective.kind().name().toLowerCase(Locale.ROOT), 2 * memory * d, 1,
                        all.toArray(Access[]::new));
            }
        }
        Array errors = errors(link);
        Array squares = arrays.of(stage.name() + " mean squares", Kind.STATE, stage.maps());
        if (link.convolves()) {
            sheet.other("denormalize", u.read(), xi.update());
            sheet.other("unpool the signal", xi.read(), link.through() ? cameFrom(link).read() : null, errors.write(),
                    errors.update());
            sheet.other("slope", sums(link).read(), activations(link).read(), errors.update());
            sheet.other("gain", errors.read(), squares.update(), errors.update());
        } else {
            sheet.other("denormalize and slope", u.read(), sums(link).read(), xi.update());
            sheet.other("gain", xi.update(), squares.update(), u.write());
        }
    }

    /** What is done every so many samples counts by its share in one of them. */
    private void averages() {
        sheet.stay("all", Phase.UPDATE);
        for (Link link : links) {
            Stage stage = link.own();
            if (!stage.hasWeights()) {
                continue;
            }
            Array mean = arrays.of(stage.name() + " mean parameters", Kind.STATE, stage.parameters());
            Array weights = arrays.weights(stage);
            Array bias = arrays.bias(stage);
            sheet.other("mean parameters compared", stage.macs() / COMPARE_EVERY, 1,
                    mean.read(stage.places() * mean.bytes() / COMPARE_EVERY));
            sheet.other("mean parameters follow", weights.read(weights.bytes() / AVERAGE_EVERY),
                    bias == null ? null : bias.read(bias.bytes() / AVERAGE_EVERY),
                    mean.update(mean.bytes() / AVERAGE_EVERY));
        }
    }
}
