package org.ibhebb.internal.ledger;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ibhebb.internal.ledger.Stage.Learning;
import org.ibhebb.internal.ledger.Stage.Type;
import org.ibhebb.ledger.Ledger.Access;
import org.ibhebb.ledger.Ledger.Kind;
import org.ibhebb.ledger.Ledger.Phase;
import org.ibhebb.ledger.Training;

/** A step of Deeplearning4j's own layers, or of lean ones that keep what they need; also of frozen ones. */
final class BackPropagation {

    private final List<Stage> stages;
    private final Training training;
    private final Sheet sheet;
    private final Arrays arrays;
    private final Products products;
    private final Updates updates;
    private final Firing firing;
    private final Recurrence recurrence;
    private final int parts;
    /** Errors that something has been written to. */
    private final Set<String> begun = new HashSet<>();

    /**
     * @param stages those whose learning is {@link Learning#ERROR} learn
     * @param samples of the mini-batch
     */
    BackPropagation(List<Stage> stages, Training training, int samples, Sheet sheet) {
        int part = training.microBatch() == 0 ? samples : training.microBatch();
        if (samples % part != 0) {
            throw new IllegalArgumentException("a mini-batch of " + samples + " samples can't be accumulated over parts of "
                    + part + ": its size must be a multiple of that");
        }
        this.stages = stages;
        this.training = training;
        this.sheet = sheet;
        this.parts = samples / part;
        this.arrays = new Arrays(sheet, training, part);
        this.products = new Products(sheet, arrays, part, training.isLean());
        this.updates = new Updates(sheet, arrays, training);
        this.firing = new Firing(sheet, arrays, products, part, training.isLean());
        this.recurrence = new Recurrence(sheet, arrays, part, training.isLean());
    }

    void write() {
        for (int part = 0; part < parts; part++) {
            begun.clear();
            for (Stage stage : stages) {
                sheet.visit(stage.name(), Phase.FORWARD);
                forward(stage, arrays.output(stage));
            }
            backward(part > 0);
        }
        List<Stage> learners = stages.stream().filter(stage -> stage.hasWeights() && learns(stage))
                .filter(stage -> !stepsAtOnce(stage)).toList();
        updates.apply(learners);
    }

    private static boolean learns(Stage stage) {
        return stage.learning() == Learning.ERROR;
    }

    /** One sample, and an updater that keeps nothing: the gradient need not be written. */
    private boolean stepsAtOnce(Stage stage) {
        return training.isLean() && parts == 1 && arrays.labels(1).bytes() == sheet.bytes(1)
                && updates.states(stage) == 0 && stage.type() != Type.NORMALIZATION
                && stage.type() != Type.RECURRENT && stage.type() != Type.SPIKING;
    }

    private void forward(Stage stage, Array output) {
        if (stage.type() != Type.OUTPUT || training.isLean()) {
            arrays.drop(stage);
        }
        switch (stage.type()) {
            case OUTPUT -> {
                // Deeplearning4j's own comes to it in the backward pass.
                if (training.isLean()) {
                    products.forward(stage, false, updates.forForward(stage), output);
                }
            }
            case DENSE, CONVOLUTION, WRAPPED -> {
                products.forward(stage, false, updates.forForward(stage), output);
                if (stage.hasActivationFunction() && !training.isLean()) {
                    sheet.other("activation", output.update());
                }
            }
            case POOLING -> sheet.other("pooling", arrays.input(stage).read(), output.write());
            case ACTIVATION -> sheet.other("activation", arrays.input(stage).read(), output.write());
            case DROPOUT -> sheet.other("pass on", arrays.input(stage).read(), output.write());
            case NORMALIZATION -> standardize(stage, output);
            case RECURRENT -> recurrence.forward(stage, updates.forForward(stage));
            case SPIKING -> {
                firing.forward(stage, updates.forForward(stage), false);
                firing.countSpikes(stage);
            }
            case RATE -> firing.rate(stage);
            case JOIN -> sheet.other("join", inputs(stage, false, output.write()));
        }
    }

    /**
     * By two passes for the statistics, and one for the rest, which is the best case: Deeplearning4j's own takes more
     * where no helper of its backend does it.
     */
    private void standardize(Stage stage, Array output) {
        Array input = arrays.input(stage);
        sheet.other("moments", input.read(), input.read(), moments(stage).write());
        List<Access> all = new ArrayList<>(List.of(input.read(), moments(stage).read(), output.write()));
        if (stage.hasWeights()) {
            all.addAll(List.of(updates.forForward(stage)));
        }
        sheet.other("standardize", all.toArray(Access[]::new));
    }

    private void standardizeBackwards(Stage stage, Array below) {
        Array input = arrays.input(stage);
        Array error = arrays.error(stage);
        boolean learns = stage.hasWeights();
        sheet.other("standardize, backwards", input.read(), error.read(), moments(stage).read(),
                learns ? arrays.weights(stage).read() : null, input.read(), error.read(),
                learns ? arrays.weightGradient(stage).write() : null,
                learns ? arrays.biasGradient(stage).write() : null, below.write());
        sheet.other("running statistics", moments(stage).read(),
                arrays.of(stage.name() + " running statistics", Kind.STATE, 2 * stage.maps()).update());
    }

    private Array moments(Stage stage) {
        return arrays.of(stage.name() + " moments", Kind.ACTIVATION, 2 * stage.maps());
    }

