package org.ibhebb.internal.ledger;

import org.ibhebb.ledger.Ledger.Kind;
import org.ibhebb.ledger.Training;

/** The arrays of a network's step: one name for each, in whatever operation it takes part. */
final class Arrays {

    private final Sheet sheet;
    private final Training training;
    private final long samples;

    /** @param samples that go through the network at once */
    Arrays(Sheet sheet, Training training, long samples) {
        this.sheet = sheet;
        this.training = training;
        this.samples = samples;
    }

    Array of(String name, Kind kind, long values) {
        return sheet.array(name, kind, values);
    }

    /** What a stage works on, if it reads one array: what dropout leaves of it. */
    Array input(Stage stage) {
        return stage.retained() < 1 ? dropped(stage) : below(stage, 0);
    }

    private Array dropped(Stage stage) {
        return of(stage.name() + " dropped", Kind.ACTIVATION, samples * stage.in());
    }

    private Array mask(Stage stage) {
        return of(stage.name() + " mask", Kind.ACTIVATION, samples * stage.in());
    }

    /** Dropout of what a stage reads, as {@code Dropout} does it: ones, of which it drops some, times the input. */
    void drop(Stage stage) {
        if (stage.retained() < 1) {
            Array mask = mask(stage);
            sheet.other("dropout", mask.write(), training.isLean() ? null : mask.update(), below(stage, 0).read(),
                    mask.read(), dropped(stage).write());
        }
    }

    /** The same of the errors that go below. */
    void dropErrors(Stage stage, Array below) {
        if (stage.retained() < 1) {
            sheet.other("dropout, backwards", below.update(), mask(stage).read());
        }
    }

    /** One of the arrays that a stage reads: all of them have equal parts here, for only their sum counts. */
    Array below(Stage stage, int which) {
        String name = stage.inputs().get(which);
        boolean data = name.equals(Stage.INPUT);
        return of(data ? name : name + " out", data ? Kind.DATA : Kind.ACTIVATION,
                samples * stage.in() / stage.inputs().size());
    }

    /** The share of what a stage reads that is not 0. */
    double activity(Stage stage) {
        return stage.retained()
                * (stage.inputs().get(0).equals(Stage.INPUT) ? training.inputActivity() : training.hiddenActivity());
    }

    /** The share of what a stage makes that is not 0. */
    double activityOfOutput(Stage stage) {
        return stage.hasWeights() ? training.hiddenActivity() : activity(stage);
    }

    Array output(Stage stage) {
        return of(stage.name() + " out", Kind.ACTIVATION, samples * stage.out());
    }

    Array preActivation(Stage stage) {
        return of(stage.name() + " pre-activation", Kind.ACTIVATION, samples * stage.out());
    }

    /** The error of what a stage makes. */
    Array error(Stage stage) {
        return error(stage.name(), stage.out());
    }

    Array error(String name, long width) {
        return of(name + " error", Kind.SIGNAL, samples * width);
    }

    /** Error, or signal, times slope. */
    Array delta(Stage stage) {
        return of(stage.name() + " delta", Kind.SIGNAL, samples * stage.out());
    }

    Array weights(Stage stage) {
        return of(stage.name() + " weights", Kind.PARAMETERS, stage.weights());
    }

    /** Null for none. */
    Array bias(Stage stage) {
        return stage.biases() == 0 ? null : of(stage.name() + " bias", Kind.PARAMETERS, stage.biases());
    }

    Array weightGradient(Stage stage) {
        return of(stage.name() + " weight gradient", Kind.GRADIENT, stage.weights());
    }

    /** Null for none. */
    Array biasGradient(Stage stage) {
        return stage.biases() == 0 ? null : of(stage.name() + " bias gradient", Kind.GRADIENT, stage.biases());
    }

    /** Of an updater, as large as the parameters; weights and bias are one array to it. */
    Array state(Stage stage, int which) {
        return of(stage.name() + " updater state " + which, Kind.STATE, stage.parameters());
    }

    /** Where gradients are taken that are not taken at the parameters. */
    Array ahead(Stage stage) {
        return of(stage.name() + " parameters ahead", Kind.SCRATCH, stage.parameters());
    }

    /** The same where it is kept from step to step. */
    Array keptAhead(Stage stage) {
        return of(stage.name() + " parameters ahead", Kind.STATE, stage.parameters());
    }

    Array labels(long width) {
        return of("labels", Kind.DATA, samples * width);
    }
}
