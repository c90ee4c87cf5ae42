package org.ibhebb.samples.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.samples.data.DataSets;
import org.ibhebb.samples.option.ByName;
import org.ibhebb.samples.training.TunedRule;
import org.ibhebb.samples.training.ModelSpec;
import org.ibhebb.samples.training.Row;

/**
 * The parts of {@code experiment best}: for each network the settings that did best on validation images, or nearly so
 * where that was a narrow peak. All of their numbers are here; docs/rule.md says what else was tried.
 */
enum BestPart {
    /** The paper's multi-layer perceptron. */
    MNIST_NARROW("mnist-narrow", DataSets.MNIST, "mlp:128,64", 10, 128,
            rule(Objective.neighbourhood(), 256), 256, 2e-3, 5e-3),
    /** A wider one. */
    MNIST_WIDE("mnist-wide", DataSets.MNIST, "mlp:512,512", 10, 128,
            rule(Objective.prediction().withBlock(0).withRate(10), 128), 128, 1e-3, 1e-3),
    /** The same on pictures of clothes. */
    FASHION_WIDE("fashion-wide", DataSets.FASHION_MNIST, "mlp:512,512", 10, 128,
            rule(Objective.normalizedHsic().withGroups(32), 128), 64, 1e-3, 1.5e-3),
    /** The narrow one on pictures of clothes: the default alone. */
    FASHION_NARROW("fashion-narrow", DataSets.FASHION_MNIST, "mlp:128,64", 10),
    /** The network of Pogodin and Latham (2020): the default alone. */
    MNIST_WIDEST("mnist-widest", DataSets.MNIST, "mlp:1024,1024,1024", 10),
    /** The same on pictures of clothes. */
    FASHION_WIDEST("fashion-widest", DataSets.FASHION_MNIST, "mlp:1024,1024,1024", 10),
    /** Three convolutions on colour images. */
    CIFAR10("cifar10", DataSets.CIFAR10, "cnn-bn:48,96,192", 10, 32,
            TunedRule.builder().objective(Objective.prediction().withBlock(0).withRate(4))
                    .plus(Objective.neighbourhood().withSigma(0.35).withWeight(0.3)).build(), 32, 1e-3, 2e-3),
    /** One sample at a time, each once. */
    ONLINE("online", DataSets.MNIST, "mlp:128,64", 1, 1, rule(Objective.neighbourhood(), 64), 1, 1e-3, 4e-4);

    private static final double BACKPROP_LR = 1e-3;
    private static final int USUAL_BATCH = 128;

    private final String label;
    final DataSets data;
    final ModelSpec model;
    final int epochs;
    private final int backpropBatch;
    /** Null where nothing was tuned. */
    private final LearningRule rule;
    private final int batch;
    private final double lr;
    private final double lrHidden;

    /** A part without a tuned rule. */
    BestPart(String label, DataSets data, String model, int epochs) {
        this(label, data, model, epochs, USUAL_BATCH, null, USUAL_BATCH, BACKPROP_LR, BACKPROP_LR);
    }

    /**
     * @param backpropBatch of all rows but that of the tuned rule
     * @param batch of the tuned rule
     * @param lr of its readout
     */
    BestPart(String label, DataSets data, String model, int epochs, int backpropBatch, LearningRule rule,
            int batch, double lr, double lrHidden) {
        this.label = label;
        this.data = data;
        this.model = ModelSpec.parse(model);
        this.epochs = epochs;
        this.backpropBatch = backpropBatch;
        this.rule = rule;
        this.batch = batch;
        this.lr = lr;
        this.lrHidden = lrHidden;
    }

    private static LearningRule rule(Objective objective, int memory) {
        return TunedRule.builder().objective(objective).memory(memory).build();
    }

    /** What is trained. */
    List<Row> rows(DataSets learnt) {
        boolean flip = learnt == DataSets.CIFAR10;
        List<Row> rows = new ArrayList<>(List.of(
                Row.backprop(model, backpropBatch, BACKPROP_LR, flip),
                Row.frozen(model, backpropBatch, BACKPROP_LR, flip),
                // What one changed line does to the configuration of the first row.
                Row.local("the default", model, LearningRule.defaults(), backpropBatch,
                        BACKPROP_LR, BACKPROP_LR, flip)));
        if (rule != null) {
            rows.add(Row.local("tuned: " + rule.objectives().stream().map(objective -> objective.kind().toString())
                    .collect(Collectors.joining(" + ")), model, rule, batch, lr, lrHidden, flip));
        }
        return rows;
    }

    @Override
    public String toString() {
        return label;
    }

    /** Reads one by its name. */
    static final class Converter extends ByName<BestPart> {
        Converter() {
            super(BestPart.class);
        }
    }
}
