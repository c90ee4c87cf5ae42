package org.ibhebb.ledger;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The way of learning whose step a {@link Ledger} is of. Immutable: what is said of one is said of a copy.
 *
 * <p>{@link #asConfigured} is what {@code fit} does. All others are there to be compared with it: {@link #lean} takes away
 * what a way does not need by itself but its implementation spends, so that two ways can be compared and not two
 * programs.
 */
public final class Training {

    /** The ways that there are. */
    public enum Method {
        /** Local layers by their rule, all others by back-propagation. */
        AS_CONFIGURED,
        /** All layers by back-propagation. */
        BACK_PROPAGATION,
        /** The output layer alone learns. */
        FROZEN,
        /** One sample at a time, forward only, as {@code IbHebb.stream} does. */
        STREAMING,
        /** Mini-batches by the rule, as a streaming network's {@code fit} learns them. */
        STREAMING_FIT
    }

    private final Method method;
    private final boolean lean;
    /** Samples that go through the network at once; 0 for all of a mini-batch. */
    private final int microBatch;
    /** Every how many layers activations are kept; 0 for all of them. */
    private final int checkpoints;
    /** Null for the configuration's. */
    private final @Nullable IUpdater updater;
    private final double inputActivity;
    private final double hiddenActivity;

    private Training(Method method, boolean lean, int microBatch, int checkpoints, @Nullable IUpdater updater,
            double inputActivity, double hiddenActivity) {
        this.method = method;
        this.lean = lean;
        this.microBatch = microBatch;
        this.checkpoints = checkpoints;
        this.updater = updater;
        this.inputActivity = inputActivity;
        this.hiddenActivity = hiddenActivity;
    }

    private static Training of(Method method) {
        return new Training(method, false, 0, 0, null, 1, 1);
    }

    /**
     * What {@code fit} does with this configuration.
     *
     * @return the way
     */
    public static Training asConfigured() {
        return of(Method.AS_CONFIGURED);
    }

    /**
     * Back-propagation through all layers, as Deeplearning4j's own do it.
     *
     * @return the way
     */
    public static Training backPropagation() {
        return of(Method.BACK_PROPAGATION);
    }

    /**
     * Hidden layers stay as they are, and the output layer learns.
     *
     * @return the way
     */
    public static Training frozen() {
        return of(Method.FROZEN);
    }

    /**
     * One sample at a time, forward only, as {@code IbHebb.stream} does: parameters that predict follow those that learn
     * by averaging, unless an updater is given, which is a plain step in its place. Nobody asks for predictions.
     *
     * @return the way
     */
    public static Training streaming() {
        return of(Method.STREAMING);
    }

    /**
     * Mini-batches as {@code StreamingNetwork.fit} learns them: the numbers of the network's own {@code fit}, without
     * Deeplearning4j's layers and updaters around them. One of several mini-batches; a single one costs a pass over all
     * parameters more. For converted networks of dense layers.
     *
     * @return the way
     */
    public static Training streamingFit() {
        return of(Method.STREAMING_FIT);
    }

    /**
     * Without what the way does not need by itself: no pass over arrays to check or copy them, nothing computed twice, no
     * error below the first layer, activation functions while a product is written, and one pass over parameters,
     * gradient and updater state in place of three. In back-propagation of one sample by an updater without state, the
     * gradient is not even written: the product goes into the weights. A streaming network is lean as it is.
     *
     * @return a copy
     */
    public Training lean() {
        return new Training(method, true, microBatch, checkpoints, updater, inputActivity, hiddenActivity);
    }

    /**
     * Back-propagation of a mini-batch part by part: gradients are accumulated, and activations are kept of one part.
     *
     * @param samples of a part, at least 1; divides the mini-batch
     * @return a copy
     * @throws IllegalArgumentException if it is less than 1, or the way is not back-propagation
     */
    public Training accumulating(int samples) {
        onlyBackPropagation("accumulating");
        if (samples < 1) {
            throw new IllegalArgumentException("samples of a part (" + samples + ") must be at least 1");
        }
        return new Training(method, lean, samples, checkpoints, updater, inputActivity, hiddenActivity);
    }

    /**
     * Back-propagation that keeps the activations of every so many layers, and computes the others again.
     *
     * @param layers at least 1
     * @return a copy
     * @throws IllegalArgumentException if it is less than 1, or the way is not back-propagation
     */
    public Training checkpointing(int layers) {
        onlyBackPropagation("checkpointing");
        if (layers < 1) {
            throw new IllegalArgumentException("layers between checkpoints (" + layers + ") must be at least 1");
        }
        return new Training(method, lean, microBatch, layers, updater, inputActivity, hiddenActivity);
    }

    private void onlyBackPropagation(String what) {
        if (method != Method.BACK_PROPAGATION) {
            throw new IllegalArgumentException(what + " is a way of back-propagation, not of " + method
                    + ": begin with Training.backPropagation()");
        }
    }

    /**
     * By another updater than the configuration's.
     *
     * @param other turns gradients into steps
     * @return a copy
     */
    public Training with(IUpdater other) {
        return new Training(method, lean, microBatch, checkpoints, other, inputActivity, hiddenActivity);
    }

    /**
     * With silent units: effective synaptic operations count what is not 0, and a streaming network does not visit the
     * weights of eight neighbouring inputs that are all silent (taken to be independent), nor update those of a silent
     * neuron.
     *
     * @param input the share of the network's inputs that are not 0, in (0, 1]
     * @param hidden the same of hidden units
     * @return a copy
     * @throws IllegalArgumentException if a share is out of range
     */
    public Training withActivity(double input, double hidden) {
        share("input", input);
        share("hidden", hidden);
        return new Training(method, lean, microBatch, checkpoints, updater, input, hidden);
    }

    private static void share(String what, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException("the share of active " + what + " units (" + value
                    + ") must be above 0, and at most 1");
        }
    }

    /**
     * Which way it is.
     *
     * @return the method
     */
    public Method method() {
        return method;
    }

    /**
     * Whether what the way does not need by itself is left out.
     *
     * @return false for what is done today
     */
    public boolean isLean() {
        return lean;
    }

    /**
     * Samples that go through the network at once.
     *
     * @return 0 for all of a mini-batch
     */
    public int microBatch() {
        return microBatch;
    }

    /**
     * Every how many layers activations are kept.
     *
     * @return 0 for all of them
     */
    public int checkpoints() {
        return checkpoints;
    }

    /**
     * What turns gradients into steps.
     *
     * @return null for the configuration's
     */
    public @Nullable IUpdater updater() {
        return updater;
    }

    /**
     * The share of the network's inputs that are not 0.
     *
     * @return in (0, 1]
     */
    public double inputActivity() {
        return inputActivity;
    }

    /**
     * The share of hidden units that are not 0.
     *
     * @return in (0, 1]
     */
    public double hiddenActivity() {
        return hiddenActivity;
    }

    @Override
    public String toString() {
        return method.name().toLowerCase(Locale.ROOT).replace('_', '-')
                + (microBatch == 0 ? "" : ", accumulating over parts of " + microBatch)
                + (checkpoints == 0 ? "" : ", a checkpoint every " + checkpoints + " layers")
                + (updater == null ? "" : ", " + updater.getClass().getSimpleName())
                + (lean ? ", lean" : "");
    }
}
