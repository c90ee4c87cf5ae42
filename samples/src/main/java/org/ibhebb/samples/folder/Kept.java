package org.ibhebb.samples.folder;

/**
 * What a {@link RunFolder} keeps: settings and what was measured with them.
 *
 * @param <T> the type itself
 */
public interface Kept<T extends Kept<T>> {

    /** The beginning of a file name, for people. */
    String prefix();

    /** The same without what was measured: equal for two of the same settings, measured or not. */
    T settings();

    /** Whether all that the settings ask for was measured. */
    boolean coversAll();
}
