package org.ibhebb.internal.ledger;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.ibhebb.internal.ledger.Stage.Learning;
import org.ibhebb.internal.ledger.Stage.Type;
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

    private final List<Stage> stages;
    private final Training training;
    private final Sheet sheet;
    private final Arrays arrays;
    private final int memory;
    private final long outputs;

    Streaming(List<Stage> stages, Training training, Sheet sheet) {
        this.stages = stages;
        this.training = training;
        this.sheet = sheet;
        this.arrays = new Arrays(sheet, training, 1);
        stages.stream().filter(stage -> stage.type() != Type.DENSE && stage.type() != Type.OUTPUT).findFirst()
                .ifPresent(stage -> {
                    throw new IllegalArgumentException("layer '" + stage.name() + "' is no dense layer, and the ledger of a"
                            + " streaming network is of one chain of dense layers and an output layer");
                });
        stages.stream().filter(stage -> stage.retained() < 1).findFirst().ifPresent(stage -> {
            throw new IllegalArgumentException("layer '" + stage.name() + "' has dropout, and a streaming network none:"
                    + " leave it out");
        });
        stages.stream().filter(stage -> stage.rule() != null && !stage.rule().remembersExactly()).findFirst()
                .ifPresent(stage -> {
                    throw new IllegalArgumentException("layer '" + stage.name() + "' learns by a working memory that is"
                            + " recalled (" + stage.rule().memoryDescription() + "), which the ledger counts in"
                            + " mini-batches alone");
                });
        this.memory = stages.stream().filter(Streaming::learns).mapToInt(stage -> rule(stage).memory()).max().orElse(0);
        this.outputs = stages.get(stages.size() - 1).out();
    }

    static LearningRule rule(Stage stage) {
        return stage.rule() == null ? RULE : stage.rule();
    }

    private static boolean learns(Stage stage) {
        return stage.learning() != Learning.NOTHING && stage.type() == Type.DENSE;
    }

    void write() {
        sheet.stay(Stage.INPUT, Phase.FORWARD);
        Array x = arrays.input(stages.get(0));
        sheet.other("check", x.read());
        tasks();
        for (Stage stage : stages) {
            sheet.visit(stage.name(), Phase.FORWARD);
            sheet.other("find what is active", arrays.input(stage).read());
            forward(stage);
            if (learns(stage)) {
                sheet.stay(stage.name(), Phase.LEARNING);
                signal(stage);
            } else if (stage.type() == Type.OUTPUT) {
                sheet.stay(stage.name(), Phase.LEARNING);
                sheet.other("loss", vector(stage, "out").read(), arrays.labels(outputs).read(),
                        vector(stage, "xi").write());
            }
            if (stage.learning() != Learning.NOTHING) {
                sheet.stay(stage.name(), Phase.UPDATE);
                update(stage);
            }
        }
        if (training.updater() == null) {
            averages();
        }
    }

    /** Vectors of the layer under way lie where those of the one before lay. */
    private Array vector(Stage stage, String what) {
        boolean goesUp = what.equals("out");
        return arrays.of(goesUp ? stage.name() + " out" : "vector " + what, goesUp ? Kind.ACTIVATION : Kind.SIGNAL,
                stage.out());
    }

    /** The share of a layer's weights that is visited: those of blocks in which something is active. */
    private double visited(Stage stage) {
        return 1 - Math.pow(1 - arrays.activity(stage), LANES);
    }

    private void forward(Stage stage) {
        Array weights = arrays.weights(stage);
        Array a = vector(stage, "a");
        Array bias = arrays.bias(stage);
        sheet.other("affine", stage.macs(), arrays.activity(stage), arrays.input(stage).read(),
                weights.read(share(weights, visited(stage))), bias == null ? null : bias.read(), a.write());
        sheet.other("activation", a.read(), vector(stage, "out").write());
    }

    private long share(Array array, double part) {
        return Math.round(array.bytes() * part);
    }

    private void update(Stage stage) {
        // A neuron whose error is 0, as a silent rectified one's is, is left alone.
        double neurons = stage.type() == Type.OUTPUT ? 1 : training.hiddenActivity();
        Array weights = arrays.weights(stage);
        Array bias = arrays.bias(stage);
        sheet.other("update", stage.macs(), arrays.activity(stage) * neurons, arrays.input(stage).read(),
                vector(stage, "xi").read(), weights.update(share(weights, visited(stage) * neurons)),
                bias == null ? null : bias.update(share(bias, neurons)));
    }

    private Array remembered(String name, long width) {
        return arrays.of(name + " remembered", Kind.MEMORY, memory * width);
    }

    /** What layers compare their activations with; those whose settings do not differ do so once. */
    private void tasks() {
        Set<String> done = new HashSet<>();
        for (Stage stage : stages) {
            if (!learns(stage)) {
                continue;
            }
            for (Objective objective : windows(rule(stage))) {
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
                    long width = stages.get(0).in();
                    Array inputs = remembered("inputs", width);
                    sheet.other("compare inputs", memory * width, 1, arrays.input(stages.get(0)).read(), inputs.read(),
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

    private void signal(Stage stage) {
        LearningRule rule = rule(stage);
        long d = stage.out();
        Array z = vector(stage, "out");
        Array u = vector(stage, "u");
        Array xi = vector(stage, "xi");
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
        sheet.other("denormalize and slope", u.read(), vector(stage, "a").read(), xi.update());
        Array squares = arrays.of(stage.name() + " mean squares", Kind.STATE, d);
        sheet.other("gain", xi.update(), squares.update(), u.write());
    }

    /** What is done every so many samples counts by its share in one of them. */
    private void averages() {
        sheet.stay("all", Phase.UPDATE);
        for (Stage stage : stages) {
            Array mean = arrays.of(stage.name() + " mean parameters", Kind.STATE, stage.parameters());
            Array weights = arrays.weights(stage);
            Array bias = arrays.bias(stage);
            sheet.other("mean parameters compared", stage.macs() / COMPARE_EVERY, 1,
                    mean.read(mean.bytes() / COMPARE_EVERY));
            sheet.other("mean parameters follow", weights.read(weights.bytes() / AVERAGE_EVERY),
                    bias == null ? null : bias.read(bias.bytes() / AVERAGE_EVERY),
                    mean.update(mean.bytes() / AVERAGE_EVERY));
        }
    }
}
