package org.ibhebb.internal.ledger;

import java.util.ArrayList;
import java.util.List;
import org.ibhebb.ledger.Ledger.Access;
import org.ibhebb.ledger.Ledger.Phase;
import org.ibhebb.ledger.Training;
import org.ibhebb.updater.ScheduleFree;
import org.nd4j.linalg.learning.config.IUpdater;

/** From gradients to parameters, as Deeplearning4j goes, or in one pass. */
final class Updates {

    private final Sheet sheet;
    private final Arrays arrays;
    private final Training training;

    Updates(Sheet sheet, Arrays arrays, Training training) {
        this.sheet = sheet;
        this.arrays = arrays;
        this.training = training;
    }

    IUpdater updater(Stage stage) {
        IUpdater given = training.updater();
        return given == null ? stage.updater() : given;
    }

    /** Arrays as large as the parameters that the updater keeps. */
    int states(Stage stage) {
        return (int) (updater(stage).stateSize(stage.parameters()) / Math.max(1, stage.parameters()));
    }

    /** Whether the layer takes its gradient elsewhere than at its parameters. */
    boolean looksAhead(Stage stage) {
        return updater(stage) instanceof ScheduleFree;
    }

    /** Before a training pass: parameters as it sees them. */
    void ahead(Stage stage) {
        if (looksAhead(stage) && !training.isLean()) {
            List<Access> all = new ArrayList<>(parameters(stage, false));
            all.add(arrays.state(stage, 0).read());
            all.add(arrays.ahead(stage).write());
            sheet.seam("plusScaled", all.toArray(Access[]::new));
        }
    }

    /** What a product reads of a layer's weights, and its bias. */
    Access[] forForward(Stage stage) {
        if (!looksAhead(stage)) {
            return parameters(stage, false).toArray(Access[]::new);
        }
        if (!training.isLean()) {
            return new Access[] {arrays.ahead(stage).read()};
        }
        List<Access> all = new ArrayList<>(parameters(stage, false));
        all.add(arrays.state(stage, 0).read());
        return all.toArray(Access[]::new);
    }

    /** All steps of all layers that learn; Deeplearning4j's order makes no difference to what they move. */
    void apply(List<Stage> learners) {
        for (Stage stage : learners) {
            sheet.stay(stage.name(), Phase.UPDATE);
            if (training.isLean()) {
                List<Access> all = new ArrayList<>(gradients(stage, false));
                all.addAll(parameters(stage, true));
                for (int k = 0; k < states(stage); k++) {
                    all.add(arrays.state(stage, k).update());
                }
                sheet.other("update in one pass", all.toArray(Access[]::new));
                continue;
            }
            sheet.other("divide by samples", gradients(stage, true).toArray(Access[]::new));
            List<Access> all = new ArrayList<>(gradients(stage, true));
            for (int k = 0; k < states(stage); k++) {
                all.add(arrays.state(stage, k).update());
            }
            if (looksAhead(stage)) {
                sheet.seam("average", all.toArray(Access[]::new));
            } else {
                sheet.other("updater", all.toArray(Access[]::new));
            }
            List<Access> step = new ArrayList<>(gradients(stage, false));
            step.addAll(parameters(stage, true));
            sheet.other("step", step.toArray(Access[]::new));
        }
    }

    /** As a streaming network's fit has other updaters than the average: scaled, updated, subtracted, looked ahead. */
    void applyDirectly(Stage stage) {
        sheet.other("divide by samples", gradients(stage, true).toArray(Access[]::new));
        List<Access> all = new ArrayList<>(gradients(stage, true));
        for (int k = 0; k < states(stage); k++) {
            all.add(arrays.state(stage, k).update());
        }
        sheet.other("updater", all.toArray(Access[]::new));
        List<Access> step = new ArrayList<>(gradients(stage, false));
        step.addAll(parameters(stage, true));
        sheet.other("step", step.toArray(Access[]::new));
        List<Access> ahead = new ArrayList<>(parameters(stage, false));
        ahead.add(arrays.keptAhead(stage).write());
        sheet.other("look ahead", ahead.toArray(Access[]::new));
    }

    private List<Access> parameters(Stage stage, boolean change) {
        return both(arrays.weights(stage), arrays.bias(stage), change);
    }

    private List<Access> gradients(Stage stage, boolean change) {
        return both(arrays.weightGradient(stage), arrays.biasGradient(stage), change);
    }

    private static List<Access> both(Array weights, Array bias, boolean change) {
        List<Access> all = new ArrayList<>();
        all.add(change ? weights.update() : weights.read());
        if (bias != null) {
            all.add(change ? bias.update() : bias.read());
        }
        return all;
    }
}
