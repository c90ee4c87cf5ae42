package org.ibhebb.internal.ledger;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.ibhebb.internal.ledger.Stage.Learning;
import org.ibhebb.internal.ledger.Stage.Type;
import org.ibhebb.ledger.Ledger.Access;
import org.ibhebb.ledger.Ledger.Kind;
import org.ibhebb.ledger.Ledger.Phase;
import org.ibhebb.ledger.Training;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/**
 * A mini-batch by the rule, as {@code internal.layers} and {@code internal.learner} do it, or {@code
 * internal.stream.MiniBatches} without Deeplearning4j's layers.
 */
final class LocalStep {

    private final List<Stage> stages;
    private final Training training;
    private final int samples;
    private final Sheet sheet;
    private final Arrays arrays;
    private final Products products;
    private final Updates updates;
    /** Null where no layer learns by a rule. */
    private final @Nullable Memory memory;
    private final Firing firing;
    private final Recurrence recurrence;
    /** Rows of a sample that have a label each. */
    private final long steps;
    /** Whether Deeplearning4j's layers and updaters take no part. */
    private final boolean direct;

    LocalStep(List<Stage> stages, Training training, int samples, Sheet sheet) {
        this.stages = stages;
        this.training = training;
        this.samples = samples;
        this.sheet = sheet;
        this.arrays = new Arrays(sheet, training, samples);
        this.products = new Products(sheet, arrays, samples, training.isLean());
        this.updates = new Updates(sheet, arrays, training);
        this.direct = training.method() == Training.Method.STREAMING_FIT && !lean();
        this.firing = new Firing(sheet, arrays, products, samples, lean());
        this.recurrence = new Recurrence(sheet, arrays, samples, lean());
        this.steps = stages.stream().filter(Stage::stepwise).mapToLong(Stage::steps).max().orElse(1);
        stages.stream().filter(stage -> stage.learning() == Learning.ERROR && stage.type() != Type.OUTPUT).findFirst()
                .ifPresent(stage -> {
                    throw new IllegalArgumentException("layer '" + stage.name() + "' learns by back-propagation above"
                            + " local layers, which the ledger does not count: give all hidden layers the rule");
                });
        stages.stream().filter(stage -> training.method() == Training.Method.STREAMING_FIT
                        && (stage.type() != Type.DENSE && stage.type() != Type.OUTPUT || stage.retained() < 1
                                || stage.learning() == Learning.LOCAL && stage.type() == Type.DENSE
                                        && stage.rule() == null)).findFirst()
                .ifPresent(stage -> {
                    throw new IllegalArgumentException("layer '" + stage.name() + "' is none that a streaming network's"
                            + " fit knows, which takes dense layers, each with a rule of its own and without dropout,"
                            + " and an output layer");
                });
        stages.stream().filter(stage -> stage.rule() != null && stage.stepwise() != steps > 1).findFirst()
                .ifPresent(stage -> {
                    throw new IllegalArgumentException("layer '" + stage.name() + "' takes a sequence for a sample, and"
                            + " the output layer a time step, which the ledger does not count together");
                });
        this.memory = stages.stream().map(Stage::rule).filter(rule -> rule != null).findFirst()
                .map(rule -> new Memory(rule, rows(), sheet, arrays, lean())).orElse(null);
    }

    private boolean lean() {
        return training.isLean();
    }

    /** Of a mini-batch: samples, or their time steps. */
    private long rows() {
        return samples * steps;
    }

    void write() {
        stages.forEach(this::forward);
        Windows windows = memory == null ? null : new Windows(stages, sheet, arrays, memory, rows(), steps, lean());
        for (int i = stages.size() - 1; i >= 0; i--) {
            Stage stage = stages.get(i);
            sheet.visit(stage.name(), Phase.LEARNING);
            if (stage.type() == Type.OUTPUT) {
                output(stage, windows);
            } else {
                learn(stage, windows);
            }
        }
        List<Stage> learners = stages.stream()
                .filter(stage -> stage.hasWeights() && stage.learning() != Learning.NOTHING).toList();
        if (direct) {
            learners.forEach(this::move);
        } else {
            updates.apply(learners);
        }
    }

