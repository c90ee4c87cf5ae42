package org.ibhebb.internal.convert;

/** How a layer learns. The names are those of the public report, which says what each of them means. */
public enum Learning {
    /** By its own modulatory signal. */
    LOCAL,
    /** By its own loss: an output layer. */
    READOUT,
    /** By errors from above, because the user said so. */
    BACK_PROPAGATED,
    /** Not at all, though it has weights. */
    FROZEN,
    /** It has no weights. */
    NO_WEIGHTS
}
