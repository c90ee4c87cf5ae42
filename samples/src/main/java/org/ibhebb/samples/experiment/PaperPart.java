package org.ibhebb.samples.experiment;

import java.util.List;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.samples.data.DataSets;
import org.ibhebb.samples.option.ByName;
import org.ibhebb.samples.training.TunedRule;
import org.ibhebb.samples.training.ModelSpec;
import org.ibhebb.samples.training.Row;

/** The parts of {@code experiment paper}: what the paper did, and what is done here. All of their numbers are here. */
enum PaperPart {
    /** A multi-layer perceptron on digits. */
    MNIST("mnist", DataSets.MNIST, "mlp:128,64", 25, 128, 6, "784-128-64-10", 25, 97.5, 91.7),
    /** A convolutional network on colour images. The paper's number of epochs would take days on a few processors. */
    CIFAR10("cifar10", DataSets.CIFAR10, "cnn-bn:128,256", 10, 32, 32,
            "convolutions of 128 and 256 maps", 50, 79.1, 59.9);

    private static final double LR = 1e-3;
    private static final double PAPER_GAMMA = 2;

    private final String label;
    final DataSets data;
    final ModelSpec model;
    final int epochs;
    private final int batch;
    /** Of the paper's own objectives, which see the mini-batch and nothing else: the published configuration's. */
    private final int paperBatch;
    /** What the paper trained, in words. */
    final String paperModel;
    final int paperEpochs;
    /** Test accuracies in percent, read off the paper's figures. */
    final double paperBackprop;
    final double paperRule;

    PaperPart(String label, DataSets data, String model, int epochs, int batch, int paperBatch, String paperModel,
            int paperEpochs, double paperBackprop, double paperRule) {
        this.label = label;
        this.data = data;
        this.model = ModelSpec.parse(model);
        this.epochs = epochs;
        this.batch = batch;
        this.paperBatch = paperBatch;
        this.paperModel = paperModel;
        this.paperEpochs = paperEpochs;
        this.paperBackprop = paperBackprop;
        this.paperRule = paperRule;
    }

    /** What is trained. */
    List<Row> rows(ModelSpec trained, DataSets learnt) {
        boolean flip = learnt == DataSets.CIFAR10;
        return List.of(
                Row.backprop(trained, batch, LR, flip),
                Row.frozen(trained, batch, LR, flip),
                Row.local("reference (the published formula)", trained, paper(Objective.reference()),
                        paperBatch, LR, flip),
                Row.local("hsic (its exact gradient)", trained, paper(Objective.hsic()),
                        paperBatch, LR, flip),
                Row.local("this library's defaults", trained, trained.defaultRule(), batch, LR, flip));
    }

    private LearningRule paper(Objective objective) {
        return TunedRule.builder().objective(objective.withGamma(PAPER_GAMMA)).memory(paperBatch).build();
    }

    @Override
    public String toString() {
        return label;
    }

    /** Reads one by its name. */
    static final class Converter extends ByName<PaperPart> {
        Converter() {
            super(PaperPart.class);
        }
    }
}