    /** By the errors that a layer has learnt from. */
    private void move(Stage stage) {
        sheet.stay(stage.name(), Phase.UPDATE);
        Array errors = stage.type() == Type.OUTPUT ? arrays.output(stage) : arrays.error(stage);
        if (updates.looksAhead(stage)) {
            products.advance(stage, errors);
            return;
        }
        products.gradient(stage, true, false, errors);
        if (stage.type() != Type.OUTPUT && gain(stage) && stage.biases() > 0) {
            sheet.other("scale bias", arrays.biasGradient(stage).update());
        }
        updates.applyDirectly(stage);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Forward
    // ----------------------------------------------------------------------------------------------------------------

    private void forward(Stage stage) {
        sheet.visit(stage.name(), Phase.FORWARD);
        Array output = arrays.output(stage);
        // Inside a unit batch normalisation passes on what it is given.
        if (stage.learning() == Learning.LOCAL && !lean()
                && (stage.type() != Type.NORMALIZATION || stage.rule() != null)) {
            sheet.seam("isFinite", arrays.below(stage, 0).read());
        }
        if (stage.type() != Type.OUTPUT) {
            arrays.drop(stage);
        }
        Array seen = output;
        switch (stage.type()) {
            case DENSE, CONVOLUTION, WRAPPED -> {
                boolean local = stage.learning() == Learning.LOCAL;
                boolean own = local && stage.type() != Type.WRAPPED;
                if (direct) {
                    products.forward(stage, true, new Access[] {arrays.keptAhead(stage).read()},
                            arrays.preActivation(stage));
                    sheet.seam("activate", arrays.preActivation(stage).read(), output.write());
                    break;
                }
                if (local) {
                    updates.ahead(stage);
                }
                products.forward(stage, own, local
                        ? updates.forForward(stage)
                        : new Access[] {arrays.weights(stage).read(),
                            arrays.bias(stage) == null ? null : arrays.bias(stage).read()}, output);
                if (!lean()) {
                    if (own) {
                        sheet.other("keep pre-activation", output.read(), arrays.preActivation(stage).write());
                    }
                    sheet.other("activation", output.update());
                }
            }
            case POOLING -> sheet.other("pooling", arrays.input(stage).read(), output.write());
            case ACTIVATION -> sheet.other("activation", arrays.input(stage).read(), output.write());
            case DROPOUT -> sheet.other("pass on", arrays.input(stage).read(), output.write());
            case NORMALIZATION -> standardize(stage, output);
            case RECURRENT -> {
                updates.ahead(stage);
                recurrence.forward(stage, updates.forForward(stage));
            }
            case SPIKING -> {
                updates.ahead(stage);
                firing.forward(stage, updates.forForward(stage), isFactorised(stage));
                if (Firing.learnsAtEveryStep(stage)) {
                    firing.countSpikes(stage);
                }
                seen = stage.rule() == null ? output
                        : Firing.learnsAtEveryStep(stage) ? firing.runningRates(stage)
                        : firing.rates(stage);
            }
            case RATE -> firing.rate(stage);
            case JOIN -> {
                List<Access> all = new ArrayList<>();
                for (int i = 0; i < stage.inputs().size(); i++) {
                    all.add(arrays.below(stage, i).read());
                }
                all.add(output.write());
                sheet.other("join", all.toArray(Access[]::new));
            }
            case OUTPUT -> {
                // Comes in the backward pass.
            }
        }
        if (stage.rule() != null) {
            view(stage, seen);
        }
    }

    private static boolean isFactorised(Stage stage) {
        return Firing.learning(stage) == SpikingDenseLayer.Learning.FACTORISED;
    }

    private Array moments(Stage stage) {
        return arrays.of(stage.name() + " moments", Kind.ACTIVATION, 2 * stage.maps());
    }

    /** Gains and offsets that do not learn are made for each pass. */
    private Access[] locked(Stage stage, long values) {
        return new Access[] {arrays.of(stage.name() + " constants", Kind.SCRATCH, values).read()};
    }

    private void standardize(Stage stage, Array output) {
        Array input = arrays.input(stage);
        sheet.seam("moments", input.read(), again(input.read()), moments(stage).write());
        if (stage.hasWeights()) {
            updates.ahead(stage);
        }
        List<Access> all = new ArrayList<>(List.of(input.read(), moments(stage).read()));
        all.addAll(List.of(stage.hasWeights() ? updates.forForward(stage) : locked(stage, 2 * stage.maps())));
        all.add(output.write());
        sheet.seam("standardize", all.toArray(Access[]::new));
    }

    private Array rows(Stage stage) {
        return arrays.of(stage.name() + " rows", Kind.ACTIVATION, seen(stage) * stage.pooled());
    }

    /** Rows that a layer's signal sees, and has: those of the labels, or one for each time step of each. */
    private long seen(Stage stage) {
        return rows() * (Firing.learnsAtEveryStep(stage) ? stage.steps() : 1);
    }

    /** A second pass of one operation over an array, which a lean one would not need. */
    private Access again(Access access) {
        return lean() ? null : access;
    }

    private Array inverseDeviation(Stage stage) {
        return arrays.of(stage.name() + " inverse deviation", Kind.ACTIVATION, seen(stage));
    }

    /** Of spikes a signal sees rates, and of sequences with a label for each time step the time steps. */
    private static boolean isPooled(Stage stage) {
        return !stage.stepwise() && (stage.neurons() != stage.pooled() || stage.places() > 1);
    }

    /** Feature maps times the shares of places in cells, or cells back into places. */
    private long macsOfPooling(Stage stage) {
        return seen(stage) * stage.neurons() * stage.pooled() / stage.maps();
    }

    private void view(Stage stage, Array output) {
        LearningRule rule = stage.rule();
        Array seen = output;
        if (stage.stepwise()) {
            seen = arrays.of(stage.name() + " time steps", Kind.SIGNAL, rows() * stage.pooled());
            sheet.other("time steps below one another", output.read(), seen.write());
        } else if (isPooled(stage)) {
            seen = arrays.of(stage.name() + " pooled", Kind.SIGNAL, seen(stage) * stage.pooled());
            sheet.other("pool for the signal", macsOfPooling(stage), 1, output.read(), seen.write());
        }
        switch (rule.normalization()) {
            case NONE -> sheet.seam("copyRows", seen.read(), rows(stage).write());
            case LAYER_NORM -> normalize(stage, seen);
            case BY_WIDTH -> {
                if (stage.pooled() >= LearningRule.WIDE) {
                    if (!lean()) {
                        sheet.seam("meanVariance", seen.read());
                    }
                    normalize(stage, seen);
                } else {
                    Array centred = arrays.of(stage.name() + " centred", Kind.SCRATCH, seen(stage) * stage.pooled());
                    sheet.other("means of units", seen.read(), seen.read(), centred.write());
                    sheet.seam("meanSquare", centred.read());
                    sheet.other("centre and scale", seen.read(), rows(stage).write());
                }
            }
        }
    }

    private void normalize(Stage stage, Array seen) {
        sheet.seam("normalize", seen.read(), rows(stage).write(), inverseDeviation(stage).write(),
                again(rows(stage).update()));
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Output
    // ----------------------------------------------------------------------------------------------------------------

    private void output(Stage stage, @Nullable Windows windows) {
        Array labels = arrays.labels(stage.out());
        if (memory != null) {
            if (!lean()) {
                sheet.seam("isFinite", labels.read());
                if (!direct) {
                    sheet.other("copy labels", labels.read(), given(stage).write());
                }
            }
            memory.remember("labels", stage.maps(), lean() || direct ? labels : given(stage));
            windows.labels(stage);
        }
        sheet.stay(stage.name(), Phase.FORWARD);
        if (stage.layer() instanceof RnnOutputLayer) {
            outputOfSteps(stage, labels);
            return;
        }
        Array output = arrays.output(stage);
        if (direct) {
            products.forward(stage, true, new Access[] {arrays.keptAhead(stage).read()}, output);
            sheet.stay(stage.name(), Phase.LEARNING);
            if (Labels.leaveDifferences((BaseOutputLayer) stage.layer())) {
                sheet.seam("deltaRule", output.update(), labels.read());
            } else {
                sheet.other("loss", output.update(), labels.read());
            }
            if (updates.looksAhead(stage)) {
                sheet.seam("meanSquare", arrays.input(stage).read());
                sheet.other("scale errors", output.update());
            }
            return;
        }
        arrays.drop(stage);
        updates.ahead(stage);
        products.forward(stage, !lean(), updates.forForward(stage), output);
        sheet.stay(stage.name(), Phase.LEARNING);
        if (!lean()) {
            sheet.other("keep pre-activation", output.read(), arrays.preActivation(stage).write());
        }
        Array delta = arrays.delta(stage);
        sheet.other("loss", output.read(), labels.read(), delta.write());
        if (updates.looksAhead(stage) && !lean()) {
            sheet.seam("meanSquare", arrays.input(stage).read());
        }
        products.gradient(stage, true, false, delta);
        if (!lean()) {
            sheet.other("no error below", zeros(stage).write());
            arrays.dropErrors(stage, zeros(stage));
            // The score.
            sheet.other("loss", arrays.preActivation(stage).read(), labels.read());
        }
    }

    /** Deeplearning4j's own backward pass, with an error below that is thrown away. */
    private void outputOfSteps(Stage stage, Array labels) {
        updates.ahead(stage);
        arrays.drop(stage);
        Array rows = arrays.of(stage.name() + " rows", Kind.ACTIVATION, samples * stage.in());
        Array output = arrays.output(stage);
        Array delta = arrays.delta(stage);
        if (!lean()) {
            sheet.other("time steps below one another", arrays.input(stage).read(), rows.write());
        }
        products.forward(stage, false, updates.forForward(stage), output);
        sheet.stay(stage.name(), Phase.LEARNING);
        sheet.other("loss", output.read(), labels.read(), delta.write());
        products.gradient(stage, false, false, delta);
        if (updates.looksAhead(stage) && !lean()) {
            sheet.seam("meanSquare", arrays.below(stage, 0).read());
        }
        if (!lean()) {
            products.errorBelow(stage, delta, zeros(stage));
            sheet.other("no error below", zeros(stage).write());
            // The score.
            products.forward(stage, false, updates.forForward(stage), output);
            sheet.other("loss", output.read(), labels.read());
        }
    }

    private Array given(Stage output) {
        return arrays.of("labels given", Kind.SIGNAL, samples * output.out());
    }

    private Array zeros(Stage stage) {
        return arrays.of(stage.name() + " zeros", Kind.SIGNAL, samples * stage.in());
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Hidden layers
    // ----------------------------------------------------------------------------------------------------------------

    private void learn(Stage stage, @Nullable Windows windows) {
        if (stage.type() == Type.RATE && !lean()) {
            // It is given zeros, and makes zeros of them.
            firing.rateBackwards(stage, arrays.error(stage.inputs().get(0), stage.in()));
        }
        if (stage.learning() != Learning.LOCAL) {
            return;
        }
        if (stage.rule() != null) {
            signal(stage, windows);
        }
        switch (stage.type()) {
            case NORMALIZATION -> standardizeBackwards(stage);
            case SPIKING -> spiking(stage);
            case RECURRENT -> recurrent(stage);
            case WRAPPED -> wrapped(stage);
            default -> stateless(stage);
        }
    }

    /** What a layer makes of a signal that went through no time. */
    private void stateless(Stage stage) {
        if (stage.type() == Type.POOLING) {
            sheet.other("pooling, backwards", arrays.input(stage).read(), arrays.error(stage).read(),
                    arrays.error(stage.inputs().get(0), stage.in()).write());
            return;
        }
        if (stage.type() == Type.ACTIVATION) {
            sheet.other("slope", arrays.input(stage).read(), arrays.error(stage).read(),
                    arrays.error(stage.inputs().get(0), stage.in()).write());
            return;
        }
        Array signal = arrays.error(stage);
        if (!(((BaseLayer) stage.layer()).getActivationFn() instanceof ActivationIdentity)) {
            sheet.seam("slope", (lean() ? arrays.output(stage) : arrays.preActivation(stage)).read(),
                    signal.update());
        }
        if (gain(stage)) {
            if (!lean()) {
                sheet.seam("meanSquare", arrays.input(stage).read());
            }
            divide(stage, signal);
        }
        if (!direct) {
            products.gradient(stage, true, false, signal);
            nothingBelow(stage);
        }
    }

    private void nothingBelow(Stage stage) {
        if (!lean()) {
            sheet.other("no error below", zeros(stage).write());
        }
    }

    private void divide(Stage stage, Array errors) {
        Array squares = arrays.of(stage.name() + " mean squares", Kind.STATE, stage.maps());
        sheet.seam("gain", errors.update(), squares.update(), again(errors.update()));
    }

    /** Where errors don't meet an activity, the gradient is brought to the usual size as a whole. */
    private void scaleGradient(Stage stage) {
        Array weights = arrays.weightGradient(stage);
        Array bias = arrays.biasGradient(stage);
        if (!lean()) {
            sheet.seam("meanSquare", weights.read(), bias.read());
        }
        sheet.other("scale gradient", weights.update(), bias.update());
    }

    private void standardizeBackwards(Stage stage) {
        Array errors = arrays.error(stage);
        if (gain(stage) && stage.hasWeights()) {
            divide(stage, errors);
        }
        Access slope;
        if (!stage.hasWeights()) {
            slope = locked(stage, stage.maps())[0];
        } else if (updates.looksAhead(stage) && !lean()) {
            updates.ahead(stage);
            slope = arrays.ahead(stage).read(sheet.bytes(stage.maps()));
        } else {
            slope = arrays.weights(stage).read();
        }
        Array input = arrays.input(stage);
        boolean learns = stage.hasWeights();
        sheet.seam("standardizeGradient", input.read(), moments(stage).read(), slope, errors.read(),
                again(input.read()), again(errors.read()),
                learns ? arrays.weightGradient(stage).write() : null,
                learns ? arrays.biasGradient(stage).write() : null,
                arrays.error(stage.inputs().get(0), stage.in()).write());
        sheet.other("running statistics", moments(stage).read(),
                arrays.of(stage.name() + " running statistics", Kind.STATE, 2 * stage.maps()).update());
    }

    /** As {@code SpikingForm} has it: factorised, or back in time. */
    private void spiking(Stage stage) {
        Array signal = error(stage);
        boolean everyStep = Firing.learnsAtEveryStep(stage);
        if (isFactorised(stage) || everyStep) {
            firing.timesSlope(stage, signal, !everyStep);
            Array trace = firing.trace(stage);
            if (gain(stage)) {
                if (!lean()) {
                    sheet.seam("meanSquare", trace.read());
                }
                divide(stage, signal);
            }
            if (everyStep) {
                products.gradient(stage, true, false, firing.meetingInputs(stage, signal));
            } else {
                products.gradient(stage, true, false, signal, trace, stage.weights() * stage.places(), false);
            }
            if (stage.biases() > 0) {
                sheet.other("scale bias", arrays.biasGradient(stage).update());
            }
        } else {
            if (gain(stage)) {
                divide(stage, signal);
            }
            products.gradient(stage, true, false, firing.backInTime(stage, signal));
            if (gain(stage)) {
                scaleGradient(stage);
            }
        }
        nothingBelow(stage);
    }

    /** As {@code StockForm} has it: the backward pass of a layer of Deeplearning4j's. */
    private void wrapped(Stage stage) {
        Array signal = arrays.error(stage);
        if (gain(stage)) {
            divide(stage, signal);
        }
        if (lean()) {
            sheet.other("slope", arrays.output(stage).read(), signal.update());
            products.gradient(stage, false, false, signal);
        } else {
            Array again = arrays.of(stage.name() + " pre-activation again", Kind.SIGNAL, samples * stage.out());
            Array delta = arrays.delta(stage);
            products.forward(stage, false, updates.forForward(stage), again);
            sheet.other("slope", again.read(), signal.read(), delta.write());
            products.errorBelow(stage, delta, zeros(stage));
            products.gradient(stage, false, false, delta);
        }
        if (gain(stage)) {
            scaleGradient(stage);
        }
        nothingBelow(stage);
    }

    private void recurrent(Stage stage) {
        if (gain(stage)) {
            divide(stage, arrays.error(stage));
        }
        recurrence.backward(stage, updates.forForward(stage), lean() ? null : zeros(stage), false);
        if (gain(stage)) {
            scaleGradient(stage);
        }
        nothingBelow(stage);
    }

    /** Of what a layer makes; of neurons that fire, one for all time steps where they learn once a sample. */
    private Array error(Stage stage) {
        return stage.type() == Type.SPIKING && !Firing.learnsAtEveryStep(stage)
                ? arrays.error(stage.name(), stage.neurons())
                : arrays.error(stage);
    }

    /** The first layer of a unit has the gain that the unit's rule says. */
    private boolean gain(Stage stage) {
        Stage last = stage;
        while (last.rule() == null) {
            last = behind(stages, last);
        }
        return last.rule().gain();
    }

    /** What reads a layer that does not end its unit. */
    static Stage behind(List<Stage> stages, Stage stage) {
        return stages.stream().filter(next -> next.inputs().contains(stage.name())).findFirst().orElseThrow();
    }

    private void signal(Stage stage, Windows windows) {
        LearningRule rule = stage.rule();
        Array rows = rows(stage);
        Array signal = arrays.of(stage.name() + " signal", Kind.SIGNAL, seen(stage) * stage.pooled());
        // Of several time steps the last one is compared.
        memory.remember(stage.name(), stage.pooled(), rows);
        windows.of(stage, signal);
        if (seen(stage) > rows()) {
            long last = sheet.bytes(rows() * stage.pooled());
            sheet.other("signal of the other time steps", signal.update(last), signal.write(signal.bytes() - last));
        }
        Objective prediction = rule.prediction().orElse(null);
        if (prediction != null) {
            readout(stage, prediction, rows, signal);
        }
        if (!lean()) {
            sheet.seam("isFinite", signal.read());
            sheet.seam("meanSquare", signal.read());
        }
        boolean reshaped = isPooled(stage) || stage.stepwise();
        Array back = reshaped
                ? arrays.of(stage.name() + " derivative", Kind.SIGNAL, seen(stage) * stage.pooled())
                : error(stage);
        boolean normalizes = rule.normalization() == LearningRule.Normalization.LAYER_NORM
                || rule.normalization() == LearningRule.Normalization.BY_WIDTH && stage.pooled() >= LearningRule.WIDE;
        if (normalizes) {
            Array room = arrays.of("room of denormalize", Kind.SCRATCH, seen(stage) * stage.pooled());
            sheet.seam("denormalize", signal.read(), rows.read(), inverseDeviation(stage).read(), again(room.write()),
                    again(room.read()), back.write());
        } else {
            sheet.other("scale back", signal.read(), back.write());
        }
        if (stage.stepwise()) {
            sheet.other("time steps beside one another", back.read(), arrays.error(stage).write());
        } else if (reshaped) {
            sheet.other("unpool the signal", macsOfPooling(stage), 1, back.read(), error(stage).write());
        }
    }

    private void readout(Stage stage, Objective prediction, Array rows, Array signal) {
        for (Stage output : Stages.outputs(stages)) {
            long c = output.maps();
            long d = stage.pooled();
            long n = seen(stage);
            Array weights = arrays.of(stage.name() + " readout", Kind.STATE, c * d + c);
            Array labels = arrays.labels(output.out());
            if (n > rows()) {
                Array once = labels;
                labels = arrays.of("labels of time steps", Kind.SIGNAL, n * c);
                sheet.other("labels for each time step", once.read(), labels.write());
            }
            if (prediction.block() == 0) {
                Array errors = arrays.of(stage.name() + " readout errors", Kind.SIGNAL, n * c);
                sheet.seam("affine", n * c * d, 1, rows.read(), weights.read(), errors.write());
                sheet.other("readout's signal", n * c * d, 1, errors.update(), labels.read(), weights.read(),
                        signal.update());
                Array change = arrays.of(stage.name() + " readout step", Kind.GRADIENT, c * d + c);
                sheet.seam("denseGradient", n * c * d, 1, rows.read(), errors.read(), change.write());
                sheet.other("readout learns", change.read(), weights.update());
                continue;
            }
            Array next = arrays.of(stage.name() + " readout, next", Kind.STATE, c * d + c);
            if (!lean()) {
                sheet.seam("copyRows", weights.read(), next.write());
            }
            sheet.seam("readout", 3 * n * c * d, 1, rows.read(), labels.read(),
                    (lean() ? weights : next).update(), signal.update());
        }
    }
}
