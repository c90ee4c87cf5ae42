package org.ibhebb.internal.learner;

import java.util.List;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.state.Stateful;
import org.ibhebb.internal.state.Store;
import org.ibhebb.internal.view.Labels;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices that a layer has had no signal for many steps, and says so once, with the reason that it can tell. */
final class Silence implements Stateful {

    private static final Logger LOG = LoggerFactory.getLogger(Silence.class);
    /** Steps without any signal before it is said. */
    private static final int PATIENCE = 100;

    private int steps;
    private boolean said;
    /** With the step under way. */
    private int nextSteps;
    /** What there is to say once that step counts; null for nothing. */
    private String warning;

    /**
     * Notes the signal of one step, for when it counts.
     *
     * @param layer as messages name it
     * @param signal B x d
     * @param rows what it was formed from: B x d
     * @param labels of the same samples
     */
    void note(String layer, INDArray signal, INDArray rows, List<Labels> labels) {
        if (said) {
            return;
        }
        boolean silent = !signal.isEmpty() && Arithmetic.of(signal.dataType()).meanSquare(signal) == 0;
        nextSteps = silent ? steps + 1 : 0;
        warning = nextSteps == PATIENCE
                ? layer + " has had no signal for " + PATIENCE + " mini-batches, so that it does not learn: "
                        + reason(rows, labels)
                : null;
    }

    /** The step counts. */
    void commit() {
        steps = nextSteps;
        if (warning != null) {
            said = true;
            LOG.warn("IbHebb: {}", warning);
            warning = null;
        }
    }

    /** The step does not count. */
    void discard() {
        nextSteps = steps;
        warning = null;
    }

    @Override
    public void state(Store store) {
        steps = (int) store.count("steps", steps, 0, PATIENCE);
        said = store.flag("said", said);
        if (store.restoring()) {
            discard();
        }
    }

    private static String reason(INDArray rows, List<Labels> labels) {
        if (rows.amaxNumber().doubleValue() == 0) {
            return "what its signal sees of its activations is 0 for every sample. Its units may be dead, for instance"
                    + " by a large bias or weights of 0";
        }
        boolean same = labels.stream().allMatch(output -> output.rows().size(0) > 1
                && output.rows().subRowVector(output.rows().getRow(0)).amaxNumber().doubleValue() == 0);
        return same
                ? "all samples of a mini-batch have one label, and its objective compares labels: shuffle the data, use"
                        + " a larger memory, or add the prediction objective"
                : "its objective finds no partner of any sample's label in the working memory: use a larger memory, or"
                        + " add the prediction objective";
    }
}
