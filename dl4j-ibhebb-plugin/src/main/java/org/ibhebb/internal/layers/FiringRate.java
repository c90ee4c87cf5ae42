package org.ibhebb.internal.layers;

import java.util.Locale;
import org.ibhebb.internal.arithmetic.Neuron;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices that a layer's neurons hardly fire for many steps, or at nearly every time step, and says so once. */
final class FiringRate {

    private static final Logger LOG = LoggerFactory.getLogger(FiringRate.class);
    /** Steps in a row before it is said. */
    private static final int PATIENCE = 100;
    /** Spikes a neuron and time step: a tenth of what few spikes are. */
    private static final double COLLAPSED = 1e-3;
    /** Of what neurons can do at most. */
    private static final double SATURATED = 0.9;

    private final double most;
    private int collapsed;
    private int saturated;
    private boolean said;

    /**
     * @param neuron of which kind all are
     */
    FiringRate(Neuron neuron) {
        most = 1.0 / (1.0 + neuron.refractorySteps());
    }

    /**
     * Notes what neurons did in a training step.
     *
     * @param layer as messages name it
     * @param rate spikes a neuron and time step, the mean over the mini-batch
     */
    void note(String layer, double rate) {
        collapsed = rate < COLLAPSED ? collapsed + 1 : 0;
        saturated = rate > SATURATED * most ? saturated + 1 : 0;
        if (said || Math.max(collapsed, saturated) < PATIENCE) {
            return;
        }
        said = true;
        String spikes = String.format(Locale.ROOT, "%.3g spikes a neuron and time step", rate);
        if (collapsed > 0) {
            LOG.warn("IbHebb: {} has hardly fired for {} mini-batches ({}), so that it passes on next to nothing: take"
                    + " larger weights or inputs, a lower threshold, a leak nearer to 1, or more time steps",
                    layer, PATIENCE, spikes);
        } else {
            LOG.warn("IbHebb: {} has fired at nearly every time step for {} mini-batches ({}), so that its rates hardly"
                    + " tell samples apart: take smaller weights or inputs, a higher threshold, or a lower learning"
                    + " rate", layer, PATIENCE, spikes);
        }
    }
}