    private Access[] inputs(Stage stage, boolean errors, Access last) {
        List<Access> all = new ArrayList<>();
        for (int i = 0; i < stage.inputs().size(); i++) {
            all.add(errors ? below(stage, i).write() : arrays.below(stage, i).read());
        }
        all.add(last);
        return all.toArray(Access[]::new);
    }

    private void backward(boolean accumulates) {
        int lowest = lowestLearner();
        int every = training.checkpoints();
        for (int i = stages.size() - 1; i >= lowest; i--) {
            // What the last segment made is still there.
            if (every > 0 && (i + 1) % every == 0 && i + 1 < stages.size()) {
                again(i + 1 - every, i);
            }
            Stage stage = stages.get(i);
            sheet.visit(stage.name(), Phase.LEARNING);
            backward(stage, i, lowest, accumulates);
        }
    }

    /** Layers of a segment compute what was not kept; its last activation is the next segment's checkpoint. */
    private void again(int from, int to) {
        for (int i = from; i < to; i++) {
            Stage stage = stages.get(i);
            sheet.visit(stage.name(), Phase.FORWARD);
            forward(stage, arrays.output(stage));
        }
    }

    private int lowestLearner() {
        for (int i = 0; i < stages.size(); i++) {
            if (learns(stages.get(i)) && stages.get(i).hasWeights()) {
                return i;
            }
        }
        return stages.size() - 1;
    }

    private void backward(Stage stage, int index, int lowest, boolean accumulates) {
        boolean errorBelow = training.isLean() ? index > lowest : training.method() != Training.Method.FROZEN;
        switch (stage.type()) {
            case OUTPUT -> {
                Array output = arrays.output(stage);
                if (!training.isLean()) {
                    sheet.stay(stage.name(), Phase.FORWARD);
                    arrays.drop(stage);
                    products.forward(stage, false, updates.forForward(stage), output);
                    sheet.stay(stage.name(), Phase.LEARNING);
                }
                Array delta = arrays.delta(stage);
                sheet.other("loss", output.read(), arrays.labels(stage.out()).read(), delta.write());
                learn(stage, delta, errorBelow, accumulates);
                if (!training.isLean()) {
                    // The score.
                    products.forward(stage, false, updates.forForward(stage), output);
                    sheet.other("loss", output.read(), arrays.labels(stage.out()).read());
                }
            }
            case DENSE, CONVOLUTION, WRAPPED -> {
                Array delta = arrays.delta(stage);
                if (training.isLean()) {
                    sheet.other("slope", arrays.output(stage).read(), arrays.error(stage).read(), delta.write());
                } else {
                    Array again = arrays.of(stage.name() + " pre-activation again", Kind.SIGNAL,
                            arrays.output(stage).bytes() / sheet.bytes(1));
                    products.forward(stage, false, updates.forForward(stage), again);
                    sheet.other("slope", again.read(), arrays.error(stage).read(), delta.write());
                }
                learn(stage, delta, errorBelow, accumulates);
            }
            case POOLING -> sheet.other("pooling, backwards", arrays.input(stage).read(),
                    arrays.error(stage).read(), below(stage, 0).write());
            case ACTIVATION -> sheet.other("slope", arrays.input(stage).read(), arrays.error(stage).read(),
                    below(stage, 0).write());
            case DROPOUT -> {
                Array below = below(stage, 0);
                sheet.other("pass on", arrays.error(stage).read(), below.write());
                arrays.dropErrors(stage, below);
            }
            case NORMALIZATION -> {
                Array below = below(stage, 0);
                standardizeBackwards(stage, below);
                arrays.dropErrors(stage, below);
            }
            case RECURRENT -> {
                Array below = errorBelow ? below(stage, 0) : null;
                recurrence.backward(stage, updates.forForward(stage), below, accumulates);
                if (below != null) {
                    arrays.dropErrors(stage, below);
                }
            }
            case SPIKING -> {
                Array delta = firing.backInTime(stage, arrays.error(stage));
                if (learns(stage)) {
                    products.gradient(stage, true, accumulates, delta);
                }
                if (errorBelow) {
                    Array below = below(stage, 0);
                    products.errorBelow(stage, delta, below);
                    arrays.dropErrors(stage, below);
                }
            }
            case RATE -> firing.rateBackwards(stage, below(stage, 0));
            case JOIN -> sheet.other("join, backwards", inputs(stage, true, arrays.error(stage).read()));
        }
    }

    private void learn(Stage stage, Array delta, boolean errorBelow, boolean accumulates) {
        if (errorBelow) {
            Array below = below(stage, 0);
            products.errorBelow(stage, delta, below);
            arrays.dropErrors(stage, below);
        }
        if (!learns(stage)) {
            return;
        }
        if (stepsAtOnce(stage)) {
            products.gradientStep(stage, delta);
        } else {
            products.gradient(stage, false, accumulates, delta);
            if (!training.isLean() && stage.biases() > 0) {
                sheet.other("sum over samples", delta.read());
            }
        }
    }

    /** Errors of an array that several stages read are summed: the second one finds what the first one wrote. */
    private Array below(Stage stage, int which) {
        String name = stage.inputs().get(which);
        String array = begun.add(name) ? name : name + " (next)";
        return arrays.error(array, stage.in() / stage.inputs().size());
    }
}
